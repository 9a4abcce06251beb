/*
 * kernels.h
 *	  Inner loops over rows of features, in the instruction set of the running processor.
 *
 * Written once, in lda/kernels_body.h, and compiled for AVX-512, AVX2, and the compiler's baseline, as
 * those of dsp/kernels.h.  All give the same bits.
 */
#ifndef EMO_LDA_KERNELS_H
#define EMO_LDA_KERNELS_H

#include <stdbool.h>
#include <stdint.h>

/* A feature of two rows. */
typedef struct EmoPair
{
	int16_t q[2];
} EmoPair;

/* The largest of any instruction set. */
#define EMO_MAX_TILE_ROWS    8
#define EMO_MAX_TILE_COLUMNS 48

/* What features are normalised by; all arrays are [n]. */
typedef struct EmoProfileScale
{
	const float *mean, *deviation;                       /* the speaker's */
	const float *population_mean, *population_deviation; /* of all */
	double prior_share;                                  /* of the population's in either */
} EmoProfileScale;

typedef struct EmoLdaKernels
{
	const char *name;

	/* As emo_quantise(), in units of 1 / unit and clipped to +-max_z, for all n features. */
	void (*quantise)(int n, const float *mean, const float *inverse_deviation,
					 const float *features, double unit, double max_z, int16_t *q);

	/* As emo_profile_apply(), for all n features of scale.  normalised may be features. */
	void (*normalise)(int n, const EmoProfileScale *scale, const float *features,
					  float *normalised);

	/*
	 * Add features[n], within EMO_PROFILE_MAX_FEATURE, to the words of a profile,
	 * sums[EMO_PROFILE_WORDS][n], without carrying; see lda/profile_sums.c.
	 */
	void (*add_to_profile)(const float *features, int n, int64_t *sums);

	/* Sizes of a tile of products, tile_columns being a multiple of tile_rows. */
	int tile_rows, tile_columns;

	/*
	 * tile[tile_rows][tile_columns] += sum over pairs k of a(k, i) b(k, j), where a(k, i) and b(k, j) are
	 * pairs of integers that are multiplied one by one and added up.  b[n_pairs][tile_columns]
	 * is a panel, a points to tile_rows columns of a panel.  The whole sum must fit 32 bits.
	 */
	void (*add_products)(const EmoPair *a, const EmoPair *b, int n_pairs, int64_t *tile);

	/*
	 * sums[tile_columns] += squares of a pair of each column, b[tile_columns]; returns whether one of
	 * them has grown beyond 2^31 - 1.  They were within before.
	 */
	bool (*add_squares)(const EmoPair *b, int32_t *sums);
} EmoLdaKernels;

/* The fastest that this processor runs. */
extern const EmoLdaKernels *emo_lda_kernels(void);

/* Those of one instruction set ("avx512", "avx2", "baseline"), or NULL; for tests. */
extern const EmoLdaKernels *emo_lda_kernels_named(const char *name);

extern const EmoLdaKernels emo_lda_kernels_avx512;
extern const EmoLdaKernels emo_lda_kernels_avx2;
extern const EmoLdaKernels emo_lda_kernels_baseline;

#endif
