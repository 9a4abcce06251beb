/*
 * channel_meter.c
 *	  How loud the channels of a recording are over time, and what becomes of them when they are mixed.
 */
#include "core/audio/channel_meter.h"

#include <math.h>
#include <string.h>

#include "core/audio/cancellation.h"

/* One channel within the block that is being filled. */
typedef struct Running
{
	double sum, squares;             /* of the block */
	double differences;              /* squared, of the block */
	double total_sum, total_squares; /* of the recording */
	float previous;
} Running;

struct EmoChannelMeter
{
	EmoEnv *env;
	int n_channels;
	int64_t n_frames;
	EmoChannelLevels levels;
	Running *running; /* [n_channels] */
	double product;   /* of two channels, summed */

	int64_t block_frames, block_filled;
	int64_t block_capacity;

	EmoCancellation *cancellation; /* NULL for one channel, which is not mixed */
};

EmoStatus
emo_channel_meter_create(EmoEnv *env, int n_channels, int sample_rate, EmoChannelMeter **meter)
{
	EmoChannelMeter *new = emo_alloc_zero(env, 1, sizeof(EmoChannelMeter));
	EmoStatus status;

	*meter = NULL;
	if (new == NULL)
		return EMO_OUT_OF_MEMORY;
	new->env = env;
	new->n_channels = new->levels.n_channels = n_channels;
	new->block_frames = llround(EMO_LEVEL_BLOCK_S * sample_rate);
	new->running = emo_alloc_zero(env, n_channels, sizeof(Running));
	new->levels.channels = emo_alloc_zero(env, n_channels, sizeof(EmoChannelLevel));
	status = new->running == NULL || new->levels.channels == NULL ? env->status : EMO_OK;
	if (status == EMO_OK && n_channels > 1)
		status = emo_cancellation_create(env, n_channels, sample_rate, &new->cancellation);
	if (status != EMO_OK)
	{
		emo_channel_meter_destroy(new);
		return status;
	}
	*meter = new;
	return EMO_OK;
}

void
emo_channel_meter_destroy(EmoChannelMeter *meter)
{
	if (meter == NULL)
		return;
	EmoEnv *env = meter->env;

	emo_cancellation_destroy(env, meter->cancellation);
	emo_free(env, meter->running);
	emo_free(env, meter);
}

static EmoStatus
reserve_block(EmoChannelMeter *meter)
{
	EmoChannelLevels *levels = &meter->levels;
	size_t n_channels = (size_t) meter->n_channels;
	float *larger;

	if (levels->n_blocks < meter->block_capacity)
		return EMO_OK;
	meter->block_capacity = meter->block_capacity == 0 ? 64 : 2 * meter->block_capacity;
	larger = emo_alloc(meter->env, (size_t) meter->block_capacity * n_channels, sizeof(float));
	if (larger == NULL)
		return EMO_OUT_OF_MEMORY;
	if (levels->n_blocks > 0)
		memcpy(larger, levels->blocks, (size_t) levels->n_blocks * n_channels * sizeof(float));
	emo_free(meter->env, levels->blocks);
	levels->blocks = larger;
	return EMO_OK;
}

static EmoStatus
end_block(EmoChannelMeter *meter)
{
	EmoChannelLevels *levels = &meter->levels;
	double n = (double) meter->block_filled;
	float *block;

	if (meter->block_filled == 0)
		return EMO_OK;
	if (reserve_block(meter) != EMO_OK)
		return meter->env->status;
	block = levels->blocks + levels->n_blocks++ * meter->n_channels;
	for (int c = 0; c < meter->n_channels; c++)
	{
		Running *running = &meter->running[c];
		double power = running->squares / n - (running->sum / n) * (running->sum / n);

		levels->channels[c].loudest = fmax(levels->channels[c].loudest, power);
		block[c] = (float) (running->differences / n);
		running->total_sum += running->sum;
		running->total_squares += running->squares;
		running->sum = running->squares = running->differences = 0;
	}
	meter->block_filled = 0;
	return EMO_OK;
}

static void
measure_channel(EmoChannelMeter *meter, int c, const float *frames, int64_t n_frames)
{
	Running running = meter->running[c];
	float peak = meter->levels.channels[c].peak;

	if (meter->n_frames == 0)
		running.previous = frames[c];
	for (int64_t i = 0; i < n_frames; i++)
	{
		float value = frames[i * meter->n_channels + c];
		double difference = (double) value - running.previous;

		peak = fabsf(value) > peak ? fabsf(value) : peak;
		running.sum += value;
		running.squares += (double) value * value;
		running.differences += difference * difference;
		running.previous = value;
	}
	meter->running[c] = running;
	meter->levels.channels[c].peak = peak;
}

EmoStatus
emo_channel_meter_push(EmoChannelMeter *meter, const float *frames, int64_t n_frames)
{
	int n_channels = meter->n_channels;

	if (meter->cancellation != NULL)
		emo_cancellation_push(meter->cancellation, frames, n_frames);
	while (n_frames > 0)
	{
		int64_t room = meter->block_frames - meter->block_filled;
		int64_t n = n_frames < room ? n_frames : room;

		for (int c = 0; c < n_channels; c++)
			measure_channel(meter, c, frames, n);
		for (int64_t i = 0; n_channels == 2 && i < n; i++)
			meter->product += (double) frames[2 * i] * frames[2 * i + 1];
		meter->n_frames += n;
		meter->block_filled += n;
		frames += n * n_channels;
		n_frames -= n;
		if (meter->block_filled == meter->block_frames && end_block(meter) != EMO_OK)
			return meter->env->status;
	}
	return EMO_OK;
}

static double
correlation(const EmoChannelMeter *meter)
{
	const Running *a = &meter->running[0], *b = &meter->running[1];
	double n = (double) meter->n_frames;
	double of_a = a->total_squares - a->total_sum * a->total_sum / n;
	double of_b = b->total_squares - b->total_sum * b->total_sum / n;

	/* Where there is nothing but rounding errors of an offset, there is no sound. */
	if (of_a <= 1e-12 * a->total_squares || of_b <= 1e-12 * b->total_squares)
		return NAN;
	return fmax(-1,
				fmin(1, (meter->product - a->total_sum * b->total_sum / n) / sqrt(of_a * of_b)));
}

EmoStatus
emo_channel_meter_finish(EmoChannelMeter *meter, EmoChannelLevels *levels)
{
	EmoCancellationResult result = {.cancelled_share = 0, .sum_over_own = 1};

	if (end_block(meter) != EMO_OK)
		return meter->env->status;
	if (meter->cancellation != NULL)
		emo_cancellation_finish(meter->cancellation, &result);
	for (int c = 0; c < meter->n_channels; c++)
	{
		EmoChannelLevel *level = &meter->levels.channels[c];

		level->in_voice = result.in_voice != NULL ? result.in_voice[c] : 0;
		level->rms = sqrt(meter->running[c].total_squares / (double) meter->n_frames);
	}
	meter->levels.cancelled_share = result.cancelled_share;
	meter->levels.sum_over_own = result.sum_over_own;
	meter->levels.correlation = meter->n_channels == 2 ? correlation(meter) : NAN;
	*levels = meter->levels;
	return EMO_OK;
}
