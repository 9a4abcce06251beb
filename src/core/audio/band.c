/*
 * band.c
 *	  Filters that leave a band of frequencies.
 */
#include "core/audio/band.h"

#include <math.h>

#include "core/dsp/convolve.h"

/* Width of an edge; that of a Hamming window's main lobe is 4 / length. */
#define EDGE_HZ 200.0

/* sin(2 pi hz t) / (pi t), t in samples: an ideal low-pass. */
static double
low_pass(double hz, int sample_rate, int t)
{
	return t == 0 ? 2 * hz / sample_rate : sin(2 * M_PI * hz / sample_rate * t) / (M_PI * t);
}

EmoStatus
emo_limit_band(EmoEnv *env, double low_hz, double high_hz, int sample_rate, int64_t n_samples,
			   float *samples)
{
	int half = (int) ceil(2 * sample_rate / EDGE_HZ);
	int n = 2 * half + 1;
	float *response = emo_alloc(env, n, sizeof(float));

	if (response == NULL)
		return env->status;
	for (int i = 0; i < n; i++)
	{
		double window = 0.54 - 0.46 * cos(2 * M_PI * i / (n - 1));

		response[i] = (float) (window * (low_pass(high_hz, sample_rate, i - half) -
										 low_pass(low_hz, sample_rate, i - half)));
	}
	if (emo_convolve(env, samples, n_samples, response, n, half, samples) != EMO_OK)
		return env->status;
	emo_free(env, response);
	return EMO_OK;
}
