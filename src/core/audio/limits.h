/*
 * limits.h
 *	  Which recordings, and channels of them, are refused before memory is spent on them.
 */
#ifndef EMO_AUDIO_LIMITS_H
#define EMO_AUDIO_LIMITS_H

#include "core/audio/channel_rule.h"

typedef struct EmoAudioLimits
{
	double max_duration_s; /* of the decoded recording */
	int max_channels;
	EmoChannelRule channels; /* which ones may be heard */
} EmoAudioLimits;

/* One hour, 64 channels, all of which may be heard. */
extern const EmoAudioLimits emo_audio_default_limits;

#endif
