/*
 * sort_columns.c
 *	  Sorting 16 columns at once, by a network of comparisons.
 */
#include "core/dsp/sort_columns.h"

EmoStatus
emo_sort_columns(EmoEnv *env, const EmoKernels *kernels, float *data, size_t n)
{
	size_t top = 1;

	while (top * 2 < n)
		top *= 2;
	for (size_t p = top; p > 0 && n > 1; p /= 2)
	{
		size_t q = top, phase = 0, distance = p;

		for (;;)
		{
			kernels->exchange_pass(data, n, p, phase, distance);
			if (emo_check_stop(env) != EMO_OK)
				return env->status;
			if (q == p)
				break;
			distance = q - p;
			q /= 2;
			phase = p;
		}
	}
	return EMO_OK;
}
