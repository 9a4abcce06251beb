/*
 * kernels.h
 *	  Inner loops of exact sums, in the instruction set of the running processor.
 *
 * Written once, in lda/kernels_body.h, and compiled for AVX-512, AVX2, and the compiler's baseline, as
 * those of dsp/kernels.h.  All give the same bits.
 */
#ifndef EMO_LDA_KERNELS_H
#define EMO_LDA_KERNELS_H

#include <stdint.h>

typedef struct EmoLdaKernels
{
	const char *name;

	/*
	 * Add features[n], within EMO_PROFILE_MAX_FEATURE, to the words of a profile,
	 * sums[EMO_PROFILE_WORDS][n], without carrying; see lda/profile_sums.c.
	 */
	void (*add_to_profile)(const float *features, int n, int64_t *sums);
} EmoLdaKernels;

/* The fastest that this processor runs. */
extern const EmoLdaKernels *emo_lda_kernels(void);

/* Those of one instruction set ("avx512", "avx2", "baseline"), or NULL; for tests. */
extern const EmoLdaKernels *emo_lda_kernels_named(const char *name);

extern const EmoLdaKernels emo_lda_kernels_avx512;
extern const EmoLdaKernels emo_lda_kernels_avx2;
extern const EmoLdaKernels emo_lda_kernels_baseline;

#endif
