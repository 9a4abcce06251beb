/*
 * sort.c
 *	  Sorting 16 columns at once by a network of comparisons, which never depends on the data.
 */
#include "sort.h"

/* Compare rows i and i + distance for all i < n - distance whose bit "period" equals that of phase. */
static void
exchange_pass(const EmoKernels *kernels, float *data, size_t n, size_t period, size_t phase,
			  size_t distance)
{
	for (size_t i = phase; i + distance < n; i += 2 * period)
	{
		size_t left = n - distance - i;

		kernels->compare_exchange(data + i * EMO_LANES, data + (i + distance) * EMO_LANES,
								  left < period ? left : period);
	}
}

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
			exchange_pass(kernels, data, n, p, phase, distance);
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
