/*
 * sort_test.c
 *	  Sorting of columns against qsort().
 */
#include "unit.h"

#include "core/base/sort.h"

static const char *const kernel_names[] = {"avx512", "avx2", "baseline"};

static int
compare_floats(const void *a, const void *b)
{
	float x = *(const float *) a, y = *(const float *) b;

	return (x > y) - (x < y);
}

static void
check_sort(EmoEnv *env, const EmoKernels *kernels, size_t n)
{
	float *rows = emo_alloc(env, n + 1, EMO_LANES * sizeof(float));
	float *column = emo_alloc(env, (n + 1) * EMO_LANES, sizeof(float));
	size_t differing = 0;

	/* Few distinct values, so that equal ones occur; the row past the end must stay. */
	for (size_t i = 0; i < (n + 1) * EMO_LANES; i++)
	{
		rows[i] = (float) (rand() % 200 - 100);
		column[i % EMO_LANES * (n + 1) + i / EMO_LANES] = rows[i];
	}
	CHECK(emo_sort_columns(env, kernels, rows, n) == EMO_OK);
	for (size_t lane = 0; lane < EMO_LANES; lane++)
	{
		qsort(column + lane * (n + 1), n, sizeof(float), compare_floats);
		for (size_t i = 0; i <= n; i++)
			differing += column[lane * (n + 1) + i] != rows[i * EMO_LANES + lane];
	}
	CHECK(differing == 0);
	emo_free(env, rows);
	emo_free(env, column);
}

static void
test_against_qsort(EmoEnv *env)
{
	for (int i = 0; i < 3; i++)
	{
		const EmoKernels *kernels = emo_kernels_named(kernel_names[i]);

		for (size_t n = 0; n < 40 && kernels != NULL; n++)
			check_sort(env, kernels, n);
		for (size_t n = 63; n < 2000 && kernels != NULL; n = n * 3 / 2)
			check_sort(env, kernels, n);
	}
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

static bool
stop_at_once(void *host)
{
	(void) host;
	return true;
}

static void
test_stop(EmoEnv *env)
{
	float *rows = emo_alloc_zero(env, 8, EMO_LANES * sizeof(float));

	env->should_stop = stop_at_once;
	CHECK(emo_sort_columns(env, emo_kernels(), rows, 8) == EMO_CANCELED);
}

int
main(void)
{
	srand(1);
	RUN(test_against_qsort);
	RUN(test_floats);
	RUN(test_percentile);
	RUN(test_stop);
	return unit_finish();
}
