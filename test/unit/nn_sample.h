/*
 * nn_sample.h
 *	  Small nets and batches for the tests.
 */
#ifndef EMO_NN_SAMPLE_H
#define EMO_NN_SAMPLE_H

#include "core/base/random.h"
#include "core/nn/loss.h"
#include "core/nn/model.h"
#include "core/nn/network.h"
#include "unit.h"

#define NN_BATCH   5
#define NN_CLASSES 3
#define NN_FRAMES  50

/* Of very different lengths, the shortest shorter than most kernels. */
__attribute__((unused)) static const int nn_frames[NN_BATCH] = {50, 1, 23, 37, 8};

/* Without kinks: no ReLU, no max-pool. */
__attribute__((unused)) static EmoNnArchitecture
nn_smooth_architecture(int variant)
{
	EmoNnArchitecture architecture = {
		.name = "custom", .n_coefficients = 7, .n_blocks = 3, .n_heads = 2, .head_dropout = 0.3};

	architecture.pitch = variant % 2 == 0;
	architecture.pooling = variant % 3 == 0 ? EMO_NN_POOL_ATTENTION : EMO_NN_POOL_MEAN_DEVIATION;
	for (int i = 0; i < 3; i++)
	{
		EmoNnBlock *block = &architecture.blocks[i];

		*block = emo_nn_default_block(variant < 3 || i == 2 ? EMO_NN_CONV1D : EMO_NN_CONV2D);
		block->channels = i == 1 ? 32 : 16;
		block->relu = false;
		block->residual = true;
		block->dropout = 0.2;
		block->batch_norm = variant != 1;
		block->kernel[0] = 2 + (i + variant) % 4;
		block->dilation[0] = 1 + (i + variant) % 3;
		block->stride[0] = 1 + (i == 1);
		if (variant == 2)
		{
			block->channels = 16;
			block->stride[0] = 1;
			block->padding[0] = i == 1 ? 1 : EMO_NN_SAME_PADDING;
		}
		if (block->kind == EMO_NN_CONV2D)
		{
			block->kernel[1] = 2 + (i + variant) % 2;
			block->stride[1] = 1 + (i == 0);
			block->dilation[1] = 1 + (i == 1);
		}
	}
	return architecture;
}

__attribute__((unused)) static void
nn_fill_batch(EmoNnNetwork *network, EmoRandom *random, float *targets)
{
	size_t n_values = 0;

	network->n = NN_BATCH;
	memset(targets, 0, NN_BATCH * NN_CLASSES * sizeof(float));
	for (int b = 0; b < NN_BATCH; b++)
	{
		network->frames[b] = nn_frames[b];
		n_values += (size_t) nn_frames[b] * network->shape.n_values;
		emo_nn_add_target(b % NN_CLASSES, NN_CLASSES, 0.7, 0.1, 1 + b % 2,
						  targets + b * NN_CLASSES);
		emo_nn_add_target((b + 1) % NN_CLASSES, NN_CLASSES, 0.3, 0.1, 1, targets + b * NN_CLASSES);
	}
	for (size_t i = 0; i < n_values; i++)
		network->input[i] = (float) emo_random_normal(random);
}

/* A preset with fresh weights, three views and a temperature of 1.5. */
__attribute__((unused)) static EmoNnModel
nn_make_model(EmoEnv *env, const char *name)
{
	EmoNnModel model = {
		.n_classes = NN_CLASSES, .n_nets = 1, .temperature = 1.5f, .n_warps = 3, .warp = 0.05f};
	EmoNnShape shape;

	CHECK(emo_nn_preset(env, name, 16, &model.architecture) == EMO_OK);
	emo_nn_shape(&model.architecture, NN_CLASSES, &shape);
	model.n_weights = shape.n_weights;
	model.weights = emo_alloc(env, shape.n_weights, sizeof(float));
	emo_nn_init_weights(&shape, 1, model.weights);
	for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
		model.input_deviation[i] = 1 + 0.1f * (float) i;
	return model;
}

/* Noise, such as no recording has. */
__attribute__((unused)) static uint16_t *
nn_make_frames(EmoEnv *env, int n_frames)
{
	uint16_t *frames = emo_alloc(env, n_frames, EMO_NN_FRAME_VALUES * sizeof(uint16_t));
	EmoRandom random;

	emo_random_seed(&random, 5);
	for (int i = 0; i < n_frames * EMO_NN_FRAME_VALUES; i++)
		frames[i] = emo_half_of_float((float) emo_random_normal(&random));
	return frames;
}

#endif
