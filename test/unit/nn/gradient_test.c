/*
 * gradient_test.c
 *	  Gradients by what a net hears against central differences.
 */
#include "core/nn/gradient.h"
#include "nn_sample.h"

static const float d_scores[NN_CLASSES] = {1, -0.5f, 0.25f};

static double
value_of(EmoEnv *env, EmoNnNetwork *network, float *weights)
{
	double value = 0;

	CHECK(emo_nn_forward(env, network, weights, false, 0) == EMO_OK);
	for (int c = 0; c < NN_CLASSES; c++)
		value += (double) d_scores[c] * network->scores[c];
	return value;
}

/* Running statistics as a training would leave them. */
static void
settle(EmoEnv *env, EmoNnNetwork *network, float *weights, EmoRandom *random)
{
	for (int i = 0; i < 20; i++)
	{
		for (int j = 0; j < network->frames[0] * network->shape.n_values; j++)
			network->input[j] = (float) emo_random_normal(random);
		CHECK(emo_nn_forward(env, network, weights, true, 1) == EMO_OK);
	}
}

static void
check_gradient(EmoEnv *env, const EmoNnArchitecture *architecture, int n_frames, double step,
			   double tolerance)
{
	EmoNnGradient *gradient;
	float *weights, *input, *direction;
	double expected = 0, size = 0, length = 0, values[2];
	EmoRandom random;
	int n;

	CHECK(emo_nn_check_architecture(env, architecture, NN_CLASSES) == EMO_OK);
	CHECK(emo_nn_gradient_create(env, architecture, NN_CLASSES, NN_FRAMES, &gradient) == EMO_OK);
	n = n_frames * gradient->network->shape.n_values;
	weights = emo_alloc(env, gradient->network->shape.n_weights, sizeof(float));
	input = emo_alloc(env, n, sizeof(float));
	direction = emo_alloc(env, n, sizeof(float));
	emo_random_seed(&random, 5);
	emo_nn_init_weights(&gradient->network->shape, 3, weights);
	gradient->network->frames[0] = n_frames;
	settle(env, gradient->network, weights, &random);
	memcpy(input, gradient->network->input, n * sizeof(float));
	CHECK(emo_nn_input_gradient(env, gradient, weights, d_scores) == EMO_OK);
	/* Half along the gradient, so that the slope is not small by chance. */
	for (int j = 0; j < n; j++)
		size += (double) gradient->d_input[j] * gradient->d_input[j];
	CHECK(size > 0);
	for (int j = 0; j < n; j++)
	{
		direction[j] = (float) (emo_random_normal(&random) +
								2 * gradient->d_input[j] * sqrt(n / (size + 1e-20)));
		length += (double) direction[j] * direction[j];
		expected += (double) direction[j] * gradient->d_input[j];
	}
	expected /= sqrt(length);
	for (int side = 0; side < 2; side++)
	{
		for (int j = 0; j < n; j++)
			gradient->network->input[j] =
				input[j] + (float) ((side == 0 ? step : -step) * direction[j] / sqrt(length));
		values[side] = value_of(env, gradient->network, weights);
	}
	CHECK_NEAR((values[0] - values[1]) / (2 * step), expected, tolerance * fabs(expected) + 2e-5);
}

static void
test_smooth_nets(EmoEnv *env)
{
	for (int variant = 0; variant < 6; variant++)
	{
		EmoNnArchitecture architecture = nn_smooth_architecture(variant);

		check_gradient(env, &architecture, NN_FRAMES, 0.03, 3e-3);
		check_gradient(env, &architecture, 7, 0.03, 3e-3);
	}
}

/* A block that adds its input to its output as the first: 16 values of a frame, 16 channels. */
static void
test_residual_first_block(EmoEnv *env)
{
	EmoNnArchitecture architecture = nn_smooth_architecture(1);

	architecture.n_coefficients = 16;
	architecture.blocks[0].stride[0] = 1;
	architecture.n_blocks = 1;
	check_gradient(env, &architecture, NN_FRAMES, 0.03, 3e-3);
}

static void
test_presets(EmoEnv *env)
{
	static const char *names[] = {"temporal", "image", "original"};

	/* A step crosses some of the kinks of ReLU and max-pool. */
	for (int i = 0; i < 3; i++)
	{
		EmoNnArchitecture architecture;

		CHECK(emo_nn_preset(env, names[i], 16, &architecture) == EMO_OK);
		check_gradient(env, &architecture, NN_FRAMES, 4e-3, 0.02);
	}
}

int
main(void)
{
	RUN(test_smooth_nets);
	RUN(test_residual_first_block);
	RUN(test_presets);
	return unit_finish();
}
