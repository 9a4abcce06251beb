/*
 * speech.h
 *	  Where in a recording somebody speaks.
 */
#ifndef EMO_SPEECH_H
#define EMO_SPEECH_H

#include "core/dsp/speech_stretches.h"

/* Samples in all stretches. */
extern int64_t emo_speech_samples(const EmoStretches *stretches);

/*
 * The stretches of speech in mono samples at EMO_SPEECH_SAMPLE_RATE, finite, any number of them;
 * memory from env.  EMO_OUT_OF_MEMORY, EMO_CANCELED.
 */
extern EmoStatus emo_detect_speech(EmoEnv *env, const float *samples, int64_t n_samples,
								   EmoStretches *stretches);

/*
 * The same as samples come: how they are cut into pieces makes no difference.  Memory is the same
 * for any length, but for the stretches.
 */
typedef struct EmoSpeechDetector EmoSpeechDetector;

/* *detector is NULL on failure. */
extern EmoStatus emo_speech_create(EmoEnv *env, EmoSpeechDetector **detector);

/* Memory is that of env. */
extern EmoStatus emo_speech_push(EmoEnv *env, EmoSpeechDetector *detector, const float *samples,
								 int64_t n_samples);

/* After the last sample; nothing may be pushed afterwards. */
extern EmoStatus emo_speech_finish(EmoEnv *env, EmoSpeechDetector *detector,
								   EmoStretches *stretches);

/* For another recording, as it was when it was new; env may be another one from then on. */
extern void emo_speech_reset(EmoSpeechDetector *detector);

/* emo_detect_speech() by a detector that is there already: making one takes as long as half a second of speech. */
extern EmoStatus emo_detect_speech_by(EmoEnv *env, EmoSpeechDetector *detector,
									  const float *samples, int64_t n_samples,
									  EmoStretches *stretches);

/* NULL is allowed. */
extern void emo_speech_destroy(EmoEnv *env, EmoSpeechDetector *detector);

#endif
