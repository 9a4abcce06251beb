/*
 * kernels.h
 *	  Inner loops of convolutional nets, in the instruction set of the running processor.
 *
 * Written once, in nn/kernels_body.h, and compiled for AVX-512, AVX2 with FMA, and the compiler's
 * baseline, as those of kernels.h.  Channels come in multiples of EMO_NN_CHANNEL_STEP.
 */
#ifndef EMO_NN_KERNELS_H
#define EMO_NN_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What follows a convolution, for one recording: z[rows][width][channels] becomes
 * y[out_rows][out_width][channels], y = max over the window of f(scale z + shift), where f is ReLU
 * or nothing.  Windows don't overlap; those at the upper edges may reach past it, where nothing is.
 */
typedef struct EmoNnActivation
{
	int rows, width, channels;
	int window_rows, window_width;
	int out_rows, out_width;
	bool relu;
	const float *scale; /* [channels] */
	const float *shift; /* [channels] */
} EmoNnActivation;

typedef struct EmoNnKernels
{
	const char *name;

	/*
	 * c[i][j] = (add: c[i][j] +) sum over p < k of a(i, p) b[p][j], i < m, j < n, n a multiple of
	 * 16, where a(i, p) = a[i * a_row + p * a_column]; rows of b and c are b_row and c_row apart.
	 */
	void (*multiply)(const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b,
					 ptrdiff_t b_row, float *c, ptrdiff_t c_row, int m, int n, int k, bool add);

	/* sum[j] and square[j] (both [n]): sums over rows of x[i][j] - center[j] and of its square. */
	void (*moments)(const float *x, int rows, int n, const float *center, float *sum,
					float *square);

	void (*activate)(const EmoNnActivation *shape, const float *z, float *y);

	/*
	 * Sums over the positions of z of g and of g (z - center), where g is the gradient by
	 * scale z + shift, given dy: what the gradients of batch-norm need.  Adds to both, [channels].
	 */
	void (*gradient_sums)(const EmoNnActivation *shape, const float *dy, const float *z,
						  const float *center, float *sum, float *product);

	/* dz = g slope + z linear + constant, the last three [channels]. */
	void (*gradient)(const EmoNnActivation *shape, const float *dy, const float *z,
					 const float *slope, const float *linear, const float *constant, float *dz);

	/*
	 * Dropout in place: x[i], i < n (a multiple of 16), becomes 0 where a hash of key and i is below
	 * threshold, and is multiplied by factor elsewhere.
	 */
	void (*drop)(float *x, size_t n, uint32_t key, uint32_t threshold, float factor);

	/* x[i] += y[i], i < n, n a multiple of 16. */
	void (*add)(float *x, const float *y, size_t n);
} EmoNnKernels;

/* The fastest that this processor runs. */
extern const EmoNnKernels *emo_nn_kernels(void);

/* Those of one instruction set ("avx512", "avx2", "baseline"), or NULL; for tests. */
extern const EmoNnKernels *emo_nn_kernels_named(const char *name);

extern const EmoNnKernels emo_nn_kernels_avx512;
extern const EmoNnKernels emo_nn_kernels_avx2;
extern const EmoNnKernels emo_nn_kernels_baseline;

#endif
