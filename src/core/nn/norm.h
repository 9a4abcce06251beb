/*
 * norm.h
 *	  Batch-norm (Ioffe & Szegedy 2015) of a net's blocks.
 */
#ifndef EMO_NN_NORM_H
#define EMO_NN_NORM_H

#include "core/nn/network.h"

extern size_t emo_nn_total_rows(const int *rows, int n);

/* What follows the convolution of block i, for recording b of the batch. */
extern EmoNnActivation emo_nn_activation(const EmoNnNetwork *network, int i, int b);

/*
 * Set the block's scale and shift: by_batch from network->sums (taken about the running mean, which
 * then moves), otherwise from the running statistics; without batch-norm they are 1 and the bias.
 */
extern void emo_nn_norm_prepare(EmoNnNetwork *network, int i, float *weights, bool by_batch);

/*
 * From network->sums (of EmoNnKernels.gradient_sums): the gradient by the layer's own weights, and
 * slope, linear and constant ([channels] each) for EmoNnKernels.gradient.
 */
extern void emo_nn_norm_gradient(const EmoNnNetwork *network, int i, float *gradient, float *slope,
								 float *linear, float *constant);

#endif
