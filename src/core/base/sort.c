/*
 * sort.c
 *	  Sorting by digits, whose cost doesn't depend on the data.
 */
#include "core/base/sort.h"

#define DIGIT_BITS 8
#define N_DIGITS   4 /* even, so that the last pass ends where the first began */
#define N_VALUES   (1 << DIGIT_BITS)

/* A float's bits, changed so that they order like the float: negative ones come inverted. */
typedef uint32_t __attribute__((may_alias)) Key;

static Key
key_of(Key bits)
{
	return bits ^ (bits >> 31 != 0 ? UINT32_MAX : UINT32_C(1) << 31);
}

static Key
bits_of(Key key)
{
	return key ^ (key >> 31 != 0 ? UINT32_C(1) << 31 : UINT32_MAX);
}

static unsigned
digit_of(Key key, int digit)
{
	return key >> (digit * DIGIT_BITS) & (N_VALUES - 1);
}

/* Radix sort, from the lowest digit on. */
EmoStatus
emo_sort_floats(EmoEnv *env, float *values, size_t n)
{
	Key *keys = (Key *) values, *from = keys, *to = emo_alloc(env, n, sizeof(Key));
	Key *moved = to;
	size_t counts[N_DIGITS][N_VALUES] = {{0}};

	if (to == NULL)
		return env->status;
	for (size_t i = 0; i < n; i++)
	{
		keys[i] = key_of(keys[i]);
		for (int digit = 0; digit < N_DIGITS; digit++)
			counts[digit][digit_of(keys[i], digit)]++;
	}
	for (int digit = 0; digit < N_DIGITS; digit++)
	{
		size_t place = 0;
		Key *other = from;

		for (int value = 0; value < N_VALUES; value++)
		{
			size_t count = counts[digit][value];

			counts[digit][value] = place;
			place += count;
		}
		for (size_t i = 0; i < n; i++)
			to[counts[digit][digit_of(from[i], digit)]++] = from[i];
		from = to;
		to = other;
	}
	for (size_t i = 0; i < n; i++)
		keys[i] = bits_of(keys[i]);
	emo_free(env, moved);
	return EMO_OK;
}

float
emo_percentile(const float *sorted, size_t n, double share)
{
	double position = share * (double) (n - 1);
	size_t below = (size_t) position;
	size_t above = below + 1 < n ? below + 1 : below;

	return sorted[below] + (float) (position - (double) below) * (sorted[above] - sorted[below]);
}
