/*
 * audio.h
 *	  Recordings as the rest of the core wants them: mono float samples at one rate.
 *
 * A recording comes as a block of memory in any container of container.c.  One of its channels is
 * taken, or they are mixed down, and the rate is converted with libsoxr.  Full scale is [-1, 1]; float
 * files may go beyond it and are left as they are.
 */
#ifndef EMO_AUDIO_H
#define EMO_AUDIO_H

#include "core/audio/reader.h"

/*
 * Begin to read a recording: one channel, EMO_ALL_CHANNELS, or EMO_MIXED as mixture.h has it, for which the
 * recording is gone through before.  As emo_reader_open() otherwise.
 */
extern EmoStatus emo_audio_open(EmoEnv *env, const void *bytes, size_t n_bytes, int sample_rate,
								int channel, const EmoAudioLimits *limits, EmoAudioReader **reader);

typedef struct EmoAudio
{
	float *samples; /* mono; n_samples of them, never NaN or infinite */
	int64_t n_samples;
	int sample_rate; /* Hz */
	bool truncated;  /* the container announces more than there is */
	bool differs;    /* talkers with channels of their own were mixed */
} EmoAudio;

/*
 * Decode a whole recording of n_bytes into samples at sample_rate (0: the recording's own): of one
 * channel, or EMO_MIXED.  limits may be NULL for emo_audio_default_limits.  At least one sample comes out.
 *
 * EMO_BAD_DATA: not a recording, no samples, NaN or infinity, a rate or channel count that is not
 * supported; EMO_REFUSED: longer than limits->max_duration_s; EMO_INVALID_PARAMETER:
 * sample_rate outside EMO_MIN_SAMPLE_RATE to EMO_MAX_SAMPLE_RATE, or a channel below EMO_MIXED;
 * EMO_NO_CHANNEL: the recording doesn't have the channel; EMO_FORBIDDEN: by limits->channels;
 * EMO_CANCELED, EMO_OUT_OF_MEMORY.
 */
extern EmoStatus emo_audio_decode(EmoEnv *env, const void *bytes, size_t n_bytes, int sample_rate,
								  int channel, const EmoAudioLimits *limits, EmoAudio *audio);

extern void emo_audio_free(EmoEnv *env, EmoAudio *audio);

/*
 * Each channel of a recording, which is decoded once; all have the same number of samples.
 */
typedef struct EmoAudioChannels
{
	EmoAudio *items; /* [n], channel 1 first */
	int n;
} EmoAudioChannels;

/* As emo_audio_decode(), and EMO_LIMIT_EXCEEDED for 2^28 samples in all channels together. */
extern EmoStatus emo_audio_decode_channels(EmoEnv *env, const void *bytes, size_t n_bytes,
										   int sample_rate, const EmoAudioLimits *limits,
										   EmoAudioChannels *channels);

/* The same of what is read: EMO_ALL_CHANNELS, to the end. */
extern EmoStatus emo_audio_read_channels(EmoEnv *env, EmoAudioReader *reader,
										 EmoAudioChannels *channels);

extern void emo_audio_free_channels(EmoEnv *env, EmoAudioChannels *channels);

#endif
