/*
 * backward.c
 *	  From the gradient by a batch's scores to that by the net's weights.
 */
#include <cblas.h>
#include <string.h>

#include "core/nn/dropout.h"
#include "core/nn/network.h"
#include "core/nn/norm.h"
#include "core/nn/pooling.h"

/* Dense layer and pooling; leaves the gradient by the last block's values in d_y. */
static EmoStatus
head_gradient(EmoEnv *env, EmoNnNetwork *network, const float *weights, const float *d_scores,
			  float *gradient)
{
	const EmoNnShape *shape = &network->shape;
	int last = shape->n_blocks - 1;
	const int *rows = network->blocks[last].out_rows;
	const float *x = network->blocks[last].y, *attention = network->attention;
	bool attends = shape->attention_weight >= 0;
	float *d_x = network->d_y;

	cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, shape->n_pooled, shape->n_classes,
				network->n, 1, network->dropped, shape->n_pooled, d_scores, shape->n_classes, 0,
				gradient + shape->dense_weight, shape->n_classes);
	for (int b = 0; b < network->n; b++)
		for (int c = 0; c < shape->n_classes; c++)
			gradient[shape->dense_bias + c] += d_scores[(size_t) b * shape->n_classes + c];
	cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, network->n, shape->n_pooled,
				shape->n_classes, 1, d_scores, shape->n_classes, weights + shape->dense_weight,
				shape->n_classes, 0, network->d_pooled, shape->n_pooled);
	emo_nn_dropout(network->kernels, shape->architecture.head_dropout, network->head_key,
				   (size_t) network->n * shape->n_pooled, network->d_pooled);
	for (int b = 0; b < network->n; b++)
	{
		size_t first = (size_t) b * shape->n_pooled;

		if (emo_nn_pool_gradient(env, x, rows[b], shape->n_features, shape->n_heads,
								 attends ? weights + shape->attention_weight : NULL, attention,
								 network->pooled + first, network->d_pooled + first, network->work,
								 d_x,
								 attends ? gradient + shape->attention_weight : NULL) != EMO_OK)
			return env->status;
		x += (size_t) rows[b] * shape->n_features;
		d_x += (size_t) rows[b] * shape->n_features;
		attention += (size_t) rows[b] * shape->n_heads;
	}
	return EMO_OK;
}

/* network->sums for batch-norm: of the gradient, and of its product with z less the mean. */
static EmoStatus
take_sums(EmoEnv *env, EmoNnNetwork *network, int i)
{
	int channels = network->shape.blocks[i].block->channels;
	const float *dy = network->d_y, *z = network->blocks[i].z;
	float *sum = network->channel_work, *product = sum + channels, *center = product + channels;

	memset(network->sums, 0, (size_t) 2 * channels * sizeof(double));
	memset(center, 0, channels * sizeof(float));
	if (network->shape.blocks[i].norm_weight >= 0)
		memcpy(center, network->blocks[i].mean, channels * sizeof(float));
	for (int b = 0; b < network->n; b++)
	{
		EmoNnActivation shape = emo_nn_activation(network, i, b);

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		memset(sum, 0, (size_t) 2 * channels * sizeof(float));
		network->kernels->gradient_sums(&shape, dy, z, center, sum, product);
		for (int c = 0; c < 2 * channels; c++)
			network->sums[c] += sum[c];
		dy += (size_t) shape.out_rows * shape.out_width * channels;
		z += (size_t) shape.rows * shape.width * channels;
	}
	return EMO_OK;
}

/* Convolution's gradients, recording by recording, from d_y to d_in. */
static EmoStatus
convolution_gradient(EmoEnv *env, EmoNnNetwork *network, int i, const float *slope,
					 const float *linear, const float *constant, float *d_weights)
{
	const EmoNnBlockShape *of = &network->shape.blocks[i];
	const float *in = i == 0 ? network->input : network->blocks[i - 1].y;
	const float *dy = network->d_y, *z = network->blocks[i].z;
	float *d_in = network->d_in;

	for (int b = 0; b < network->n; b++)
	{
		EmoNnActivation shape = emo_nn_activation(network, i, b);
		EmoNnConv conv = emo_nn_block_conv(of, network->blocks[i].in_rows[b]);

		network->kernels->gradient(&shape, dy, z, slope, linear, constant, network->d_z);
		if (emo_nn_conv_weight_gradient(env, network->kernels, &conv, in, network->d_z,
										network->work, d_weights) != EMO_OK)
			return env->status;
		/* The gradient by the recordings is not needed. */
		if (i > 0 && emo_nn_conv_input_gradient(env, network->kernels, &conv, network->d_z,
												network->transposed, d_in) != EMO_OK)
			return env->status;
		dy += (size_t) shape.out_rows * shape.out_width * shape.channels;
		z += (size_t) shape.rows * shape.width * shape.channels;
		in += (size_t) conv.outer.in * conv.inner.in * conv.in_channels;
		d_in += (size_t) conv.outer.in * conv.inner.in * conv.in_channels;
	}
	return EMO_OK;
}

/* From d_y to d_in, which then change places. */
static EmoStatus
block_gradient(EmoEnv *env, EmoNnNetwork *network, int i, const float *weights, float *gradient)
{
	const EmoNnBlockShape *of = &network->shape.blocks[i];
	int channels = of->block->channels;
	size_t n_out = emo_nn_total_rows(network->blocks[i].out_rows, network->n) *
				   (size_t) of->out_width * channels;
	size_t n_in = emo_nn_total_rows(network->blocks[i].in_rows, network->n) *
				  (size_t) of->in_width * of->in_channels;
	float *slope = network->channel_work + 4 * channels, *linear = slope + channels;
	float *constant = linear + channels, *swapped = network->d_y;

	if (i > 0)
	{
		EmoNnConv conv = emo_nn_block_conv(of, 1);

		emo_nn_conv_transpose(&conv, weights + of->conv_weight, network->transposed);
		if (of->adds_input)
			memcpy(network->d_in, network->d_y, n_in * sizeof(float));
		else
			memset(network->d_in, 0, n_in * sizeof(float));
	}
	emo_nn_dropout(network->kernels, of->block->dropout, network->blocks[i].drop_key, n_out,
				   network->d_y);
	if (take_sums(env, network, i) != EMO_OK)
		return env->status;
	emo_nn_norm_gradient(network, i, gradient, slope, linear, constant);
	if (convolution_gradient(env, network, i, slope, linear, constant,
							 gradient + of->conv_weight) != EMO_OK)
		return env->status;
	network->d_y = network->d_in;
	network->d_in = swapped;
	return EMO_OK;
}

EmoStatus
emo_nn_backward(EmoEnv *env, EmoNnNetwork *network, const float *weights, const float *d_scores,
				float *gradient)
{
	memset(gradient, 0, (size_t) network->shape.n_parameters * sizeof(float));
	if (head_gradient(env, network, weights, d_scores, gradient) != EMO_OK)
		return env->status;
	for (int i = network->shape.n_blocks - 1; i >= 0; i--)
		if (block_gradient(env, network, i, weights, gradient) != EMO_OK)
			return env->status;
	return EMO_OK;
}
