/*
 * kernels.h
 *	  Inner loops of encoders, in the instruction set of the running processor.
 *
 * Written once, in encoder/kernels_body.h, and compiled as those of nn/kernels.h.  Any n will do.
 */
#ifndef EMO_ENCODER_KERNELS_H
#define EMO_ENCODER_KERNELS_H

#include "core/encoder/weights.h"

/* y[i][o] = (add: y[i][o] +) sum over p < depth of packed(i, p) panel[p][o], i < rows, o < outputs. */
typedef struct EmoPanelProduct
{
	const float *packed;
	int rows, depth;
	const float *panel; /* [depth][EMO_PANEL_ROWS] */
	int outputs;        /* at most EMO_PANEL_ROWS */
	bool add;
	float *y;
	ptrdiff_t y_row;
	const char *next; /* what the next one will read, to be fetched meanwhile; NULL: nothing */
	int next_lines;   /* of EMO_ALIGNMENT bytes */
} EmoPanelProduct;

typedef struct EmoEncoderKernels
{
	const char *name;

	/* x[i][j] += bias[j], i < rows, j < n; bias may be NULL in those that do more. */
	void (*add_bias)(float *x, const float *bias, int rows, int n);

	/* x[i][j] = GELU(x[i][j] + bias[j]): v Phi(v), by the error function, to 1e-6 of |v|. */
	void (*gelu)(float *x, const float *bias, int rows, int n);

	/* y[i][j] = (x[i][j] - mean) / sqrt(variance + epsilon) scale[j] + shift[j], of each row i; y may be x. */
	void (*layer_norm)(const float *x, const float *scale, const float *shift, float epsilon,
					   int rows, int n, float *y);

	/* x[i][j] += y[i][j] (+ bias[j]). */
	void (*add)(float *x, const float *y, const float *bias, int rows, int n);

	/*
	 * Scores of EMO_PANEL_ROWS queries with n keys, x[n][EMO_PANEL_ROWS], become weights exp(score - most), where
	 * most[] is the largest score of each query so far, and sum[] grows by them.  Weights of keys before have to be
	 * multiplied by factor[], as sum[] is here.  Before the first keys most[] is -INFINITY and sum[] 0.
	 */
	void (*weigh)(float *x, int n, float *most, float *sum, float *factor);

	/* x[i][q] *= factor[q], i < n, q < EMO_PANEL_ROWS. */
	void (*scale_columns)(float *x, const float *factor, int n);

	/* x[i][q] += gate[q] bias[q - i], likewise. */
	void (*add_distance_bias)(float *x, const float *gate, const float *bias, int n);

	/* From the precisions of weights; bytes in a panel, x[n][EMO_PANEL_ROWS], with a scale for each of its rows. */
	void (*float_of_f16)(const uint16_t *x, size_t n, float *y);
	void (*float_of_bf16)(const uint16_t *x, size_t n, float *y);
	void (*float_of_int8)(const int8_t *x, const float *scale, int n, float *y);

	/*
	 * What a product is made of, see product.h: rows of x for tiles of tile_rows rows each,
	 * packed[tiles][depth][tile_rows], with zeros for what rows leave of the last tile.
	 */
	int tile_rows;
	void (*pack_rows)(const float *x, ptrdiff_t x_row, int rows, int depth, float *packed);

	void (*multiply_panel)(const EmoPanelProduct *product);
} EmoEncoderKernels;

/* The fastest that this processor runs. */
extern const EmoEncoderKernels *emo_encoder_kernels(void);

/* Those of one instruction set ("avx512", "avx2", "baseline"), or NULL; for tests. */
extern const EmoEncoderKernels *emo_encoder_kernels_named(const char *name);

extern const EmoEncoderKernels emo_encoder_kernels_avx512;
extern const EmoEncoderKernels emo_encoder_kernels_avx2;
extern const EmoEncoderKernels emo_encoder_kernels_baseline;

#endif
