/*
 * limits.h
 *	  Which recordings are refused before memory is spent on them.
 */
#ifndef EMO_AUDIO_LIMITS_H
#define EMO_AUDIO_LIMITS_H

typedef struct EmoAudioLimits
{
	double max_duration_s; /* of the decoded recording */
	int max_channels;
} EmoAudioLimits;

/* One hour, 64 channels. */
extern const EmoAudioLimits emo_audio_default_limits;

#endif
