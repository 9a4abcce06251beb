/*
 * scatter.h
 *	  Sums of products of quantised features, exact.
 */
#ifndef EMO_LDA_SCATTER_H
#define EMO_LDA_SCATTER_H

#include "core/base/env.h"
#include "core/lda/kernels.h"

/* As many rows at once make good use of a cache. */
#define EMO_SCATTER_ROWS 512

/*
 * triangle[n_features (n_features + 1) / 2] += sign * (sum of q q^T), the upper triangle row by row,
 * over rows[n_rows][n_features] of integers q within +-EMO_STATE_MAX_Q; sign is 1 or -1.  EMO_CANCELED,
 * EMO_OUT_OF_MEMORY.
 */
extern EmoStatus emo_scatter_add(EmoEnv *env, const int16_t *rows, int64_t n_rows, int n_features,
								 int sign, int64_t *triangle);

/* With kernels of choice; for tests and measurements. */
extern EmoStatus emo_scatter_add_with(EmoEnv *env, const EmoLdaKernels *kernels,
									  const int16_t *rows, int64_t n_rows, int n_features, int sign,
									  int64_t *triangle);

/* Offset of q q^T of features i <= j in a triangle, and its size. */
static inline size_t
emo_triangle_index(int n_features, int i, int j)
{
	return (size_t) i * n_features - (size_t) i * (i + 1) / 2 + j;
}

static inline size_t
emo_triangle_size(int n_features)
{
	return (size_t) n_features * (n_features + 1) / 2;
}

#endif
