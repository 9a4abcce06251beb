/*
 * covariance_group.c
 *	  How the MFCC move together: the logarithm of their covariance matrix over the active frames.
 *
 * The matrix logarithm puts variances and correlations on an additive scale, on which a linear
 * classifier can use them (Arsigny et al. 2006, "Log-Euclidean metrics").
 */
#include "core/features/groups.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/linalg.h"

#define N          EMO_CONTOUR_N_MFCC
#define N_FEATURES (N * (N + 1) / 2)

/*
 * Added to the diagonal, so that the logarithm of a coefficient that hardly moves is bounded; MFCC
 * of speech have variances of 0.1 to 10.
 */
#define RIDGE 0.05

static void
name_feature(int index, char name[EMO_FEATURE_NAME_SIZE])
{
	int row = 0;

	for (; index >= N - row; row++)
		index -= N - row;
	snprintf(name, EMO_FEATURE_NAME_SIZE, "mfcc_%d.mfcc_%d.log_covariance", row, row + index);
}

/* Covariance of the MFCC over the active frames, as double[N][N]. */
static void
measure_covariance(const EmoKernels *kernels, const EmoContours *contours, double *covariance)
{
	double sums[N] = {0};
	int64_t n = 0;

	memset(covariance, 0, N * N * sizeof(double));
	for (int64_t t = 0; t < contours->n_frames; t++)
	{
		const float *mfcc = contours->spectral + t * EMO_CONTOUR_STRIDE;

		if (!contours->active[t])
			continue;
		n++;
		for (int i = 0; i < N; i++)
			sums[i] += mfcc[i];
	}
	for (int64_t t = 0; t < contours->n_frames; t++)
	{
		const float *mfcc = contours->spectral + t * EMO_CONTOUR_STRIDE;
		double centred[N];

		if (!contours->active[t])
			continue;
		for (int i = 0; i < N; i++)
			centred[i] = mfcc[i] - sums[i] / (double) n;
		kernels->add_products(centred, N, covariance);
	}
	for (int i = 0; i < N * N; i++)
		covariance[i] /= (double) n;
	for (int i = 0; i < N; i++)
		covariance[i * N + i] += RIDGE;
}

static EmoStatus
fill(EmoEnv *env, const EmoFeatureInput *input, float *features)
{
	double vectors[N * N], values[N];

	measure_covariance(input->kernels, &input->contours, vectors);
	if (emo_symmetric_eigen(env, N, vectors, values) != EMO_OK)
		return env->status;
	/* Rounding may leave an eigenvalue below the ridge, never one near zero. */
	for (int k = 0; k < N; k++)
		values[k] = log(fmax(values[k], RIDGE / 2));
	for (int i = 0; i < N; i++)
		for (int j = i; j < N; j++)
		{
			double sum = 0;

			for (int k = 0; k < N; k++)
				sum += vectors[k * N + i] * values[k] * vectors[k * N + j];
			*features++ = (float) sum;
		}
	return EMO_OK;
}

const EmoFeatureGroup emo_covariance_group = {N_FEATURES, name_feature, fill};
