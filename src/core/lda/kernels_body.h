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

const EmoLdaKernels KERNELS = {
	.name = ISA_NAME,
	.add_to_profile = add_to_profile,
};
