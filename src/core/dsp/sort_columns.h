/*
 * sort_columns.h
 *	  Sorting 16 columns at once.
 */
#ifndef EMO_SORT_COLUMNS_H
#define EMO_SORT_COLUMNS_H

#include "core/base/env.h"
#include "core/dsp/kernels.h"

/*
 * Sort each column of data float[n][16] (aligned to EMO_ALIGNMENT) in ascending order, in place.
 * NaN must not occur.  Batcher's merge exchange: O(n log^2 n), for any n, without padding
 * (Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M).
 */
extern EmoStatus emo_sort_columns(EmoEnv *env, const EmoKernels *kernels, float *data, size_t n);

#endif
