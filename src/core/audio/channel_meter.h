/*
 * channel_meter.h
 *	  How loud the channels of a recording are over time, and what becomes of them when they are mixed.
 *
 * Fed with a recording's own frames, block by block.  What it says depends on the samples alone: not on
 * how they come in blocks, nor on the processor.
 */
#ifndef EMO_CHANNEL_METER_H
#define EMO_CHANNEL_METER_H

#include "core/audio/cancellation.h"

/* Levels over time are those of blocks of this length. */
#define EMO_LEVEL_BLOCK_S 0.05

typedef struct EmoChannelLevel
{
	float peak;      /* largest magnitude */
	double rms;      /* of all samples about zero */
	double loudest;  /* mean square of the loudest block about its mean */
	double in_voice; /* energy where voices are, see cancellation.h; 0 of a single channel */
} EmoChannelLevel;

typedef struct EmoChannelLevels
{
	int n_channels;
	EmoChannelLevel *channels; /* [n_channels] */
	double correlation; /* Pearson's, of two channels; NaN for other numbers and without sound */

	/* See cancellation.h; of a single channel 0 and 1. */
	double cancelled_share, sum_over_own;

	/* [n_blocks][n_channels]: mean square of differences of neighbours, so that hum counts little. */
	float *blocks;
	int64_t n_blocks;
} EmoChannelLevels;

typedef struct EmoChannelMeter EmoChannelMeter;

/* *meter is NULL on failure. */
extern EmoStatus emo_channel_meter_create(EmoEnv *env, int n_channels, int sample_rate,
										  EmoChannelMeter **meter);

/* Interleaved frames. */
extern EmoStatus emo_channel_meter_push(EmoChannelMeter *meter, const float *frames,
										int64_t n_frames);

/* After the last frame; nothing may be pushed afterwards.  Memory of levels is env's. */
extern EmoStatus emo_channel_meter_finish(EmoChannelMeter *meter, EmoChannelLevels *levels);

/* Frees all but what levels has.  NULL is allowed. */
extern void emo_channel_meter_destroy(EmoChannelMeter *meter);

#endif
