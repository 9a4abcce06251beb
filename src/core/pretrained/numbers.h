/*
 * numbers.h
 *	  From the numbers of checkpoints to floats, and from floats to those of images.
 */
#ifndef EMO_PRETRAINED_NUMBERS_H
#define EMO_PRETRAINED_NUMBERS_H

#include "core/encoder/weights.h"
#include "core/pretrained/safetensors.h"

/* Bytes of a number that is read. */
extern size_t emo_dtype_bytes(EmoDtype dtype);

/* False if a number is infinite or NaN. */
extern bool emo_floats_of_numbers(EmoDtype dtype, const uint8_t *bytes, size_t n, float *values);

/*
 * values[rows][columns], which are finite, as they stand in an image; scales[rows] are set for EMO_INT8.  False if one is
 * too large for the precision.
 */
extern bool emo_numbers_of_floats(EmoPrecision precision, const float *values, int rows,
								  int columns, void *numbers, float *scales);

/* From [rows][columns] to [rows / panel][columns][panel], of numbers of so many bytes. */
extern void emo_lay_panels(const void *numbers, int rows, int columns, int panel,
						   size_t number_bytes, void *panels);

/*
 * Of each row, values[channels in][kernel] become turned[kernel][channels in], times the factor of the place in the
 * kernel, unless factors are NULL.  False if one is not finite then.
 */
extern bool emo_turn_kernels(const float *values, int rows, int columns, int kernel,
							 const double *factors, float *turned);

#endif
