/*
 * shape.h
 *	  Sizes and places that follow from an architecture (for the net's own files).
 */
#ifndef EMO_NN_SHAPE_H
#define EMO_NN_SHAPE_H

#include "core/nn/architecture.h"
#include "core/nn/conv.h"

typedef struct EmoNnBlockShape
{
	const EmoNnBlock *block;
	EmoNnConvAxis time;        /* without lengths, which differ from recording to recording */
	int padding_after;         /* of time */
	EmoNnConvAxis coefficient; /* conv2d: with lengths; conv1d: all 1 */
	int in_channels, in_width; /* width: coefficients */
	int conv_width, out_width;
	bool adds_input; /* residual, and the shapes allow it */

	/* Places among the weights; -1 for what isn't there. */
	int64_t conv_weight, norm_weight, bias, running_mean, running_variance;
} EmoNnBlockShape;

typedef struct EmoNnShape
{
	EmoNnArchitecture architecture;
	int n_classes;
	int n_values; /* of a frame of input */
	int n_blocks;
	EmoNnBlockShape blocks[EMO_NN_MAX_BLOCKS];
	int n_features; /* per frame after the last block */
	int n_heads;    /* of pooling; 1 for the plain mean */
	int n_pooled;   /* n_heads means, then as many deviations, of each feature */
	int64_t attention_weight, dense_weight, dense_bias;
	int64_t n_parameters;
	int64_t n_weights; /* parameters, then running statistics */
} EmoNnShape;

/* Of a checked architecture. */
extern void emo_nn_shape(const EmoNnArchitecture *architecture, int n_classes, EmoNnShape *shape);

/* Frames that come out of a block's convolution and of the whole block, of so many; at least one. */
extern int emo_nn_conv_rows(const EmoNnBlockShape *shape, int n_frames);
extern int emo_nn_block_rows(const EmoNnBlockShape *shape, int n_frames);

/* The block's convolution of a recording of so many frames. */
extern EmoNnConv emo_nn_block_conv(const EmoNnBlockShape *shape, int n_frames);

#endif
