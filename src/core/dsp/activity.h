/*
 * activity.h
 *	  Where speech is in a recording, and its level.
 */
#ifndef EMO_ACTIVITY_H
#define EMO_ACTIVITY_H

#include "core/base/env.h"

/* Frames of 25 ms every 10 ms at 16 kHz, in samples. */
#define EMO_FRAME_LENGTH 400
#define EMO_FRAME_HOP    160

/* Frames that lie wholly inside n_samples; at least one. */
extern int64_t emo_frame_count(int64_t n_samples);

/* A recording cut to its span of speech, without DC, at an RMS of 1 over its active frames. */
typedef struct EmoSpeech
{
	float *samples;
	int64_t n_samples;
	int64_t n_frames;
	float *log_energy; /* [n_frames], ln of the sum of squares */
	float *crossings;  /* [n_frames], zero crossings per sample */
	bool *active;      /* [n_frames]: within 4.5 nats (20 dB) of the loud frames */
	float gain;        /* samples are those of the recording times this */
} EmoSpeech;

/*
 * Cut and level a recording of at least one sample; memory from env.  The span goes from the first
 * active frame to the last; if the recording has pauses inside, they stay, inactive.  Recordings
 * quieter than -80 dBFS are not raised to RMS 1.
 */
extern EmoStatus emo_find_speech(EmoEnv *env, const float *samples, int64_t n_samples,
								 EmoSpeech *speech);

extern void emo_free_speech(EmoEnv *env, EmoSpeech *speech);

#endif
