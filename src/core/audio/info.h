/*
 * info.h
 *	  What a recording is and how well it is levelled, and its channels, measured at its own rate.
 */
#ifndef EMO_AUDIO_INFO_H
#define EMO_AUDIO_INFO_H

#include "core/audio/audio.h"
#include "core/audio/meter.h"
#include "core/audio/mixture.h"

/* Channel by channel, and what they are to each other. */
typedef struct EmoChannelsInfo
{
	int n;
	const EmoChannelLevel *levels; /* [n] */
	double *speech_share;          /* [n], of the duration, 0 to 1 */
	double correlation; /* of the samples of two channels; NaN otherwise, and without sound */
	bool differ;        /* two at least have speech of their own */
	bool cancel;        /* mixed as they are, they would cancel out */
} EmoChannelsInfo;

/*
 * What levels and stretches of speech tell, and how the channels are to be mixed; memory of mixture is env's.
 * *channels has what levels->channels has.
 */
extern EmoStatus emo_describe_channels(EmoEnv *env, double duration_s,
									   const EmoChannelLevels *levels,
									   const EmoStretches *stretches, EmoChannelsInfo *channels,
									   EmoMixture *mixture);

/* What reads a recording to its end, into what it is given. */
typedef EmoStatus (*EmoReading)(EmoEnv *env, EmoAudioReader *reader, void *into);

/* Read a recording, and measure its frames as they go by, so that it is decoded once. */
extern EmoStatus emo_measure_reading(EmoEnv *env, EmoAudioReader *reader, EmoReading read,
									 void *into, EmoAudioInfo *info, EmoChannelLevels *levels);

/* channels: NULL if neither they nor the bandwidth are wanted, which is faster.  Errors as in emo_audio_decode(). */
extern EmoStatus emo_audio_info(EmoEnv *env, const void *bytes, size_t n_bytes,
								const EmoAudioLimits *limits, EmoAudioInfo *info,
								EmoChannelsInfo *channels);

#endif
