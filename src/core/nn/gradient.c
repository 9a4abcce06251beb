/*
 * gradient.c
 *	  From the gradient by a net's scores to that by its input, in inference.
 *
 * Batch-norm by running statistics is a scale and a shift, so that its gradient needs no sums over
 * the batch as in nn/backward.c.
 */
#include "core/nn/gradient.h"

#include <string.h>

#include "core/nn/norm.h"
#include "core/nn/pooling.h"

static int
padded(int channels)
{
	return (channels + EMO_NN_CHANNEL_STEP - 1) / EMO_NN_CHANNEL_STEP * EMO_NN_CHANNEL_STEP;
}

EmoStatus
emo_nn_gradient_create(EmoEnv *env, const EmoNnArchitecture *architecture, int n_classes,
					   int max_frames, EmoNnGradient **result)
{
	EmoNnGradient *gradient = emo_alloc_zero(env, 1, sizeof(EmoNnGradient));
	const EmoNnShape *shape;
	size_t n_first, n_taps;

	*result = NULL;
	/* Room as for training: all layers are kept. */
	if (gradient == NULL || emo_nn_network_create(env, architecture, n_classes, 1, max_frames, true,
												  &gradient->network) != EMO_OK)
		return env->status;
	shape = &gradient->network->shape;
	n_first = (size_t) shape->blocks[0].in_width * padded(shape->blocks[0].in_channels);
	n_taps = (size_t) shape->blocks[0].time.kernel * shape->blocks[0].coefficient.kernel *
			 padded(shape->blocks[0].in_channels) * shape->blocks[0].block->channels;
	gradient->d_input =
		emo_alloc(env, (size_t) max_frames * (size_t) shape->n_values, sizeof(float));
	gradient->d_first = emo_alloc(env, max_frames * n_first + n_taps, sizeof(float));
	gradient->zeros = emo_alloc_zero(env, EMO_NN_MAX_CHANNELS, sizeof(float));
	if (gradient->d_input == NULL || gradient->d_first == NULL || gradient->zeros == NULL)
		return env->status;
	gradient->network->n = 1;
	*result = gradient;
	return EMO_OK;
}

/* Dense layer and pooling; leaves the gradient by the last block's values in d_y. */
static EmoStatus
head_gradient(EmoEnv *env, EmoNnNetwork *network, const float *weights, const float *d_scores)
{
	const EmoNnShape *shape = &network->shape;
	int last = shape->n_blocks - 1;

	for (int i = 0; i < shape->n_pooled; i++)
	{
		const float *row = weights + shape->dense_weight + (ptrdiff_t) i * shape->n_classes;
		float sum = 0;

		for (int c = 0; c < shape->n_classes; c++)
			sum += row[c] * d_scores[c];
		network->d_pooled[i] = sum;
	}
	return emo_nn_pool_gradient(
		env, network->blocks[last].y, network->blocks[last].out_rows[0], shape->n_features,
		shape->n_heads, shape->attention_weight < 0 ? NULL : weights + shape->attention_weight,
		network->attention, network->pooled, network->d_pooled, network->work, network->d_y, NULL);
}

/* The first convolution as if it had whole vectors of channels, the last of them with weight 0. */
static EmoStatus
first_gradient(EmoEnv *env, EmoNnGradient *gradient, const float *weights)
{
	EmoNnNetwork *network = gradient->network;
	const EmoNnBlockShape *of = &network->shape.blocks[0];
	EmoNnConv conv = emo_nn_block_conv(of, network->blocks[0].in_rows[0]);
	int n_in = conv.in_channels, n_padded = padded(n_in), n_out = conv.out_channels;
	size_t n_positions = (size_t) conv.outer.in * conv.inner.in;
	int n_taps = conv.outer.kernel * conv.inner.kernel;
	float *transposed = gradient->d_first + n_positions * n_padded;

	memset(gradient->d_first, 0,
		   (n_positions + (size_t) n_taps * n_out) * n_padded * sizeof(float));
	for (int k = 0; k < n_taps; k++)
		for (int i = 0; i < n_in; i++)
			for (int o = 0; o < n_out; o++)
				transposed[((ptrdiff_t) k * n_out + o) * n_padded + i] =
					weights[of->conv_weight + ((ptrdiff_t) k * n_in + i) * n_out + o];
	conv.in_channels = n_padded;
	if (emo_nn_conv_input_gradient(env, network->kernels, &conv, network->d_z, transposed,
								   gradient->d_first) != EMO_OK)
		return env->status;
	for (size_t p = 0; p < n_positions; p++)
		memcpy(gradient->d_input + p * n_in, gradient->d_first + p * n_padded,
			   n_in * sizeof(float));
	/* What is added to the block's output is its input, if both are of the same shape. */
	for (size_t j = 0; of->adds_input && j < n_positions * n_in; j++)
		gradient->d_input[j] += network->d_y[j];
	return EMO_OK;
}

/* From d_y to d_in, which then change places; or to d_input. */
static EmoStatus
block_gradient(EmoEnv *env, EmoNnGradient *gradient, int i, const float *weights)
{
	EmoNnNetwork *network = gradient->network;
	const EmoNnBlockShape *of = &network->shape.blocks[i];
	EmoNnActivation activation = emo_nn_activation(network, i, 0);
	EmoNnConv conv = emo_nn_block_conv(of, network->blocks[i].in_rows[0]);
	size_t n_in = (size_t) conv.outer.in * conv.inner.in * conv.in_channels;
	float *swapped = network->d_y;

	network->kernels->gradient(&activation, network->d_y, network->blocks[i].z,
							   network->blocks[i].scale, gradient->zeros, gradient->zeros,
							   network->d_z);
	if (i == 0)
		return first_gradient(env, gradient, weights);
	emo_nn_conv_transpose(&conv, weights + of->conv_weight, network->transposed);
	if (of->adds_input)
		memcpy(network->d_in, network->d_y, n_in * sizeof(float));
	else
		memset(network->d_in, 0, n_in * sizeof(float));
	if (emo_nn_conv_input_gradient(env, network->kernels, &conv, network->d_z, network->transposed,
								   network->d_in) != EMO_OK)
		return env->status;
	network->d_y = network->d_in;
	network->d_in = swapped;
	return EMO_OK;
}

EmoStatus
emo_nn_input_gradient(EmoEnv *env, EmoNnGradient *gradient, float *weights, const float *d_scores)
{
	EmoNnNetwork *network = gradient->network;

	if (emo_nn_forward(env, network, weights, false, 0) != EMO_OK ||
		head_gradient(env, network, weights, d_scores) != EMO_OK)
		return env->status;
	for (int i = network->shape.n_blocks - 1; i >= 0; i--)
		if (block_gradient(env, gradient, i, weights) != EMO_OK)
			return env->status;
	return EMO_OK;
}

EmoStatus
emo_nn_mean_scores(EmoEnv *env, EmoNnGradient *gradient, const EmoNnModel *model, float *scores)
{
	memset(scores, 0, model->n_classes * sizeof(float));
	for (int net = 0; net < model->n_nets; net++)
	{
		if (emo_nn_forward(env, gradient->network, emo_nn_weights_of(model, net), false, 0) !=
			EMO_OK)
			return env->status;
		for (int c = 0; c < model->n_classes; c++)
			scores[c] += gradient->network->scores[c] / (float) model->n_nets;
	}
	return EMO_OK;
}

EmoStatus
emo_nn_mean_gradient(EmoEnv *env, EmoNnGradient *gradient, const EmoNnModel *model,
					 const float *d_scores, float *d_input)
{
	const EmoNnNetwork *network = gradient->network;
	size_t n = (size_t) network->frames[0] * (size_t) network->shape.n_values;

	memset(d_input, 0, n * sizeof(float));
	for (int net = 0; net < model->n_nets; net++)
	{
		if (emo_nn_input_gradient(env, gradient, emo_nn_weights_of(model, net), d_scores) != EMO_OK)
			return env->status;
		for (size_t j = 0; j < n; j++)
			d_input[j] += gradient->d_input[j] / (float) model->n_nets;
	}
	return EMO_OK;
}
