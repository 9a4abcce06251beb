/*
 * encoder_sample.h
 *	  Small encoders of random weights for tests.
 */
#ifndef ENCODER_SAMPLE_H
#define ENCODER_SAMPLE_H

#include <math.h>

#include "core/base/random.h"
#include "core/encoder/tensors.h"

static const EmoEncoderConfig sample_base = {.kind = EMO_WAV2VEC2,
											 .width = 12,
											 .n_layers = 2,
											 .n_heads = 3,
											 .inner_width = 20,
											 .norm_epsilon = 1e-5f,
											 .standardises = 1,
											 .n_convs = 3,
											 .convs = {{7, 10, 5}, {9, 3, 2}, {8, 2, 2}},
											 .projection_norm = 1,
											 .position_kernel = 8,
											 .position_groups = 3};

/* Weights of random numbers, such that what goes through them keeps its size; the memory is env's. */
static __attribute__((unused)) EmoEncoderWeights *
sample_weights(EmoEnv *env, const EmoEncoderConfig *config, uint64_t seed)
{
	EmoEncoderWeights *weights = emo_alloc(env, 1, sizeof(*weights));
	EmoEncoderTensor *tensors;
	EmoRandom random;
	uint64_t end;
	int n_tensors;

	emo_random_seed(&random, seed);
	emo_encoder_tensors(env, config, EMO_F32, 0, weights, &tensors, &n_tensors, &end);
	for (int i = 0; i < n_tensors; i++)
	{
		const EmoEncoderTensor *tensor = &tensors[i];
		size_t n = (size_t) tensor->rows * tensor->columns;
		float *values = emo_alloc(env, n, sizeof(float));
		double scale = tensor->matrix != NULL ? 1.5 / sqrt(tensor->columns) : 0.5;

		for (size_t j = 0; j < n; j++)
			values[j] = (float) (scale * emo_random_normal(&random));
		if (tensor->matrix != NULL)
			*tensor->matrix = (EmoMatrix){values, NULL, EMO_F32, tensor->rows, tensor->columns, 1};
		else
			*tensor->values = values;
	}
	return weights;
}

static __attribute__((unused)) float *
sample_recording(EmoEnv *env, int n, uint64_t seed)
{
	float *samples = emo_alloc(env, n, sizeof(float));
	EmoRandom random;

	emo_random_seed(&random, seed);
	for (int i = 0; i < n; i++)
		samples[i] = (float) (0.02 + 0.1 * sin(0.07 * i + sin(0.001 * i)) +
							  0.05 * emo_random_normal(&random));
	return samples;
}

#endif
