/*
 * scatter.c
 *	  Sums of products of quantised features, exact.
 */
#include "core/lda/scatter.h"

#define ROWS_PER_STOP_CHECK 16

EmoStatus
emo_scatter_add(EmoEnv *env, const int16_t *rows, int64_t n_rows, int n_features, int sign,
				int64_t *triangle)
{
	for (int64_t row = 0; row < n_rows; row++)
	{
		const int16_t *q = rows + row * n_features;
		int64_t *at = triangle;

		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int i = 0; i < n_features; i++)
		{
			int32_t factor = sign * q[i];

			for (int j = i; j < n_features; j++)
				at[j - i] += factor * q[j];
			at += n_features - i;
		}
	}
	return EMO_OK;
}
