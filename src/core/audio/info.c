/*
 * info.c
 *	  What a recording is and how well it is levelled.
 */
#include "core/audio/info.h"

#include <math.h>
#include <string.h>

#include "core/dsp/speech.h"

#define BLOCK_SAMPLES 16384

static EmoStatus
measure_file(EmoEnv *env, EmoAudioFile *file, EmoAudioMeter *meter)
{
	int64_t max_frames = BLOCK_SAMPLES / file->stream.n_channels, n_frames = 1;
	float *block = emo_alloc(env, BLOCK_SAMPLES, sizeof(float));
	EmoStatus status = block == NULL ? env->status : EMO_OK;

	while (status == EMO_OK && n_frames > 0)
	{
		status = emo_audio_file_read(file, block, max_frames, &n_frames);
		if (status == EMO_OK)
			status = emo_audio_meter_push(meter, block, n_frames);
	}
	emo_free(env, block);
	return status;
}

/* Without channels. */
static EmoStatus
measure(EmoEnv *env, const void *bytes, size_t n_bytes, const EmoAudioLimits *limits,
		EmoAudioInfo *info)
{
	EmoAudioMeter *meter = NULL;
	EmoAudioFile file;
	EmoStatus status = emo_audio_file_open(env, bytes, n_bytes, limits, &file);

	if (status != EMO_OK)
		return status;
	status = emo_audio_meter_create(env, &file.stream, false, &meter);
	if (status == EMO_OK)
		status = measure_file(env, &file, meter);
	if (status == EMO_OK)
		status = emo_audio_meter_finish(meter, &file, info, NULL);
	emo_audio_meter_destroy(meter);
	emo_audio_file_close(&file);
	return status;
}

EmoStatus
emo_describe_channels(EmoEnv *env, double duration_s, const EmoChannelLevels *levels,
					  const EmoStretches *stretches, EmoChannelsInfo *channels, EmoMixture *mixture)
{
	channels->n = levels->n_channels;
	channels->levels = levels->channels;
	channels->correlation = levels->correlation;
	channels->speech_share = emo_alloc(env, channels->n, sizeof(double));
	if (channels->speech_share == NULL ||
		emo_decide_mixture(env, levels, stretches, mixture) != EMO_OK)
		return env->status;
	channels->differ = mixture->differs;
	channels->cancel = mixture->cancels;
	for (int c = 0; c < channels->n; c++)
	{
		double speech_s = (double) emo_speech_samples(&stretches[c]) / EMO_SPEECH_SAMPLE_RATE;

		channels->speech_share[c] = fmin(1, speech_s / duration_s);
	}
	return EMO_OK;
}

static EmoStatus
watch(void *meter, const float *frames, int64_t n_frames)
{
	return emo_audio_meter_push(meter, frames, n_frames);
}

EmoStatus
emo_measure_reading(EmoEnv *env, EmoAudioReader *reader, EmoReading read, void *into,
					EmoAudioInfo *info, EmoChannelLevels *levels)
{
	const EmoAudioFile *file = emo_reader_file(reader);
	EmoAudioMeter *meter;
	EmoStatus status = emo_audio_meter_create(env, &file->stream, true, &meter);

	if (status != EMO_OK)
		return status;
	emo_reader_watch(reader, watch, meter);
	status = read(env, reader, into);
	if (status == EMO_OK)
		status = emo_audio_meter_finish(meter, file, info, levels);
	emo_audio_meter_destroy(meter);
	return status;
}

static EmoStatus
read_speech(EmoEnv *env, EmoAudioReader *reader, void *stretches)
{
	return emo_read_channel_speech(env, reader, stretches);
}

static EmoStatus
measure_channels(EmoEnv *env, EmoAudioReader *reader, EmoAudioInfo *info, EmoChannelsInfo *channels)
{
	int n_channels = emo_audio_channels(reader);
	EmoStretches *stretches = emo_alloc_zero(env, n_channels, sizeof(EmoStretches));
	EmoChannelLevels levels = {0};
	EmoMixture mixture = {0};
	EmoStatus status =
		stretches == NULL ? env->status
						  : emo_measure_reading(env, reader, read_speech, stretches, info, &levels);

	if (status == EMO_OK)
		status =
			emo_describe_channels(env, info->duration_s, &levels, stretches, channels, &mixture);
	emo_free(env, mixture.taken);
	emo_free(env, levels.blocks);
	for (int c = 0; c < n_channels && stretches != NULL; c++)
		emo_free(env, stretches[c].items);
	emo_free(env, stretches);
	return status;
}

EmoStatus
emo_audio_info(EmoEnv *env, const void *bytes, size_t n_bytes, const EmoAudioLimits *limits,
			   EmoAudioInfo *info, EmoChannelsInfo *channels)
{
	EmoAudioReader *reader;
	EmoStatus status;

	memset(info, 0, sizeof(*info));
	if (limits == NULL)
		limits = &emo_audio_default_limits;
	if (channels == NULL)
		return measure(env, bytes, n_bytes, limits, info);
	memset(channels, 0, sizeof(*channels));
	status = emo_reader_open(env, bytes, n_bytes, EMO_SPEECH_SAMPLE_RATE, EMO_ALL_CHANNELS, limits,
							 &reader);
	if (status == EMO_OK)
		status = measure_channels(env, reader, info, channels);
	emo_audio_close(reader);
	return status;
}
