/*
 * product.h
 *	  Rows of activations times a matrix of weights, in whatever precision it is kept.
 */
#ifndef EMO_ENCODER_PRODUCT_H
#define EMO_ENCODER_PRODUCT_H

#include "core/encoder/kernels.h"
#include "core/encoder/weights.h"

/* Floats of work space that a product needs, at a multiple of EMO_ALIGNMENT; for rows of a matrix as floats. */
#define EMO_PRODUCT_WORK (256 * 1024)

/*
 * y[i][o] = (add: y[i][o] +) sum over j of x[i][j] matrix[o][j], i < rows, o < matrix->rows, j < matrix->columns; rows
 * of x and y are x_row and y_row apart, which may be less than a row is long in x (windows that overlap).  Looks for a
 * cancel every few milliseconds.  EMO_CANCELED.
 */
extern EmoStatus emo_product(EmoEnv *env, const EmoEncoderKernels *kernels, float *work,
							 const float *x, ptrdiff_t x_row, int rows, const EmoMatrix *matrix,
							 bool add, float *y, ptrdiff_t y_row);

/* A matrix as floats, [rows][columns]: where it lies, or in work, which has room for all of it. */
extern const float *emo_matrix_floats(const EmoEncoderKernels *kernels, const EmoMatrix *matrix,
									  float *work);

/* The first of matrix's rows, n of them, as a matrix. */
extern EmoMatrix emo_matrix_rows(const EmoMatrix *matrix, int first, int n);

#endif
