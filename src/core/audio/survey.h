/*
 * survey.h
 *	  All that is to be told of a recording, by decoding it once: what it is, its levels, and what is heard
 *	  on its own in it.
 */
#ifndef EMO_SURVEY_H
#define EMO_SURVEY_H

#include "core/audio/audio.h"
#include "core/audio/info.h"

typedef struct EmoSurvey
{
	EmoAudioInfo info;
	EmoChannelsInfo channels; /* all of the recording's */

	/* Lanes: channels of different talkers, or else what a mix of them is (mixture.h), at 16 kHz. */
	int n_lanes;
	const float **samples;   /* [n_lanes][n_samples] */
	int64_t n_samples;       /* of each */
	EmoStretches *stretches; /* [n_lanes], of speech */
	int *numbers;            /* [n_lanes]: the channel, from 1, or EMO_MIXED */
} EmoSurvey;

/*
 * Where limits say which channels may be heard, they all stay lanes, and the caller decides of each.  Memory is
 * env's.  Errors as of emo_audio_decode_channels(), and EMO_FORBIDDEN if no channel may be heard.
 */
extern EmoStatus emo_survey(EmoEnv *env, const void *bytes, size_t n_bytes,
							const EmoAudioLimits *limits, EmoSurvey *survey);

#endif
