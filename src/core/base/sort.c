/*
 * sort.c
 *	  Sorting: floats by their digits, whose cost doesn't depend on the data, and items by merging.
 */
#include "core/base/sort.h"

#include <string.h>

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

/* Items merged between two looks at whether to stop. */
#define ITEMS_PER_CHECK 65536

typedef struct Merging
{
	EmoEnv *env;
	size_t item_size;
	int (*compare)(const void *, const void *);
	size_t n_moved;
} Merging;

/* Two sorted runs, from left to middle and from there to right, become one. */
static EmoStatus
merge(Merging *merging, const char *from, char *to, size_t left, size_t middle, size_t right)
{
	size_t size = merging->item_size;
	size_t one = left, other = middle;

	for (size_t place = left; place < right; place++)
	{
		bool take_one =
			one < middle &&
			(other == right || merging->compare(from + one * size, from + other * size) <= 0);

		memcpy(to + place * size, from + (take_one ? one++ : other++) * size, size);
		if (++merging->n_moved % ITEMS_PER_CHECK == 0 && emo_check_stop(merging->env) != EMO_OK)
			return merging->env->status;
	}
	return EMO_OK;
}

/* Merge sort, from runs of one item on. */
EmoStatus
emo_sort_items(EmoEnv *env, void *items, size_t n, size_t item_size,
			   int (*compare)(const void *, const void *))
{
	Merging merging = {env, item_size, compare, 0};
	char *from = items, *to = emo_alloc(env, n + 1, item_size), *room = to;

	if (to == NULL)
		return env->status;
	for (size_t width = 1; width < n; width *= 2)
	{
		char *merged = to;

		for (size_t left = 0; left < n; left += 2 * width)
		{
			size_t middle = left + width < n ? left + width : n;
			size_t right = middle + width < n ? middle + width : n;

			if (merge(&merging, from, to, left, middle, right) != EMO_OK)
				return env->status;
		}
		to = from;
		from = merged;
	}
	if (from != (char *) items)
		memcpy(items, from, n * item_size);
	emo_free(env, room);
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

int
emo_compare_doubles(const void *left_pointer, const void *right_pointer)
{
	double left = *(const double *) left_pointer;
	double right = *(const double *) right_pointer;

	return left < right ? -1 : left > right;
}
