/*
 * envelope.c
 *	  Samples as columns of equal time.
 */
#include "core/dsp/envelope.h"

#include <float.h>
#include <math.h>

EmoStatus
emo_envelope(EmoEnv *env, const float *samples, int64_t n_samples, int n_columns, float *lows,
			 float *highs)
{
	for (int column = 0; column < n_columns; column++)
	{
		int64_t end = emo_column_start(n_samples, n_columns, column + 1);
		float low = FLT_MAX, high = -FLT_MAX;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int64_t i = emo_column_start(n_samples, n_columns, column); i < end; i++)
		{
			low = fminf(low, samples[i]);
			high = fmaxf(high, samples[i]);
		}
		lows[column] = low;
		highs[column] = high;
	}
	return EMO_OK;
}
