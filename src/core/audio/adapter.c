/*
 * adapter.c
 *	  A part of a recording in the form of the whole.
 */
#include "core/audio/adapter.h"

#include <string.h>

#include "core/audio/resample.h"

#define BLOCK_FRAMES 1024

struct EmoAdapter
{
	EmoAudioStream *part;
	const EmoDecoder *decoder;
	int n_channels;
	EmoResampler *resampler; /* NULL where the rate stays */
	float *block;            /* of the part */
	float *mapped;           /* the same with the channels of the whole */
	int64_t n_block;         /* frames */
	int64_t block_offset;    /* of those, handed to the resampler */
	bool at_end;
};

EmoStatus
emo_adapter_open(EmoAudioStream *part, const EmoDecoder *decoder, int n_channels, int sample_rate,
				 EmoAdapter **adapter)
{
	EmoEnv *env = part->env;
	EmoStatus status = EMO_OK;
	EmoAdapter *new = emo_alloc_zero(env, 1, sizeof(EmoAdapter));

	*adapter = NULL;
	if (new == NULL)
		return EMO_OUT_OF_MEMORY;
	new->part = part;
	new->decoder = decoder;
	new->n_channels = n_channels;
	new->block = emo_alloc(env, (size_t) BLOCK_FRAMES * part->n_channels, sizeof(float));
	new->mapped = emo_alloc(env, (size_t) BLOCK_FRAMES * n_channels, sizeof(float));
	if (new->block == NULL || new->mapped == NULL)
		status = EMO_OUT_OF_MEMORY;
	else if (part->sample_rate != sample_rate)
		status =
			emo_resample_open(env, part->sample_rate, sample_rate, n_channels, &new->resampler);
	if (status == EMO_OK)
		*adapter = new;
	else
		emo_adapter_close(new);
	return status;
}

static float
mean(const float *frame, int n_channels)
{
	float sum = 0;

	for (int channel = 0; channel < n_channels; channel++)
		sum += frame[channel];
	return sum / n_channels;
}

static void
map_channels(const float *part, int n_part_channels, int64_t n_frames, float *mapped,
			 int n_channels)
{
	if (n_part_channels == n_channels)
	{
		memcpy(mapped, part, n_frames * n_channels * sizeof(float));
		return;
	}
	for (int64_t i = 0; i < n_frames; i++)
	{
		float value = mean(part + i * n_part_channels, n_part_channels);

		for (int channel = 0; channel < n_channels; channel++)
			mapped[i * n_channels + channel] = value;
	}
}

static EmoStatus
read_mapped(EmoAdapter *adapter, float *samples, int64_t max_frames)
{
	EmoStatus status = adapter->decoder->read(adapter->part, adapter->block,
											  max_frames < BLOCK_FRAMES ? max_frames : BLOCK_FRAMES,
											  &adapter->n_block);

	if (status != EMO_OK)
		return status;
	map_channels(adapter->block, adapter->part->n_channels, adapter->n_block, samples,
				 adapter->n_channels);
	return EMO_OK;
}

static EmoStatus
read_resampled(EmoAdapter *adapter, float *samples, int64_t max_frames, size_t *n_output)
{
	size_t n_consumed = 0;
	EmoStatus status = EMO_OK;

	if (adapter->block_offset == adapter->n_block && !adapter->at_end)
	{
		status = read_mapped(adapter, adapter->mapped, BLOCK_FRAMES);
		adapter->block_offset = 0;
		adapter->at_end = adapter->n_block == 0;
	}
	if (status == EMO_OK)
		status = emo_resample_feed(
			adapter->resampler,
			adapter->at_end ? NULL : adapter->mapped + adapter->block_offset * adapter->n_channels,
			adapter->at_end ? 0 : adapter->n_block - adapter->block_offset, &n_consumed, samples,
			max_frames, n_output);
	adapter->block_offset += n_consumed;
	return status;
}

EmoStatus
emo_adapter_read(EmoAdapter *adapter, float *samples, int64_t max_frames, int64_t *n_frames)
{
	EmoStatus status;
	size_t n_output = 0;

	*n_frames = 0;
	if (adapter->resampler == NULL)
	{
		status = read_mapped(adapter, samples, max_frames);
		*n_frames = status == EMO_OK ? adapter->n_block : 0;
		return status;
	}
	do
		status = read_resampled(adapter, samples, max_frames, &n_output);
	while (status == EMO_OK && n_output == 0 && !adapter->at_end);
	*n_frames = n_output;
	return status;
}

void
emo_adapter_close(EmoAdapter *adapter)
{
	if (adapter == NULL)
		return;
	EmoEnv *env = adapter->part->env;

	emo_resample_close(adapter->resampler);
	emo_free(env, adapter->block);
	emo_free(env, adapter->mapped);
	emo_free(env, adapter);
}
