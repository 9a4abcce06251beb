/*
 * input_test.c
 *	  What nets hear: half precision, frames of recordings, views, augmentation.
 */
#include "core/nn/augment.h"
#include "unit.h"

#define RATE EMO_NN_SAMPLE_RATE

/* IEEE 754: sign, 5 bits of exponent, 10 of mantissa. */
static double
value_of_half(uint16_t half)
{
	int exponent = half >> 10 & 31, mantissa = half & 1023;
	double value = exponent == 0 ? ldexp(mantissa, -24) : ldexp(1024 + mantissa, exponent - 25);

	return half & 0x8000 ? -value : value;
}

static void
test_half(EmoEnv *env)
{
	size_t wrong = 0;

	(void) env;
	for (uint32_t half = 0; half < 0x10000; half++)
	{
		if ((half >> 10 & 31) == 31)
			continue;
		wrong += emo_float_of_half((uint16_t) half) != value_of_half((uint16_t) half);
		wrong += emo_half_of_float((float) value_of_half((uint16_t) half)) != half;
	}
	CHECK(wrong == 0);
	/* Halfway between two: to the even one. */
	for (uint32_t half = 0; half < 0x7bff; half++)
	{
		double middle = (value_of_half((uint16_t) half) + value_of_half((uint16_t) (half + 1))) / 2;

		wrong += emo_half_of_float((float) middle) != half + (half & 1);
		wrong += emo_half_of_float((float) -middle) != (0x8000 | (half + (half & 1)));
	}
	CHECK(wrong == 0);
	CHECK(emo_half_of_float(1e9f) == 0x7bff && emo_half_of_float(-INFINITY) == 0xfbff);
	CHECK(emo_float_of_half(emo_half_of_float(NAN)) == 65504.0f);
}

/* A tone of some harmonics, a second and a half. */
static float *
make_tone(EmoEnv *env, double f0_hz, int n_samples)
{
	float *samples = emo_alloc(env, n_samples, sizeof(float));

	for (int i = 0; i < n_samples; i++)
	{
		samples[i] = 0;
		for (int h = 1; h <= 20 && h * f0_hz < RATE / 2.0; h++)
			samples[i] += (float) (0.1 / h * sin(2 * M_PI * h * f0_hz * i / RATE + h * h));
	}
	return samples;
}

static void
test_frames_of_a_tone(EmoEnv *env)
{
	int n_samples = RATE * 3 / 2, n_frames;
	float *samples = make_tone(env, 220, n_samples);
	EmoNnInputPlan *plan;
	uint16_t *frames;
	double mean[EMO_NN_N_MELS] = {0};

	CHECK(emo_nn_input_plan_create(env, &plan) == EMO_OK);
	CHECK(emo_nn_frames(env, plan, samples, n_samples, &frames, &n_frames) == EMO_OK);
	CHECK(n_frames == 1 + (n_samples - 400) / 160);
	for (int t = 0; t < n_frames; t++)
		for (int m = 0; m < EMO_NN_N_MELS; m++)
			mean[m] += emo_float_of_half(frames[t * EMO_NN_FRAME_VALUES + m]);
	for (int m = 0; m < EMO_NN_N_MELS; m++)
		CHECK_NEAR(mean[m] / n_frames, 0, 1e-3);
	/* 220 Hz are two octaves above 55. */
	CHECK_NEAR(emo_float_of_half(frames[50 * EMO_NN_FRAME_VALUES + EMO_NN_FRAME_F0]), 2, 0.01);
	CHECK(emo_float_of_half(frames[50 * EMO_NN_FRAME_VALUES + EMO_NN_FRAME_VOICING]) > 0.9);

	/* Down to a single sample, and silence. */
	for (int n = 1; n < 1000; n += 333)
	{
		float zeros[1000] = {0};

		CHECK(emo_nn_frames(env, plan, samples, n, &frames, &n_frames) == EMO_OK && n_frames >= 1);
		CHECK(emo_nn_frames(env, plan, zeros, n, &frames, &n_frames) == EMO_OK && n_frames >= 1);
	}
	emo_nn_input_plan_destroy(plan);
	emo_nn_input_plan_destroy(NULL);
}

static uint16_t *
ramp_frames(EmoEnv *env, int n_frames)
{
	uint16_t *frames = emo_alloc(env, n_frames, EMO_NN_FRAME_VALUES * sizeof(uint16_t));

	for (int t = 0; t < n_frames; t++)
		for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
			frames[t * EMO_NN_FRAME_VALUES + i] =
				emo_half_of_float((float) (i == EMO_NN_FRAME_F0 && t % 2 ? 0 : t + 0.25 * i));
	return frames;
}

static void
test_plain_view(EmoEnv *env)
{
	uint16_t *frames = ramp_frames(env, 20);
	EmoNnArchitecture architecture;
	EmoNnInput input;
	EmoNnView view = {1, 1, 3, 10};
	float work[20000], values[10 * EMO_NN_FRAME_VALUES];

	CHECK(emo_nn_input_work(10) < 20000);
	CHECK(emo_nn_preset(env, "temporal", 0, &architecture) == EMO_OK);
	emo_nn_input_init(&architecture, &input);
	input.inverse_deviation[2] = 0.5f;
	emo_nn_input_fill(&input, frames, 20, &view, work, values);
	for (int t = 0; t < 10; t++)
		for (int j = 0; j < 39; j++)
		{
			double sum = 0;

			for (int m = 0; m < 40; m++)
				sum += (3 + t + 0.25 * m) * sqrt((j == 0 ? 1.0 : 2.0) / 40) *
					   cos(M_PI * j * (2 * m + 1) / 80);
			CHECK_NEAR(values[t * 41 + j], j == 2 ? sum / 2 : sum, 1e-3);
		}
	CHECK_NEAR(values[39], 0, 0);
	CHECK_NEAR(values[41 + 39], 4 + 0.25 * 40, 1e-2);
	CHECK_NEAR(values[40], 3 + 0.25 * 41, 1e-2);
}

/* Log-mel bands of a tone shift as the tone's frequency does. */
static void
test_speed_and_warp_views(EmoEnv *env)
{
	uint16_t *frames = ramp_frames(env, 20);
	EmoNnArchitecture architecture;
	EmoNnInput input;
	EmoNnView view = {1.25, 1, 0, 16};
	float work[20000], values[16 * EMO_NN_FRAME_VALUES], faster[16 * EMO_NN_FRAME_VALUES];

	CHECK(emo_nn_view_frames(20, 1.25) == 16 && emo_nn_view_frames(1, 1.5) == 1);
	CHECK(emo_nn_preset(env, "image", 0, &architecture) == EMO_OK);
	architecture.pitch = true;
	emo_nn_input_init(&architecture, &input);
	emo_nn_input_fill(&input, frames, 20, &view, work, faster);
	/* Band 0 at view frame 4 is the recording's frame 5; it can't come from below band 0. */
	CHECK_NEAR(faster[4 * 42], 5, 1e-3);
	/* A band shows what was lower before: its value, rising with the band, is smaller. */
	CHECK(faster[4 * 42 + 30] < 5 + 0.25 * 30 - 0.3);
	CHECK_NEAR(faster[8 * 42 + 40], 10 + 10 + log2(1.25), 1e-2);
	view = (EmoNnView){1, 1.1, 0, 16};
	emo_nn_input_fill(&input, frames, 20, &view, work, values);
	/* Formants at 1 kHz come from 909 Hz; in HTK mel 1000 to 925.6, bands 68.3 apart. */
	{
		double spacing = (2595 * log10(1 + 8000 / 700.0) - 2595 * log10(1 + 20 / 700.0)) / 41;
		double low = 2595 * log10(1 + 20 / 700.0),
			   hz = 700 * (pow(10, (low + 14 * spacing) / 2595) - 1);
		double from = (2595 * log10(1 + hz / 1.1 / 700) - low) / spacing - 1;

		CHECK_NEAR(values[4 * 42 + 13], 4 + 0.25 * from, 1e-2);
	}
	/* The top band stays, and so does F0. */
	CHECK(values[4 * 42 + 39] > 4 + 0.25 * 38);
	CHECK_NEAR(values[4 * 42 + 40], 4 + 10, 1e-2);
}

static void
test_views_outside(EmoEnv *env)
{
	uint16_t *frames = ramp_frames(env, 5);
	EmoNnArchitecture architecture;
	EmoNnInput input;
	EmoNnView view = {1, 1, -4, 16};
	float work[20000], values[16 * EMO_NN_FRAME_VALUES];

	CHECK(emo_nn_preset(env, "image", 0, &architecture) == EMO_OK);
	emo_nn_input_init(&architecture, &input);
	emo_nn_input_fill(&input, frames, 5, &view, work, values);
	CHECK(values[0] == 0 && values[4 * 40] == 0 && values[5 * 40] == 1);
	CHECK(values[8 * 40] == 4 && values[15 * 40] == 4);
}

static void
test_augmentation_is_deterministic(EmoEnv *env)
{
	EmoNnAugment augment;
	EmoNnArchitecture architecture;
	EmoNnInput input;
	float values[3][30 * EMO_NN_FRAME_VALUES];
	EmoNnView views[3];
	double shares[3];

	emo_default_options(&emo_nn_augment_options, &augment);
	CHECK(emo_nn_preset(env, "temporal", 0, &architecture) == EMO_OK);
	emo_nn_input_init(&architecture, &input);
	memset(values, 0, sizeof(values));
	memset(views, 0, sizeof(views));
	augment.pitch = 0.1;
	augment.shift = 0.1;
	for (int i = 0; i < 3; i++)
	{
		EmoRandom random;

		emo_nn_augment_random(1, 4, i == 2 ? 6 : 5, &random);
		emo_nn_augment_view(&augment, &random, 100, 30, &views[i]);
		emo_nn_augment_values(&augment, &input, &random, 30, values[i]);
		shares[i] = emo_nn_augment_mix(&augment, &random);
	}
	CHECK(memcmp(values[0], values[1], sizeof(values[0])) == 0);
	CHECK(memcmp(&views[0], &views[1], sizeof(views[0])) == 0 && shares[0] == shares[1]);
	CHECK(memcmp(values[0], values[2], sizeof(values[0])) != 0);
	CHECK(memcmp(&views[0], &views[2], sizeof(views[0])) != 0);
}

static void
test_amounts(EmoEnv *env)
{
	EmoNnAugment augment = {.noise = 0.5, .mixup = 0.3, .speed = 0.1, .warp = 0.1};
	EmoNnArchitecture architecture;
	EmoNnInput input;
	EmoRandom random;
	float *values = emo_alloc_zero(env, 1000 * EMO_NN_FRAME_VALUES, sizeof(float));
	double square = 0, mean_share = 0;
	int n_mixed = 0;

	CHECK(emo_nn_preset(env, "temporal", 0, &architecture) == EMO_OK);
	emo_nn_input_init(&architecture, &input);
	emo_random_seed(&random, 3);
	emo_nn_augment_values(&augment, &input, &random, 1000, values);
	for (int i = 0; i < 1000 * input.n_values; i++)
		square += values[i] * values[i];
	CHECK_NEAR(sqrt(square / (1000 * input.n_values)), 0.5, 0.01);
	for (int i = 0; i < 4000; i++)
	{
		double share = emo_nn_augment_mix(&augment, &random);
		EmoNnView view;

		emo_nn_augment_view(&augment, &random, 50, 40, &view);
		CHECK(share >= 0.5 && share <= 1 && view.speed >= 0.9 && view.speed <= 1.1);
		CHECK(view.first >= 0 && view.first + view.n_frames <= emo_nn_view_frames(50, view.speed));
		mean_share += share / 4000;
		n_mixed += share < 0.9;
	}
	/* Beta(0.3, 0.3) has 0.435 of its mass in 0.1 .. 0.9, and E max(x, 1 - x) = 0.866. */
	CHECK_NEAR(n_mixed / 4000.0, 0.435, 0.03);
	CHECK_NEAR(mean_share, 0.867, 0.01);
	augment.mixup = 0;
	CHECK(emo_nn_augment_mix(&augment, &random) == 1);
	augment.warp = 0.31;
	CHECK(emo_check_options(env, &emo_nn_augment_options, &augment) == EMO_INVALID_PARAMETER);
	augment.warp = NAN;
	CHECK(emo_check_options(env, &emo_nn_augment_options, &augment) == EMO_INVALID_PARAMETER);
}

int
main(void)
{
	RUN(test_half);
	RUN(test_frames_of_a_tone);
	RUN(test_plain_view);
	RUN(test_speed_and_warp_views);
	RUN(test_views_outside);
	RUN(test_augmentation_is_deterministic);
	RUN(test_amounts);
	return unit_finish();
}
