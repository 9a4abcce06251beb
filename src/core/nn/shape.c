/*
 * shape.c
 *	  Sizes and places that follow from an architecture.
 */
#include "core/nn/shape.h"

/* Zeros before and after an axis.  Kernels of even size see one more of what follows. */
static void
find_padding(const EmoNnBlock *block, int axis, int *before, int *after)
{
	int reach = block->dilation[axis] * (block->kernel[axis] - 1);

	if (block->padding[axis] == EMO_NN_SAME_PADDING)
	{
		*before = reach / 2;
		*after = reach - *before;
	}
	else
		*before = *after = block->padding[axis];
}

static int
conv_length(const EmoNnConvAxis *axis, int padding_after, int length)
{
	int reach = axis->dilation * (axis->kernel - 1);
	int starts = length + axis->padding + padding_after - reach;

	return starts <= 0 ? 1 : (starts - 1) / axis->stride + 1;
}

static int
pooled_length(int length, int window)
{
	return length < window ? 1 : length / window;
}

int
emo_nn_conv_rows(const EmoNnBlockShape *shape, int n_frames)
{
	return conv_length(&shape->time, shape->padding_after, n_frames);
}

int
emo_nn_block_rows(const EmoNnBlockShape *shape, int n_frames)
{
	return pooled_length(emo_nn_conv_rows(shape, n_frames), shape->block->max_pool[0]);
}

EmoNnConv
emo_nn_block_conv(const EmoNnBlockShape *shape, int n_frames)
{
	EmoNnConv conv = {.in_channels = shape->in_channels, .out_channels = shape->block->channels};
	EmoNnConvAxis time = shape->time;

	time.in = n_frames;
	time.out = emo_nn_conv_rows(shape, n_frames);
	conv.outer = shape->block->kind == EMO_NN_CONV1D ? shape->coefficient : time;
	conv.inner = shape->block->kind == EMO_NN_CONV1D ? time : shape->coefficient;
	return conv;
}

static EmoNnConvAxis
axis_of(const EmoNnBlock *block, int axis, int *padding_after)
{
	EmoNnConvAxis result = {.kernel = block->kernel[axis],
							.stride = block->stride[axis],
							.dilation = block->dilation[axis],
							.in = 1,
							.out = 1};

	find_padding(block, axis, &result.padding, padding_after);
	return result;
}

/* The same number of frames comes out as went in, however many these are. */
static bool
keeps_time(const EmoNnBlockShape *shape)
{
	return shape->time.stride == 1 && shape->block->max_pool[0] == 1 &&
		   shape->time.padding + shape->padding_after ==
			   shape->time.dilation * (shape->time.kernel - 1);
}

static void
shape_block(const EmoNnBlock *block, int width, int channels, EmoNnBlockShape *shape)
{
	static const EmoNnConvAxis single = {1, 1, 1, 0, 1, 1};
	int padding_after;

	shape->block = block;
	shape->time = axis_of(block, 0, &shape->padding_after);
	shape->coefficient = single;
	shape->in_width = width;
	shape->in_channels = channels;
	if (block->kind == EMO_NN_CONV1D)
	{
		shape->in_channels *= width;
		shape->in_width = 1;
	}
	else
	{
		shape->coefficient = axis_of(block, 1, &padding_after);
		shape->coefficient.in = width;
		shape->coefficient.out = conv_length(&shape->coefficient, padding_after, width);
	}
	shape->conv_width = shape->coefficient.out;
	shape->out_width = pooled_length(shape->conv_width, block->max_pool[1]);
	shape->adds_input = block->residual && keeps_time(shape) &&
						shape->in_channels == block->channels &&
						shape->in_width == shape->out_width;
}

static int64_t
place(int64_t *used, int64_t n)
{
	*used += n;
	return *used - n;
}

void
emo_nn_shape(const EmoNnArchitecture *architecture, int n_classes, EmoNnShape *shape)
{
	int64_t used = 0, n_features, n_pooled;
	int width, channels;

	shape->architecture = *architecture;
	shape->n_classes = n_classes;
	shape->n_values = emo_nn_input_values(architecture);
	shape->n_blocks = architecture->n_blocks;
	width = shape->n_values;
	channels = 1;
	for (int i = 0; i < shape->n_blocks; i++)
	{
		EmoNnBlockShape *block = &shape->blocks[i];
		const EmoNnBlock *of = &shape->architecture.blocks[i];

		shape_block(of, width, channels, block);
		width = block->out_width;
		channels = of->channels;
		block->conv_weight =
			place(&used, (int64_t) of->kernel[0] * (of->kind == EMO_NN_CONV1D ? 1 : of->kernel[1]) *
							 block->in_channels * channels);
		block->norm_weight = of->batch_norm ? place(&used, channels) : -1;
		block->bias = place(&used, channels);
	}
	n_features = (int64_t) width * channels;
	shape->n_heads = architecture->pooling == EMO_NN_POOL_ATTENTION ? architecture->n_heads : 1;
	n_pooled = 2 * shape->n_heads * n_features;
	/* Nets of which these don't fit are refused for their parameters. */
	shape->n_features = (int) (n_features < INT32_MAX ? n_features : INT32_MAX);
	shape->n_pooled = (int) (n_pooled < INT32_MAX ? n_pooled : INT32_MAX);
	shape->attention_weight = architecture->pooling == EMO_NN_POOL_ATTENTION
								  ? place(&used, n_features * shape->n_heads)
								  : -1;
	shape->dense_weight = place(&used, n_pooled * n_classes);
	shape->dense_bias = place(&used, n_classes);
	shape->n_parameters = used;
	for (int i = 0; i < shape->n_blocks; i++)
	{
		EmoNnBlockShape *block = &shape->blocks[i];
		bool normalises = block->block->batch_norm;

		block->running_mean = normalises ? place(&used, block->block->channels) : -1;
		block->running_variance = normalises ? place(&used, block->block->channels) : -1;
	}
	shape->n_weights = used;
}

int
emo_nn_input_values(const EmoNnArchitecture *architecture)
{
	return architecture->n_coefficients + (architecture->pitch ? 2 : 0);
}
