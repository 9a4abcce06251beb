/*
 * profiled_rows.c
 *	  Training rows seen through the profiles of their speakers.
 */
#include "core/lda/profiled_rows.h"

#include "core/lda/profile.h"

/* Rows between two looks at the clock. */
#define ROWS_PER_STOP_CHECK 1024

static EmoStatus
select_profiled_rows(EmoEnv *env, const EmoTrainingSet *set, EmoTrainingSubset *subset)
{
	bool *keep = emo_alloc(env, set->n_rows, sizeof(bool));

	if (keep == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		keep[row] = set->speaker[row] >= 0 && !(set->first_random_kind > 0 &&
												emo_copy_kind(set, row) >= set->first_random_kind);
	if (emo_training_subset(env, set, keep, subset) != EMO_OK)
		return env->status;
	/* Normalised by a profile they are as good as any other. */
	subset->set.degraded_weight = 1;
	emo_free(env, keep);
	return EMO_OK;
}

EmoStatus
emo_profiled_rows(EmoEnv *env, const EmoTrainingSet *set, const float *population_mean,
				  const float *population_deviation, EmoTrainingSubset *subset)
{
	int32_t n_kinds = 1;
	int32_t *group;

	if (select_profiled_rows(env, set, subset) != EMO_OK)
		return env->status;
	for (int64_t row = 0; row < subset->set.n_rows; row++)
		n_kinds = emo_copy_kind(&subset->set, row) >= n_kinds ? emo_copy_kind(&subset->set, row) + 1
															  : n_kinds;
	if (set->n_speakers > INT32_MAX / n_kinds)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "too many speakers");
	if ((group = emo_alloc(env, subset->set.n_rows, sizeof(int32_t))) == NULL)
		return env->status;
	for (int64_t row = 0; row < subset->set.n_rows; row++)
		group[row] = subset->set.speaker[row] * n_kinds + emo_copy_kind(&subset->set, row);
	if (emo_profile_normalise_rows(env, subset->features, subset->set.n_rows, set->n_features,
								   group, set->n_speakers * n_kinds, population_mean,
								   population_deviation, subset->features) != EMO_OK)
		return env->status;
	emo_free(env, group);
	return EMO_OK;
}

EmoStatus
emo_can_use_profiles(EmoEnv *env, const EmoTrainingSet *set, bool *can)
{
	bool *has_rows = emo_alloc_zero(env, set->n_classes, sizeof(bool));
	int32_t first_speaker = -1;
	bool two_speakers = false;

	if (has_rows == NULL)
		return env->status;
	for (int64_t row = 0; set->speaker != NULL && row < set->n_rows; row++)
	{
		int32_t speaker = set->speaker[row];

		if (speaker < 0)
			continue;
		first_speaker = first_speaker < 0 ? speaker : first_speaker;
		two_speakers = two_speakers || speaker != first_speaker;
		has_rows[set->label[row]] = true;
	}
	*can = two_speakers;
	for (int c = 0; c < set->n_classes; c++)
		*can = *can && has_rows[c];
	emo_free(env, has_rows);
	return EMO_OK;
}

EmoStatus
emo_measure_population(EmoEnv *env, const EmoTrainingSet *set, float **mean, float **deviation)
{
	EmoProfileState *state = emo_alloc(env, 1, emo_profile_state_size(set->n_features));

	*mean = emo_alloc(env, set->n_features, sizeof(float));
	*deviation = emo_alloc(env, set->n_features, sizeof(float));
	if (state == NULL || *mean == NULL || *deviation == NULL)
		return env->status;
	emo_profile_init(state, set->n_features);
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (!emo_is_degraded(set, row) &&
			emo_profile_add_row(env, state, set->features + row * set->n_features) != EMO_OK)
			return env->status;
	}
	emo_profile_finish(state, *mean, *deviation);
	emo_free(env, state);
	return EMO_OK;
}
