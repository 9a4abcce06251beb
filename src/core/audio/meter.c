/*
 * meter.c
 *	  What a recording is and how well it is levelled, measured as its frames go by.
 */
#include "core/audio/meter.h"

#include <math.h>
#include <stdlib.h>

#include "core/audio/bandwidth.h"

/* Sums over the recording, block by block. */
typedef struct Sums
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
} Sums;

/* Count a run once it is long enough, and each further sample of it. */
static void
add_clipping(Sums *sums, int *run, float value)
{
	int sign = value >= sums->full_scale ? 1 : value <= -sums->full_scale ? -1 : 0;
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
		sums->clipped_samples += EMO_MIN_CLIPPED_RUN;
	else if (length > EMO_MIN_CLIPPED_RUN)
		sums->clipped_samples++;
}

static void
end_frame(Sums *sums)
{
	const double silence = pow(10.0, EMO_SILENCE_DBFS / 10.0);

	if (sums->frame_filled == 0)
		return;
	sums->n_frames++;
	if (sums->frame_squares < silence * sums->frame_filled)
		sums->n_silent_frames++;
	sums->sum_squares += sums->frame_squares;
	sums->frame_squares = 0;
	sums->frame_filled = 0;
}

static void
add_block(Sums *sums, const float *samples, int64_t n_samples)
{
	int channel = 0;

	for (int64_t i = 0; i < n_samples; i++)
	{
		float value = samples[i];

		sums->peak = fmaxf(sums->peak, fabsf(value));
		sums->sum += value;
		sums->frame_squares += (double) value * value;
		add_clipping(sums, &sums->clipped_run[channel], value);
		if (++channel == sums->n_channels)
			channel = 0;
		if (++sums->frame_filled == sums->frame_length)
			end_frame(sums);
	}
	sums->n_samples += n_samples;
}

struct EmoAudioMeter
{
	EmoEnv *env;
	Sums sums;
	EmoBandwidth *bandwidth;   /* NULL: not wanted */
	EmoChannelMeter *channels; /* likewise */
};

EmoStatus
emo_audio_meter_create(EmoEnv *env, const EmoAudioStream *stream, bool with_channels,
					   EmoAudioMeter **meter)
{
	EmoAudioMeter *made = emo_alloc_zero(env, 1, sizeof(EmoAudioMeter));
	EmoStatus status = EMO_OK;

	*meter = NULL;
	if (made == NULL)
		return env->status;
	made->env = env;
	made->sums.n_channels = stream->n_channels;
	made->sums.full_scale = stream->full_scale;
	made->sums.frame_length =
		llround(EMO_SILENCE_FRAME_S * stream->sample_rate) * stream->n_channels;
	made->sums.clipped_run = emo_alloc_zero(env, stream->n_channels, sizeof(int));
	if (made->sums.clipped_run == NULL)
		status = env->status;
	if (status == EMO_OK && with_channels)
		status =
			emo_bandwidth_create(env, stream->n_channels, stream->sample_rate, &made->bandwidth);
	if (status == EMO_OK && with_channels)
		status =
			emo_channel_meter_create(env, stream->n_channels, stream->sample_rate, &made->channels);
	if (status == EMO_OK)
		*meter = made;
	else
		emo_audio_meter_destroy(made);
	return status;
}

EmoStatus
emo_audio_meter_push(EmoAudioMeter *meter, const float *frames, int64_t n_frames)
{
	add_block(&meter->sums, frames, n_frames * meter->sums.n_channels);
	if (meter->bandwidth != NULL)
		emo_bandwidth_push(meter->bandwidth, frames, n_frames);
	return meter->channels == NULL ? EMO_OK
								   : emo_channel_meter_push(meter->channels, frames, n_frames);
}

static void
describe(const EmoAudioFile *file, const Sums *sums, EmoAudioInfo *info)
{
	info->container = file->stream.container_name;
	info->encoding = file->stream.encoding_name;
	info->sample_rate = file->stream.sample_rate;
	info->n_channels = file->stream.n_channels;
	info->duration_s = (double) file->n_frames / file->stream.sample_rate;
	info->peak = sums->peak;
	info->rms = sqrt(sums->sum_squares / sums->n_samples);
	info->clipped_samples = sums->clipped_samples;
	info->dc_offset = sums->sum / sums->n_samples;
	info->silence_share = (double) sums->n_silent_frames / sums->n_frames;
	info->truncated = file->stream.truncated;
}

EmoStatus
emo_audio_meter_finish(EmoAudioMeter *meter, const EmoAudioFile *file, EmoAudioInfo *info,
					   EmoChannelLevels *levels)
{
	end_frame(&meter->sums);
	describe(file, &meter->sums, info);
	info->bandwidth_hz = meter->bandwidth == NULL ? NAN : emo_bandwidth_finish(meter->bandwidth);
	return meter->channels == NULL ? EMO_OK : emo_channel_meter_finish(meter->channels, levels);
}

void
emo_audio_meter_destroy(EmoAudioMeter *meter)
{
	if (meter == NULL)
		return;
	emo_channel_meter_destroy(meter->channels);
	emo_bandwidth_destroy(meter->env, meter->bandwidth);
	emo_free(meter->env, meter->sums.clipped_run);
	emo_free(meter->env, meter);
}
