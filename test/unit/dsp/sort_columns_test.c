/*
 * sort_columns_test.c
 *	  Sorting of columns against qsort().
 */
#include "unit.h"

#include "core/dsp/sort_columns.h"

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
	RUN(test_stop);
	return unit_finish();
}
