/*
 * info.c
 *	  What a recording is and how well it is levelled.
 */
#include "core/audio/info.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/audio/bandwidth.h"
#include "core/audio/file.h"
#include "core/audio/mixture.h"
#include "core/dsp/speech.h"

#define BLOCK_SAMPLES 16384

/* Sums over the recording, block by block. */
typedef struct Meter
{
	int n_channels;
	float full_scale;
	int *clipped_run; /* per channel: length of the run at full scale, negative below zero */

	int64_t n_samples;
	double sum;
	double sum_squares;
	float peak;
	int64_t clipped_samples;

	int64_t frame_length; /* samples of all channels */
	int64_t frame_filled;
	double frame_squares;
	int64_t n_frames;
	int64_t n_silent_frames;
} Meter;

/* Count a run once it is long enough, and each further sample of it. */
static void
meter_clipping(Meter *meter, int *run, float value)
{
	int sign = value >= meter->full_scale ? 1 : value <= -meter->full_scale ? -1 : 0;
	int length;

	if (sign == 0)
	{
		*run = 0;
		return;
	}
	if (*run * sign <= 0)
		*run = 0;
	/* The length matters up to the threshold only; staying there also keeps it from overflowing. */
	if (abs(*run) <= EMO_MIN_CLIPPED_RUN)
		*run += sign;
	length = abs(*run);
	if (length == EMO_MIN_CLIPPED_RUN)
		meter->clipped_samples += EMO_MIN_CLIPPED_RUN;
	else if (length > EMO_MIN_CLIPPED_RUN)
		meter->clipped_samples++;
}

static void
meter_end_frame(Meter *meter)
{
	const double silence = pow(10.0, EMO_SILENCE_DBFS / 10.0);

	if (meter->frame_filled == 0)
		return;
	meter->n_frames++;
	if (meter->frame_squares < silence * meter->frame_filled)
		meter->n_silent_frames++;
	meter->sum_squares += meter->frame_squares;
	meter->frame_squares = 0;
	meter->frame_filled = 0;
}

static void
meter_block(Meter *meter, const float *samples, int64_t n_samples)
{
	int channel = 0;

	for (int64_t i = 0; i < n_samples; i++)
	{
		float value = samples[i];

		meter->peak = fmaxf(meter->peak, fabsf(value));
		meter->sum += value;
		meter->frame_squares += (double) value * value;
		meter_clipping(meter, &meter->clipped_run[channel], value);
		if (++channel == meter->n_channels)
			channel = 0;
		if (++meter->frame_filled == meter->frame_length)
			meter_end_frame(meter);
	}
	meter->n_samples += n_samples;
}

/* bandwidth and channel_meter may be NULL. */
static EmoStatus
meter_file(EmoEnv *env, EmoAudioFile *file, Meter *meter, EmoBandwidth *bandwidth,
		   EmoChannelMeter *channel_meter)
{
	float *block = emo_alloc(env, BLOCK_SAMPLES, sizeof(float));
	int64_t n_frames;

	meter->n_channels = file->stream.n_channels;
	meter->full_scale = file->stream.full_scale;
	meter->frame_length =
		llround(EMO_SILENCE_FRAME_S * file->stream.sample_rate) * file->stream.n_channels;
	meter->clipped_run = emo_alloc_zero(env, file->stream.n_channels, sizeof(int));
	if (block == NULL || meter->clipped_run == NULL)
		return EMO_OUT_OF_MEMORY;
	do
	{
		EmoStatus status =
			emo_audio_file_read(file, block, BLOCK_SAMPLES / file->stream.n_channels, &n_frames);

		if (status != EMO_OK)
			return status;
		meter_block(meter, block, n_frames * file->stream.n_channels);
		if (bandwidth != NULL)
			emo_bandwidth_push(bandwidth, block, n_frames);
		if (channel_meter != NULL &&
			emo_channel_meter_push(channel_meter, block, n_frames) != EMO_OK)
			return env->status;
	} while (n_frames > 0);
	meter_end_frame(meter);
	emo_free(env, block);
	emo_free(env, meter->clipped_run);
	return EMO_OK;
}

static void
describe(const EmoAudioFile *file, const Meter *meter, EmoAudioInfo *info)
{
	info->container = file->stream.container_name;
	info->encoding = file->stream.encoding_name;
	info->sample_rate = file->stream.sample_rate;
	info->n_channels = file->stream.n_channels;
	info->duration_s = (double) file->n_frames / file->stream.sample_rate;
	info->peak = meter->peak;
	info->rms = sqrt(meter->sum_squares / meter->n_samples);
	info->clipped_samples = meter->clipped_samples;
	info->dc_offset = meter->sum / meter->n_samples;
	info->silence_share = (double) meter->n_silent_frames / meter->n_frames;
	info->truncated = file->stream.truncated;
}

static EmoStatus
measure(EmoEnv *env, EmoAudioFile *file, EmoAudioInfo *info, EmoChannelLevels *levels)
{
	EmoChannelMeter *channel_meter = NULL;
	EmoBandwidth *bandwidth = NULL;
	EmoStatus status = EMO_OK;
	Meter meter;

	memset(&meter, 0, sizeof(meter));
	if (levels != NULL)
		status = emo_bandwidth_create(env, file->stream.n_channels, file->stream.sample_rate,
									  &bandwidth);
	if (status == EMO_OK && levels != NULL)
		status = emo_channel_meter_create(env, file->stream.n_channels, file->stream.sample_rate,
										  &channel_meter);
	if (status == EMO_OK)
		status = meter_file(env, file, &meter, bandwidth, channel_meter);
	if (status == EMO_OK && levels != NULL)
		status = emo_channel_meter_finish(channel_meter, levels);
	emo_channel_meter_destroy(channel_meter);
	if (status == EMO_OK)
	{
		describe(file, &meter, info);
		info->bandwidth_hz = bandwidth == NULL ? NAN : emo_bandwidth_finish(bandwidth);
	}
	emo_bandwidth_destroy(env, bandwidth);
	return status;
}

/* By another way through the recording, at the rate of speech. */
static EmoStatus
measure_speech(EmoEnv *env, const void *bytes, size_t n_bytes, const EmoAudioLimits *limits,
			   double duration_s, EmoChannelsInfo *channels)
{
	EmoStretches *stretches = emo_alloc_zero(env, channels->n, sizeof(EmoStretches));

	channels->speech_share = emo_alloc(env, channels->n, sizeof(double));
	if (stretches == NULL || channels->speech_share == NULL ||
		emo_detect_channel_speech(env, bytes, n_bytes, limits, channels->n, stretches) != EMO_OK)
		return env->status;
	for (int c = 0; c < channels->n; c++)
	{
		double speech_s = (double) emo_speech_samples(&stretches[c]) / EMO_SPEECH_SAMPLE_RATE;

		channels->speech_share[c] = fmin(1, speech_s / duration_s);
		emo_free(env, stretches[c].items);
	}
	emo_free(env, stretches);
	return EMO_OK;
}

static EmoStatus
describe_channels(EmoEnv *env, const void *bytes, size_t n_bytes, const EmoAudioLimits *limits,
				  double duration_s, const EmoChannelLevels *levels, EmoChannelsInfo *channels)
{
	EmoMixture mixture;

	memset(channels, 0, sizeof(*channels));
	channels->n = levels->n_channels;
	channels->levels = levels->channels;
	channels->correlation = levels->correlation;
	if (emo_decide_mixture(env, bytes, n_bytes, limits, levels, &mixture) != EMO_OK)
		return env->status;
	channels->differ = mixture.differs;
	channels->cancel = mixture.cancels;
	emo_free(env, mixture.taken);
	return measure_speech(env, bytes, n_bytes, limits, duration_s, channels);
}

EmoStatus
emo_audio_info(EmoEnv *env, const void *bytes, size_t n_bytes, const EmoAudioLimits *limits,
			   EmoAudioInfo *info, EmoChannelsInfo *channels)
{
	EmoAudioFile file;
	EmoChannelLevels levels = {0};
	EmoStatus status;

	memset(info, 0, sizeof(*info));
	if (limits == NULL)
		limits = &emo_audio_default_limits;
	status = emo_audio_file_open(env, bytes, n_bytes, limits, &file);
	if (status != EMO_OK)
		return status;
	status = measure(env, &file, info, channels == NULL ? NULL : &levels);
	emo_audio_file_close(&file);
	if (status == EMO_OK && channels != NULL)
		status =
			describe_channels(env, bytes, n_bytes, limits, info->duration_s, &levels, channels);
	emo_free(env, levels.blocks);
	return status;
}
