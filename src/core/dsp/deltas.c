/*
 * deltas.c
 *	  Derivatives over time of frame-wise features.
 */
#include "core/dsp/deltas.h"

/* With the most values and the widest fit, so many frames take some 10 ms. */
#define FRAMES_PER_STOP_CHECK 1024

/*
 * weights[i] for frame offset k = i - width/2: the slope of a fitted line is
 * sum k y / sum k^2, the second derivative of a parabola 2 sum (k^2 - m) y / sum (k^2 - m)^2 with
 * m the mean of k^2.
 */
static void
fill_weights(int order, int width, float *weights)
{
	int half = width / 2;
	double mean_square = half * (half + 1) / 3.0;
	double norm = 0;

	for (int k = -half; k <= half; k++)
	{
		double basis = order == 1 ? k : k * k - mean_square;

		norm += basis * basis;
	}
	for (int k = -half; k <= half; k++)
		weights[k + half] = (float) (order == 1 ? k / norm : 2 * (k * k - mean_square) / norm);
}

static int64_t
clamp(int64_t value, int64_t low, int64_t high)
{
	return value < low ? low : value > high ? high : value;
}

EmoStatus
emo_delta(EmoEnv *env, const float *x, int64_t n_frames, int n_values, int64_t stride, int order,
		  int width, EmoDeltaEdges edges, float *out)
{
	float weights[EMO_DELTA_MAX_WIDTH];
	int half = width / 2;

	fill_weights(order, width, weights);
	for (int64_t t = 0; t < n_frames; t++)
	{
		/* The fitted polynomial's top derivative is the same over the whole fit. */
		bool is_fitted = edges == EMO_DELTA_FITTED_EDGES && n_frames >= width;
		int64_t center = is_fitted ? clamp(t, half, n_frames - 1 - half) : t;
		float *y = out + t * stride;

		if (t % FRAMES_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int j = 0; j < n_values; j++)
			y[j] = 0;
		for (int k = -half; k <= half; k++)
		{
			const float *row = x + clamp(center + k, 0, n_frames - 1) * stride;
			float weight = weights[k + half];

			for (int j = 0; j < n_values; j++)
				y[j] += weight * row[j];
		}
	}
	return EMO_OK;
}
