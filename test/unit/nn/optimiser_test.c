/*
 * optimiser_test.c
 *	  Steps of the optimisers by their formulas, and the schedules' shapes.
 */
#include "core/nn/optimiser.h"
#include "unit.h"

#define N 3

static const float start[N] = {1, -2, 0.5f};
static const float gradients[2][N] = {{0.1f, -0.2f, 3}, {0.3f, 0.4f, -1}};
static const uint8_t decays[N] = {1, 1, 0};

static EmoNnOptimiserOptions
default_optimiser(void)
{
	EmoNnOptimiserOptions options;

	emo_default_options(&emo_nn_optimiser_options, &options);
	return options;
}

/* Two steps in double, as the papers write them. */
static void
expected_weights(EmoNnOptimiserKind kind, double rate, double decay, double momentum, double *w)
{
	double first[N] = {0}, second[N] = {0};

	for (int i = 0; i < N; i++)
		w[i] = start[i];
	for (int step = 1; step <= 2; step++)
		for (int i = 0; i < N; i++)
		{
			double g = gradients[step - 1][i];
			double pull = decays[i] ? decay : 0;

			if (kind == EMO_NN_ADAMW)
				w[i] -= rate * pull * w[i];
			else
				g += pull * w[i];
			if (kind == EMO_NN_SGD)
			{
				first[i] = momentum * first[i] + g;
				w[i] -= rate * first[i];
				continue;
			}
			first[i] = 0.9 * first[i] + 0.1 * g;
			second[i] = 0.999 * second[i] + 0.001 * g * g;
			w[i] -= rate * (first[i] / (1 - pow(0.9, step))) /
					(sqrt(second[i] / (1 - pow(0.999, step))) + 1e-8);
		}
}

static void
test_steps(EmoEnv *env)
{
	static const EmoNnOptimiserKind kinds[] = {EMO_NN_SGD, EMO_NN_ADAM, EMO_NN_ADAMW};

	(void) env;
	for (int k = 0; k < 3; k++)
	{
		EmoNnOptimiserOptions options = default_optimiser();
		float weights[N], gradient[N], first[N] = {0}, second[N] = {0};
		double expected[N];

		options.kind = kinds[k];
		options.clip_norm = 0;
		options.weight_decay = 0.1;
		memcpy(weights, start, sizeof(start));
		for (int step = 0; step < 2; step++)
		{
			memcpy(gradient, gradients[step], sizeof(gradient));
			emo_nn_optimise(&options, 0.01, step, N, decays, gradient, weights, first, second);
		}
		expected_weights(kinds[k], 0.01, 0.1, options.momentum, expected);
		for (int i = 0; i < N; i++)
			CHECK_NEAR(weights[i], expected[i], 1e-6);
	}
}

static void
test_clipping(EmoEnv *env)
{
	EmoNnOptimiserOptions options = default_optimiser();
	float weights[2] = {0, 0}, gradient[2] = {3, 4}, first[2] = {0};
	static const uint8_t none[2] = {0, 0};

	(void) env;
	options.kind = EMO_NN_SGD;
	options.clip_norm = 1;
	CHECK_NEAR(emo_nn_optimise(&options, 1, 0, 2, none, gradient, weights, first, NULL), 5, 1e-9);
	CHECK_NEAR(weights[0], -0.6, 1e-6);
	CHECK_NEAR(weights[1], -0.8, 1e-6);
}

static void
test_schedules(EmoEnv *env)
{
	EmoNnOptimiserOptions options = default_optimiser();
	double highest = 0, before = 0;
	int turns = 0;

	(void) env;
	options.learning_rate = 1;
	CHECK_NEAR(emo_nn_learning_rate(&options, 0, 1000), 1 / 25.0, 1e-9);
	CHECK_NEAR(emo_nn_learning_rate(&options, 999, 1000), 1 / 25e4, 1e-9);
	for (int step = 0; step < 1000; step++)
	{
		double rate = emo_nn_learning_rate(&options, step, 1000);

		turns += rate < before && highest == before;
		highest = rate > highest ? rate : highest;
		before = rate;
	}
	CHECK_NEAR(highest, 1, 1e-4);
	CHECK(turns == 1);
	options.schedule = EMO_NN_COSINE;
	CHECK_NEAR(emo_nn_learning_rate(&options, 0, 1000), 1, 0);
	CHECK_NEAR(emo_nn_learning_rate(&options, 500, 1001), 0.5, 1e-9);
	CHECK_NEAR(emo_nn_learning_rate(&options, 999, 1000), 0, 1e-12);
	options.schedule = EMO_NN_CONSTANT;
	CHECK_NEAR(emo_nn_learning_rate(&options, 999, 1000), 1, 0);
	options.schedule = EMO_NN_ONE_CYCLE;
	CHECK(isfinite(emo_nn_learning_rate(&options, 0, 1)));
}

static void
test_refusals(EmoEnv *env)
{
	EmoNnOptimiserOptions good = default_optimiser(), bad;

	CHECK(emo_check_options(env, &emo_nn_optimiser_options, &good) == EMO_OK);
	bad = good;
	bad.learning_rate = 0;
	CHECK(emo_check_options(env, &emo_nn_optimiser_options, &bad) == EMO_INVALID_PARAMETER);
	bad = good;
	bad.momentum = 1;
	CHECK(emo_check_options(env, &emo_nn_optimiser_options, &bad) == EMO_INVALID_PARAMETER);
	bad = good;
	bad.weight_decay = NAN;
	CHECK(emo_check_options(env, &emo_nn_optimiser_options, &bad) == EMO_INVALID_PARAMETER);
	bad = good;
	bad.clip_norm = -1;
	CHECK(emo_check_options(env, &emo_nn_optimiser_options, &bad) == EMO_INVALID_PARAMETER);
	bad = good;
	bad.kind = (EmoNnOptimiserKind) 9;
	CHECK(emo_check_options(env, &emo_nn_optimiser_options, &bad) == EMO_INVALID_PARAMETER);
}

int
main(void)
{
	RUN(test_steps);
	RUN(test_clipping);
	RUN(test_schedules);
	RUN(test_refusals);
	return unit_finish();
}
