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

/* Of 16 frames with power[257][16] and f0_hz[16], all of them above 0; finite for finite power. */
extern void emo_harmonics(EmoHarmonicPlan *plan, const float *power, const float *f0_hz,
						  EmoHarmonics *harmonics);

#endif
