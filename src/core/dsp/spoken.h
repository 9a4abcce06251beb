/*
 * spoken.h
 *	  What is spoken of a recording, which is all that a model hears of it.
 */
#ifndef EMO_SPOKEN_H
#define EMO_SPOKEN_H

#include "core/dsp/speech.h"

/* Seconds of speech in a recording below which no emotion can be told. */
#define EMO_MIN_SPEECH_S       0.3
#define EMO_MIN_SPEECH_SAMPLES ((int64_t) (EMO_MIN_SPEECH_S * EMO_SPEECH_SAMPLE_RATE))

typedef struct EmoSpoken
{
	const float *samples; /* those of the recording, or memory from env */
	int64_t n_samples;
	int64_t n_speech; /* samples in stretches of speech */
} EmoSpoken;

/*
 * Leave out what goes before, between and after the stretches of speech (speech.h), if there is more
 * of it than a pause is long: what is left of a recording that is hardly anything but speech is all of it,
 * and the same samples.
 *
 * EMO_NO_SPEECH: there is none; EMO_LITTLE_SPEECH: less than EMO_MIN_SPEECH_S; in both cases *spoken is
 * the whole recording, for those who want it all the same.  EMO_OUT_OF_MEMORY, EMO_CANCELED.
 */
extern EmoStatus emo_cut_to_speech(EmoEnv *env, EmoSpeechDetector *detector, const float *samples,
								   int64_t n_samples, EmoSpoken *spoken);

/* The same where the stretches are known, at least one; they are changed. */
extern EmoStatus emo_join_speech(EmoEnv *env, const float *samples, int64_t n_samples,
								 EmoStretches *stretches, EmoSpoken *spoken);

/*
 * The opposite: what goes before, between and after the stretches, without their margins and what may be
 * soft speech next to them, joined; without any speech, all of the recording.  *pauses has no samples
 * where nothing is left.  EMO_OUT_OF_MEMORY, EMO_CANCELED.
 */
extern EmoStatus emo_cut_to_pauses(EmoEnv *env, EmoSpeechDetector *detector, const float *samples,
								   int64_t n_samples, EmoSpoken *pauses);

/* The same where the stretches are known. */
extern EmoStatus emo_join_pauses(EmoEnv *env, const float *samples, int64_t n_samples,
								 const EmoStretches *stretches, EmoSpoken *pauses);

#endif
