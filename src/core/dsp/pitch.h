/*
 * pitch.h
 *	  Fundamental frequency (F0) and how voiced a frame is.
 *
 * Normalised autocorrelation of windowed frames, divided by that of the window (Boersma 1993,
 * "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a
 * sampled sound"), at half the sample rate, with parabolic interpolation of the peak.
 */
#ifndef EMO_PITCH_H
#define EMO_PITCH_H

#include "core/base/env.h"
#include "core/dsp/harmonics.h"

#define EMO_PITCH_SAMPLE_RATE 16000 /* Hz */

/* Samples from frame to frame; frame t is centred on sample t * hop + EMO_PITCH_CENTER. */
#define EMO_PITCH_HOP    160
#define EMO_PITCH_CENTER 200

/* A frame is voiced when its strength is above this. */
#define EMO_VOICING_THRESHOLD 0.55f

/* Hz: two periods of the lowest F0 fit into a frame; the highest have a few harmonics left. */
#define EMO_PITCH_MIN_HZ 50
#define EMO_PITCH_MAX_HZ 1500

typedef struct EmoPitchParams
{
	double min_hz, max_hz;               /* F0 of this range are told */
	double search_min_hz, search_max_hz; /* an F0 of this range, around it, is recognised */
	bool hears_tones;                    /* above it, up to 4 kHz; for oversampling 2 */
	int oversampling;                    /* autocorrelations have so many values per sample */
	float lag_bias;                      /* handicap of a peak per value of its lag */
} EmoPitchParams;

/* 60 to 600 Hz. */
extern EmoPitchParams emo_pitch_default_params(void);

/*
 * F0 of min_hz to max_hz.  The search goes up to twice the highest F0, and for tones beyond, so that
 * what is higher is not taken for an F0 of half or a third.
 */
extern EmoPitchParams emo_pitch_params(double min_hz, double max_hz);

/*
 * What the pitch features of models are made of: 60 to 500 Hz, and an F0 above is found an octave or
 * more too low.  Trained models rely on every bit of it.
 */
extern EmoPitchParams emo_pitch_feature_params(void);

/* EMO_INVALID_PARAMETER naming "fmin" or "fmax" and its range, or EMO_OK. */
extern EmoStatus emo_pitch_check_params(EmoEnv *env, const EmoPitchParams *params);

typedef struct EmoPitch EmoPitch;

/* A plan with work space, for one user at a time; *pitch is NULL on failure. */
extern EmoStatus emo_pitch_create(EmoEnv *env, const EmoPitchParams *params, EmoPitch **pitch);
extern void emo_pitch_destroy(EmoPitch *pitch);

/* Frames of a recording: as many as 25 ms windows fit in, 10 ms apart; at least one. */
extern int64_t emo_pitch_frame_count(int64_t n_samples);

/*
 * For mono samples at EMO_PITCH_SAMPLE_RATE, per frame: f0_hz, the most likely F0, also where
 * nothing is voiced (smoothed by a median over 5 frames), or 0 if it is outside of min_hz to max_hz;
 * and strength, 0 .. 1, the height of its autocorrelation peak (0 in silence).  Both have
 * emo_pitch_frame_count() elements, finite.
 */
extern EmoStatus emo_pitch_track(EmoEnv *env, EmoPitch *pitch, const float *samples,
								 int64_t n_samples, float *f0_hz, float *strength);

/*
 * The same, and harmonics[n_frames] of voiced frames, by their F0 before the median; others stay what
 * they are.
 */
extern EmoStatus emo_pitch_track_harmonics(EmoEnv *env, EmoPitch *pitch, EmoHarmonicPlan *plan,
										   const float *samples, int64_t n_samples, float *f0_hz,
										   float *strength, EmoHarmonics *harmonics);

/* Whether a frame has an F0 to tell. */
static inline bool
emo_pitch_is_known(float f0_hz, float strength)
{
	return strength > EMO_VOICING_THRESHOLD && f0_hz > 0;
}

#endif
