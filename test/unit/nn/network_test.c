/*
 * network_test.c
 *	  Gradients of whole nets against central differences, and what a net must not depend on.
 */
#include "nn_sample.h"

/* -sum targets ln softmax(scores), in double from the net's scores. */
static double
loss_of(EmoEnv *env, EmoNnNetwork *network, const float *weights, const float *targets)
{
	int64_t n = network->shape.n_weights;
	float *copy = malloc(n * sizeof(float));
	float d_scores[NN_BATCH * NN_CLASSES];
	double loss;

	/* Running statistics move in training. */
	memcpy(copy, weights, n * sizeof(float));
	CHECK(emo_nn_forward(env, network, copy, true, 5) == EMO_OK);
	loss = emo_nn_cross_entropy(network->scores, targets, network->n, NN_CLASSES, d_scores);
	free(copy);
	return loss;
}

/* Along a random direction within each tensor, so that every layer is checked by itself. */
static void
check_gradients(EmoEnv *env, const EmoNnArchitecture *architecture, double step, double tolerance)
{
	EmoNnNetwork *network;
	EmoNnTensor tensors[EMO_NN_MAX_TENSORS];
	float targets[NN_BATCH * NN_CLASSES], d_scores[NN_BATCH * NN_CLASSES];
	float *weights, *moved, *gradient, *direction;
	EmoRandom random;
	int n_tensors;

	CHECK(emo_nn_check_architecture(env, architecture, NN_CLASSES) == EMO_OK);
	CHECK(emo_nn_network_create(env, architecture, NN_CLASSES, NN_BATCH, NN_FRAMES, true,
								&network) == EMO_OK);
	weights = emo_alloc(env, network->shape.n_weights, sizeof(float));
	moved = emo_alloc(env, network->shape.n_weights, sizeof(float));
	gradient = emo_alloc(env, network->shape.n_parameters, sizeof(float));
	direction = emo_alloc(env, network->shape.n_parameters, sizeof(float));
	emo_random_seed(&random, 7);
	emo_nn_init_weights(&network->shape, 3, weights);
	nn_fill_batch(network, &random, targets);
	loss_of(env, network, weights, targets);
	emo_nn_cross_entropy(network->scores, targets, network->n, NN_CLASSES, d_scores);
	CHECK(emo_nn_backward(env, network, weights, d_scores, gradient) == EMO_OK);
	n_tensors = emo_nn_tensors(architecture, NN_CLASSES, tensors);
	for (int i = 0; i < n_tensors; i++)
	{
		double expected = 0, size = 0, gradient_size = 0, losses[2], actual;

		if (!tensors[i].trained)
			continue;
		/* Half along the gradient, so that the slope is not small by chance. */
		for (int64_t j = tensors[i].first; j < tensors[i].first + tensors[i].n; j++)
			gradient_size += (double) gradient[j] * gradient[j];
		for (int64_t j = tensors[i].first; j < tensors[i].first + tensors[i].n; j++)
		{
			direction[j] = (float) (emo_random_normal(&random) +
									2 * gradient[j] * sqrt(tensors[i].n / (gradient_size + 1e-20)));
			size += (double) direction[j] * direction[j];
		}
		for (int64_t j = tensors[i].first; j < tensors[i].first + tensors[i].n; j++)
		{
			direction[j] /= (float) sqrt(size);
			expected += (double) direction[j] * gradient[j];
		}
		for (int side = 0; side < 2; side++)
		{
			memcpy(moved, weights, network->shape.n_weights * sizeof(float));
			for (int64_t j = tensors[i].first; j < tensors[i].first + tensors[i].n; j++)
				moved[j] += (float) (side == 0 ? step : -step) * direction[j];
			losses[side] = loss_of(env, network, moved, targets);
		}
		actual = (losses[0] - losses[1]) / (2 * step);
		if (!(fabs(actual - expected) <= tolerance * fabs(expected) + 2e-5))
			printf("# %s\n", tensors[i].name);
		CHECK_NEAR(actual, expected, tolerance * fabs(expected) + 2e-5);
	}
}

static void
test_gradients_of_smooth_nets(EmoEnv *env)
{
	/* Without ReLU and max-pool losses are smooth, and differences close. */
	for (int variant = 0; variant < 6; variant++)
	{
		EmoNnArchitecture architecture = nn_smooth_architecture(variant);

		check_gradients(env, &architecture, 0.01, 2e-3);
	}
}

static void
test_gradients_of_presets(EmoEnv *env)
{
	static const char *names[] = {"temporal", "image", "original"};

	/* A step crosses some of the kinks of ReLU and max-pool. */
	for (int i = 0; i < 3; i++)
	{
		EmoNnArchitecture architecture;

		CHECK(emo_nn_preset(env, names[i], 16, &architecture) == EMO_OK);
		check_gradients(env, &architecture, 2e-3, 0.02);
	}
}

/* In inference a recording's scores don't depend on what else is in the batch. */
static void
test_batch_does_not_matter(EmoEnv *env)
{
	EmoNnArchitecture architecture;
	EmoNnNetwork *network;
	float targets[NN_BATCH * NN_CLASSES], together[NN_BATCH * NN_CLASSES];
	float *weights, *all;
	size_t first = 0, n_values;
	EmoRandom random;

	CHECK(emo_nn_preset(env, "temporal", 16, &architecture) == EMO_OK);
	CHECK(emo_nn_network_create(env, &architecture, NN_CLASSES, NN_BATCH, NN_FRAMES, false,
								&network) == EMO_OK);
	weights = emo_alloc(env, network->shape.n_weights, sizeof(float));
	emo_random_seed(&random, 11);
	emo_nn_init_weights(&network->shape, 3, weights);
	nn_fill_batch(network, &random, targets);
	n_values = network->shape.n_values;
	all = emo_alloc(env, NN_BATCH * NN_FRAMES * n_values, sizeof(float));
	memcpy(all, network->input, NN_BATCH * NN_FRAMES * n_values * sizeof(float));
	CHECK(emo_nn_forward(env, network, weights, false, 0) == EMO_OK);
	memcpy(together, network->scores, sizeof(together));
	network->n = 1;
	for (int b = 0; b < NN_BATCH; b++)
	{
		network->frames[0] = nn_frames[b];
		memcpy(network->input, all + first, nn_frames[b] * n_values * sizeof(float));
		CHECK(emo_nn_forward(env, network, weights, false, 0) == EMO_OK);
		for (int c = 0; c < NN_CLASSES; c++)
			CHECK_NEAR(network->scores[c], together[b * NN_CLASSES + c], 1e-5);
		first += nn_frames[b] * n_values;
	}
}

/* Batch-norm: with statistics of the batch the output has mean 0 and variance 1 per channel; the
 * running ones approach those, and then give the same. */
static void
test_batch_norm_modes(EmoEnv *env)
{
	EmoNnArchitecture architecture = nn_smooth_architecture(0);
	EmoNnNetwork *network;
	float targets[NN_BATCH * NN_CLASSES], by_batch[NN_BATCH * NN_CLASSES];
	float *weights;
	int channels, rows = 0;
	EmoRandom random;

	architecture.n_blocks = 1;
	architecture.blocks[0].dropout = 0;
	architecture.head_dropout = 0;
	CHECK(emo_nn_network_create(env, &architecture, NN_CLASSES, NN_BATCH, NN_FRAMES, true,
								&network) == EMO_OK);
	weights = emo_alloc(env, network->shape.n_weights, sizeof(float));
	emo_random_seed(&random, 13);
	emo_nn_init_weights(&network->shape, 3, weights);
	nn_fill_batch(network, &random, targets);
	for (int i = 0; i < 200; i++)
		CHECK(emo_nn_forward(env, network, weights, true, 1) == EMO_OK);
	memcpy(by_batch, network->scores, sizeof(by_batch));
	channels = architecture.blocks[0].channels;
	for (int b = 0; b < NN_BATCH; b++)
		rows += network->blocks[0].out_rows[b];
	for (int c = 0; c < channels; c++)
	{
		double sum = 0, square = 0;

		for (int t = 0; t < rows; t++)
		{
			double y = network->blocks[0].y[t * channels + c];

			sum += y;
			square += y * y;
		}
		CHECK_NEAR(sum / rows, 0, 1e-5);
		CHECK_NEAR(square / rows, 1, 1e-3);
	}
	CHECK(emo_nn_forward(env, network, weights, false, 1) == EMO_OK);
	/* The running variance is that of a sample: n / (n - 1) larger. */
	for (int i = 0; i < NN_BATCH * NN_CLASSES; i++)
		CHECK_NEAR(network->scores[i], by_batch[i], 0.02);
}

int
main(void)
{
	RUN(test_gradients_of_smooth_nets);
	RUN(test_gradients_of_presets);
	RUN(test_batch_does_not_matter);
	RUN(test_batch_norm_modes);
	return unit_finish();
}
