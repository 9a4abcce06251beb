/*
 * dropout.h
 *	  Dropout that is drawn by a hash, so that the gradient draws the same again.
 */
#ifndef EMO_NN_DROPOUT_H
#define EMO_NN_DROPOUT_H

#include "core/nn/kernels.h"

/* A key of its own for each layer of a step. */
static inline uint32_t
emo_nn_dropout_key(uint64_t key, int layer)
{
	uint64_t z = key + UINT64_C(0x9e3779b97f4a7c15) * (uint64_t) (layer + 1);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t) (z >> 32);
}

/* x[n] in place; rate 0 .. 1 of the values become 0, the others keep the mean. */
static inline void
emo_nn_dropout(const EmoNnKernels *kernels, double rate, uint32_t key, size_t n, float *x)
{
	if (rate > 0)
		kernels->drop(x, n, key, (uint32_t) (rate * 4294967296.0), (float) (1 / (1 - rate)));
}

#endif
