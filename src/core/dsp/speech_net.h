/*
 * speech_net.h
 *	  How likely speech is at each moment, by a small convolutional net.
 *
 * Mel spectra go through a convolution over time that halves the rate and residual ones that are dilated
 * (after Oord et al. 2016, "WaveNet", without its gates): each frame sees 1.3 s around it, enough for
 * the rhythm of syllables, which tells speech from music and noise.  bench/speech/train.py trained it;
 * docs/speech.md says on what.
 */
#ifndef EMO_SPEECH_NET_H
#define EMO_SPEECH_NET_H

#include "core/base/env.h"
#include "core/dsp/kernels.h"

/*
 * Of the mel spectra: 10 ms apart, the power in bands from 60 Hz to 8 kHz, as scale * ln(power / floor),
 * and 0 for what is below the floor.
 */
#define EMO_SPEECH_NET_N_MELS    32
#define EMO_SPEECH_NET_MEL_FLOOR 1e-7f
#define EMO_SPEECH_NET_MEL_SCALE 0.1f

/* A step takes so many spectra and gives EMO_LANES frames of two spectra each, some steps later. */
#define EMO_SPEECH_NET_STEP  (2 * EMO_LANES)
#define EMO_SPEECH_NET_DELAY 2

typedef struct EmoSpeechNet EmoSpeechNet;

/* *net is NULL on failure. */
extern EmoStatus emo_speech_net_create(EmoEnv *env, EmoSpeechNet **net);

/* NULL is allowed. */
extern void emo_speech_net_destroy(EmoEnv *env, EmoSpeechNet *net);

/* As it was when it was new. */
extern void emo_speech_net_reset(EmoSpeechNet *net);

/*
 * The next spectra, [2][EMO_SPEECH_NET_N_MELS][16], the even ones and then the odd ones, and what is
 * known then: logits[16], positive for speech, of the frames that EMO_SPEECH_NET_DELAY steps before were
 * pushed.  There are n_frames frames, INT64_MAX as long as that is unknown; what is pushed after them
 * must be 0.
 */
extern void emo_speech_net_step(EmoSpeechNet *net, const float *spectra, int64_t n_frames,
								float *logits);

#endif
