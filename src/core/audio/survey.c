/*
 * survey.c
 *	  All that is to be told of a recording, by decoding it once.
 */
#include "core/audio/survey.h"

#include <string.h>

#include "core/dsp/speech.h"

/* Mixed at a time, between looks for a cancel. */
#define BLOCK_SAMPLES (INT64_C(1) << 20)

static EmoStatus
read_samples(EmoEnv *env, EmoAudioReader *reader, void *channels)
{
	return emo_audio_read_channels(env, reader, channels);
}

/* The mean of the channels that are taken, in the place of the first one. */
static EmoStatus
mix(EmoEnv *env, const EmoAudioChannels *audio, const EmoMixture *mixture)
{
	float *mixed = audio->items[mixture->taken[0]].samples;

	for (int64_t i = 0; i < audio->items[0].n_samples; i++)
	{
		float sum = mixed[i];

		if (i % BLOCK_SAMPLES == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int k = 1; k < mixture->n_taken; k++)
			sum += audio->items[mixture->taken[k]].samples[i];
		mixed[i] = sum / (float) mixture->n_taken;
	}
	return EMO_OK;
}

/* One lane, of what is taken of the channels. */
static EmoStatus
make_mixed_lane(EmoEnv *env, EmoAudioChannels *audio, const EmoMixture *mixture, EmoSurvey *survey)
{
	int first = mixture->taken[0];

	survey->n_lanes = 1;
	survey->samples[0] = audio->items[first].samples;
	survey->numbers[0] = mixture->n_taken == 1 ? first + 1 : EMO_MIXED;
	survey->stretches[0] = survey->stretches[first];
	if (mixture->n_taken > 1 && (mix(env, audio, mixture) != EMO_OK ||
								 emo_detect_speech(env, survey->samples[0], survey->n_samples,
												   &survey->stretches[0]) != EMO_OK))
		return env->status;
	for (int c = 0; c < audio->n; c++)
		if (c != first)
			emo_audio_free(env, &audio->items[c]);
	return EMO_OK;
}

static EmoStatus
make_lanes(EmoEnv *env, EmoAudioChannels *audio, const EmoChannelLevels *levels,
		   const EmoChannelRule *rule, EmoSurvey *survey)
{
	EmoMixture mixture = {0};
	int n = audio->n;

	survey->n_samples = audio->items[0].n_samples;
	survey->samples = emo_alloc(env, (size_t) n, sizeof(float *));
	survey->numbers = emo_alloc(env, (size_t) n, sizeof(int));
	survey->stretches = emo_alloc_zero(env, (size_t) n, sizeof(EmoStretches));
	if (survey->samples == NULL || survey->numbers == NULL || survey->stretches == NULL ||
		emo_check_some_channel_is_allowed(env, rule, n) != EMO_OK)
		return env->status;
	survey->n_lanes = n;
	for (int c = 0; c < n; c++)
	{
		survey->samples[c] = audio->items[c].samples;
		survey->numbers[c] = c + 1;
		if (emo_detect_speech(env, survey->samples[c], survey->n_samples, &survey->stretches[c]) !=
			EMO_OK)
			return env->status;
	}
	if (emo_describe_channels(env, survey->info.duration_s, levels, survey->stretches,
							  &survey->channels, &mixture) != EMO_OK)
		return env->status;
	return mixture.differs || rule->is_limited ? EMO_OK
											   : make_mixed_lane(env, audio, &mixture, survey);
}

EmoStatus
emo_survey(EmoEnv *env, const void *bytes, size_t n_bytes, const EmoAudioLimits *limits,
		   EmoSurvey *survey)
{
	EmoAudioChannels audio = {0};
	EmoChannelLevels levels = {0};
	EmoAudioReader *reader;
	EmoStatus status;

	memset(survey, 0, sizeof(*survey));
	if (limits == NULL)
		limits = &emo_audio_default_limits;
	status = emo_reader_open(env, bytes, n_bytes, EMO_SPEECH_SAMPLE_RATE, EMO_ALL_CHANNELS, limits,
							 &reader);
	if (status == EMO_OK)
		status = emo_measure_reading(env, reader, read_samples, &audio, &survey->info, &levels);
	emo_audio_close(reader);
	return status == EMO_OK ? make_lanes(env, &audio, &levels, &limits->channels, survey) : status;
}
