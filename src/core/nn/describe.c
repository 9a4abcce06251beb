/*
 * describe.c
 *	  A net's tensors and layers, for export and for people to read.
 */
#include <stdio.h>
#include <string.h>

#include "core/nn/model.h"
#include "core/nn/shape.h"

static EmoNnTensor *
add_tensor(EmoNnTensor *tensors, int *n, const char *name, int block, int64_t first, bool trained,
		   bool decays)
{
	EmoNnTensor *tensor = &tensors[(*n)++];

	memset(tensor, 0, sizeof(*tensor));
	if (block >= 0)
		snprintf(tensor->name, sizeof(tensor->name), "blocks.%d.%s", block, name);
	else
		snprintf(tensor->name, sizeof(tensor->name), "%s", name);
	tensor->first = first;
	tensor->n = 1;
	tensor->trained = trained;
	tensor->decays = decays;
	return tensor;
}

static void
add_dimension(EmoNnTensor *tensor, int64_t size)
{
	tensor->shape[tensor->n_dimensions++] = size;
	tensor->n *= size;
}

int
emo_nn_tensors(const EmoNnArchitecture *architecture, int n_classes,
			   EmoNnTensor tensors[EMO_NN_MAX_TENSORS])
{
	EmoNnShape shape;
	EmoNnTensor *tensor;
	int n = 0;

	emo_nn_shape(architecture, n_classes, &shape);
	for (int i = 0; i < shape.n_blocks; i++)
	{
		const EmoNnBlockShape *block = &shape.blocks[i];
		bool normalises = block->norm_weight >= 0;

		tensor = add_tensor(tensors, &n, "conv.weight", i, block->conv_weight, true, true);
		add_dimension(tensor, block->time.kernel);
		if (block->block->kind == EMO_NN_CONV2D)
			add_dimension(tensor, block->coefficient.kernel);
		add_dimension(tensor, block->in_channels);
		add_dimension(tensor, block->block->channels);
		if (normalises)
			add_dimension(
				add_tensor(tensors, &n, "norm.weight", i, block->norm_weight, true, false),
				block->block->channels);
		add_dimension(add_tensor(tensors, &n, normalises ? "norm.bias" : "conv.bias", i,
								 block->bias, true, false),
					  block->block->channels);
	}
	if (shape.attention_weight >= 0)
	{
		tensor =
			add_tensor(tensors, &n, "attention.weight", -1, shape.attention_weight, true, true);
		add_dimension(tensor, shape.n_features);
		add_dimension(tensor, shape.n_heads);
	}
	tensor = add_tensor(tensors, &n, "dense.weight", -1, shape.dense_weight, true, true);
	add_dimension(tensor, shape.n_pooled);
	add_dimension(tensor, n_classes);
	add_dimension(add_tensor(tensors, &n, "dense.bias", -1, shape.dense_bias, true, false),
				  n_classes);
	for (int i = 0; i < shape.n_blocks; i++)
	{
		const EmoNnBlockShape *block = &shape.blocks[i];

		if (block->norm_weight < 0)
			continue;
		add_dimension(
			add_tensor(tensors, &n, "norm.running_mean", i, block->running_mean, false, false),
			block->block->channels);
		add_dimension(
			add_tensor(tensors, &n, "norm.running_var", i, block->running_variance, false, false),
			block->block->channels);
	}
	return n;
}

/* The layers as they are found, from one to the next. */
typedef struct List
{
	EmoNnLayer *layers;
	int n;
	int at[3];         /* shape that the next layer reads */
	double per_second; /* how often EMO_NN_SHAPE_FRAMES frames of input make a second */
} List;

static EmoNnLayer *
add_layer(List *list, const char *type, int block, int frames, int coefficients, int channels)
{
	EmoNnLayer *layer = &list->layers[list->n++];

	memset(layer, 0, sizeof(*layer));
	layer->type = type;
	layer->block = block;
	memcpy(layer->input_shape, list->at, sizeof(list->at));
	list->at[0] = frames;
	list->at[1] = coefficients;
	list->at[2] = channels;
	memcpy(layer->output_shape, list->at, sizeof(list->at));
	/* One per value, where nothing else is said. */
	layer->flop_per_second =
		list->per_second * (double) (frames > 0 ? frames : 1) * coefficients * channels;
	return layer;
}

static void
describe_conv(List *list, const EmoNnBlockShape *shape, int number)
{
	bool conv2d = shape->block->kind == EMO_NN_CONV2D;
	int64_t n_taps = (int64_t) shape->time.kernel * shape->coefficient.kernel * shape->in_channels;
	EmoNnLayer *layer;

	/* conv1d sees what coefficients are left as channels. */
	list->at[1] = shape->in_width;
	list->at[2] = shape->in_channels;
	layer =
		add_layer(list, conv2d ? "conv2d" : "conv1d", number, emo_nn_conv_rows(shape, list->at[0]),
				  shape->conv_width, shape->block->channels);
	layer->n_parameters =
		n_taps * shape->block->channels + (shape->norm_weight < 0 ? shape->block->channels : 0);
	layer->flop_per_second *= 2.0 * (double) n_taps;
	if (conv2d)
		snprintf(layer->settings, sizeof(layer->settings),
				 "kernel %dx%d, stride %dx%d, dilation %dx%d, padding %dx%d", shape->time.kernel,
				 shape->coefficient.kernel, shape->time.stride, shape->coefficient.stride,
				 shape->time.dilation, shape->coefficient.dilation, shape->time.padding,
				 shape->coefficient.padding);
	else
		snprintf(layer->settings, sizeof(layer->settings),
				 "kernel %d, stride %d, dilation %d, padding %d", shape->time.kernel,
				 shape->time.stride, shape->time.dilation, shape->time.padding);
}

static void
describe_block(List *list, const EmoNnBlockShape *shape, int number)
{
	const EmoNnBlock *block = shape->block;
	int *at = list->at;
	EmoNnLayer *layer;

	describe_conv(list, shape, number);
	if (shape->norm_weight >= 0)
	{
		layer = add_layer(list, "batch_norm", number, at[0], at[1], at[2]);
		layer->n_parameters = 2 * block->channels;
		layer->flop_per_second *= 2;
	}
	if (block->relu)
		add_layer(list, "relu", number, at[0], at[1], at[2]);
	if (block->max_pool[0] > 1 || block->max_pool[1] > 1)
	{
		int rows = at[0] < block->max_pool[0] ? 1 : at[0] / block->max_pool[0];

		layer = add_layer(list, "max_pool", number, rows, shape->out_width, block->channels);
		layer->flop_per_second *= (double) block->max_pool[0] * block->max_pool[1];
		snprintf(layer->settings, sizeof(layer->settings), "window %dx%d", block->max_pool[0],
				 block->max_pool[1]);
	}
	if (block->dropout > 0)
	{
		layer = add_layer(list, "dropout", number, at[0], at[1], at[2]);
		layer->flop_per_second = 0;
		snprintf(layer->settings, sizeof(layer->settings), "rate %g", block->dropout);
	}
	if (shape->adds_input)
		add_layer(list, "residual", number, at[0], at[1], at[2]);
}

static void
describe_head(List *list, const EmoNnShape *shape)
{
	const EmoNnArchitecture *architecture = &shape->architecture;
	bool attends = shape->attention_weight >= 0;
	double values_per_second = list->per_second * list->at[0] * shape->n_features;
	EmoNnLayer *layer =
		add_layer(list, attends ? "attention" : "mean_deviation", 0, 0, 1, shape->n_pooled);

	/* Score, mean, and deviation: a multiplication and an addition for each value and head. */
	layer->flop_per_second = values_per_second * shape->n_heads * (attends ? 7 : 5);
	if (attends)
	{
		layer->n_parameters = (int64_t) shape->n_features * shape->n_heads;
		snprintf(layer->settings, sizeof(layer->settings), "heads %d", shape->n_heads);
	}
	if (architecture->head_dropout > 0)
	{
		layer = add_layer(list, "dropout", 0, 0, 1, shape->n_pooled);
		layer->flop_per_second = 0;
		snprintf(layer->settings, sizeof(layer->settings), "rate %g", architecture->head_dropout);
	}
	layer = add_layer(list, "dense", 0, 0, 1, shape->n_classes);
	layer->n_parameters = ((int64_t) shape->n_pooled + 1) * shape->n_classes;
	layer->flop_per_second = list->per_second * 2 * shape->n_pooled * shape->n_classes;
	add_layer(list, "softmax", 0, 0, 1, shape->n_classes);
}

int
emo_nn_layers(const EmoNnArchitecture *architecture, int n_classes,
			  EmoNnLayer layers[EMO_NN_MAX_LAYERS])
{
	EmoNnShape shape;
	List list = {.layers = layers,
				 .per_second = (double) EMO_NN_FRAMES_PER_SECOND / EMO_NN_SHAPE_FRAMES};
	EmoNnLayer *layer;

	emo_nn_shape(architecture, n_classes, &shape);
	list.at[0] = EMO_NN_SHAPE_FRAMES;
	list.at[1] = shape.n_values;
	list.at[2] = 1;
	layer = add_layer(&list, "input", 0, EMO_NN_SHAPE_FRAMES, shape.n_values, 1);
	layer->flop_per_second = 0;
	snprintf(layer->settings, sizeof(layer->settings), "%s%s",
			 architecture->input == EMO_NN_INPUT_MFCC ? "mfcc" : "log_mel",
			 architecture->pitch ? ", F0, voicing" : "");
	for (int i = 0; i < shape.n_blocks; i++)
		describe_block(&list, &shape.blocks[i], i + 1);
	describe_head(&list, &shape);
	return list.n;
}
