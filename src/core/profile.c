/*
 * profile.c
 *	  Speaker profiles: mean and deviation of each feature over a speaker's utterances.
 */
#include "core/profile.h"

#include <math.h>
#include <string.h>

size_t
emo_profile_state_size(int n_features)
{
	return offsetof(EmoProfileState, moments) + 2 * (size_t) n_features * sizeof(double);
}

void
emo_profile_init(EmoProfileState *state, int n_features)
{
	memset(state, 0, emo_profile_state_size(n_features));
	state->n_features = n_features;
}

/* Welford 1962: the mean moves by d / count, the sum of squares grows by d times the new d. */
void
emo_profile_add(EmoProfileState *state, const float *features)
{
	double *mean = state->moments;
	double *square_sum = state->moments + state->n_features;
	double share = 1.0 / (double) ++state->count;

	for (int i = 0; i < state->n_features; i++)
	{
		double distance = features[i] - mean[i];

		mean[i] += distance * share;
		square_sum[i] += distance * (features[i] - mean[i]);
	}
}

void
emo_profile_merge(EmoProfileState *state, const EmoProfileState *other)
{
	double *mean = state->moments;
	double *square_sum = state->moments + state->n_features;
	const double *other_square_sum = other->moments + state->n_features;
	double count = (double) state->count;
	double other_count = (double) other->count;
	double share;

	if (other->count == 0)
		return;
	share = other_count / (count + other_count);
	for (int i = 0; i < state->n_features; i++)
	{
		double distance = other->moments[i] - mean[i];

		mean[i] += distance * share;
		square_sum[i] += other_square_sum[i] + distance * distance * count * share;
	}
	state->count += other->count;
}

void
emo_profile_finish(const EmoProfileState *state, float *mean, float *deviation)
{
	const double *square_sum = state->moments + state->n_features;

	for (int i = 0; i < state->n_features; i++)
	{
		mean[i] = (float) state->moments[i];
		deviation[i] =
			state->count == 0 ? 0 : (float) sqrt(fmax(square_sum[i], 0) / (double) state->count);
	}
}

/*
 * With n utterances of mean m and deviation s, and k more of the population's mean p and deviation
 * q: mean (n m + k p) / (n + k), variance (n s^2 + k q^2) / (n + k).  The distance between m and p
 * is left out of the variance: it says how the speaker differs, not how he varies.
 */
void
emo_profile_apply(const EmoProfile *profile, const float *population_mean,
				  const float *population_deviation, const float *features, float *normalised)
{
	double prior_share =
		EMO_PROFILE_PRIOR_COUNT / ((double) profile->count + EMO_PROFILE_PRIOR_COUNT);

	for (int i = 0; i < profile->n_features; i++)
	{
		double own = profile->deviation[i];
		double population = population_deviation[i];
		double mean =
			profile->mean[i] + prior_share * ((double) population_mean[i] - profile->mean[i]);
		double variance = own * own + prior_share * (population * population - own * own);
		double z = ((double) features[i] - mean) / sqrt(variance);

		z = z < EMO_PROFILE_MAX_Z ? z : EMO_PROFILE_MAX_Z;
		z = z > -EMO_PROFILE_MAX_Z ? z : -EMO_PROFILE_MAX_Z;
		normalised[i] = population > 0 && !isnan(features[i]) ? (float) z : 0;
	}
}

static EmoStatus
collect_groups(EmoEnv *env, const float *features, int64_t n_rows, int n_features,
			   const int32_t *group, int n_groups, char *states)
{
	size_t state_size = emo_profile_state_size(n_features);

	for (int g = 0; g < n_groups; g++)
		emo_profile_init((EmoProfileState *) (states + g * state_size), n_features);
	for (int64_t row = 0; row < n_rows; row++)
	{
		if (row % 1024 == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		emo_profile_add((EmoProfileState *) (states + group[row] * state_size),
						features + row * n_features);
	}
	return EMO_OK;
}

EmoStatus
emo_profile_normalise_rows(EmoEnv *env, const float *features, int64_t n_rows, int n_features,
						   const int32_t *group, int n_groups, const float *population_mean,
						   const float *population_deviation, float *normalised)
{
	size_t state_size = emo_profile_state_size(n_features);
	size_t n = n_features;
	char *states = emo_alloc(env, n_groups, state_size);
	float *mean = emo_alloc(env, n_groups, n * sizeof(float));
	float *deviation = emo_alloc(env, n_groups, n * sizeof(float));

	if (states == NULL || mean == NULL || deviation == NULL ||
		collect_groups(env, features, n_rows, n_features, group, n_groups, states) != EMO_OK)
		return env->status;
	for (int g = 0; g < n_groups; g++)
		emo_profile_finish((EmoProfileState *) (states + g * state_size), mean + g * n,
						   deviation + g * n);
	for (int64_t row = 0; row < n_rows; row++)
	{
		size_t g = group[row];
		EmoProfile profile = {.count = ((EmoProfileState *) (states + g * state_size))->count,
							  .n_features = n_features,
							  .mean = mean + g * n,
							  .deviation = deviation + g * n};

		if (row % 1024 == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		emo_profile_apply(&profile, population_mean, population_deviation, features + row * n,
						  normalised + row * n);
	}
	emo_free(env, deviation);
	emo_free(env, mean);
	emo_free(env, states);
	return EMO_OK;
}
