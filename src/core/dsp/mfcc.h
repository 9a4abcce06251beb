/*
 * mfcc.h
 *	  Log-mel spectra and mel-frequency cepstral coefficients (MFCC), by librosa's conventions.
 */
#ifndef EMO_MFCC_H
#define EMO_MFCC_H

#include "core/base/env.h"
#include "core/dsp/mel.h"
#include "core/dsp/spectrum.h"

typedef struct EmoMfccParams
{
	int sample_rate; /* Hz */
	int n_fft;
	int win_length;
	int hop_length;
	int n_mels;
	int n_mfcc;
	double fmin; /* Hz */
	double fmax; /* Hz; 0 for half the sample rate */
	EmoMelScale mel_scale;
	EmoMelNorm mel_norm;
	EmoWindow window;
	bool center; /* frames around t * hop_length, as if zeros surrounded the recording */
	double preemphasis;
	double top_db; /* levels are raised to this far below the recording's maximum; 0 for not */
	double lifter; /* L of the factor 1 + L/2 sin(pi (n + 1) / L); 0 for none */
	int deltas;    /* 0, 1 (with delta) or 2 (with delta and delta-delta) */
	int delta_width;
} EmoMfccParams;

/* The defaults: 13 of 40, 25 ms Hann windows every 10 ms at 16 kHz. */
extern EmoMfccParams emo_mfcc_default_params(void);

extern bool emo_mfcc_params_equal(const EmoMfccParams *a, const EmoMfccParams *b);

/* EMO_INVALID_PARAMETER naming the parameter and its range, or EMO_OK. */
extern EmoStatus emo_mfcc_check_params(EmoEnv *env, const EmoMfccParams *params);

/* The filterbank among them. */
extern EmoMelParams emo_mfcc_mel_params(const EmoMfccParams *params);

typedef struct EmoMfccPlan EmoMfccPlan;

/* Checks the parameters and makes a plan; memory and work space as for emo_fft_create(). */
extern EmoStatus emo_mfcc_plan_create(EmoEnv *env, const EmoMfccParams *params, EmoMfccPlan **plan);
extern void emo_mfcc_plan_destroy(EmoMfccPlan *plan);

/* Frames of a recording (see emo_spectrum_frame_count()), and values per frame of emo_mfcc(). */
extern int64_t emo_mfcc_frame_count(const EmoMfccParams *params, int64_t n_samples);
extern int emo_mfcc_values_per_frame(const EmoMfccParams *params);

/*
 * MFCC of a mono recording of n_samples > 0, as out[frames][n_mfcc * (1 + deltas)]: orthonormal
 * DCT-II of the levels 10 log10 max(1e-10, P) in dB.  env is the caller's, for temporary memory
 * (4 bytes per frame and mel band with top_db) and cancellation.
 */
extern EmoStatus emo_mfcc(EmoEnv *env, EmoMfccPlan *plan, const float *samples, int64_t n_samples,
						  float *out);

/* The levels in dB as out[frames][n_mels]. */
extern EmoStatus emo_mel(EmoEnv *env, EmoMfccPlan *plan, const float *samples, int64_t n_samples,
						 float *out);

#endif
