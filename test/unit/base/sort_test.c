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
	RUN(test_percentile);
	return unit_finish();
}
