/*
 * profiled_rows.c
 *	  Training rows seen through the profiles of their speakers.
 */
#include "core/lda/profiled_rows.h"

#include <string.h>

#include "core/lda/profile.h"

/* Rows between two looks at the clock. */
#define ROWS_PER_STOP_CHECK 1024

/* Whether profiles of speakers are made of rows such as this. */
static bool
is_profiled(const EmoTrainingSet *set, int64_t row)
{
	bool is_random =
		set->first_random_kind > 0 && emo_copy_kind(set, row) >= set->first_random_kind;

	return set->speaker[row] >= 0 && !is_random;
}

/* With corpora each row twice, the second time after all others. */
static EmoStatus
select_profiled_rows(EmoEnv *env, const EmoTrainingSet *set, EmoTrainingSubset *subset,
					 int64_t *n_selected)
{
	size_t times = set->corpus != NULL ? 2 : 1;
	int64_t *rows = emo_alloc(env, set->n_rows, times * sizeof(int64_t));
	int64_t n = 0;

	if (rows == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		if (is_profiled(set, row))
			rows[n++] = row;
	if (times > 1)
		memcpy(rows + n, rows, n * sizeof(int64_t));
	*n_selected = n;
	if (emo_training_rows(env, set, rows, (int64_t) times * n, subset) != EMO_OK)
		return env->status;
	/* Normalised by a profile they are as good as any other. */
	subset->set.degraded_weight = 1;
	if (set->weighs_plain_rows_only)
	{
		emo_free(env, (void *) subset->set.row_weight);
		subset->set.row_weight = NULL;
	}
	return EMO_OK;
}

/* Normalise n rows from the first one on by speaker or corpus, apart for each kind of copies. */
static EmoStatus
normalise_rows(EmoEnv *env, const EmoTrainingSubset *subset, int64_t first, int64_t n,
			   const int32_t *of_row, int n_groups, int n_kinds, const float *population_mean,
			   const float *population_deviation)
{
	float *features = subset->features + first * subset->set.n_features;
	int32_t *group;

	if (n_groups > INT32_MAX / n_kinds)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "too many speakers");
	if ((group = emo_alloc(env, n, sizeof(int32_t))) == NULL)
		return env->status;
	for (int64_t row = 0; row < n; row++)
		group[row] = of_row[first + row] * n_kinds + emo_copy_kind(&subset->set, first + row);
	if (emo_profile_normalise_rows(env, features, n, subset->set.n_features, group,
								   n_groups * n_kinds, population_mean, population_deviation,
								   features) != EMO_OK)
		return env->status;
	emo_free(env, group);
	return EMO_OK;
}

/* Rows from the first one on are copies of kinds of their own, which weigh less. */
static EmoStatus
set_apart(EmoEnv *env, EmoTrainingSubset *subset, int64_t first, int n_kinds)
{
	int64_t n_rows = subset->set.n_rows;
	int32_t *copy_kind = emo_alloc(env, n_rows, sizeof(int32_t));
	float *row_weight = emo_alloc(env, n_rows, sizeof(float));

	if (copy_kind == NULL || row_weight == NULL)
		return env->status;
	for (int64_t row = 0; row < n_rows; row++)
	{
		bool is_apart = row >= first;
		float weight = subset->set.row_weight != NULL ? subset->set.row_weight[row] : 1;

		copy_kind[row] = emo_copy_kind(&subset->set, row) + (is_apart ? n_kinds : 0);
		row_weight[row] = is_apart ? weight * EMO_CORPUS_ROWS_WEIGHT : weight;
	}
	emo_free(env, (void *) subset->set.copy_kind);
	emo_free(env, (void *) subset->set.row_weight);
	subset->set.copy_kind = copy_kind;
	subset->set.row_weight = row_weight;
	return EMO_OK;
}

EmoStatus
emo_profiled_rows(EmoEnv *env, const EmoTrainingSet *set, const float *population_mean,
				  const float *population_deviation, EmoTrainingSubset *subset)
{
	int32_t n_kinds = 1;
	int64_t n = 0;

	if (select_profiled_rows(env, set, subset, &n) != EMO_OK)
		return env->status;
	for (int64_t row = 0; row < n; row++)
		n_kinds = emo_copy_kind(&subset->set, row) >= n_kinds ? emo_copy_kind(&subset->set, row) + 1
															  : n_kinds;
	if (normalise_rows(env, subset, 0, n, subset->set.speaker, set->n_speakers, n_kinds,
					   population_mean, population_deviation) != EMO_OK)
		return env->status;
	if (set->corpus == NULL)
		return EMO_OK;
	if (normalise_rows(env, subset, n, n, subset->set.corpus, set->n_corpora, n_kinds,
					   population_mean, population_deviation) != EMO_OK)
		return env->status;
	return set_apart(env, subset, n, n_kinds);
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
