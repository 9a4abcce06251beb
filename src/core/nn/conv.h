/*
 * conv.h
 *	  Convolution of one recording over two axes, and its gradients.
 *
 * conv2d has time as outer and coefficient as inner axis; conv1d has time as inner axis and an outer
 * axis of length one.  Values are [outer][inner][channels], so that the values under the kernel lie
 * in runs; rows of such values ("patches") times the weights are the result.
 */
#ifndef EMO_NN_CONV_H
#define EMO_NN_CONV_H

#include "core/base/env.h"
#include "core/nn/kernels.h"

typedef struct EmoNnConvAxis
{
	int kernel, stride, dilation;
	int padding; /* zeros before the first value; as many follow the last as are needed */
	int in, out; /* lengths */
} EmoNnConvAxis;

typedef struct EmoNnConv
{
	EmoNnConvAxis outer, inner;
	int in_channels, out_channels; /* the latter a multiple of 16 */
} EmoNnConv;

/* Floats of work space that the functions below need. */
extern size_t emo_nn_conv_work(const EmoNnConv *conv);

/* Sums for batch-norm: of out - center and of its square, per channel. */
typedef struct EmoNnMoments
{
	const float *center;
	double *sum, *square; /* added to */
	float *work;          /* [2 * out_channels] */
} EmoNnMoments;

/*
 * out = in * weights[outer.kernel][inner.kernel][in_channels][out_channels].  moments may be NULL;
 * they are taken here while the results are in the cache.
 */
extern EmoStatus emo_nn_conv_forward(EmoEnv *env, const EmoNnKernels *kernels,
									 const EmoNnConv *conv, const float *in, const float *weights,
									 float *work, EmoNnMoments *moments, float *out);

/* Adds to the gradient by the weights, given that by out. */
extern EmoStatus emo_nn_conv_weight_gradient(EmoEnv *env, const EmoNnKernels *kernels,
											 const EmoNnConv *conv, const float *in,
											 const float *d_out, float *work, float *d_weights);

/*
 * Adds to the gradient by in; in_channels must be a multiple of 16.  transposed has the weights as
 * [outer.kernel][inner.kernel][out_channels][in_channels] (emo_nn_conv_transpose()).
 */
extern EmoStatus emo_nn_conv_input_gradient(EmoEnv *env, const EmoNnKernels *kernels,
											const EmoNnConv *conv, const float *d_out,
											const float *transposed, float *d_in);

extern void emo_nn_conv_transpose(const EmoNnConv *conv, const float *weights, float *transposed);

#endif
