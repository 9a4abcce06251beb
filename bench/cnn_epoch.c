/*
 * cnn_epoch.c
 *	  Time of one epoch of a net on random numbers; see cnn_epoch.py.
 *
 * Prints seconds of an epoch, seconds of a forward pass of one recording, and the epoch's
 * floating-point operations in convolutions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/blas.h"
#include "core/base/random.h"
#include "core/nn/loss.h"
#include "core/nn/model.h"
#include "core/nn/network.h"
#include "core/nn/optimiser.h"

#define BATCH     32
#define N_CLASSES 7

static void *
host_alloc(void *host, size_t size)
{
	(void) host;
	return malloc(size);
}

static void
host_release(void *host, void *block)
{
	(void) host;
	free(block);
}

static bool
host_should_stop(void *host)
{
	(void) host;
	return false;
}

static double
now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

/* Forward and twice as much backward, but for the first layer's input. */
static double
flop_of(const EmoNnShape *shape, int n_frames)
{
	double flop = 0;

	for (int i = 0; i < shape->n_blocks; i++)
	{
		EmoNnConv conv = emo_nn_block_conv(&shape->blocks[i], n_frames);

		flop += (i == 0 ? 2 : 3) * 2.0 * conv.outer.out * conv.inner.out * conv.outer.kernel *
				conv.inner.kernel * conv.in_channels * conv.out_channels;
		n_frames = emo_nn_block_rows(&shape->blocks[i], n_frames);
	}
	return flop;
}

int
main(int argc, char **argv)
{
	EmoEnv env = {.alloc = host_alloc, .release = host_release, .should_stop = host_should_stop};
	bool temporal = argc < 2 || strcmp(argv[1], "temporal") == 0;
	int n_recordings = temporal ? 485 : 339, n_frames = temporal ? 256 : 300;
	EmoNnOptimiserOptions optimiser;
	EmoNnArchitecture architecture;
	EmoNnNetwork *network;
	EmoRandom random;
	float *weights, *gradient, *first, *second, *inputs, d_scores[BATCH * N_CLASSES];
	uint8_t *decays;
	size_t n_values;
	double start_s, epoch_s;

	emo_default_options(&emo_nn_optimiser_options, &optimiser);
	emo_blas_init();
	if (emo_nn_preset(&env, temporal ? "temporal" : "image", 0, &architecture) != EMO_OK ||
		emo_nn_network_create(&env, &architecture, N_CLASSES, BATCH, n_frames, true, &network) !=
			EMO_OK)
		return 1;
	n_values = (size_t) n_frames * network->shape.n_values;
	weights = calloc(network->shape.n_weights, sizeof(float));
	gradient = calloc(network->shape.n_weights, sizeof(float));
	first = calloc(network->shape.n_weights, sizeof(float));
	second = calloc(network->shape.n_weights, sizeof(float));
	decays = calloc(network->shape.n_weights, 1);
	inputs = malloc(n_recordings * n_values * sizeof(float));
	emo_random_seed(&random, 1);
	for (size_t i = 0; i < n_recordings * n_values; i++)
		inputs[i] = (float) emo_random_normal(&random);
	emo_nn_init_weights(&network->shape, 1, weights);
	start_s = now_s();
	for (int b = 0; b < n_recordings; b += BATCH)
	{
		float targets[BATCH * N_CLASSES] = {0};

		network->n = n_recordings - b < BATCH ? n_recordings - b : BATCH;
		for (int i = 0; i < network->n; i++)
		{
			network->frames[i] = n_frames;
			emo_nn_add_target((b + i) % N_CLASSES, N_CLASSES, 1, 0.1, 1, targets + i * N_CLASSES);
		}
		memcpy(network->input, inputs + b * n_values, network->n * n_values * sizeof(float));
		if (emo_nn_forward(&env, network, weights, true, b) != EMO_OK)
			return 1;
		emo_nn_cross_entropy(network->scores, targets, network->n, N_CLASSES, d_scores);
		if (emo_nn_backward(&env, network, weights, d_scores, gradient) != EMO_OK)
			return 1;
		emo_nn_optimise(&optimiser, 4e-3, b / BATCH, network->shape.n_parameters, decays, gradient,
						weights, first, second);
	}
	epoch_s = now_s() - start_s;
	network->n = 1;
	start_s = now_s();
	for (int i = 0; i < 50; i++)
		if (emo_nn_forward(&env, network, weights, false, 0) != EMO_OK)
			return 1;
	printf("%g %g %g\n", epoch_s, (now_s() - start_s) / 50,
		   flop_of(&network->shape, n_frames) * n_recordings);
	return 0;
}
