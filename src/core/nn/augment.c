/*
 * augment.c
 *	  Altered views of training recordings.
 */
#include "core/nn/augment.h"

#include <math.h>
#include <string.h>

static const EmoOption augment_options[] = {
	EMO_REAL("augment_speed", EmoNnAugment, speed, 0, 0.5, 0.15),
	EMO_REAL("augment_warp", EmoNnAugment, warp, 0, 0.3, 0.12),
	EMO_REAL("augment_pitch", EmoNnAugment, pitch, 0, 1, 0),
	EMO_REAL("augment_noise", EmoNnAugment, noise, 0, 2, 0.1),
	EMO_REAL("augment_shift", EmoNnAugment, shift, 0, 5, 0),
	EMO_INT("time_masks", EmoNnAugment, time_masks, 0, 20, 2),
	EMO_INT("time_mask_frames", EmoNnAugment, time_mask_frames, 0, 1000, 25),
	EMO_INT("coefficient_masks", EmoNnAugment, coefficient_masks, 0, 20, 1),
	EMO_INT("coefficient_mask_size", EmoNnAugment, coefficient_mask_size, 0, EMO_NN_N_MELS, 6),
	EMO_REAL("mixup", EmoNnAugment, mixup, 0, 10, 0.3),
};

const EmoOptionTable emo_nn_augment_options = EMO_OPTION_TABLE(augment_options);

void
emo_nn_augment_random(uint64_t seed, int64_t epoch, int64_t index, EmoRandom *random)
{
	/* Each number is mixed by the generator before the next is added. */
	emo_random_seed(random, seed);
	emo_random_seed(random, emo_random_bits(random) + (uint64_t) epoch);
	emo_random_seed(random, emo_random_bits(random) + (uint64_t) index);
}

static double
between(EmoRandom *random, double low, double high)
{
	return low + (high - low) * emo_random_uniform(random);
}

/* 0 .. n - 1. */
static int
below(EmoRandom *random, int n)
{
	return (int) (emo_random_uniform(random) * n);
}

void
emo_nn_augment_view(const EmoNnAugment *augment, EmoRandom *random, int n_frames, int crop_frames,
					EmoNnView *view)
{
	double shift = augment->shift * EMO_NN_FRAMES_PER_SECOND;
	int n_left;

	view->speed = 1 + between(random, -augment->speed, augment->speed);
	view->warp = 1 + between(random, -augment->warp, augment->warp);
	n_left = emo_nn_view_frames(n_frames, view->speed);
	view->n_frames = n_left < crop_frames ? n_left : crop_frames;
	view->first = below(random, n_left - view->n_frames + 1);
	/* Before the start and after the end, the first and the last frame last on. */
	view->first += floor(between(random, -shift, shift));
}

/* Four uniform numbers of 16 bits: mean 0, variance 1, close to normal within three deviations. */
static float
nearly_normal(EmoRandom *random)
{
	uint64_t bits = emo_random_bits(random);
	float sum = (float) (bits & 0xffff) + (float) (bits >> 16 & 0xffff) +
				(float) (bits >> 32 & 0xffff) + (float) (bits >> 48);

	return (sum - 131070.0f) * (1.7320508f / 65536.0f);
}

static void
mask_frames(const EmoNnAugment *augment, int n_values, EmoRandom *random, int n_frames,
			float *values)
{
	for (int i = 0; i < augment->time_masks; i++)
	{
		int length = below(random, augment->time_mask_frames + 1);
		int first = below(random, n_frames);

		/* Short recordings keep four fifths. */
		length = length < n_frames / 5 ? length : n_frames / 5;
		length = length < n_frames - first ? length : n_frames - first;
		memset(values + (ptrdiff_t) first * n_values, 0,
			   (size_t) length * n_values * sizeof(float));
	}
}

static void
mask_coefficients(const EmoNnAugment *augment, const EmoNnInput *input, EmoRandom *random,
				  int n_frames, float *values)
{
	for (int i = 0; i < augment->coefficient_masks; i++)
	{
		int length = below(random, augment->coefficient_mask_size + 1);
		int first = below(random, input->n_coefficients);

		length = length < input->n_coefficients - first ? length : input->n_coefficients - first;
		for (int t = 0; t < n_frames; t++)
			memset(values + (ptrdiff_t) t * input->n_values + first, 0, length * sizeof(float));
	}
}

void
emo_nn_augment_values(const EmoNnAugment *augment, const EmoNnInput *input, EmoRandom *random,
					  int n_frames, float *values)
{
	int at_f0 = input->n_coefficients;

	if (augment->pitch > 0 && input->pitch)
	{
		float change = (float) between(random, -augment->pitch, augment->pitch) *
					   input->inverse_deviation[at_f0];

		for (int t = 0; t < n_frames; t++)
			if (values[(ptrdiff_t) t * input->n_values + at_f0] != 0)
				values[(ptrdiff_t) t * input->n_values + at_f0] += change;
	}
	if (augment->noise > 0)
		for (ptrdiff_t i = 0; i < (ptrdiff_t) n_frames * input->n_values; i++)
			values[i] += (float) augment->noise * nearly_normal(random);
	mask_frames(augment, input->n_values, random, n_frames, values);
	mask_coefficients(augment, input, random, n_frames, values);
}

/* Marsaglia & Tsang 2000; below one by their note on boosting. */
static double
gamma_variate(EmoRandom *random, double shape)
{
	double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3, c = 1 / sqrt(9 * d);

	for (;;)
	{
		double x = emo_random_normal(random), v = 1 + c * x;
		double u = emo_random_uniform(random);

		v = v * v * v;
		if (v > 0 && log(1 - u) < x * x / 2 + d * (1 - v + log(v)))
			return d * v * (shape < 1 ? pow(1 - emo_random_uniform(random), 1 / shape) : 1);
	}
}

double
emo_nn_augment_mix(const EmoNnAugment *augment, EmoRandom *random)
{
	double a, b, share;

	if (augment->mixup <= 0)
		return 1;
	a = gamma_variate(random, augment->mixup);
	b = gamma_variate(random, augment->mixup);
	share = a + b > 0 ? a / (a + b) : 1;
	return fmax(share, 1 - share);
}
