/*
 * functionals.h
 *	  Statistics of contours over time: 16 contours at once (see kernels.h for the layout).
 *
 * The terms are those of the field (Schuller & Batliner, "Computational Paralinguistics", 2014,
 * ch. 8): a contour of any length becomes a fixed number of values.
 */
#ifndef EMO_FUNCTIONALS_H
#define EMO_FUNCTIONALS_H

#include "core/base/env.h"
#include "core/dsp/kernels.h"

typedef enum EmoFunctional
{
	EMO_MEAN,
	EMO_DEVIATION, /* divided by n */
	EMO_P10,       /* percentiles, interpolated linearly */
	EMO_P25,
	EMO_P50,
	EMO_P75,
	EMO_P90,
	EMO_RANGE,          /* 99th - 1st percentile */
	EMO_QUARTILE_RANGE, /* 75th - 25th percentile */
	EMO_SKEWNESS,
	EMO_KURTOSIS, /* excess: 0 for a normal distribution */
	EMO_SLOPE,    /* of the regression line, per length of the contour / 2 */
	EMO_N_FUNCTIONALS
} EmoFunctional;

/* "mean", "sd", "p10" ... */
extern const char *emo_functional_name(EmoFunctional functional);

/*
 * Functionals of 16 contours rows[n][16], which are left sorted, to
 * functionals[EMO_N_FUNCTIONALS][16].  All are finite for finite rows; all are 0 for n = 0; shape
 * measures of a constant contour are 0.  Both arrays are aligned to EMO_ALIGNMENT.
 */
extern EmoStatus emo_functionals(EmoEnv *env, const EmoKernels *kernels, float *rows, size_t n,
								 float *functionals);

/* The same of one contour values[n], which is left sorted, to functionals[EMO_N_FUNCTIONALS]. */
extern EmoStatus emo_functionals_of_one(EmoEnv *env, float *values, size_t n, float *functionals);

#endif
