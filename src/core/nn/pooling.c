/*
 * pooling.c
 *	  Attentive mean and deviation over time, and their gradient.
 */
#include "core/nn/pooling.h"

#include <math.h>
#include <string.h>

/* Added to variances, so that the root has a slope where nothing varies. */
#define VARIANCE_FLOOR 1e-5f

/* Softmax over rows of the scores x . attention. */
static void
find_weights(const float *x, int rows, int n_features, int n_heads, const float *attention,
			 float *weights)
{
	memset(weights, 0, (size_t) rows * n_heads * sizeof(float));
	for (int t = 0; t < rows; t++)
		for (int d = 0; d < n_features; d++)
			for (int h = 0; h < n_heads; h++)
				weights[t * n_heads + h] +=
					x[(long) t * n_features + d] * attention[d * n_heads + h];
	for (int h = 0; h < n_heads; h++)
	{
		float highest = -INFINITY;
		double sum = 0;

		for (int t = 0; t < rows; t++)
			highest = fmaxf(highest, weights[t * n_heads + h]);
		for (int t = 0; t < rows; t++)
			sum += weights[t * n_heads + h] = expf(weights[t * n_heads + h] - highest);
		for (int t = 0; t < rows; t++)
			weights[t * n_heads + h] /= (float) sum;
	}
}

EmoStatus
emo_nn_pool(EmoEnv *env, const float *x, int rows, int n_features, int n_heads,
			const float *attention, float *weights, float *pooled)
{
	if (attention != NULL)
		find_weights(x, rows, n_features, n_heads, attention, weights);
	else
		for (int i = 0; i < rows * n_heads; i++)
			weights[i] = 1 / (float) rows;
	memset(pooled, 0, (size_t) 2 * n_heads * n_features * sizeof(float));
	for (int h = 0; h < n_heads; h++)
	{
		float *mean = pooled + (long) h * n_features;
		float *deviation = pooled + (long) (n_heads + h) * n_features;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int t = 0; t < rows; t++)
			for (int d = 0; d < n_features; d++)
				mean[d] += weights[t * n_heads + h] * x[(long) t * n_features + d];
		for (int t = 0; t < rows; t++)
			for (int d = 0; d < n_features; d++)
			{
				float difference = x[(long) t * n_features + d] - mean[d];

				deviation[d] += weights[t * n_heads + h] * difference * difference;
			}
		for (int d = 0; d < n_features; d++)
			deviation[d] = sqrtf(deviation[d] + VARIANCE_FLOOR);
	}
	return EMO_OK;
}

/*
 * With weights a(t), m = sum a x and s^2 = sum a (x - m)^2 + floor, where the a sum to one:
 *	ds/dx(t) = a(t) (x(t) - m) / s,		ds/da(t) = (x(t) - m)^2 / (2 s) + const,
 *	dm/dx(t) = a(t),					dm/da(t) = x(t) - m + const;
 * constants don't matter, since the softmax takes the mean out.
 */
static void
gradient_of_head(const float *x, int rows, int n_features, int n_heads, int h, const float *weights,
				 const float *pooled, const float *d_pooled, float *slope, float *d_x,
				 float *d_weights)
{
	const float *mean = pooled + (long) h * n_features;
	const float *deviation = pooled + (long) (n_heads + h) * n_features;
	const float *d_mean = d_pooled + (long) h * n_features;
	const float *d_deviation = d_pooled + (long) (n_heads + h) * n_features;

	for (int d = 0; d < n_features; d++)
		slope[d] = d_deviation[d] / deviation[d];
	for (int t = 0; t < rows; t++)
	{
		const float *at = x + (long) t * n_features;
		float *d_at = d_x + (long) t * n_features;
		float weight = weights[t * n_heads + h], sums[16] = {0}, sum = 0;

		for (int d = 0; d < n_features; d += 16)
			for (int j = 0; j < 16; j++)
			{
				float difference = at[d + j] - mean[d + j];
				float pull = slope[d + j] * difference;

				d_at[d + j] += weight * (d_mean[d + j] + pull);
				sums[j] += difference * (d_mean[d + j] + pull * 0.5f);
			}
		for (int j = 0; j < 16; j++)
			sum += sums[j];
		d_weights[t] = sum;
	}
}

EmoStatus
emo_nn_pool_gradient(EmoEnv *env, const float *x, int rows, int n_features, int n_heads,
					 const float *attention, const float *weights, const float *pooled,
					 const float *d_pooled, float *work, float *d_x, float *d_attention)
{
	float *slope = work, *d_weights = work + n_features;

	memset(d_x, 0, (size_t) rows * n_features * sizeof(float));
	for (int h = 0; h < n_heads; h++)
	{
		double mean = 0;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		gradient_of_head(x, rows, n_features, n_heads, h, weights, pooled, d_pooled, slope, d_x,
						 d_weights);
		if (attention == NULL)
			continue;
		for (int t = 0; t < rows; t++)
			mean += (double) weights[t * n_heads + h] * d_weights[t];
		for (int t = 0; t < rows; t++)
		{
			float d_score = weights[t * n_heads + h] * (d_weights[t] - (float) mean);

			for (int d = 0; d < n_features; d++)
				d_x[(long) t * n_features + d] += d_score * attention[d * n_heads + h];
			for (int d = 0; d_attention != NULL && d < n_features; d++)
				d_attention[d * n_heads + h] += d_score * x[(long) t * n_features + d];
		}
	}
	return EMO_OK;
}
