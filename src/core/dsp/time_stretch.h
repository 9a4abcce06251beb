/*
 * time_stretch.h
 *	  Longer or shorter recordings of the same pitch.
 */
#ifndef EMO_TIME_STRETCH_H
#define EMO_TIME_STRETCH_H

#include "core/base/env.h"

/* What is done to bins[n_bins][2] of each frame on the way. */
typedef void (*EmoSpectralEdit)(void *argument, float *bins);

/* Samples from frame to frame, 12.5 ms; a frame is four of them, long enough for low voices. */
extern int emo_edit_hop(int sample_rate);

/*
 * The recording stretched in time by a factor (0.25 to 4) with a phase vocoder whose phases are
 * locked to the peaks (Laroche & Dolson 1999).  *stretched is env's, of *n_stretched =
 * round(n_samples * factor) samples, at least one.  edit may be NULL.  Factor 1 gives the recording
 * with its frames edited.
 */
extern EmoStatus emo_time_stretch(EmoEnv *env, double factor, int sample_rate, const float *samples,
								  int64_t n_samples, EmoSpectralEdit edit, void *argument,
								  float **stretched, int64_t *n_stretched);

#endif
