/*
 * encoder_kernels.h
 *	  The kernels of encoders for all instruction sets, and those with vectors of 16 floats, for their tests.
 */
#ifndef EMO_ENCODER_KERNELS_SAMPLE_H
#define EMO_ENCODER_KERNELS_SAMPLE_H

#include <float.h>

#include "core/encoder/kernels.h"

/* Beyond two of the widest vectors, so that every remainder is among the lengths up to here. */
#define MAX_N  37
#define N_ROWS 3

static const char *const names[] = {"avx512", "avx2", "baseline", "wide"};

#include "wide_simd.h"
#define FAST_MULTIPLY_ADD MULTIPLY_ADD
#define KERNELS           emo_encoder_kernels_wide
extern const EmoEncoderKernels KERNELS;
#include "core/encoder/kernels_body.h"

#define N_NAMES 4

/* NULL: not on this machine. */
static inline const EmoEncoderKernels *
kernels_named(const char *name)
{
	return strcmp(name, ISA_NAME) == 0 ? &emo_encoder_kernels_wide
									   : emo_encoder_kernels_named(name);
}

/* -1 .. 1 */
static inline double
uniform(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (double) (int64_t) *seed / 0x1p63;
}

static inline void
fill(float *x, int n, double centre, double size, uint64_t *seed)
{
	for (int i = 0; i < n; i++)
		x[i] = (float) (centre + size * uniform(seed));
}

/* One place behind what a kernel writes, to see that it stays as it is. */
#define FENCE 123.0f

typedef void (*LengthTest)(const EmoEncoderKernels *kernels, int n, uint64_t *seed);

static inline void
at_all_lengths(LengthTest test)
{
	uint64_t seed = 16;

	for (int which = 0; which < N_NAMES; which++)
	{
		const EmoEncoderKernels *kernels = kernels_named(names[which]);

		if (kernels == NULL)
			continue;
		CHECK(strcmp(kernels->name, names[which]) == 0);
		for (int n = 1; n <= MAX_N; n++)
			test(kernels, n, &seed);
	}
}

#endif
