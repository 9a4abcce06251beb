/*
 * mel_inverse.h
 *	  From MFCC back to mel levels, and from mel levels back to amplitude spectra.
 */
#ifndef EMO_MEL_INVERSE_H
#define EMO_MEL_INVERSE_H

#include "core/dsp/mfcc.h"

/* Levels of power beyond this are no sound: squares of amplitudes would leave a float's range. */
#define EMO_MEL_INVERSE_MAX_DB 200

/*
 * mel[n_frames][n_mels], levels as of emo_mel(), of mfcc[n_frames][n_mfcc * (1 + deltas)] as
 * emo_mfcc() makes them, without use_energy: the lifter undone, and the inverse of the orthonormal
 * cosine transform with zeros for the coefficients that were left out, which is the pseudo-inverse.
 * Deltas are not looked at.
 */
extern EmoStatus emo_mfcc_to_mel(EmoEnv *env, const EmoMfccParams *params, const float *mfcc,
								 int64_t n_frames, float *mel);

typedef struct EmoMelInverse EmoMelInverse;

/* A plan for params' filterbank; its memory is env's. */
extern EmoStatus emo_mel_inverse_create(EmoEnv *env, const EmoMfccParams *params,
										EmoMelInverse **inverse);

/*
 * amplitude[n_frames][n_fft/2+1] of spectra (power or amplitude, as params say) that are not negative
 * and whose bands have the levels mel[n_frames][n_mels], as nearly as there is one: least
 * Kullback-Leibler divergence, by multiplicative updates from a smooth start (Richardson 1972, Lucy
 * 1974; Lee & Seung 2001).  Bins in no band are 0.
 *
 * EMO_INVALID_PARAMETER for a level that is NaN or above EMO_MEL_INVERSE_MAX_DB; there is no lower
 * limit.
 */
extern EmoStatus emo_mel_inverse(EmoEnv *env, EmoMelInverse *inverse, const float *mel,
								 int64_t n_frames, float *amplitude);

#endif
