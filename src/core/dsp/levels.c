/*
 * levels.c
 *	  The energy of a channel over time, in frames of 10 ms that do not overlap.
 */
#include "core/dsp/levels.h"

#include <math.h>

#include "core/dsp/kernels.h"

/* What 20 bits can't tell from silence. */
#define LEAST_MEAN_SQUARE 1e-12

/* Frames between two looks at whether to stop: a millisecond or less. */
#define BLOCK_FRAMES 2048

/* Sums that are kept apart, so that they need not wait for each other. */
#define N_SUMS 8

static float
mean_square(const float *samples, int64_t n, float mean)
{
	float sums[N_SUMS] = {0};
	float sum = 0;
	int64_t i = 0;

	for (; i + N_SUMS <= n; i += N_SUMS)
		for (int k = 0; k < N_SUMS; k++)
			sums[k] += (samples[i + k] - mean) * (samples[i + k] - mean);
	for (; i < n; i++)
		sum += (samples[i] - mean) * (samples[i] - mean);
	for (int k = 0; k < N_SUMS; k++)
		sum += sums[k];
	return sum / (float) n;
}

static EmoStatus
find_mean(EmoEnv *env, const float *samples, int64_t n_samples, float *mean)
{
	const int64_t block = (int64_t) BLOCK_FRAMES * EMO_LEVEL_FRAME;
	double sum = 0;

	for (int64_t start = 0; start < n_samples; start += block)
	{
		int64_t n_left = n_samples - start;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		sum += emo_kernels()->sum(samples + start, (size_t) (n_left < block ? n_left : block));
	}
	*mean = (float) (sum / (double) n_samples);
	return EMO_OK;
}

EmoStatus
emo_measure_levels(EmoEnv *env, const float *samples, int64_t n_samples, EmoLevels *levels)
{
	float mean = 0;

	if (find_mean(env, samples, n_samples, &mean) != EMO_OK)
		return env->status;
	levels->n_frames = (n_samples + EMO_LEVEL_FRAME - 1) / EMO_LEVEL_FRAME;
	levels->energy = emo_alloc(env, (size_t) levels->n_frames, sizeof(float));
	if (levels->energy == NULL)
		return env->status;
	for (int64_t t = 0; t < levels->n_frames; t++)
	{
		int64_t n_left = n_samples - t * EMO_LEVEL_FRAME;

		if (t % BLOCK_FRAMES == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		levels->energy[t] = mean_square(samples + t * EMO_LEVEL_FRAME,
										n_left < EMO_LEVEL_FRAME ? n_left : EMO_LEVEL_FRAME, mean);
	}
	return EMO_OK;
}

float
emo_dbfs(double mean_square)
{
	return (float) (10 * log10(fmax(mean_square, LEAST_MEAN_SQUARE)));
}
