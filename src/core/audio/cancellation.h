/*
 * cancellation.h
 *	  What becomes of the channels of a recording when they are added.
 */
#ifndef EMO_CANCELLATION_H
#define EMO_CANCELLATION_H

#include "core/base/env.h"

/* All of it is about what lies between 200 Hz and 7 kHz, where each band counts the same. */
typedef struct EmoCancellationResult
{
	const double *in_voice; /* [n_channels], energies in arbitrary units */

	/* Share of which the sum of the channels has less than half their energies, 0 to 1. */
	double cancelled_share;

	/* Energy of the sum over the sum of the energies: 1 for channels that are independent. */
	double sum_over_own;
} EmoCancellationResult;

typedef struct EmoCancellation EmoCancellation;

/* *cancellation is NULL on failure. */
extern EmoStatus emo_cancellation_create(EmoEnv *env, int n_channels, int sample_rate,
										 EmoCancellation **cancellation);

/* Interleaved frames, any number of them. */
extern void emo_cancellation_push(EmoCancellation *cancellation, const float *frames,
								  int64_t n_frames);

/* After the last frame; the result is valid until it is destroyed. */
extern void emo_cancellation_finish(EmoCancellation *cancellation, EmoCancellationResult *result);

/* NULL is allowed. */
extern void emo_cancellation_destroy(EmoEnv *env, EmoCancellation *cancellation);

#endif
