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

/* Hz. */
#define EMO_PITCH_SAMPLE_RATE 16000
#define EMO_PITCH_MIN_HZ      60
#define EMO_PITCH_MAX_HZ      500

/* Samples from frame to frame; frame t is centred on sample t * hop + EMO_PITCH_CENTER. */
#define EMO_PITCH_HOP    160
#define EMO_PITCH_CENTER 200

/* A frame is voiced when its strength is above this. */
#define EMO_VOICING_THRESHOLD 0.55f

typedef struct EmoPitch EmoPitch;

/* A plan with work space, for one user at a time; *pitch is NULL on failure. */
extern EmoStatus emo_pitch_create(EmoEnv *env, EmoPitch **pitch);
extern void emo_pitch_destroy(EmoPitch *pitch);

/* Frames of a recording: as many as 25 ms windows fit in, 10 ms apart; at least one. */
extern int64_t emo_pitch_frame_count(int64_t n_samples);

/*
 * For mono samples at EMO_PITCH_SAMPLE_RATE, per frame: f0_hz, the most likely F0, also where
 * nothing is voiced (smoothed by a median over 5 frames), and strength, 0 .. 1, the height of its
 * autocorrelation peak (0 in silence).  Both have emo_pitch_frame_count() elements, finite.
 */
extern EmoStatus emo_pitch_track(EmoEnv *env, EmoPitch *pitch, const float *samples,
								 int64_t n_samples, float *f0_hz, float *strength);

#endif
