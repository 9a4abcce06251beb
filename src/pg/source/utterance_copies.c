/*
 * utterance_copies.c
 *	  Numbers that features are of, of a recording and of altered copies of it.
 */
#include "pg/source/utterance.h"

#include "miscadmin.h"

#include "core/features/augment.h"
#include "core/features/features.h"
#include "pg/base/plans.h"

bool
emoser_wants_recordings(const TrainingSetOptions *options)
{
	/* What a model hears may have been made before. */
	return options->frames || (options->encoder != NULL && options->encoder->hearing == NULL);
}

int
emoser_n_features_made(const TrainingSetOptions *options)
{
	return options->encoder != NULL ? emoser_n_made(options->encoder) : emo_feature_count();
}

int
emoser_n_feature_copies(const TrainingSetOptions *options, bool has_audio)
{
	if (!options->features || !has_audio || !options->augment)
		return 0;
	/* The others are altered as spectra, which an encoder isn't given. */
	return options->degrade.copies + (options->encoder != NULL ? 0 : EMO_AUGMENT_N_COPIES);
}

int
emoser_n_frame_copies(const TrainingSetOptions *options)
{
	return options->frames ? options->frame_copies.copies : 0;
}

static void
make_heard_copy(EmoEnv *env, const TrainingSetOptions *options, int copy, const EmoSpoken *spoken,
				float *made)
{
	float *samples;
	int64_t n_samples;

	if (copy == 0)
	{
		emoser_hear_layers(env, options->encoder, spoken->samples, spoken->n_samples, made);
		return;
	}
	emoser_check(env, emo_degraded_copy(env, &options->degrade, copy - 1, options->seed,
										spoken->samples, spoken->n_samples, &samples, &n_samples));
	emoser_hear_layers(env, options->encoder, samples, n_samples, made);
	emo_free(env, samples);
}

void
emoser_make_copy(EmoEnv *env, const TrainingSetOptions *options, int copy, const EmoSpoken *spoken,
				 float *made)
{
	EmoFeaturePlan *plan = emoser_feature_plan();
	int n_degraded = options->degrade.copies;
	int first_random = EMO_AUGMENT_FIRST_RANDOM_KIND + n_degraded;

	CHECK_FOR_INTERRUPTS();
	if (options->encoder != NULL)
		make_heard_copy(env, options, copy, spoken, made);
	else if (copy == 0)
		emoser_check(env, emo_features(env, plan, spoken->samples, spoken->n_samples, NULL, made));
	else if (copy >= EMO_AUGMENT_FIRST_RANDOM_KIND && copy < first_random)
		emoser_check(env, emo_degraded_features(env, plan, &options->degrade,
												copy - EMO_AUGMENT_FIRST_RANDOM_KIND, options->seed,
												spoken->samples, spoken->n_samples, made));
	else
		emoser_check(
			env, emo_augmented_features(env, plan, copy < first_random ? copy : copy - n_degraded,
										options->seed, spoken->samples, spoken->n_samples, made));
}
