/*
 * optimiser.c
 *	  From gradients to new weights.
 */
#include "core/nn/optimiser.h"

#include <math.h>

/* Kingma & Ba 2015. */
#define FIRST_DECAY  0.9
#define SECOND_DECAY 0.999
#define EPSILON      1e-8f

/* Smith 2018, in PyTorch's form: the share of steps that go up, and where they start. */
#define RISING_SHARE   0.3
#define START_DIVISOR  25.0
#define FINISH_DIVISOR 1e4

static const char *const kind_words[] = {"sgd", "adam", "adamw", NULL};
static const char *const schedule_words[] = {"one_cycle", "cosine", "constant", NULL};

static const EmoOption optimiser_options[] = {
	EMO_CHOICE("optimiser", EmoNnOptimiserOptions, kind, kind_words, EMO_NN_ADAMW),
	EMO_CHOICE("schedule", EmoNnOptimiserOptions, schedule, schedule_words, EMO_NN_ONE_CYCLE),
	EMO_REAL("learning_rate", EmoNnOptimiserOptions, learning_rate, 1e-7, 10, 4e-3),
	EMO_REAL("momentum", EmoNnOptimiserOptions, momentum, 0, 0.999, 0.9),
	EMO_REAL("weight_decay", EmoNnOptimiserOptions, weight_decay, 0, 1, 0.02),
	EMO_REAL("clip_norm", EmoNnOptimiserOptions, clip_norm, 0, 1e6, 5),
};

const EmoOptionTable emo_nn_optimiser_options = EMO_OPTION_TABLE(optimiser_options);

/* From one rate to another by half a cosine; share 0 .. 1. */
static double
ease(double from, double to, double share)
{
	return to + (from - to) * (1 + cos(M_PI * share)) / 2;
}

double
emo_nn_learning_rate(const EmoNnOptimiserOptions *options, int64_t step, int64_t n_steps)
{
	double highest = options->learning_rate, start = highest / START_DIVISOR;
	double share = (double) step / (double) (n_steps > 1 ? n_steps - 1 : 1);

	if (options->schedule == EMO_NN_CONSTANT)
		return highest;
	if (options->schedule == EMO_NN_COSINE)
		return ease(highest, 0, share);
	if (share < RISING_SHARE)
		return ease(start, highest, share / RISING_SHARE);
	return ease(highest, start / FINISH_DIVISOR, (share - RISING_SHARE) / (1 - RISING_SHARE));
}

static void
step_sgd(const EmoNnOptimiserOptions *options, float rate, int64_t n, const uint8_t *decays,
		 const float *gradient, float *weights, float *velocity)
{
	float decay = (float) options->weight_decay, momentum = (float) options->momentum;

	for (int64_t i = 0; i < n; i++)
	{
		velocity[i] = momentum * velocity[i] + gradient[i] + decay * decays[i] * weights[i];
		weights[i] -= rate * velocity[i];
	}
}

static void
step_adam(const EmoNnOptimiserOptions *options, float rate, int64_t step, int64_t n,
		  const uint8_t *decays, const float *gradient, float *weights, float *first, float *second)
{
	bool apart = options->kind == EMO_NN_ADAMW;
	float decay = (float) options->weight_decay;
	float shrink = apart ? rate * decay : 0, pull = apart ? 0 : decay;
	float first_share = (float) (1 - FIRST_DECAY), second_share = (float) (1 - SECOND_DECAY);
	float first_scale = (float) (1 / (1 - pow(FIRST_DECAY, (double) (step + 1))));
	float second_scale = (float) (1 / (1 - pow(SECOND_DECAY, (double) (step + 1))));

	for (int64_t i = 0; i < n; i++)
	{
		float g = gradient[i] + pull * decays[i] * weights[i];

		first[i] += first_share * (g - first[i]);
		second[i] += second_share * (g * g - second[i]);
		weights[i] -= shrink * decays[i] * weights[i] +
					  rate * first_scale * first[i] / (sqrtf(second_scale * second[i]) + EPSILON);
	}
}

double
emo_nn_optimise(const EmoNnOptimiserOptions *options, double learning_rate, int64_t step, int64_t n,
				const uint8_t *decays, float *gradient, float *weights, float *first, float *second)
{
	double square = 0, norm;

	for (int64_t i = 0; i < n; i++)
		square += (double) gradient[i] * gradient[i];
	norm = sqrt(square);
	if (options->clip_norm > 0 && norm > options->clip_norm)
		for (int64_t i = 0; i < n; i++)
			gradient[i] *= (float) (options->clip_norm / norm);
	if (options->kind == EMO_NN_SGD)
		step_sgd(options, (float) learning_rate, n, decays, gradient, weights, first);
	else
		step_adam(options, (float) learning_rate, step, n, decays, gradient, weights, first,
				  second);
	return norm;
}
