/*
 * convolve.h
 *	  Complex Fourier transforms of any power of two, and filters of any length through them.
 *
 * For what altered copies of recordings are made with: plain C, so that it gives the same bits
 * whatever kernels the processor runs.
 */
#ifndef EMO_CONVOLVE_H
#define EMO_CONVOLVE_H

#include "core/base/env.h"

#define EMO_TRANSFORM_MAX_SIZE (1 << 18)

typedef struct EmoTransform
{
	int size;
	float *twiddle[2]; /* [size / 2], real and imaginary parts of exp(-2 pi i j / size) */
	float *spare[2];   /* [size] */
} EmoTransform;

/* size is a power of two, 2 .. EMO_TRANSFORM_MAX_SIZE. */
extern EmoStatus emo_transform_create(EmoEnv *env, int size, EmoTransform *transform);
extern void emo_transform_destroy(EmoEnv *env, EmoTransform *transform);

/* In place; real[size] and imaginary[size].  Exchanged, they give the inverse times size. */
extern void emo_transform_run(EmoTransform *transform, float *real, float *imaginary);

/*
 * filtered[i] = sum of response[j] samples[i + delay - j] over j = 0 .. n_response - 1, i = 0 ..
 * n_samples - 1, with zeros around the samples.  n_response is at most EMO_TRANSFORM_MAX_SIZE / 4,
 * 0 <= delay < n_response.  filtered may be samples.
 */
extern EmoStatus emo_convolve(EmoEnv *env, const float *samples, int64_t n_samples,
							  const float *response, int n_response, int delay, float *filtered);

#endif
