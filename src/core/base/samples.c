/*
 * samples.c
 *	  What holds of mono samples, wherever they come from.
 */
#include "core/base/samples.h"

#include <math.h>

EmoStatus
emo_check_sample_rate(EmoEnv *env, int sample_rate)
{
	if (sample_rate >= EMO_MIN_SAMPLE_RATE && sample_rate <= EMO_MAX_SAMPLE_RATE)
		return EMO_OK;
	return emo_fail(env, EMO_INVALID_PARAMETER, "sample rate %d Hz is outside %d to %d Hz",
					sample_rate, EMO_MIN_SAMPLE_RATE, EMO_MAX_SAMPLE_RATE);
}

void
emo_limit_peak(float *samples, int64_t n_samples)
{
	float peak = 0;

	for (int64_t i = 0; i < n_samples; i++)
		peak = fmaxf(peak, fabsf(samples[i]));
	if (peak <= 1)
		return;
	for (int64_t i = 0; i < n_samples; i++)
		samples[i] /= peak;
}
