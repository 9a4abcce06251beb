/*
 * kernels_test.c
 *	  All instruction sets: sums of products, quantised and normalised features equal a plain
 *	  reference, at any size and sign, and words of profiles are the same.
 */
#include "lda_sample.h"

#include "core/lda/profile.h"
#include "core/lda/scatter.h"
#include "core/lda/state.h"

/* The kernels with vectors as wide as those of AVX-512, in plain C: tiles of that size on any machine. */
#define ISA_NAME "wide"
#define WIDTH    16
#define INLINE   static inline __attribute__((always_inline, unused))
typedef int32_t IntVector __attribute__((vector_size(64), may_alias));
typedef uint32_t UnsignedVector __attribute__((vector_size(64), may_alias));
#define KERNELS emo_lda_kernels_wide
extern const EmoLdaKernels KERNELS;
#include "core/lda/kernels_body.h"

static const char *const names[] = {"avx512", "avx2", "baseline", "wide"};

#define N_NAMES 4

/* NULL: not on this machine. */
static const EmoLdaKernels *
kernels_named(const char *name)
{
	return strcmp(name, ISA_NAME) == 0 ? &emo_lda_kernels_wide : emo_lda_kernels_named(name);
}

typedef enum Filling
{
	RANDOM,
	ALL_LARGEST, /* every product is 2^28 */
	ALTERNATING, /* largest and smallest */
	SMALL        /* so that no run ends within a block */
} Filling;

static void
fill(int16_t *rows, size_t n, Filling filling, uint64_t *seed)
{
	for (size_t i = 0; i < n; i++)
		rows[i] = filling == ALL_LARGEST   ? EMO_STATE_MAX_Q
				  : filling == ALTERNATING ? (i % 3 == 0 ? -EMO_STATE_MAX_Q : EMO_STATE_MAX_Q)
				  : filling == SMALL       ? (int16_t) (100 * uniform(seed))
										   : (int16_t) (EMO_STATE_MAX_Q * uniform(seed));
}

static void
check_size(EmoEnv *env, int n_rows, int n, Filling filling, uint64_t *seed)
{
	size_t size = emo_triangle_size(n);
	int16_t *rows = emo_alloc(env, n_rows, n * sizeof(int16_t));
	int64_t *expected = emo_alloc_zero(env, size, sizeof(int64_t));
	int64_t *triangle = emo_alloc(env, size, sizeof(int64_t));

	fill(rows, (size_t) n_rows * n, filling, seed);
	for (int row = 0; row < n_rows; row++)
		for (int i = 0; i < n; i++)
			for (int j = i; j < n; j++)
				expected[emo_triangle_index(n, i, j)] +=
					(int64_t) rows[row * n + i] * rows[row * n + j];
	for (int which = 0; which < N_NAMES; which++)
	{
		const EmoLdaKernels *kernels = kernels_named(names[which]);

		if (kernels == NULL)
			continue;
		CHECK(strcmp(kernels->name, names[which]) == 0);
		memset(triangle, 0, size * sizeof(int64_t));
		CHECK(emo_scatter_add_with(env, kernels, rows, n_rows, n, 1, triangle) == EMO_OK);
		CHECK(memcmp(triangle, expected, size * sizeof(int64_t)) == 0);
		CHECK(emo_scatter_add_with(env, kernels, rows, n_rows, n, 1, triangle) == EMO_OK);
		CHECK(emo_scatter_add_with(env, kernels, rows, n_rows, n, -1, triangle) == EMO_OK);
		CHECK(memcmp(triangle, expected, size * sizeof(int64_t)) == 0);
	}
	emo_free(env, triangle);
	emo_free(env, expected);
	emo_free(env, rows);
}

/* About the borders of tiles and panels, of pairs and blocks. */
static void
test_sizes(EmoEnv *env)
{
	static const int n_features[] = {1, 2, 11, 12, 13, 23, 24, 25, 47, 48, 49, 97};
	static const int n_rows[] = {1, 2, 7, 64};
	uint64_t seed = 2;

	for (int i = 0; i < 12; i++)
		for (int j = 0; j < 4; j++)
			for (Filling filling = RANDOM; filling <= SMALL; filling++)
				check_size(env, n_rows[j], n_features[i], filling, &seed);
}

static void
test_blocks(EmoEnv *env)
{
	static const int n_rows[] = {EMO_SCATTER_ROWS - 1, EMO_SCATTER_ROWS, EMO_SCATTER_ROWS + 1,
								 2 * EMO_SCATTER_ROWS + 3};
	uint64_t seed = 4;

	for (int i = 0; i < 4; i++)
		for (Filling filling = RANDOM; filling <= SMALL; filling++)
			check_size(env, n_rows[i], 26, filling, &seed);
	check_size(env, 0, 3, RANDOM, &seed);
}

/* Numbers of all sizes, of which no two bits are alike. */
static float
any_feature(uint64_t *seed)
{
	double size = pow(2, 40 * uniform(seed) - 6) * 0.99;

	return (float) (uniform(seed) * size);
}

static void
test_profile_words(EmoEnv *env)
{
	float features[37];
	uint64_t seed = 8;

	(void) env;
	for (int which = 0; which < N_NAMES; which++)
		for (int n = 1; n <= 37 && kernels_named(names[which]) != NULL; n++)
		{
			int64_t sums[EMO_PROFILE_WORDS * 37] = {0}, expected[EMO_PROFILE_WORDS * 37] = {0};

			for (int row = 0; row < 10; row++)
			{
				for (int i = 0; i < n; i++)
					features[i] = any_feature(&seed);
				kernels_named(names[which])->add_to_profile(features, n, sums);
				emo_lda_kernels_baseline.add_to_profile(features, n, expected);
			}
			CHECK(memcmp(sums, expected, sizeof(sums)) == 0);
		}
}

/* Features beside their mean, at the clip, and none. */
static void
fill_features(float *features, int n, uint64_t *seed)
{
	static const float odd[] = {NAN, INFINITY, -INFINITY, 0, 3e38f, -1e-45f};

	for (int i = 0; i < n; i++)
		features[i] = i % 5 == 4 ? odd[(int) (3 + 2.99 * uniform(seed))]
								 : (float) (6 * uniform(seed) + i % 3);
}

/* Against numbers one by one, as they are defined. */
static void
test_quantise(EmoEnv *env)
{
	float mean[37], inverse_deviation[37], features[37];
	int16_t q[37];
	uint64_t seed = 21;

	(void) env;
	for (int which = 0; which < N_NAMES; which++)
		for (int n = 1; n <= 37 && kernels_named(names[which]) != NULL; n++)
			for (int on_scale = 0; on_scale < 2; on_scale++)
			{
				fill_features(features, n, &seed);
				for (int i = 0; i < n; i++)
				{
					mean[i] = (float) uniform(&seed);
					inverse_deviation[i] = i % 7 == 0 ? 0 : (float) (1.1 + uniform(&seed));
				}
				kernels_named(names[which])
					->quantise(n, on_scale ? NULL : mean, inverse_deviation, features,
							   EMO_STATE_UNIT, EMO_STATE_MAX_Z, q);
				for (int i = 0; i < n; i++)
				{
					double z =
						on_scale ? features[i]
								 : ((double) features[i] - mean[i]) * (double) inverse_deviation[i];

					z = isnan(z) ? 0 : fmax(fmin(z, EMO_STATE_MAX_Z), -EMO_STATE_MAX_Z);
					CHECK(q[i] == lrint(z * EMO_STATE_UNIT));
				}
			}
}

static void
test_normalise(EmoEnv *env)
{
	float values[4][37], features[37], expected[37];
	EmoProfileScale scale = {values[0], values[1], values[2], values[3], 0.3};
	uint64_t seed = 22;

	(void) env;
	for (int which = 0; which < N_NAMES; which++)
		for (int n = 1; n <= 37 && kernels_named(names[which]) != NULL; n++)
		{
			fill_features(features, n, &seed);
			for (int i = 0; i < n; i++)
			{
				double centre, variance, z;

				values[0][i] = (float) uniform(&seed);
				values[1][i] = (float) (1.1 + uniform(&seed));
				values[2][i] = (float) uniform(&seed);
				values[3][i] = i % 7 == 0 ? 0 : (float) (1.1 + uniform(&seed));
				centre = values[0][i] + 0.3 * ((double) values[2][i] - values[0][i]);
				variance = (double) values[1][i] * values[1][i] +
						   0.3 * ((double) values[3][i] * values[3][i] -
								  (double) values[1][i] * values[1][i]);
				z = fmax(fmin((features[i] - centre) / sqrt(variance), EMO_PROFILE_MAX_Z),
						 -EMO_PROFILE_MAX_Z);
				expected[i] = values[3][i] > 0 && !isnan(features[i]) ? (float) z : 0;
			}
			/* In place. */
			kernels_named(names[which])->normalise(n, &scale, features, features);
			CHECK(memcmp(features, expected, n * sizeof(float)) == 0);
		}
}

int
main(void)
{
	RUN(test_sizes);
	RUN(test_blocks);
	RUN(test_profile_words);
	RUN(test_quantise);
	RUN(test_normalise);
	return unit_finish();
}
