/*
 * info.h
 *	  What a recording is and how well it is levelled, and its channels, measured at its own rate.
 */
#ifndef EMO_AUDIO_INFO_H
#define EMO_AUDIO_INFO_H

#include "core/audio/audio.h"
#include "core/audio/channel_meter.h"

/* Frames below this level count as silent. */
#define EMO_SILENCE_DBFS    (-60.0)
#define EMO_SILENCE_FRAME_S 0.020

/* So many neighbours at full scale, of one sign and channel, are clipping and not just a peak. */
#define EMO_MIN_CLIPPED_RUN 3

typedef struct EmoAudioInfo
{
	const char *container; /* short static names: "wav", "pcm16" */
	const char *encoding;
	int sample_rate; /* Hz */
	int n_channels;
	double duration_s;
	double peak;             /* largest magnitude, 1 is full scale */
	double rms;              /* of all samples about zero; 0 for digital silence */
	int64_t clipped_samples; /* in runs of at least EMO_MIN_CLIPPED_RUN at full scale */
	double dc_offset;        /* mean of all samples */
	double silence_share;    /* of EMO_SILENCE_FRAME_S frames whose RMS is below EMO_SILENCE_DBFS */
	double bandwidth_hz;     /* see bandwidth.h; NaN: no sound, or not wanted */
	bool truncated;
} EmoAudioInfo;

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

/* channels: NULL if neither they nor the bandwidth are wanted, which is faster.  Errors as in emo_audio_decode(). */
extern EmoStatus emo_audio_info(EmoEnv *env, const void *bytes, size_t n_bytes,
								const EmoAudioLimits *limits, EmoAudioInfo *info,
								EmoChannelsInfo *channels);

#endif
