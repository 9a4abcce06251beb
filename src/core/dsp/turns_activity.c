/*
 * turns_activity.c
 *	  Who is active when: the speech of each channel of a call, of which turns are made.
 */
#include "core/dsp/turns.h"

#include <string.h>

/* Marks the frames of which at least a half lies in a stretch. */
static void
mark_speech(const EmoStretches *stretches, EmoChannelActivity *channel)
{
	for (int64_t i = 0; i < stretches->n; i++)
	{
		int64_t first = (stretches->items[i].start + EMO_LEVEL_FRAME / 2) / EMO_LEVEL_FRAME;
		int64_t end = (stretches->items[i].end + EMO_LEVEL_FRAME / 2) / EMO_LEVEL_FRAME;

		if (end > channel->levels.n_frames)
			end = channel->levels.n_frames;
		if (first < end)
			memset(channel->speaks + first, true, (size_t) (end - first) * sizeof(bool));
	}
}

EmoStatus
emo_call_begin(EmoEnv *env, const float *const *samples, int n_channels, int64_t n_samples,
			   const EmoStretches *stretches, bool own_only, EmoCall *call)
{
	call->n_channels = n_channels;
	call->channels = emo_alloc_zero(env, (size_t) n_channels, sizeof(EmoChannelActivity));
	if (call->channels == NULL)
		return env->status;
	for (int c = 0; c < n_channels; c++)
	{
		EmoChannelActivity *channel = &call->channels[c];

		channel->samples = samples[c];
		channel->n_samples = n_samples;
		if (emo_measure_levels(env, samples[c], n_samples, &channel->levels) != EMO_OK)
			return env->status;
		channel->speaks = emo_alloc_zero(env, (size_t) channel->levels.n_frames, sizeof(bool));
		if (channel->speaks == NULL)
			return env->status;
		mark_speech(&stretches[c], channel);
	}
	return own_only && n_channels > 1 ? emo_remove_crosstalk(env, call->channels, n_channels)
									  : EMO_OK;
}

EmoStatus
emo_call_listen(EmoEnv *env, const float *const *samples, int n_channels, int64_t n_samples,
				bool own_only, EmoCall *call)
{
	EmoStretches *stretches = emo_alloc_zero(env, (size_t) n_channels, sizeof(EmoStretches));

	if (stretches == NULL)
		return env->status;
	for (int c = 0; c < n_channels; c++)
		if (emo_detect_speech(env, samples[c], n_samples, &stretches[c]) != EMO_OK)
			return env->status;
	if (emo_call_begin(env, samples, n_channels, n_samples, stretches, own_only, call) != EMO_OK)
		return env->status;
	for (int c = 0; c < n_channels; c++)
		emo_free(env, stretches[c].items);
	emo_free(env, stretches);
	return EMO_OK;
}
