/*
 * inverse.h
 *	  Sound from MFCC and mel spectra.
 */
#ifndef EMO_INVERSE_H
#define EMO_INVERSE_H

#include "core/dsp/mfcc.h"

#define EMO_INVERSE_MAX_ITERATIONS 1000

/* Values of amplitude spectra that are kept: 1 GB. */
#define EMO_INVERSE_MAX_VALUES (INT64_C(1) << 28)

typedef struct EmoInverse
{
	EmoMfccParams params;
	int n_iterations; /* of Griffin-Lim */
	uint64_t seed;    /* of its first phases */
	int64_t n_frames;
} EmoInverse;

/*
 * What can be said before memory is allocated: EMO_INVALID_PARAMETER for parameters that are out of
 * range, leave gaps between windows, or have an energy in place of coefficient 0, or no frames; EMO_REFUSED
 * for a result longer than max_duration_s, EMO_LIMIT_EXCEEDED for more than EMO_INVERSE_MAX_VALUES.
 */
extern EmoStatus emo_inverse_check(EmoEnv *env, const EmoInverse *inverse, double max_duration_s);

/* Of the result: the least that gives n_frames frames. */
extern int64_t emo_inverse_n_samples(const EmoInverse *inverse);

/*
 * samples[emo_inverse_n_samples()] whose levels, as of emo_mel() with inverse->params, are as near
 * as may be to mel[n_frames][n_mels] (see mel_inverse.h, griffin_lim.h).  What would go beyond
 * full scale is scaled down to it as a whole.
 */
extern EmoStatus emo_mel_to_samples(EmoEnv *env, const EmoInverse *inverse, const float *mel,
									float *samples);

/* The same for mfcc[n_frames][emo_mfcc_values_per_frame()]. */
extern EmoStatus emo_mfcc_to_samples(EmoEnv *env, const EmoInverse *inverse, const float *mfcc,
									 float *samples);

#endif
