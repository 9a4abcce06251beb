/*
 * speech_stretches.h
 *	  From how likely speech is at each moment to stretches of speech.
 */
#ifndef EMO_SPEECH_STRETCHES_H
#define EMO_SPEECH_STRETCHES_H

#include "core/base/env.h"

#define EMO_SPEECH_SAMPLE_RATE 16000 /* Hz */

/* Samples that are judged together, 10 ms: stretches begin and end on multiples of it. */
#define EMO_SPEECH_HOP 160

/* A stretch of speech, in samples. */
typedef struct EmoStretch
{
	int64_t start, end; /* end is exclusive */
	float level_dbfs;   /* RMS, where that of a full-scale square wave is 0 */
	float snr_db;       /* over the noise floor around it, 0 to 100 */
	/* How much before and after it may be speech as well, back to the stretch before and on to the next. */
	int64_t doubtful_before, doubtful_after;
} EmoStretch;

/* In order of time, apart from each other. */
typedef struct EmoStretches
{
	EmoStretch *items;
	int64_t n;
} EmoStretches;

typedef struct EmoSpeechTracker EmoSpeechTracker;

extern EmoStatus emo_speech_tracker_create(EmoEnv *env, EmoSpeechTracker **tracker);
extern void emo_speech_tracker_destroy(EmoEnv *env, EmoSpeechTracker *tracker);

/* As it was when it was new; what it had found and not handed over, its env releases. */
extern void emo_speech_tracker_reset(EmoSpeechTracker *tracker);

/* The next EMO_SPEECH_HOP samples: log odds of speech, and their sum of squares. */
extern EmoStatus emo_speech_track(EmoEnv *env, EmoSpeechTracker *tracker, float logit,
								  float energy);

/* After the last ones. */
extern EmoStatus emo_speech_track_end(EmoEnv *env, EmoSpeechTracker *tracker, int64_t n_samples,
									  EmoStretches *stretches);

#endif
