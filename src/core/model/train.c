/*
 * train.c
 *	  Train the heads of an "lda" or "ridge" model.
 */
#include <math.h>

#include "core/base/stats.h"
#include "core/features/aspects.h"
#include "core/features/features.h"
#include "core/lda/profiled_rows.h"
#include "core/model/model.h"

/* With what it says of held-out rows. */
static EmoStatus
train_head(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options, EmoLdaHead *head,
		   EmoRowScores *held_out)
{
	if (emo_lda_fit(env, set, options, head) != EMO_OK)
		return env->status;
	return emo_lda_calibrate_telling(env, set, options, head, held_out);
}

static EmoStatus
train_profile_head(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
				   EmoModel *model)
{
	EmoModelHead *head = &model->heads[model->n_heads];
	EmoLdaOptions of_profiles = emo_lda_profile_options(options);
	EmoTrainingSubset rows;
	EmoRowScores held_out;

	if (emo_profiled_rows(env, set, model->population_mean, model->population_deviation, &rows) !=
			EMO_OK ||
		train_head(env, &rows.set, &of_profiles, &head->lda, &held_out) != EMO_OK)
		return env->status;
	emo_free(env, held_out.ln_p);
	emo_training_subset_free(env, &rows);
	*head = (EmoModelHead){.on_profile = true, .profile_weight = 1, .lda = head->lda};
	model->n_heads++;

	/* With a profile the head for it decides alone. */
	model->heads[0].profile_weight = 0;
	return EMO_OK;
}

/* The set needn't have so many rows that anything can be said of what is usual. */
static EmoStatus
measure_familiarity(EmoEnv *env, const EmoTrainingSet *set, const double *log_distances,
					EmoModel *model)
{
	EmoDistanceCounts *counts = emo_alloc_zero(env, 1, sizeof(EmoDistanceCounts));
	EmoFamiliarity familiarity;

	if (counts == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		if (!isnan(log_distances[row]))
			emo_count_distance(counts, log_distances[row]);
	if (emo_familiarity_from_counts(counts, &familiarity))
	{
		if ((model->familiarity = emo_alloc(env, 1, sizeof(EmoFamiliarity))) == NULL)
			return env->status;
		*model->familiarity = familiarity;
	}
	emo_free(env, counts);
	return EMO_OK;
}

/* As predictions without profile would have been of the held-out rows: probabilities fade. */
static EmoStatus
measure_certainty(EmoEnv *env, const EmoTrainingSet *set, const EmoRowScores *held_out,
				  const double *log_distances, EmoModel *model)
{
	EmoCertaintySums sums = {.predicted = emo_alloc_zero(env, set->n_classes, sizeof(int64_t))};

	if (sums.predicted == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		double fading = 1;

		if (isnan(log_distances[row]))
			continue;
		if (model->familiarity != NULL)
			fading = emo_fading_of(model->familiarity, log_distances[row], 0);
		emo_certainty_add_faded(&sums, emo_scores_of_row(held_out, row), set->n_classes, fading);
	}
	if (emo_certainty_of_sums(env, &sums, set->n_classes, &model->certainty) != EMO_OK)
		return env->status;
	emo_free(env, sums.predicted);
	return EMO_OK;
}

/* What is known of held-out rows by what the first head has said of them. */
static EmoStatus
describe_held_out(EmoEnv *env, const EmoTrainingSet *set, EmoRowScores *held_out, EmoModel *model)
{
	double *log_distances = emo_alloc(env, set->n_rows, sizeof(double));

	if (log_distances == NULL || emo_held_out_distances(env, set, log_distances) != EMO_OK ||
		measure_familiarity(env, set, log_distances, model) != EMO_OK ||
		measure_certainty(env, set, held_out, log_distances, model) != EMO_OK)
		return env->status;
	emo_free(env, log_distances);
	emo_free(env, held_out->ln_p);
	return EMO_OK;
}

int
emo_model_feature_groups(int n_features, const EmoHearing *hearing, int32_t *group_of)
{
	bool are_ours = hearing == NULL && n_features == emo_feature_count();
	char name[EMO_FEATURE_NAME_SIZE];

	for (int i = 0; i < n_features; i++)
	{
		if (are_ours)
			emo_feature_name(i, name);
		group_of[i] = are_ours ? emo_voice_aspects[emo_voice_aspect_of(name)].group : 0;
	}
	return are_ours ? EMO_N_VOICE_GROUPS : 1;
}

static EmoStatus
describe_features(EmoEnv *env, const EmoTrainingSet *set, EmoModel *model)
{
	int32_t *group_of = emo_alloc(env, set->n_features, sizeof(int32_t));

	if (group_of == NULL || emo_measure_population(env, set, &model->population_mean,
												   &model->population_deviation) != EMO_OK)
		return env->status;
	if (emo_measure_cells(env, set, model->population_mean, model->population_deviation, group_of,
						  emo_model_feature_groups(set->n_features, model->hearing, group_of),
						  &model->cells) != EMO_OK)
		return env->status;
	emo_free(env, group_of);
	return EMO_OK;
}

EmoStatus
emo_model_train_lda(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
					bool with_profile, EmoModel *model)
{
	EmoRowScores held_out;
	bool can = false;

	model->algorithm = emo_algorithms[EMO_LDA].name;
	model->n_features = set->n_features;
	model->n_classes = set->n_classes;
	model->n_heads = 1;
	model->familiarity = NULL;
	model->certainty = NULL;
	if ((model->heads = emo_alloc_zero(env, 2, sizeof(EmoModelHead))) == NULL)
		return env->status;

	/* The first head also checks the set. */
	model->heads[0].weight = 1;
	model->heads[0].profile_weight = 1;
	if (train_head(env, set, options, &model->heads[0].lda, &held_out) != EMO_OK ||
		describe_features(env, set, model) != EMO_OK ||
		describe_held_out(env, set, &held_out, model) != EMO_OK ||
		emo_can_use_profiles(env, set, &can) != EMO_OK)
		return env->status;
	return with_profile && can ? train_profile_head(env, set, options, model) : EMO_OK;
}

/* What is known of the targets themselves, by the recordings as they are. */
static EmoStatus
describe_targets(EmoEnv *env, const EmoTrainingSet *set, EmoModel *model)
{
	model->targets = emo_alloc_zero(env, set->n_targets, sizeof(EmoTarget));
	if (model->targets == NULL)
		return env->status;
	for (int t = 0; t < set->n_targets; t++)
	{
		EmoTarget *target = &model->targets[t];
		EmoAgreement moments = {0};

		target->least = INFINITY;
		target->most = -INFINITY;
		for (int64_t row = 0; row < set->n_rows; row++)
		{
			float value = set->target[row * set->n_targets + t];

			if (!emo_is_original(set, row))
				continue;
			emo_agreement_add(&moments, value, value);
			target->least = fminf(target->least, value);
			target->most = fmaxf(target->most, value);
		}
		target->mean = fmaxf(target->least, fminf(target->most, (float) moments.actual_mean));
		target->deviation = (float) sqrt(moments.actual_square / (double) moments.n);
	}
	return EMO_OK;
}

/* The ends of an interval that is known. */
static void
set_interval(const EmoCorrection *correction, float *low, float *high)
{
	if (isnan(correction->low) || isnan(correction->high))
		return;
	*low = (float) correction->low;
	*high = (float) correction->high;
}

static EmoStatus
train_ridge_profile_head(EmoEnv *env, const EmoTrainingSet *set, const EmoRidgeOptions *options,
						 EmoModel *model, EmoHeldOutTargets *held_out)
{
	EmoModelHead *head = &model->heads[1];
	EmoTrainingSubset rows;

	if (emo_profiled_rows(env, set, model->population_mean, model->population_deviation, &rows) !=
			EMO_OK ||
		emo_ridge_fit(env, &rows.set, options, &head->lda, held_out) != EMO_OK)
		return env->status;
	emo_training_subset_free(env, &rows);
	head->on_profile = true;
	head->profile_weight = 1;
	model->heads[0].profile_weight = 0;
	model->n_heads = 2;
	return EMO_OK;
}

EmoStatus
emo_model_train_ridge(EmoEnv *env, const EmoTrainingSet *set, const EmoRidgeOptions *options,
					  bool with_profile, EmoModel *model, EmoHeldOutTargets *held_out)
{
	bool can = false;

	model->algorithm = emo_algorithms[EMO_RIDGE].name;
	model->n_features = set->n_features;
	model->n_classes = set->n_targets;
	model->n_heads = 1;
	if ((model->heads = emo_alloc_zero(env, 2, sizeof(EmoModelHead))) == NULL)
		return env->status;
	model->heads[0].weight = model->heads[0].profile_weight = 1;
	if (emo_ridge_fit(env, set, options, &model->heads[0].lda, &held_out[0]) != EMO_OK ||
		describe_targets(env, set, model) != EMO_OK ||
		describe_features(env, set, model) != EMO_OK ||
		emo_can_use_profiles(env, set, &can) != EMO_OK)
		return env->status;
	if (with_profile && can &&
		train_ridge_profile_head(env, set, options, model, &held_out[1]) != EMO_OK)
		return env->status;
	for (int t = 0; t < set->n_targets; t++)
	{
		EmoTarget *target = &model->targets[t];

		set_interval(&held_out[0].target[t], &target->low, &target->high);
		set_interval(&held_out[model->n_heads - 1].target[t], &target->profile_low,
					 &target->profile_high);
	}
	return EMO_OK;
}
