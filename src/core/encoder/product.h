/*
 * product.h
 *	  Rows of activations times a matrix of weights, in whatever precision it is kept.
 */
#ifndef EMO_ENCODER_PRODUCT_H
#define EMO_ENCODER_PRODUCT_H

#include "core/encoder/kernels.h"
#include "core/encoder/weights.h"

/*
 * Rows and depth of what is multiplied at once: packed, and with the panel of weights, it stays in the second-level cache.
 * Rows are a multiple of every tile_rows.
 */
#define EMO_PRODUCT_ROWS  168
#define EMO_PRODUCT_DEPTH 512

/* Floats of work space that a product needs, at a multiple of EMO_ALIGNMENT. */
#define EMO_PRODUCT_WORK ((EMO_PRODUCT_ROWS + EMO_PANEL_ROWS) * EMO_PRODUCT_DEPTH)

/*
 * y[i][o] = (add: y[i][o] +) sum over j of x[i][j] matrix[o][j], i < rows, o < matrix->rows, j < matrix->columns; rows
 * of x and y are x_row and y_row apart, which may be less than a row is long in x (windows that overlap).  Looks for a
 * cancel every few milliseconds.  EMO_CANCELED.
 */
extern EmoStatus emo_product(EmoEnv *env, const EmoEncoderKernels *kernels, float *work,
							 const float *x, ptrdiff_t x_row, int rows, const EmoMatrix *matrix,
							 bool add, float *y, ptrdiff_t y_row);

/* A matrix as floats, floats[rows][columns]. */
extern void emo_matrix_floats(const EmoMatrix *matrix, float *floats);

/* n of a matrix's rows as a matrix; first and n are multiples of its panel. */
extern EmoMatrix emo_matrix_rows(const EmoMatrix *matrix, int first, int n);

#endif
