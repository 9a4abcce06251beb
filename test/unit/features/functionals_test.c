/*
 * functionals_test.c
 *	  Functionals against values from numpy and scipy, and their edge cases.
 */
#include "unit.h"

#include "core/features/functionals.h"

/* Column c of row i: a contour that differs from column to column. */
static double
contour(size_t i, int c)
{
	return sin(0.37 * (double) i * (1 + 0.1 * c)) * 10 + 0.05 * (double) i + c;
}

static float *
make_rows(EmoEnv *env, size_t n)
{
	float *rows = emo_alloc(env, n + 1, EMO_LANES * sizeof(float));

	for (size_t i = 0; i < n; i++)
		for (int c = 0; c < EMO_LANES; c++)
			rows[i * EMO_LANES + c] = (float) contour(i, c);
	return rows;
}

static int
compare_doubles(const void *a, const void *b)
{
	return (*(const double *) a > *(const double *) b) -
		   (*(const double *) a < *(const double *) b);
}

static double
naive_percentile(const double *sorted, size_t n, double share)
{
	double position = share * (double) (n - 1);
	size_t below = (size_t) floor(position), above = (size_t) ceil(position);

	return sorted[below] + (position - (double) below) * (sorted[above] - sorted[below]);
}

static void
naive_functionals(size_t n, int c, double *out)
{
	double *x = malloc(n * sizeof(double));
	double mean = 0, m2 = 0, m3 = 0, m4 = 0, xt = 0, tt = 0;

	for (size_t i = 0; i < n; i++)
		mean += (x[i] = (float) contour(i, c)) / (double) n;
	for (size_t i = 0; i < n; i++)
	{
		double d = x[i] - mean, t = n > 1 ? -1 + 2.0 * (double) i / (double) (n - 1) : 0;

		m2 += d * d / (double) n;
		m3 += d * d * d / (double) n;
		m4 += d * d * d * d / (double) n;
		xt += d * t;
		tt += t * t;
	}
	qsort(x, n, sizeof(double), compare_doubles);
	out[EMO_MEAN] = mean;
	out[EMO_DEVIATION] = sqrt(m2);
	out[EMO_P10] = naive_percentile(x, n, 0.10);
	out[EMO_P25] = naive_percentile(x, n, 0.25);
	out[EMO_P50] = naive_percentile(x, n, 0.50);
	out[EMO_P75] = naive_percentile(x, n, 0.75);
	out[EMO_P90] = naive_percentile(x, n, 0.90);
	out[EMO_RANGE] = naive_percentile(x, n, 0.99) - naive_percentile(x, n, 0.01);
	out[EMO_QUARTILE_RANGE] = out[EMO_P75] - out[EMO_P25];
	out[EMO_SKEWNESS] = n > 1 ? m3 / pow(m2, 1.5) : 0;
	out[EMO_KURTOSIS] = n > 1 ? m4 / (m2 * m2) - 3 : 0;
	out[EMO_SLOPE] = n > 1 ? xt / tt : 0;
	free(x);
}

static void
test_against_naive(EmoEnv *env)
{
	static const size_t lengths[] = {1, 2, 3, 17, 200, 513, 3000};
	static const char *const kernel_names[] = {"avx512", "avx2", "baseline"};
	float *functionals = emo_alloc(env, EMO_N_FUNCTIONALS, EMO_LANES * sizeof(float));

	for (int k = 0; k < 3; k++)
		for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++)
		{
			const EmoKernels *kernels = emo_kernels_named(kernel_names[k]);

			if (kernels == NULL)
				continue;
			CHECK(emo_functionals(env, kernels, make_rows(env, lengths[l]), lengths[l],
								  functionals) == EMO_OK);
			for (int c = 0; c < EMO_LANES; c++)
			{
				double expected[EMO_N_FUNCTIONALS];

				naive_functionals(lengths[l], c, expected);
				for (int f = 0; f < EMO_N_FUNCTIONALS; f++)
					CHECK_NEAR(functionals[f * EMO_LANES + c], expected[f],
							   2e-4 * (1 + fabs(expected[f])));
			}
		}
}

/* numpy.percentile and scipy.stats.skew, kurtosis of 1 2 4 8 16. */
static void
test_published_values(EmoEnv *env)
{
	static const float x[] = {1, 2, 4, 8, 16};
	float *rows = emo_alloc_zero(env, 5, EMO_LANES * sizeof(float));
	float *functionals = emo_alloc(env, EMO_N_FUNCTIONALS, EMO_LANES * sizeof(float));

	for (int i = 0; i < 5; i++)
		rows[i * EMO_LANES + 3] = x[i];
	CHECK(emo_functionals(env, emo_kernels(), rows, 5, functionals) == EMO_OK);
	CHECK_NEAR(functionals[EMO_P10 * EMO_LANES + 3], 1.4, 1e-6);
	CHECK_NEAR(functionals[EMO_P90 * EMO_LANES + 3], 12.8, 1e-5);
	CHECK_NEAR(functionals[EMO_SKEWNESS * EMO_LANES + 3], 0.88904813, 1e-5);
	CHECK_NEAR(functionals[EMO_KURTOSIS * EMO_LANES + 3], -0.67405914, 1e-5);
}

static void
test_empty_and_constant(EmoEnv *env)
{
	float *rows = emo_alloc(env, 100, EMO_LANES * sizeof(float));
	float *functionals = emo_alloc(env, EMO_N_FUNCTIONALS, EMO_LANES * sizeof(float));

	CHECK(emo_functionals(env, emo_kernels(), rows, 0, functionals) == EMO_OK);
	for (int i = 0; i < EMO_N_FUNCTIONALS * EMO_LANES; i++)
		CHECK(functionals[i] == 0);

	for (int i = 0; i < 100 * EMO_LANES; i++)
		rows[i] = 1e6f / 3;
	CHECK(emo_functionals(env, emo_kernels(), rows, 100, functionals) == EMO_OK);
	CHECK(functionals[EMO_MEAN * EMO_LANES] == 1e6f / 3);
	CHECK(functionals[EMO_KURTOSIS * EMO_LANES] == 0 && functionals[EMO_SLOPE * EMO_LANES] == 0);
}

int
main(void)
{
	RUN(test_against_naive);
	RUN(test_published_values);
	RUN(test_empty_and_constant);
	return unit_finish();
}
