/*
 * scatter.h
 *	  Sums of products of quantised features, exact.
 */
#ifndef EMO_LDA_SCATTER_H
#define EMO_LDA_SCATTER_H

#include "core/base/env.h"

/* As many rows at once make good use of a cache. */
#define EMO_SCATTER_ROWS 512

/*
 * triangle[n_features (n_features + 1) / 2] += sign * (sum of q q^T), the upper triangle row by row,
 * over rows[n_rows][n_features] of integers q within +-EMO_STATE_MAX_Q; sign is 1 or -1.  EMO_CANCELED,
 * EMO_OUT_OF_MEMORY.
 */
extern EmoStatus emo_scatter_add(EmoEnv *env, const int16_t *rows, int64_t n_rows, int n_features,
								 int sign, int64_t *triangle);

#endif
