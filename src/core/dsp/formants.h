/*
 * formants.h
 *	  Formants by linear prediction, 16 frames at a time (see kernels.h).
 *
 * The prediction is that of the autocorrelation method (Makhoul 1975, "Linear prediction: a tutorial
 * review"): Levinson's recursion on the autocorrelation, which comes from the power spectrum.
 * Formants are the peaks of the predictor's spectrum, so that no roots need to be found (Markel
 * 1972, "Digital inverse filtering").
 */
#ifndef EMO_FORMANTS_H
#define EMO_FORMANTS_H

#include "core/base/env.h"
#include "core/dsp/kernels.h"

#define EMO_N_FORMANTS 3

typedef struct EmoFormant
{
	float khz;
	float log_bandwidth; /* ln of the width in kHz at half the peak's power */
	float level; /* ln of the predictor's power at the peak; of no scale, but for differences */
} EmoFormant;

typedef struct EmoFormantPlan EmoFormantPlan;

/* A plan for power spectra of 512 samples at 16 kHz, with work space, all of which is env's; *plan is NULL on failure. */
extern EmoStatus emo_formants_create(EmoEnv *env, EmoFormantPlan **plan);

/*
 * The formants of 16 frames, formants[16][EMO_N_FORMANTS], from their power[257][16], that of
 * pre-emphasised windowed samples.  One that isn't found is where a neutral vowel has it, wide and
 * weak.  All are finite for finite power.
 */
extern void emo_formants(EmoFormantPlan *plan, const float *power,
						 EmoFormant formants[EMO_LANES][EMO_N_FORMANTS]);

#endif
