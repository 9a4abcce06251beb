/*
 * harmonics.h
 *	  What the harmonics of voiced frames tell of the voice, 16 frames at a time (see kernels.h).
 */
#ifndef EMO_HARMONICS_H
#define EMO_HARMONICS_H

#include "core/base/env.h"
#include "core/dsp/kernels.h"

typedef struct EmoHarmonics
{
	float first_to_second;        /* dB: H1 - H2 */
	float first_to_third_formant; /* dB: H1 less the strongest harmonic of 2 to 3.5 kHz: H1 - A3 */
	float cepstral_peak;          /* dB: height of the cepstral peak above its regression line */
} EmoHarmonics;

typedef struct EmoHarmonicPlan EmoHarmonicPlan;

/* A plan for power spectra of 512 samples at 8 kHz, with work space; *plan is NULL on failure. */
extern EmoStatus emo_harmonics_create(EmoEnv *env, EmoHarmonicPlan **plan);
extern void emo_harmonics_destroy(EmoHarmonicPlan *plan);

/*
 * Frames are handed in one by one, for 16 of them to be measured together: after a begin, a column of
 * power[257][16] and its F0 (above 0) each.  Their harmonics are there after the end; finite for finite
 * power.  Without a plan (NULL) there is nothing to begin or to end.
 */
extern void emo_harmonics_begin(EmoHarmonicPlan *plan);
extern void emo_harmonics_add(EmoHarmonicPlan *plan, const float *column, float f0_hz,
							  EmoHarmonics *harmonics);
extern void emo_harmonics_end(EmoHarmonicPlan *plan);

#endif
