/*
 * functionals.c
 *	  Statistics of contours over time.
 */
#include "core/features/functionals.h"

#include <math.h>
#include <string.h>

#include "core/base/sort.h"
#include "core/dsp/sort_columns.h"

/* Single-precision sums over more rows than this lose digits; blocks are added in double. */
#define BLOCK_ROWS 512

/* Sums of powers and of the product with time: see EmoKernels.moments. */
#define N_MOMENTS 5

/*
 * A contour whose deviation is below this share of its mean's size, or below this at all, is
 * constant but for rounding, and its shape is noise.
 */
#define MIN_RELATIVE_DEVIATION 1e-6

const char *
emo_functional_name(EmoFunctional functional)
{
	static const char *const names[EMO_N_FUNCTIONALS] = {"mean", "sd",   "p10",      "p25",
														 "p50",  "p75",  "p90",      "range",
														 "iqr",  "skew", "kurtosis", "slope"};

	return names[functional];
}

/* Means over n of d .. d^4 about center, and of d (t - mean t). */
static void
central_sums(const EmoKernels *kernels, const float *rows, size_t n, const float *center,
			 double sums[N_MOMENTS][EMO_LANES])
{
	float block[N_MOMENTS * EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));

	memset(sums, 0, N_MOMENTS * EMO_LANES * sizeof(double));
	for (size_t first = 0; first < n; first += BLOCK_ROWS)
	{
		size_t n_rows = n - first < BLOCK_ROWS ? n - first : BLOCK_ROWS;

		kernels->moments(rows + first * EMO_LANES, n_rows, center,
						 (float) ((double) first - ((double) n - 1) / 2), block);
		for (int i = 0; i < N_MOMENTS; i++)
			for (int lane = 0; lane < EMO_LANES; lane++)
				sums[i][lane] += block[i * EMO_LANES + lane];
	}
}

/* A contour's functionals from its central sums, both step items apart. */
static void
put_moments(const double *sums, int step, size_t n, float mean, float *functionals)
{
	/* Sum of (2 t / (n - 1))^2 over t = -(n-1)/2 .. (n-1)/2. */
	double time_square = n > 1 ? (double) n * ((double) n + 1) / (3.0 * ((double) n - 1)) : 1;
	double variance = sums[step] / (double) n, deviation = sqrt(variance);
	bool varies = deviation > MIN_RELATIVE_DEVIATION * (1 + fabs((double) mean));
	double skewness = sums[2 * step] / (double) n / (variance * deviation);
	double kurtosis = sums[3 * step] / (double) n / (variance * variance) - 3;
	double slope = n > 1 ? sums[4 * step] * 2 / ((double) n - 1) / time_square : 0;

	functionals[EMO_MEAN * step] = mean;
	functionals[EMO_DEVIATION * step] = (float) deviation;
	functionals[EMO_SKEWNESS * step] = varies ? (float) skewness : 0;
	functionals[EMO_KURTOSIS * step] = varies ? (float) kurtosis : 0;
	functionals[EMO_SLOPE * step] = varies ? (float) slope : 0;
}

static void
moment_functionals(const EmoKernels *kernels, const float *rows, size_t n, float *functionals)
{
	double sums[N_MOMENTS][EMO_LANES];
	float center[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));

	/* Twice, so that the moments are about the mean and lose no digits. */
	memcpy(center, rows, sizeof(center));
	central_sums(kernels, rows, n, center, sums);
	for (int lane = 0; lane < EMO_LANES; lane++)
		center[lane] += (float) (sums[0][lane] / (double) n);
	central_sums(kernels, rows, n, center, sums);

	for (int lane = 0; lane < EMO_LANES; lane++)
		put_moments(sums[0] + lane, EMO_LANES, n, center[lane], functionals + lane);
}

/* A percentile (0 .. 1) of sorted rows, as numpy's default. */
static void
percentile(const float *sorted, size_t n, double share, float *out)
{
	double position = share * (double) (n - 1);
	size_t below = (size_t) position;
	size_t above = below + 1 < n ? below + 1 : below;
	float weight = (float) (position - (double) below);

	for (int lane = 0; lane < EMO_LANES; lane++)
	{
		float low = sorted[below * EMO_LANES + lane], high = sorted[above * EMO_LANES + lane];

		out[lane] = low + weight * (high - low);
	}
}

static void
order_functionals(const float *sorted, size_t n, float *functionals)
{
	float low[EMO_LANES], high[EMO_LANES];

	percentile(sorted, n, 0.10, functionals + EMO_P10 * EMO_LANES);
	percentile(sorted, n, 0.25, functionals + EMO_P25 * EMO_LANES);
	percentile(sorted, n, 0.50, functionals + EMO_P50 * EMO_LANES);
	percentile(sorted, n, 0.75, functionals + EMO_P75 * EMO_LANES);
	percentile(sorted, n, 0.90, functionals + EMO_P90 * EMO_LANES);
	percentile(sorted, n, 0.01, low);
	percentile(sorted, n, 0.99, high);
	for (int lane = 0; lane < EMO_LANES; lane++)
	{
		functionals[EMO_RANGE * EMO_LANES + lane] = high[lane] - low[lane];
		functionals[EMO_QUARTILE_RANGE * EMO_LANES + lane] =
			functionals[EMO_P75 * EMO_LANES + lane] - functionals[EMO_P25 * EMO_LANES + lane];
	}
}

EmoStatus
emo_functionals(EmoEnv *env, const EmoKernels *kernels, float *rows, size_t n, float *functionals)
{
	if (n == 0)
	{
		memset(functionals, 0, EMO_N_FUNCTIONALS * EMO_LANES * sizeof(float));
		return EMO_OK;
	}
	moment_functionals(kernels, rows, n, functionals);
	if (emo_sort_columns(env, kernels, rows, n) != EMO_OK)
		return env->status;
	order_functionals(rows, n, functionals);
	return EMO_OK;
}

EmoStatus
emo_functionals_of_one(EmoEnv *env, float *values, size_t n, float *functionals)
{
	double sums[N_MOMENTS] = {0}, mean = 0;

	memset(functionals, 0, EMO_N_FUNCTIONALS * sizeof(float));
	if (n == 0)
		return EMO_OK;
	for (size_t i = 0; i < n; i++)
		mean += values[i];
	mean /= (double) n;
	for (size_t i = 0; i < n; i++)
	{
		double d = values[i] - mean, square = d * d;

		sums[1] += square;
		sums[2] += square * d;
		sums[3] += square * square;
		sums[4] += d * ((double) i - ((double) n - 1) / 2);
	}
	put_moments(sums, 1, n, (float) mean, functionals);
	if (emo_sort_floats(env, values, n) != EMO_OK)
		return env->status;
	functionals[EMO_P10] = emo_percentile(values, n, 0.10);
	functionals[EMO_P25] = emo_percentile(values, n, 0.25);
	functionals[EMO_P50] = emo_percentile(values, n, 0.50);
	functionals[EMO_P75] = emo_percentile(values, n, 0.75);
	functionals[EMO_P90] = emo_percentile(values, n, 0.90);
	functionals[EMO_RANGE] = emo_percentile(values, n, 0.99) - emo_percentile(values, n, 0.01);
	functionals[EMO_QUARTILE_RANGE] = functionals[EMO_P75] - functionals[EMO_P25];
	return EMO_OK;
}
