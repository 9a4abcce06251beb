/*
 * cut.h
 *	  A part of a recording, without decoding what comes before it where the container allows.
 */
#ifndef EMO_AUDIO_CUT_H
#define EMO_AUDIO_CUT_H

#include "core/audio/limits.h"
#include "core/base/samples.h"

typedef struct EmoCut
{
	float *samples; /* interleaved */
	int64_t n_frames;
	int n_channels;
	int sample_rate; /* Hz, the recording's own */
	bool is_fine;    /* its encoding tells apart more than 16 bits can */
} EmoCut;

/*
 * From start_s to end_s (INFINITY: the end; what is beyond it, too) of all channels (EMO_ALL_CHANNELS) or of
 * one.  At least one frame comes out.  limits may be NULL.
 *
 * EMO_INVALID_PARAMETER: start_s is negative, not finite, not before end_s or not before the end of the
 * recording; others as of emo_audio_decode().
 */
extern EmoStatus emo_audio_cut(EmoEnv *env, const void *bytes, size_t n_bytes, double start_s,
							   double end_s, int channel, const EmoAudioLimits *limits,
							   EmoCut *cut);

#endif
