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

#endif
