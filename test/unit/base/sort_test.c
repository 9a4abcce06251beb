/*
 * sort_test.c
 *	  Sorting against qsort().
 */
#include "unit.h"

#include "core/base/sort.h"

static int
compare_floats(const void *a, const void *b)
{
	float x = *(const float *) a, y = *(const float *) b;

	return (x > y) - (x < y);
}

static void
test_floats(EmoEnv *env)
{
	for (size_t n = 0; n < 3000; n = n * 3 / 2 + 1)
	{
		float *values = emo_alloc(env, n + 1, sizeof(float));
		float *expected = emo_alloc(env, n + 1, sizeof(float));

		/* All magnitudes and both signs, with some equal. */
		for (size_t i = 0; i <= n; i++)
			expected[i] = values[i] =
				(float) ((rand() % 200 - 100) * pow(10, i % 2 == 0 ? 0 : rand() % 70 - 37));
		CHECK(emo_sort_floats(env, values, n) == EMO_OK);
		qsort(expected, n, sizeof(float), compare_floats);
		for (size_t i = 0; i <= n; i++)
			CHECK(values[i] == expected[i]);
	}
}

typedef struct Item
{
	float key;
	int place;
} Item;

/* Equals keep their order. */
static int
compare_items(const void *a, const void *b)
{
	const Item *x = a, *y = b;
	int order = compare_floats(&x->key, &y->key);

	return order != 0 ? order : x->place - y->place;
}

static int
compare_keys(const void *a, const void *b)
{
	return compare_floats(a, b);
}

static void
test_items(EmoEnv *env)
{
	for (size_t n = 0; n < 3000; n = n * 3 / 2 + 1)
	{
		Item *items = emo_alloc(env, n + 1, sizeof(Item));
		Item *expected = emo_alloc(env, n + 1, sizeof(Item));

		for (size_t i = 0; i <= n; i++)
			expected[i] = items[i] = (Item){(float) (rand() % 100), (int) i};
		CHECK(emo_sort_items(env, items, n, sizeof(Item), compare_keys) == EMO_OK);
		qsort(expected, n, sizeof(Item), compare_items);
		CHECK(memcmp(items, expected, (n + 1) * sizeof(Item)) == 0);
	}
}

/* As numpy.percentile() has it. */
static void
test_percentile(EmoEnv *env)
{
	static const float sorted[] = {1, 2, 4, 8, 16};

	(void) env;
	CHECK_NEAR(emo_percentile(sorted, 5, 0), 1, 0);
	CHECK_NEAR(emo_percentile(sorted, 5, 0.1), 1.4, 1e-6);
	CHECK_NEAR(emo_percentile(sorted, 5, 0.9), 12.8, 1e-5);
	CHECK_NEAR(emo_percentile(sorted, 5, 1), 16, 0);
	CHECK_NEAR(emo_percentile(sorted + 4, 1, 0.3), 16, 0);
}

int
main(void)
{
	srand(1);
	RUN(test_floats);
	RUN(test_items);
	RUN(test_percentile);
	return unit_finish();
}
