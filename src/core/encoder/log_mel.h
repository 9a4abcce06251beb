/*
 * log_mel.h
 *	  What Whisper hears: the logarithmic mel spectrum of a window of samples.
 *
 * As WhisperFeatureExtractor of transformers computes it: a frame of 25 ms each 10 ms, the first one around the first
 * sample, a periodic Hann window, bands by Slaney's scale up to 8 kHz; what is more than 80 dB below the loudest band
 * of the window is lifted to that.
 */
#ifndef EMO_LOG_MEL_H
#define EMO_LOG_MEL_H

#include "core/base/env.h"

/* Samples from frame to frame. */
#define EMO_LOG_MEL_HOP 160

typedef struct EmoLogMel EmoLogMel;

/* All memory is env's.  EMO_OUT_OF_MEMORY. */
extern EmoStatus emo_log_mel_create(EmoEnv *env, int n_mels, EmoLogMel **log_mel);

/*
 * mels[n_frames][n_mels] of a window of n_frames * EMO_LOG_MEL_HOP samples, of which n_samples are there and the rest
 * is silence.  *n_heard is the number of frames with anything in them; those behind are all alike.  EMO_CANCELED.
 */
extern EmoStatus emo_log_mel_compute(EmoEnv *env, EmoLogMel *log_mel, const float *samples,
									 int64_t n_samples, int n_frames, float *mels, int *n_heard);

#endif
