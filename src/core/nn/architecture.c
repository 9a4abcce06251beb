/*
 * architecture.c
 *	  Presets of architectures, and what an architecture must be like.
 */
#include "core/nn/architecture.h"

#include <stdio.h>
#include <string.h>

#include "core/lda/lda.h"
#include "core/nn/input.h"
#include "core/nn/shape.h"

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

	architecture->n_coefficients = 39;
	architecture->pitch = true;
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
	architecture->pooling = EMO_NN_POOL_ATTENTION;
	architecture->n_heads = 4;
	architecture->head_dropout = 0.4;
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

int
emo_nn_input_values(const EmoNnArchitecture *architecture)
{
	return architecture->n_coefficients + (architecture->pitch ? 2 : 0);
}

static EmoStatus
check_range(EmoEnv *env, int block, const char *what, int value, int least, int most)
{
	if (value >= least && value <= most)
		return EMO_OK;
	return emo_fail(env, EMO_INVALID_PARAMETER, "%s of block %d must be between %d and %d", what,
					block + 1, least, most);
}

static EmoStatus
check_axis(EmoEnv *env, int i, const EmoNnBlock *block, int axis)
{
	int reach;

	if (check_range(env, i, "kernel", block->kernel[axis], 1, EMO_NN_MAX_KERNEL) != EMO_OK ||
		check_range(env, i, "stride", block->stride[axis], 1, EMO_NN_MAX_STRIDE) != EMO_OK ||
		check_range(env, i, "dilation", block->dilation[axis], 1, EMO_NN_MAX_DILATION) != EMO_OK ||
		check_range(env, i, "max_pool", block->max_pool[axis], 1, EMO_NN_MAX_STRIDE) != EMO_OK)
		return env->status;
	/* More zeros than the kernel reaches would give outputs that see nothing. */
	reach = block->dilation[axis] * (block->kernel[axis] - 1);
	if (block->padding[axis] == EMO_NN_SAME_PADDING)
		return EMO_OK;
	return check_range(env, i, "padding", block->padding[axis], 0, reach);
}

static EmoStatus
check_block(EmoEnv *env, const EmoNnArchitecture *architecture, int i)
{
	const EmoNnBlock *block = &architecture->blocks[i];

	if (block->kind != EMO_NN_CONV1D && block->kind != EMO_NN_CONV2D)
		return emo_fail(env, EMO_INVALID_PARAMETER, "block %d is of no known kind", i + 1);
	if (check_range(env, i, "channels", block->channels, EMO_NN_CHANNEL_STEP,
					EMO_NN_MAX_CHANNELS) != EMO_OK)
		return env->status;
	if (block->channels % EMO_NN_CHANNEL_STEP != 0)
		return emo_fail(env, EMO_INVALID_PARAMETER, "channels of block %d must be a multiple of %d",
						i + 1, EMO_NN_CHANNEL_STEP);
	if (check_axis(env, i, block, 0) != EMO_OK || check_axis(env, i, block, 1) != EMO_OK)
		return env->status;
	if (!(block->dropout >= 0 && block->dropout <= EMO_NN_MAX_DROPOUT))
		return emo_fail(env, EMO_INVALID_PARAMETER, "dropout of block %d must be between 0 and %g",
						i + 1, EMO_NN_MAX_DROPOUT);
	if (block->kind == EMO_NN_CONV2D && i > 0 && architecture->blocks[i - 1].kind == EMO_NN_CONV1D)
		return emo_fail(env, EMO_INVALID_PARAMETER,
						"block %d can't be conv2d, for conv1d before it leaves no coefficients",
						i + 1);
	if (block->kind == EMO_NN_CONV1D &&
		(block->kernel[1] != 1 || block->stride[1] != 1 || block->dilation[1] != 1 ||
		 block->padding[1] > 0 || block->max_pool[1] != 1))
		return emo_fail(env, EMO_INVALID_PARAMETER, "block %d is conv1d, which has one axis only",
						i + 1);
	return EMO_OK;
}

static EmoStatus
check_sizes(EmoEnv *env, const EmoNnArchitecture *architecture, int n_classes)
{
	EmoNnShape shape;
	int64_t n_frame_values = 0;

	emo_nn_shape(architecture, n_classes, &shape);
	if (shape.n_parameters > EMO_NN_MAX_PARAMETERS)
		return emo_fail(env, EMO_LIMIT_EXCEEDED,
						"the net would have %lld parameters, more than the limit of %d",
						(long long) shape.n_parameters, EMO_NN_MAX_PARAMETERS);
	for (int i = 0; i < shape.n_blocks; i++)
		n_frame_values += (int64_t) shape.blocks[i].conv_width * shape.blocks[i].block->channels;
	if (n_frame_values > EMO_NN_MAX_FRAME_VALUES)
		return emo_fail(env, EMO_LIMIT_EXCEEDED,
						"the net's layers would have %lld values per frame, more than the limit "
						"of %d",
						(long long) n_frame_values, EMO_NN_MAX_FRAME_VALUES);
	return EMO_OK;
}

EmoStatus
emo_nn_check_architecture(EmoEnv *env, const EmoNnArchitecture *architecture, int n_classes)
{
	if (n_classes < EMO_MIN_CLASSES || n_classes > EMO_MAX_CLASSES)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "number of classes must be between %d and %d",
						EMO_MIN_CLASSES, EMO_MAX_CLASSES);
	if (architecture->input != EMO_NN_INPUT_MFCC && architecture->input != EMO_NN_INPUT_LOG_MEL)
		return emo_fail(env, EMO_INVALID_PARAMETER, "input must be mfcc or log_mel");
	if (architecture->n_coefficients < 1 || architecture->n_coefficients > EMO_NN_N_MELS)
		return emo_fail(env, EMO_INVALID_PARAMETER, "n_coefficients must be between 1 and %d",
						EMO_NN_N_MELS);
	if (architecture->input == EMO_NN_INPUT_LOG_MEL &&
		architecture->n_coefficients != EMO_NN_N_MELS)
		return emo_fail(env, EMO_INVALID_PARAMETER, "n_coefficients must be %d for input log_mel",
						EMO_NN_N_MELS);
	if (architecture->n_blocks < 1 || architecture->n_blocks > EMO_NN_MAX_BLOCKS)
		return emo_fail(env, EMO_INVALID_PARAMETER, "number of blocks must be between 1 and %d",
						EMO_NN_MAX_BLOCKS);
	for (int i = 0; i < architecture->n_blocks; i++)
		if (check_block(env, architecture, i) != EMO_OK)
			return env->status;
	if (architecture->pooling != EMO_NN_POOL_MEAN_DEVIATION &&
		architecture->pooling != EMO_NN_POOL_ATTENTION)
		return emo_fail(env, EMO_INVALID_PARAMETER, "pooling must be mean_deviation or attention");
	if (architecture->n_heads < 1 || architecture->n_heads > EMO_NN_MAX_HEADS)
		return emo_fail(env, EMO_INVALID_PARAMETER, "n_heads must be between 1 and %d",
						EMO_NN_MAX_HEADS);
	if (!(architecture->head_dropout >= 0 && architecture->head_dropout <= EMO_NN_MAX_DROPOUT))
		return emo_fail(env, EMO_INVALID_PARAMETER, "head_dropout must be between 0 and %g",
						EMO_NN_MAX_DROPOUT);
	return check_sizes(env, architecture, n_classes);
}
