/*
 * train.c
 *	  Train the heads of an "lda" or "ridge" model.
 */
#include <math.h>

#include "core/lda/profiled_rows.h"
#include "core/model/model.h"

static EmoStatus
train_head(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options, EmoLdaHead *head)
{
	if (emo_lda_fit(env, set, options, head) != EMO_OK)
		return env->status;
	return emo_lda_calibrate(env, set, options, head);
}

static EmoStatus
train_profile_head(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
				   EmoModel *model)
{
	EmoModelHead *head = &model->heads[model->n_heads];
	EmoLdaOptions of_profiles = emo_lda_profile_options(options);
	EmoTrainingSubset rows;

	if (emo_profiled_rows(env, set, model->population_mean, model->population_deviation, &rows) !=
			EMO_OK ||
		train_head(env, &rows.set, &of_profiles, &head->lda) != EMO_OK)
		return env->status;
	emo_training_subset_free(env, &rows);
	*head = (EmoModelHead){.on_profile = true, .profile_weight = 1, .lda = head->lda};
	model->n_heads++;

	/* With a profile the head for it decides alone. */
	model->heads[0].profile_weight = 0;
	return EMO_OK;
}

/* The set needn't have so many rows that anything can be said of what is usual. */
static EmoStatus
measure_familiarity(EmoEnv *env, const EmoTrainingSet *set, EmoModel *model)
{
	EmoDistanceCounts *counts = emo_alloc_zero(env, 1, sizeof(EmoDistanceCounts));
	EmoFamiliarity familiarity;

	if (counts == NULL || emo_count_held_out_distances(env, set, counts) != EMO_OK)
		return env->status;
	if (emo_familiarity_from_counts(counts, &familiarity))
	{
		if ((model->familiarity = emo_alloc(env, 1, sizeof(EmoFamiliarity))) == NULL)
			return env->status;
		*model->familiarity = familiarity;
	}
	emo_free(env, counts);
	return EMO_OK;
}

EmoStatus
emo_model_train_lda(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
					bool with_profile, EmoModel *model)
{
	bool can = false;

	model->algorithm = emo_algorithms[EMO_LDA].name;
	model->n_features = set->n_features;
	model->n_classes = set->n_classes;
	model->n_heads = 1;
	model->familiarity = NULL;
	if ((model->heads = emo_alloc_zero(env, 2, sizeof(EmoModelHead))) == NULL)
		return env->status;

	/* The first head also checks the set. */
	model->heads[0].weight = 1;
	model->heads[0].profile_weight = 1;
	if (train_head(env, set, options, &model->heads[0].lda) != EMO_OK ||
		emo_measure_population(env, set, &model->population_mean, &model->population_deviation) !=
			EMO_OK ||
		measure_familiarity(env, set, model) != EMO_OK ||
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
		emo_measure_population(env, set, &model->population_mean, &model->population_deviation) !=
			EMO_OK ||
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
