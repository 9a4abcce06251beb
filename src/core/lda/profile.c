/*
 * profile.c
 *	  Features normalised by the profiles of their speakers.
 */
#include "core/lda/profile.h"

#include <string.h>

#include "core/lda/kernels.h"

#define ROWS_PER_STOP_CHECK 1024

void
emo_profile_apply_prior(const EmoProfile *profile, double prior_count, const float *prior_mean,
						const float *prior_deviation, const float *features, float *normalised)
{
	EmoProfileScale scale = {
		.mean = profile->mean,
		.deviation = profile->deviation,
		.population_mean = prior_mean,
		.population_deviation = prior_deviation,
		.prior_share = prior_count / ((double) profile->count + prior_count),
	};

	emo_lda_kernels()->normalise(profile->n_features, &scale, features, normalised);
}

void
emo_profile_apply(const EmoProfile *profile, const float *population_mean,
				  const float *population_deviation, const float *features, float *normalised)
{
	emo_profile_apply_prior(profile, EMO_PROFILE_PRIOR_COUNT, population_mean, population_deviation,
							features, normalised);
}

/* Rows by group: those of group g are order[start[g] .. start[g + 1] - 1]. */
static EmoStatus
sort_by_group(EmoEnv *env, const int32_t *group, int64_t n_rows, int n_groups, int64_t **order,
			  int64_t **start)
{
	int64_t *next;

	if ((*order = emo_alloc(env, n_rows, sizeof(int64_t))) == NULL ||
		(*start = emo_alloc_zero(env, (size_t) n_groups + 1, sizeof(int64_t))) == NULL ||
		(next = emo_alloc(env, (size_t) n_groups + 1, sizeof(int64_t))) == NULL)
		return env->status;
	for (int64_t row = 0; row < n_rows; row++)
		(*start)[group[row] + 1]++;
	for (int g = 0; g < n_groups; g++)
		(*start)[g + 1] += (*start)[g];
	memcpy(next, *start, ((size_t) n_groups + 1) * sizeof(int64_t));
	for (int64_t row = 0; row < n_rows; row++)
		(*order)[next[group[row]]++] = row;
	emo_free(env, next);
	return EMO_OK;
}

EmoStatus
emo_profile_normalise_rows(EmoEnv *env, const float *features, int64_t n_rows, int n_features,
						   const int32_t *group, int n_groups, const float *population_mean,
						   const float *population_deviation, float *normalised)
{
	EmoProfileState *state = emo_alloc(env, 1, emo_profile_state_size(n_features));
	float *mean = emo_alloc(env, n_features, sizeof(float));
	float *deviation = emo_alloc(env, n_features, sizeof(float));
	int64_t *order = NULL;
	int64_t *start = NULL;

	if (state == NULL || mean == NULL || deviation == NULL ||
		sort_by_group(env, group, n_rows, n_groups, &order, &start) != EMO_OK)
		return env->status;
	for (int g = 0; g < n_groups; g++)
	{
		EmoProfile profile = {.count = start[g + 1] - start[g],
							  .n_features = n_features,
							  .mean = mean,
							  .deviation = deviation};

		emo_profile_init(state, n_features);
		for (int64_t i = start[g]; i < start[g + 1]; i++)
		{
			if (i % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
				return env->status;
			if (emo_profile_add_row(env, state, features + order[i] * n_features) != EMO_OK)
				return env->status;
		}
		emo_profile_finish(state, mean, deviation);
		for (int64_t i = start[g]; i < start[g + 1]; i++)
			emo_profile_apply(&profile, population_mean, population_deviation,
							  features + order[i] * n_features, normalised + order[i] * n_features);
	}
	emo_free(env, start);
	emo_free(env, order);
	emo_free(env, deviation);
	emo_free(env, mean);
	emo_free(env, state);
	return EMO_OK;
}
