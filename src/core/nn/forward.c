/*
 * forward.c
 *	  From a batch's frames to its scores.
 */
#include <cblas.h>
#include <string.h>

#include "core/nn/dropout.h"
#include "core/nn/network.h"
#include "core/nn/norm.h"
#include "core/nn/pooling.h"

static const float *
block_input(const EmoNnNetwork *network, int i)
{
	return i == 0 ? network->input : network->blocks[i - 1].y;
}

static void
count_rows(EmoNnNetwork *network)
{
	for (int b = 0; b < network->n; b++)
	{
		int rows = network->frames[b];

		for (int i = 0; i < network->shape.n_blocks; i++)
		{
			network->blocks[i].in_rows[b] = rows;
			network->blocks[i].conv_rows[b] = emo_nn_conv_rows(&network->shape.blocks[i], rows);
			rows = emo_nn_block_rows(&network->shape.blocks[i], rows);
			network->blocks[i].out_rows[b] = rows;
		}
	}
}

static EmoStatus
convolve(EmoEnv *env, EmoNnNetwork *network, int i, const float *weights, EmoNnMoments *moments)
{
	const EmoNnBlockShape *shape = &network->shape.blocks[i];
	const float *in = block_input(network, i);
	float *z = network->blocks[i].z;

	for (int b = 0; b < network->n; b++)
	{
		EmoNnConv conv = emo_nn_block_conv(shape, network->blocks[i].in_rows[b]);

		if (emo_nn_conv_forward(env, network->kernels, &conv, in, weights + shape->conv_weight,
								network->work, moments, z) != EMO_OK)
			return env->status;
		in += (size_t) conv.outer.in * conv.inner.in * conv.in_channels;
		z += (size_t) conv.outer.out * conv.inner.out * conv.out_channels;
	}
	return EMO_OK;
}

static EmoStatus
activate(EmoEnv *env, EmoNnNetwork *network, int i)
{
	const float *z = network->blocks[i].z;
	float *y = network->blocks[i].y;

	for (int b = 0; b < network->n; b++)
	{
		EmoNnActivation shape = emo_nn_activation(network, i, b);

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		network->kernels->activate(&shape, z, y);
		z += (size_t) shape.rows * shape.width * shape.channels;
		y += (size_t) shape.out_rows * shape.out_width * shape.channels;
	}
	return EMO_OK;
}

static EmoStatus
run_block(EmoEnv *env, EmoNnNetwork *network, int i, float *weights, bool training, uint64_t key)
{
	const EmoNnBlockShape *shape = &network->shape.blocks[i];
	bool by_batch = training && shape->norm_weight >= 0;
	int channels = shape->block->channels;
	EmoNnMoments moments = {.center = by_batch ? weights + shape->running_mean : NULL,
							.sum = network->sums,
							.square = network->sums + channels,
							.work = network->channel_work};
	size_t n_values;

	memset(network->sums, 0, (size_t) 2 * channels * sizeof(double));
	if (convolve(env, network, i, weights, by_batch ? &moments : NULL) != EMO_OK)
		return env->status;
	emo_nn_norm_prepare(network, i, weights, by_batch);
	if (activate(env, network, i) != EMO_OK)
		return env->status;
	n_values = emo_nn_total_rows(network->blocks[i].out_rows, network->n) *
			   (size_t) shape->out_width * channels;
	network->blocks[i].drop_key = emo_nn_dropout_key(key, i);
	if (training)
		emo_nn_dropout(network->kernels, shape->block->dropout, network->blocks[i].drop_key,
					   n_values, network->blocks[i].y);
	if (shape->adds_input)
		network->kernels->add(network->blocks[i].y, block_input(network, i), n_values);
	return EMO_OK;
}

/* Pooling over time and the dense layer. */
static EmoStatus
run_head(EmoEnv *env, EmoNnNetwork *network, const float *weights, bool training, uint64_t key)
{
	const EmoNnShape *shape = &network->shape;
	const float *x = network->blocks[shape->n_blocks - 1].y;
	const int *rows = network->blocks[shape->n_blocks - 1].out_rows;
	float *attention = network->attention;
	size_t n_pooled = (size_t) network->n * shape->n_pooled;

	for (int b = 0; b < network->n; b++)
	{
		if (emo_nn_pool(env, x, rows[b], shape->n_features, shape->n_heads,
						shape->attention_weight < 0 ? NULL : weights + shape->attention_weight,
						attention, network->pooled + (size_t) b * shape->n_pooled) != EMO_OK)
			return env->status;
		x += (size_t) rows[b] * shape->n_features;
		attention += (size_t) rows[b] * shape->n_heads;
	}
	memcpy(network->dropped, network->pooled, n_pooled * sizeof(float));
	network->head_key = emo_nn_dropout_key(key, shape->n_blocks);
	if (training)
		emo_nn_dropout(network->kernels, shape->architecture.head_dropout, network->head_key,
					   n_pooled, network->dropped);
	for (int b = 0; b < network->n; b++)
		memcpy(network->scores + (size_t) b * shape->n_classes, weights + shape->dense_bias,
			   shape->n_classes * sizeof(float));
	cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, network->n, shape->n_classes,
				shape->n_pooled, 1, network->dropped, shape->n_pooled,
				weights + shape->dense_weight, shape->n_classes, 1, network->scores,
				shape->n_classes);
	return emo_check_stop(env);
}

EmoStatus
emo_nn_forward(EmoEnv *env, EmoNnNetwork *network, float *weights, bool training, uint64_t key)
{
	count_rows(network);
	for (int i = 0; i < network->shape.n_blocks; i++)
		if (run_block(env, network, i, weights, training, key) != EMO_OK)
			return env->status;
	return run_head(env, network, weights, training, key);
}
