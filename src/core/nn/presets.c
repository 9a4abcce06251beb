/*
 * presets.c
 *	  Architectures that have a name.
 */
#include <stdio.h>
#include <string.h>

#include "core/nn/input.h"

const char *const emo_nn_architecture_names[] = {"temporal", "image",
												 "original", [EMO_NN_CUSTOM] = "custom", NULL};

EmoNnBlock
emo_nn_default_block(EmoNnConvKind kind)
{
	bool conv2d = kind == EMO_NN_CONV2D;
	EmoNnBlock block = {.kind = kind,
						.channels = 64,
						.kernel = {conv2d ? 3 : 5, conv2d ? 3 : 1},
						.stride = {1, 1},
						.dilation = {1, 1},
						.padding = {EMO_NN_SAME_PADDING, conv2d ? EMO_NN_SAME_PADDING : 0},
						.max_pool = {1, 1},
						.batch_norm = true,
						.relu = true};

	return block;
}

/* Measured in a prototype on EmoDB: see docs/accuracy.md. */
static void
preset_temporal(EmoNnArchitecture *architecture)
{
	static const int strides[] = {1, 2, 1, 2, 1, 1};
	static const int dilations[] = {1, 1, 2, 1, 2, 4};

	emo_default_options(&emo_nn_architecture_options, architecture);
	architecture->n_blocks = 6;
	for (int i = 0; i < 6; i++)
	{
		EmoNnBlock *block = &architecture->blocks[i];

		*block = emo_nn_default_block(EMO_NN_CONV1D);
		block->stride[0] = strides[i];
		block->dilation[0] = dilations[i];
		block->dropout = 0.1;
		block->residual = true;
	}
}

/* Blocks of conv2d, channels from first on doubling. */
static void
fill_conv2d(EmoNnArchitecture *architecture, int n_blocks, int first, int padding, bool batch_norm)
{
	architecture->n_blocks = n_blocks;
	for (int i = 0; i < n_blocks; i++)
	{
		EmoNnBlock *block = &architecture->blocks[i];

		*block = emo_nn_default_block(EMO_NN_CONV2D);
		block->channels = first << i;
		block->padding[0] = block->padding[1] = padding;
		block->max_pool[0] = block->max_pool[1] = 2;
		block->batch_norm = batch_norm;
	}
	architecture->pooling = EMO_NN_POOL_MEAN_DEVIATION;
	architecture->n_heads = 1;
	architecture->head_dropout = 0.4;
}

EmoStatus
emo_nn_preset(EmoEnv *env, const char *name, int channels, EmoNnArchitecture *architecture)
{
	memset(architecture, 0, sizeof(*architecture));
	if (strcmp(name, "temporal") == 0)
		preset_temporal(architecture);
	else if (strcmp(name, "image") == 0)
	{
		architecture->input = EMO_NN_INPUT_LOG_MEL;
		architecture->n_coefficients = EMO_NN_N_MELS;
		fill_conv2d(architecture, 3, 32, EMO_NN_SAME_PADDING, true);
	}
	else if (strcmp(name, "original") == 0)
	{
		architecture->n_coefficients = 13;
		fill_conv2d(architecture, 4, 16, 2, false);
	}
	else
	{
		emo_fail(env, EMO_UNDEFINED, "architecture \"%.40s\" does not exist", name);
		emo_set_hint(env, "Architectures are \"temporal\", \"image\" and \"original\".");
		return env->status;
	}
	snprintf(architecture->name, sizeof(architecture->name), "%s", name);
	if (channels != 0)
	{
		int first = architecture->blocks[0].channels;

		if (channels < EMO_NN_CHANNEL_STEP || channels > EMO_NN_MAX_CHANNELS)
			return emo_fail(env, EMO_INVALID_PARAMETER, "channels must be between %d and %d",
							EMO_NN_CHANNEL_STEP, EMO_NN_MAX_CHANNELS);
		for (int i = 0; i < architecture->n_blocks; i++)
			architecture->blocks[i].channels = architecture->blocks[i].channels / first * channels;
	}
	return EMO_OK;
}
