/*
 * profile_test.c
 *	  Speaker profiles: moments against a plain two-pass computation, merging, normalising.
 */
#include "unit.h"

#include <float.h>

#include "core/lda/profile.h"

#define N_FEATURES 5
#define N_ROWS     40

static float rows[N_ROWS][N_FEATURES];

/* Means far from zero beside small deviations: where sums of squares would lose all digits. */
static void
fill_rows(void)
{
	for (int row = 0; row < N_ROWS; row++)
		for (int i = 0; i < N_FEATURES; i++)
			rows[row][i] = (float) (1000.0 * i + sin(row * 1.7 + i) * (0.01 + i));
}

static EmoProfileState *
new_state(EmoEnv *env)
{
	EmoProfileState *state = emo_alloc(env, 1, emo_profile_state_size(N_FEATURES));

	emo_profile_init(state, N_FEATURES);
	return state;
}

static void
check_moments(const EmoProfileState *state, int first, int after)
{
	float mean[N_FEATURES], deviation[N_FEATURES];

	emo_profile_finish(state, mean, deviation);
	CHECK(state->count == after - first);
	for (int i = 0; i < N_FEATURES; i++)
	{
		double expected_mean = 0, expected_variance = 0;

		for (int row = first; row < after; row++)
			expected_mean += rows[row][i] / (double) (after - first);
		for (int row = first; row < after; row++)
			expected_variance += pow(rows[row][i] - expected_mean, 2) / (after - first);
		CHECK_NEAR(mean[i], expected_mean, 1e-7 * fabs(expected_mean) + 1e-9);
		CHECK_NEAR(deviation[i], sqrt(expected_variance), 1e-6 * sqrt(expected_variance) + 1e-12);
	}
}

static void
test_moments(EmoEnv *env)
{
	EmoProfileState *state = new_state(env);

	fill_rows();
	for (int row = 0; row < N_ROWS; row++)
	{
		emo_profile_add(state, rows[row]);
		check_moments(state, 0, row + 1);
	}
}

static void
test_merge(EmoEnv *env)
{
	fill_rows();
	for (int cut = 0; cut <= N_ROWS; cut += 8)
	{
		EmoProfileState *left = new_state(env), *right = new_state(env);

		for (int row = 0; row < N_ROWS; row++)
			emo_profile_add(row < cut ? left : right, rows[row]);
		emo_profile_merge(left, right);
		check_moments(left, 0, N_ROWS);
	}
}

static void
test_empty(EmoEnv *env)
{
	EmoProfileState *state = new_state(env);
	float mean[N_FEATURES], deviation[N_FEATURES];

	emo_profile_merge(state, new_state(env));
	emo_profile_finish(state, mean, deviation);
	for (int i = 0; i < N_FEATURES; i++)
		CHECK(state->count == 0 && mean[i] == 0 && deviation[i] == 0);
}

static void
test_apply(EmoEnv *env)
{
	static const float mean[] = {10, 20}, deviation[] = {2, 0};
	static const float population_mean[] = {0, 10}, population_deviation[] = {4, 5};
	static const float features[] = {14, 30};
	EmoProfile profile = {.count = 3, .n_features = 2, .mean = mean, .deviation = deviation};
	const double k = EMO_PROFILE_PRIOR_COUNT;
	float normalised[2];

	(void) env;

	/* k more utterances at the population's mean: (3 * 10 + k * 0) / (3 + k) and so on. */
	emo_profile_apply(&profile, population_mean, population_deviation, features, normalised);
	CHECK_NEAR(normalised[0], (14 - 30 / (3 + k)) / sqrt((3 * 4 + k * 16) / (3 + k)), 1e-6);
	CHECK_NEAR(normalised[1], (30 - (60 + k * 10) / (3 + k)) / sqrt(k * 25 / (3 + k)), 1e-6);

	/* Many utterances: the speaker's own moments alone. */
	profile.count = 100000000;
	emo_profile_apply(&profile, population_mean, population_deviation, features, normalised);
	CHECK_NEAR(normalised[0], 2, 1e-6);
}

static void
test_apply_is_finite(EmoEnv *env)
{
	static const float values[] = {0, NAN, INFINITY, -INFINITY, FLT_MAX, -FLT_MAX, 1e-45f};
	int n_values = sizeof(values) / sizeof(values[0]);

	(void) env;
	for (int64_t count = 1; count < 1000000000000; count *= 1000)
		for (int k = 0; k < n_values * n_values; k++)
		{
			float mean = k % 3 == 0 ? FLT_MAX : 1, deviation = k % 2 == 0 ? 0 : FLT_MAX;
			float population_mean = k % 5 == 0 ? -FLT_MAX : 0;
			float population_deviation = fabsf(values[k / n_values]);
			float normalised;
			EmoProfile profile = {
				.count = count, .n_features = 1, .mean = &mean, .deviation = &deviation};

			if (!isfinite(population_deviation))
				continue;
			emo_profile_apply(&profile, &population_mean, &population_deviation,
							  &values[k % n_values], &normalised);
			CHECK(fabs(normalised) <= EMO_PROFILE_MAX_Z);
		}
}

static void
test_normalise_rows(EmoEnv *env)
{
	static const float population_mean[N_FEATURES] = {1, 2, 3, 4, 5};
	static const float population_deviation[N_FEATURES] = {1, 1, 1, 1, 0};
	float normalised[N_ROWS][N_FEATURES];
	int32_t group[N_ROWS];

	/* Groups 0 and 2; nobody is in group 1. */
	fill_rows();
	for (int row = 0; row < N_ROWS; row++)
		group[row] = row < 15 ? 2 : 0;
	CHECK(emo_profile_normalise_rows(env, rows[0], N_ROWS, N_FEATURES, group, 3, population_mean,
									 population_deviation, normalised[0]) == EMO_OK);
	for (int g = 0; g <= 2; g += 2)
	{
		EmoProfileState *state = new_state(env);
		float mean[N_FEATURES], deviation[N_FEATURES];
		EmoProfile profile = {.n_features = N_FEATURES, .mean = mean, .deviation = deviation};

		for (int row = 0; row < N_ROWS; row++)
			if (group[row] == g)
				emo_profile_add(state, rows[row]);
		emo_profile_finish(state, mean, deviation);
		profile.count = state->count;
		for (int row = 0; row < N_ROWS; row++)
		{
			float expected[N_FEATURES];

			if (group[row] != g)
				continue;
			emo_profile_apply(&profile, population_mean, population_deviation, rows[row], expected);
			CHECK(memcmp(expected, normalised[row], sizeof(expected)) == 0);
			CHECK(expected[4] == 0);
		}
	}

	/* In place. */
	CHECK(emo_profile_normalise_rows(env, rows[0], N_ROWS, N_FEATURES, group, 3, population_mean,
									 population_deviation, rows[0]) == EMO_OK);
	CHECK(memcmp(rows, normalised, sizeof(rows)) == 0);
}

int
main(void)
{
	RUN(test_moments);
	RUN(test_merge);
	RUN(test_empty);
	RUN(test_apply);
	RUN(test_apply_is_finite);
	RUN(test_normalise_rows);
	return unit_finish();
}
