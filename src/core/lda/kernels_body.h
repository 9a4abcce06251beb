/*
 * kernels_body.h
 *	  The kernels of lda/kernels.h, in the words of base/simd.h.  No include guard: this is a body.
 */
#include "core/lda/profile.h"

#define LANES (WIDTH / 2)

typedef double DoubleVector __attribute__((vector_size(LANES * sizeof(double)), may_alias));
typedef int64_t LongVector __attribute__((vector_size(LANES * sizeof(int64_t)), may_alias));
typedef float HalfVector
	__attribute__((vector_size(LANES * sizeof(float)), may_alias, aligned(sizeof(float))));
typedef int64_t UnalignedLongVector
	__attribute__((vector_size(LANES * sizeof(int64_t)), may_alias, aligned(sizeof(int64_t))));

/*
 * Added to a number below 2^51 units, it leaves no digits below the unit: the sum is rounded to units,
 * halves to even, and its bits less those of the constant are how many.
 */
#define ROUNDING(unit) (0x1.8p52 * (unit))

/* Add rest to a word in its unit, and return what is below the unit: both exact. */
INLINE DoubleVector
add_word(DoubleVector rest, double unit, int64_t *word)
{
	DoubleVector rounding = ROUNDING(unit) - (DoubleVector){0};
	DoubleVector sum = rest + rounding;

	*(UnalignedLongVector *) word += (LongVector) sum - (LongVector) rounding;
	return rest - (sum - rounding);
}

INLINE void
add_features(HalfVector features, int64_t *sums, size_t n)
{
	DoubleVector x = __builtin_convertvector(features, DoubleVector);
	DoubleVector square;

	/* What is below the unit isn't part of the feature. */
	x -= add_word(add_word(x, 0x1p4, sums + n), 0x1p-42, sums);
	/* Of twice 24 digits, and so exact. */
	square = x * x;
	square = add_word(square, 0x1p45, sums + 5 * n);
	square = add_word(square, 0x1p2, sums + 4 * n);
	square = add_word(square, 0x1p-41, sums + 3 * n);
	add_word(square, 0x1p-84, sums + 2 * n);
}

static void
add_to_profile(const float *features, int n, int64_t *sums)
{
	int i = 0;

	for (; i + LANES <= n; i += LANES)
		add_features(*(const HalfVector *) (features + i), sums + i, n);
	if (i < n)
	{
		float padded[LANES] = {0};
		int64_t words[EMO_PROFILE_WORDS][LANES] = {{0}};

		memcpy(padded, features + i, (n - i) * sizeof(float));
		add_features(*(const HalfVector *) padded, words[0], LANES);
		for (int word = 0; word < EMO_PROFILE_WORDS; word++)
			for (int j = i; j < n; j++)
				sums[(size_t) word * n + j] += words[word][j - i];
	}
}

typedef int16_t ShortVector
	__attribute__((vector_size(LANES * sizeof(int16_t)), may_alias, aligned(sizeof(int16_t))));

INLINE DoubleVector
splat_double(double value)
{
	return value - (DoubleVector){0};
}

/* Where a comparison of doubles holds; elsewhere no. */
INLINE DoubleVector
double_where(LongVector condition, DoubleVector yes, DoubleVector no)
{
	return (DoubleVector) ((condition & (LongVector) yes) | (~condition & (LongVector) no));
}

INLINE DoubleVector
load_doubles(const float *p)
{
	return __builtin_convertvector(*(const HalfVector *) p, DoubleVector);
}

INLINE void
quantise_z(DoubleVector z, double unit, double max_z, int16_t *q)
{
	const DoubleVector rounding = splat_double(ROUNDING(1.0));
	const DoubleVector most = splat_double(max_z), least = splat_double(-max_z);
	LongVector bits;

	/* NaN is no larger and no smaller than anything, and becomes zero: all of its bits go. */
	z = (DoubleVector) ((LongVector) z & (LongVector) (z == z));
	z = double_where(z < most, z, most);
	z = double_where(z > least, z, least);
	/* The lowest bits are those of an integer, and the constant has none there. */
	bits = (LongVector) (z * splat_double(unit) + rounding);
	*(ShortVector *) q = __builtin_convertvector(bits, ShortVector);
}

static void
quantise(int n, const float *mean, const float *inverse_deviation, const float *features,
		 double unit, double max_z, int16_t *q)
{
	int i = 0;

	for (; i + LANES <= n; i += LANES)
	{
		DoubleVector z = load_doubles(features + i);

		if (mean != NULL)
			z = (z - load_doubles(mean + i)) * load_doubles(inverse_deviation + i);
		quantise_z(z, unit, max_z, q + i);
	}
	if (i < n)
	{
		float rest[3][LANES] = {{0}};
		int16_t rest_q[LANES];
		size_t n_bytes = (n - i) * sizeof(float);

		memcpy(rest[0], features + i, n_bytes);
		if (mean != NULL)
		{
			memcpy(rest[1], mean + i, n_bytes);
			memcpy(rest[2], inverse_deviation + i, n_bytes);
		}
		quantise(LANES, mean != NULL ? rest[1] : NULL, rest[2], rest[0], unit, max_z, rest_q);
		memcpy(q + i, rest_q, (n - i) * sizeof(int16_t));
	}
}

INLINE DoubleVector
square_root(DoubleVector x)
{
#if defined(EMO_SIMD_AVX512)
	return (DoubleVector) _mm512_sqrt_pd((__m512d) x);
#elif defined(EMO_SIMD_AVX2)
	return (DoubleVector) _mm256_sqrt_pd((__m256d) x);
#else
	for (int i = 0; i < LANES; i++)
		x[i] = sqrt(x[i]);
	return x;
#endif
}

/*
 * With n utterances of mean m and deviation s, and k more of the population's mean p and deviation
 * q: mean (n m + k p) / (n + k), variance (n s^2 + k q^2) / (n + k).  The distance between m and p
 * is left out of the variance: it says how the speaker differs, not how he varies.
 */
INLINE HalfVector
normalise_features(DoubleVector x, DoubleVector mean, DoubleVector deviation,
				   DoubleVector population_mean, DoubleVector population_deviation,
				   double prior_share)
{
	const DoubleVector share = splat_double(prior_share), zero = {0};
	const DoubleVector most = splat_double(EMO_PROFILE_MAX_Z);
	DoubleVector own = deviation * deviation;
	DoubleVector population = population_deviation * population_deviation;
	DoubleVector z = (x - (mean + share * (population_mean - mean))) /
					 square_root(own + share * (population - own));

	z = double_where(z < most, z, most);
	z = double_where(z > -most, z, -most);
	z = double_where((population_deviation > zero) & (x == x), z, zero);
	return __builtin_convertvector(z, HalfVector);
}

static void
normalise(int n, const EmoProfileScale *scale, const float *features, float *normalised)
{
	int i = 0;

	for (; i + LANES <= n; i += LANES)
		*(HalfVector *) (normalised + i) = normalise_features(
			load_doubles(features + i), load_doubles(scale->mean + i),
			load_doubles(scale->deviation + i), load_doubles(scale->population_mean + i),
			load_doubles(scale->population_deviation + i), scale->prior_share);
	if (i < n)
	{
		float rest[5][LANES] = {{0}};
		EmoProfileScale of_rest = {rest[1], rest[2], rest[3], rest[4], scale->prior_share};
		size_t n_bytes = (n - i) * sizeof(float);

		memcpy(rest[0], features + i, n_bytes);
		memcpy(rest[1], scale->mean + i, n_bytes);
		memcpy(rest[2], scale->deviation + i, n_bytes);
		memcpy(rest[3], scale->population_mean + i, n_bytes);
		memcpy(rest[4], scale->population_deviation + i, n_bytes);
		normalise(LANES, &of_rest, rest[0], rest[0]);
		memcpy(normalised + i, rest[0], n_bytes);
	}
}

/* Sums of a tile stay in registers: 12 of 16, or 24 of 32. */
#define TILE_VECTORS 3
#define TILE_ROWS    (WIDTH == 16 ? 8 : 4)
#define TILE_COLUMNS (TILE_VECTORS * WIDTH)

typedef int32_t HalfIntVector __attribute__((vector_size(LANES * sizeof(int32_t)), may_alias));
typedef int32_t UnalignedIntVector
	__attribute__((vector_size(WIDTH * sizeof(int32_t)), may_alias, aligned(sizeof(int32_t))));

/* Each of a's pairs of 16-bit integers with b's: their products, added up. */
INLINE IntVector
multiply_pairs(IntVector a, IntVector b)
{
#if defined(EMO_SIMD_AVX512)
	return (IntVector) _mm512_madd_epi16((__m512i) a, (__m512i) b);
#elif defined(EMO_SIMD_AVX2)
	return (IntVector) _mm256_madd_epi16((__m256i) a, (__m256i) b);
#elif defined(__SSE2__) && WIDTH == 4
	return (IntVector) _mm_madd_epi16((__m128i) a, (__m128i) b);
#elif defined(__aarch64__) && WIDTH == 4
	int16x8_t x = (int16x8_t) a, y = (int16x8_t) b;

	return (IntVector) vpaddq_s32(vmull_s16(vget_low_s16(x), vget_low_s16(y)),
								  vmull_high_s16(x, y));
#else
	int16_t x[2 * WIDTH], y[2 * WIDTH];
	IntVector sums;

	memcpy(x, &a, sizeof(x));
	memcpy(y, &b, sizeof(y));
	for (int i = 0; i < WIDTH; i++)
		sums[i] = x[2 * i] * y[2 * i] + x[2 * i + 1] * y[2 * i + 1];
	return sums;
#endif
}

INLINE IntVector
load_pairs(const EmoPair *p)
{
	return (IntVector) * (const UnalignedIntVector *) p;
}

INLINE IntVector
splat_pair(const EmoPair *p)
{
	int32_t both;

	memcpy(&both, p, sizeof(both));
	return both - (IntVector){0};
}

/* to[WIDTH] += sums */
INLINE void
add_widened(IntVector sums, int64_t *to)
{
	HalfIntVector halves[2];

	memcpy(halves, &sums, sizeof(halves));
	for (int half = 0; half < 2; half++)
		*(UnalignedLongVector *) (to + half * LANES) +=
			__builtin_convertvector(halves[half], LongVector);
}

static void
add_products(const EmoPair *a, const EmoPair *b, int n_pairs, int64_t *tile)
{
	IntVector sums[TILE_ROWS][TILE_VECTORS] = {{{0}}};

	for (int k = 0; k < n_pairs; k++)
	{
		IntVector right[TILE_VECTORS];

		for (int v = 0; v < TILE_VECTORS; v++)
			right[v] = load_pairs(b + v * WIDTH);
		for (int i = 0; i < TILE_ROWS; i++)
		{
			IntVector left = splat_pair(a + i);

			for (int v = 0; v < TILE_VECTORS; v++)
				sums[i][v] += multiply_pairs(left, right[v]);
		}
		a += TILE_COLUMNS;
		b += TILE_COLUMNS;
	}
	for (int i = 0; i < TILE_ROWS; i++)
		for (int v = 0; v < TILE_VECTORS; v++)
			add_widened(sums[i][v], tile + i * TILE_COLUMNS + v * WIDTH);
}

static bool
add_squares(const EmoPair *b, int32_t *sums)
{
	IntVector all = {0};
	int32_t any = 0;

	for (int v = 0; v < TILE_VECTORS; v++)
	{
		IntVector pairs = load_pairs(b + v * WIDTH);
		UnsignedVector sum = (UnsignedVector) * (UnalignedIntVector *) (sums + v * WIDTH);

		/* At most 2^31 - 1 + 2^29, which shows in the sign. */
		sum += (UnsignedVector) multiply_pairs(pairs, pairs);
		*(UnalignedIntVector *) (sums + v * WIDTH) = (IntVector) sum;
		all |= (IntVector) sum;
	}
	for (int i = 0; i < WIDTH; i++)
		any |= all[i];
	return any < 0;
}

const EmoLdaKernels KERNELS = {
	.name = ISA_NAME,
	.quantise = quantise,
	.normalise = normalise,
	.add_to_profile = add_to_profile,
	.tile_rows = TILE_ROWS,
	.tile_columns = TILE_COLUMNS,
	.add_products = add_products,
	.add_squares = add_squares,
};
