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

/* Knuth's MMIX generator; the upper bits, uniform in -1 .. 1. */
static double
uniform(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double) (int64_t) *state / 9223372036854775808.0;
}

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
		CHECK(emo_profile_add(state, rows[row]));
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
			CHECK(emo_profile_add(row < cut ? left : right, rows[row]));
		CHECK(emo_profile_merge(env, left, right) == EMO_OK);
		check_moments(left, 0, N_ROWS);
	}
}

static void
test_empty(EmoEnv *env)
{
	EmoProfileState *state = new_state(env);
	float mean[N_FEATURES], deviation[N_FEATURES];

	CHECK(emo_profile_merge(env, state, new_state(env)) == EMO_OK);
	emo_profile_finish(state, mean, deviation);
	for (int i = 0; i < N_FEATURES; i++)
		CHECK(state->count == 0 && mean[i] == 0 && deviation[i] == 0);
}

/* Numbers of all sizes, of which no two bits are alike. */
static float
any_feature(uint64_t *seed)
{
	double size = pow(2, 35 * uniform(seed) - 1) * 0.99;

	return (float) (uniform(seed) * size);
}

static bool
same_bytes(const EmoProfileState *a, const EmoProfileState *b)
{
	return memcmp(a, b, emo_profile_state_size(N_FEATURES)) == 0;
}

/* Whatever the order, merged or taken out again. */
static void
test_same_bits(EmoEnv *env)
{
	uint64_t seed = 3;

	for (int round = 0; round < 20; round++)
	{
		EmoProfileState *forward = new_state(env), *backward = new_state(env);
		EmoProfileState *left = new_state(env), *right = new_state(env), *again = new_state(env);

		for (int row = 0; row < N_ROWS; row++)
			for (int i = 0; i < N_FEATURES; i++)
				rows[row][i] = any_feature(&seed);
		for (int row = 0; row < N_ROWS; row++)
		{
			CHECK(emo_profile_add(forward, rows[row]));
			CHECK(emo_profile_add(backward, rows[N_ROWS - 1 - row]));
			CHECK(emo_profile_add(row % 3 == 0 ? left : right, rows[row]));
		}
		CHECK(emo_profile_merge(env, again, right) == EMO_OK);
		emo_profile_settle(forward);
		emo_profile_settle(backward);
		CHECK(same_bytes(forward, backward));
		CHECK(emo_profile_check(env, forward, emo_profile_state_size(N_FEATURES)) == EMO_OK);
		CHECK(emo_profile_merge(env, right, left) == EMO_OK);
		CHECK(same_bytes(forward, right));
		CHECK(emo_profile_subtract(env, right, left) == EMO_OK);
		CHECK(same_bytes(right, again));
		CHECK(emo_profile_subtract(env, left, right) == EMO_BAD_DATA);
		CHECK(emo_profile_subtract(env, right, again) == EMO_OK);
		CHECK(same_bytes(right, new_state(env)));
	}
}

/* Words against the integer that they stand for. */
static void
test_words(EmoEnv *env)
{
	static const float features[] = {1, -1, 0x1p-42f, -0x1.8p-42f, 34359736320.0f};
	static const double units[] = {0x1p-42, 0x1p4, 0x1p-84, 0x1p-41, 0x1p2, 0x1p45};
	EmoProfileState *state = new_state(env);

	CHECK(emo_profile_add(state, features));
	emo_profile_settle(state);
	for (int i = 0; i < N_FEATURES; i++)
	{
		/* Halves go to the even neighbour. */
		double x = i == 3 ? -0x1p-41 : features[i];
		double sum = 0, squares = 0;

		for (int word = 0; word < 2; word++)
			sum += units[word] * (double) state->sums[word * N_FEATURES + i];
		for (int word = 2; word < EMO_PROFILE_WORDS; word++)
			squares += units[word] * (double) state->sums[word * N_FEATURES + i];
		CHECK(sum == x && squares == x * x);
	}
}

/* More than may be added without carrying, of the largest numbers and of those next to a unit. */
static void
test_many(EmoEnv *env)
{
	static const float features[] = {34359736320.0f, -34359736320.0f, 7.9999995f, -7.9999995f,
									 1e-6f};
	enum
	{
		n = 300000
	};
	EmoProfileState *state = new_state(env);
	float mean[N_FEATURES], deviation[N_FEATURES];

	for (int row = 0; row < n; row++)
		CHECK(emo_profile_add(state, features));
	/* Merged with itself twelve times: a billion. */
	for (int i = 0; i < 12; i++)
		CHECK(emo_profile_merge(env, state, state) == EMO_OK);
	CHECK(state->count == (int64_t) n << 12);
	CHECK(emo_profile_merge(env, state, state) == EMO_LIMIT_EXCEEDED);
	emo_profile_settle(state);
	CHECK(emo_profile_check(env, state, emo_profile_state_size(N_FEATURES)) == EMO_OK);
	emo_profile_finish(state, mean, deviation);
	for (int i = 0; i < N_FEATURES; i++)
	{
		CHECK_NEAR(mean[i], features[i], 2e-7 * fabsf(features[i]));
		CHECK(deviation[i] == 0);
	}
}

static void
test_out_of_range(EmoEnv *env)
{
	static const float bad[] = {NAN, INFINITY, -INFINITY, EMO_PROFILE_MAX_FEATURE, -1e30f};
	EmoProfileState *state = new_state(env), *empty = new_state(env);

	for (int i = 0; i < 5; i++)
	{
		float features[N_FEATURES] = {1, 2, 3, 4, 5};

		features[i] = bad[i];
		CHECK(!emo_profile_add(state, features));
		CHECK(emo_profile_add_row(env, state, features) == EMO_BAD_DATA);
		CHECK(env->detail[0] != '\0');
	}
	CHECK(same_bytes(state, empty));
}

static void
test_damaged_bytes(EmoEnv *env)
{
	EmoProfileState *state = new_state(env);
	size_t n_bytes = emo_profile_state_size(N_FEATURES);
	uint8_t *bytes = (uint8_t *) state;
	int n_refused = 0;

	fill_rows();
	for (int row = 0; row < N_ROWS; row++)
		CHECK(emo_profile_add(state, rows[row]));
	emo_profile_settle(state);
	for (size_t cut = 0; cut < n_bytes; cut++)
	{
		uint8_t *copy = malloc(cut + 1);

		memcpy(copy, bytes, cut);
		CHECK(emo_profile_check(env, copy, cut) == EMO_CORRUPTED);
		free(copy);
	}
	/* There is no checksum: what is taken must be finite, and merge. */
	for (size_t at = 0; at < n_bytes; at++)
		for (int change = 1; change < 256; change *= 2)
		{
			float mean[N_FEATURES], deviation[N_FEATURES];
			EmoProfileState *other = new_state(env);

			bytes[at] ^= (uint8_t) change;
			if (emo_profile_check(env, bytes, n_bytes) != EMO_OK)
				n_refused++;
			else
			{
				CHECK(emo_profile_merge(env, other, state) == EMO_OK);
				emo_profile_finish(other, mean, deviation);
				for (int i = 0; i < N_FEATURES; i++)
					CHECK(isfinite(mean[i]) && isfinite(deviation[i]));
			}
			bytes[at] ^= (uint8_t) change;
			emo_free(env, other);
		}
	CHECK(n_refused > 100);
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
				CHECK(emo_profile_add(state, rows[row]));
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
	RUN(test_same_bits);
	RUN(test_words);
	RUN(test_many);
	RUN(test_out_of_range);
	RUN(test_damaged_bytes);
	RUN(test_apply);
	RUN(test_apply_is_finite);
	RUN(test_normalise_rows);
	return unit_finish();
}
