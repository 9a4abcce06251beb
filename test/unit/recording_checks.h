/*
 * recording_checks.h
 *	  What is promised of every recording that can be decoded, for tests with damaged ones.
 */
#ifndef EMO_RECORDING_CHECKS_H
#define EMO_RECORDING_CHECKS_H

#include <math.h>

#include "core/audio/info.h"

static inline bool
audio_is_right(const EmoAudio *audio, const EmoAudioLimits *limits)
{
	if (audio->n_samples < 1 || audio->sample_rate < EMO_MIN_SAMPLE_RATE ||
		audio->sample_rate > EMO_MAX_SAMPLE_RATE)
		return false;
	/* Resampling rounds up. */
	if (audio->n_samples > limits->max_duration_s * audio->sample_rate + 1)
		return false;
	for (int64_t i = 0; i < audio->n_samples; i++)
		if (!isfinite(audio->samples[i]))
			return false;
	return true;
}

static inline bool
info_is_right(const EmoAudioInfo *info)
{
	return isfinite(info->rms) && isfinite(info->dc_offset) && info->duration_s > 0 &&
		   info->silence_share >= 0 && info->silence_share <= 1;
}

static inline bool
channels_are_right(const EmoAudioInfo *info, const EmoChannelsInfo *channels)
{
	bool are_right = channels->n == info->n_channels && !(channels->differ && channels->cancel) &&
					 !(fabs(channels->correlation) > 1) &&
					 (info->n_channels > 1 || !(channels->differ || channels->cancel));

	for (int c = 0; c < channels->n && are_right; c++)
		are_right = isfinite(channels->levels[c].rms) && channels->levels[c].peak <= info->peak &&
					channels->speech_share[c] >= 0 && channels->speech_share[c] <= 1;
	return are_right;
}

#endif
