/*
 * audio.h
 *	  Recordings as the rest of the core wants them: mono float samples at one rate.
 *
 * A recording comes as a block of memory in any container of container.c.  One of its channels is
 * taken, or all are mixed down to their mean, and the rate is converted with libsoxr.  Full scale is [-1, 1]; float
 * files may go beyond it and are left as they are.
 */
#ifndef EMO_AUDIO_H
#define EMO_AUDIO_H

#include "core/audio/limits.h"
#include "core/base/samples.h"

/* In the place of a channel's number, which counts from 1: all of them, mixed down. */
#define EMO_MIXED 0

typedef struct EmoAudio
{
	float *samples; /* mono; n_samples of them, never NaN or infinite */
	int64_t n_samples;
	int sample_rate; /* Hz */
	bool truncated;  /* the container announces more than there is */
} EmoAudio;

/*
 * Decode a whole recording of n_bytes into samples at sample_rate (0: the recording's own): of one
 * channel, or EMO_MIXED.  limits may be NULL for emo_audio_default_limits.  At least one sample comes out.
 *
 * EMO_BAD_DATA: not a recording, no samples, NaN or infinity, a rate or channel count that is not
 * supported; EMO_REFUSED: longer than limits->max_duration_s; EMO_INVALID_PARAMETER:
 * sample_rate outside EMO_MIN_SAMPLE_RATE to EMO_MAX_SAMPLE_RATE, or a negative channel;
 * EMO_NO_CHANNEL: the recording doesn't have the channel; EMO_CANCELED, EMO_OUT_OF_MEMORY.
 */
extern EmoStatus emo_audio_decode(EmoEnv *env, const void *bytes, size_t n_bytes, int sample_rate,
								  int channel, const EmoAudioLimits *limits, EmoAudio *audio);

extern void emo_audio_free(EmoEnv *env, EmoAudio *audio);

/*
 * The same block by block, for recordings that need not be in memory at once.
 */
typedef struct EmoAudioReader EmoAudioReader;

/* The bytes must stay until the reader is closed.  *reader is NULL on failure. */
extern EmoStatus emo_audio_open(EmoEnv *env, const void *bytes, size_t n_bytes, int sample_rate,
								int channel, const EmoAudioLimits *limits, EmoAudioReader **reader);

/* Up to max_samples mono samples; *n_samples is 0 at the end only. */
extern EmoStatus emo_audio_read(EmoAudioReader *reader, float *samples, int64_t max_samples,
								int64_t *n_samples);

/* NULL is allowed. */
extern void emo_audio_close(EmoAudioReader *reader);

/* Samples that the header announces, at the reader's rate; -1 when it does not say. */
extern int64_t emo_audio_announced_samples(const EmoAudioReader *reader);

#endif
