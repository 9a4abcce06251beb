/*
 * sort.h
 *	  Sorting floats and items, and percentiles of sorted floats.
 */
#ifndef EMO_SORT_H
#define EMO_SORT_H

#include "core/base/env.h"

/* Sort n finite floats in ascending order, in time proportional to n whatever they are. */
extern EmoStatus emo_sort_floats(EmoEnv *env, float *values, size_t n);

/* Sort n items of item_size bytes as qsort() does, but answering a cancel, and keeping the order of equals. */
extern EmoStatus emo_sort_items(EmoEnv *env, void *items, size_t n, size_t item_size,
								int (*compare)(const void *, const void *));

/* The ascending order of doubles, none of them NaN, for these and for qsort(). */
extern int emo_compare_doubles(const void *left, const void *right);

/* A percentile (share 0 .. 1) of n > 0 sorted values, interpolated linearly as numpy's default. */
extern float emo_percentile(const float *sorted, size_t n, double share);

#endif
