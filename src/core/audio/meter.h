/*
 * meter.h
 *	  What a recording is and how well it is levelled, measured as its frames go by, at its own rate.
 */
#ifndef EMO_AUDIO_METER_H
#define EMO_AUDIO_METER_H

#include "core/audio/channel_meter.h"
#include "core/audio/file.h"

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

typedef struct EmoAudioMeter EmoAudioMeter;

/* with_channels: they and the bandwidth are measured, too, which takes longer.  *meter is NULL on failure. */
extern EmoStatus emo_audio_meter_create(EmoEnv *env, const EmoAudioStream *stream,
										bool with_channels, EmoAudioMeter **meter);

/* Interleaved frames. */
extern EmoStatus emo_audio_meter_push(EmoAudioMeter *meter, const float *frames, int64_t n_frames);

/* After the last frame of the file, of which there was one at least.  levels: with channels; memory is env's. */
extern EmoStatus emo_audio_meter_finish(EmoAudioMeter *meter, const EmoAudioFile *file,
										EmoAudioInfo *info, EmoChannelLevels *levels);

/* NULL is allowed. */
extern void emo_audio_meter_destroy(EmoAudioMeter *meter);

#endif
