/*
 * check.c
 *	  What an architecture must be like.
 */
#include "core/base/training_set.h"
#include "core/nn/input.h"
#include "core/nn/shape.h"

static const char *const input_words[] = {"mfcc", "log_mel", NULL};
static const char *const pooling_words[] = {"mean_deviation", "attention", NULL};

/* The defaults are those of the preset "temporal". */
static const EmoOption architecture_options[] = {
	EMO_CHOICE("input", EmoNnArchitecture, input, input_words, EMO_NN_INPUT_MFCC),
	EMO_INT("n_coefficients", EmoNnArchitecture, n_coefficients, 1, EMO_NN_N_MELS, 39),
	EMO_BOOLEAN("pitch", EmoNnArchitecture, pitch, true),
	EMO_CHOICE("pooling", EmoNnArchitecture, pooling, pooling_words, EMO_NN_POOL_ATTENTION),
	EMO_INT("n_heads", EmoNnArchitecture, n_heads, 1, EMO_NN_MAX_HEADS, 4),
	EMO_REAL("head_dropout", EmoNnArchitecture, head_dropout, 0, EMO_NN_MAX_DROPOUT, 0.4),
};

const EmoOptionTable emo_nn_architecture_options = EMO_OPTION_TABLE(architecture_options);

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
	if (emo_check_options(env, &emo_nn_architecture_options, architecture) != EMO_OK)
		return env->status;
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
	return check_sizes(env, architecture, n_classes);
}
