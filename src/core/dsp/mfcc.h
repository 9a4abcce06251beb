/*
 * mfcc.h
 *	  Log-mel spectra and mel-frequency cepstral coefficients (MFCC), by the conventions of several
 *	  packages.
 */
#ifndef EMO_MFCC_H
#define EMO_MFCC_H

#include "core/dsp/mfcc_params.h"

typedef struct EmoMfccPlan EmoMfccPlan;

/* Checks the parameters and makes a plan; memory and work space as for emo_fft_create(). */
extern EmoStatus emo_mfcc_plan_create(EmoEnv *env, const EmoMfccParams *params, EmoMfccPlan **plan);
extern void emo_mfcc_plan_destroy(EmoMfccPlan *plan);

/* Frames of a recording (see emo_spectrum_frame_count()), and values per frame of emo_mfcc(). */
extern int64_t emo_mfcc_frame_count(const EmoMfccParams *params, int64_t n_samples);
extern int emo_mfcc_values_per_frame(const EmoMfccParams *params);

/*
 * MFCC of a mono recording of n_samples > 0, as out[frames][n_mfcc * (1 + deltas)]: the cosine
 * transform of the levels.  env is the caller's, for temporary memory (4 bytes per frame and mel band
 * with top_db) and cancellation.
 */
extern EmoStatus emo_mfcc(EmoEnv *env, EmoMfccPlan *plan, const float *samples, int64_t n_samples,
						  float *out);

/* The levels, logarithms of bands, as out[frames][n_mels]. */
extern EmoStatus emo_mel(EmoEnv *env, EmoMfccPlan *plan, const float *samples, int64_t n_samples,
						 float *out);

#endif
