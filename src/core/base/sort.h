/*
 * sort.h
 *	  Sorting 16 columns at once.
 */
#ifndef EMO_SORT_H
#define EMO_SORT_H

#include "core/base/env.h"
#include "core/dsp/kernels.h"

/*
 * Sort each column of data float[n][16] (aligned to EMO_ALIGNMENT) in ascending order, in place.
 * NaN must not occur.  Batcher's merge exchange: O(n log^2 n), for any n, without padding
 * (Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M).
 */
extern EmoStatus emo_sort_columns(EmoEnv *env, const EmoKernels *kernels, float *data, size_t n);

/* Sort n finite floats in ascending order, in time proportional to n whatever they are. */
extern EmoStatus emo_sort_floats(EmoEnv *env, float *values, size_t n);

/* A percentile (share 0 .. 1) of n > 0 sorted values, interpolated linearly as numpy's default. */
extern float emo_percentile(const float *sorted, size_t n, double share);

#endif
