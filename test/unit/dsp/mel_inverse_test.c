/*
 * mel_inverse_test.c
 *	  MFCC to mel levels to amplitudes, against a dense reference, the forward direction, and words.
 */
#include "unit.h"

#include "core/dsp/mel_inverse.h"
#include "signals.h"

#define N 24000

typedef struct Example
{
	EmoMfccParams params;
	EmoMfccPlan *plan;
	int n_frames, n_bins;
	float *samples, *levels_db, *amplitude;
} Example;

/* Levels of a made-up utterance, and amplitudes for them. */
static Example
make_example(EmoEnv *env, EmoMfccParams params)
{
	Example example = {.params = params, .n_bins = params.n_fft / 2 + 1};
	EmoMelInverse *inverse;

	example.samples = make_utterance(env, N);
	example.n_frames = (int) emo_mfcc_frame_count(&params, N);
	example.levels_db = emo_alloc(env, example.n_frames, params.n_mels * sizeof(float));
	example.amplitude = emo_alloc(env, example.n_frames, example.n_bins * sizeof(float));
	CHECK(emo_mfcc_plan_create(env, &params, &example.plan) == EMO_OK);
	CHECK(emo_mel(env, example.plan, example.samples, N, example.levels_db) == EMO_OK);
	CHECK(emo_mel_inverse_create(env, &params, &inverse) == EMO_OK);
	CHECK(emo_mel_inverse(env, inverse, example.levels_db, example.n_frames, example.amplitude) ==
		  EMO_OK);
	return example;
}

/* Mean difference in dB between the levels asked for and those of the amplitudes. */
static double
residual_db(EmoEnv *env, const Example *example)
{
	EmoMelParams params = emo_mfcc_mel_params(&example->params);
	double sum = 0;
	int n = 0;
	EmoMelBank *bank;

	CHECK(emo_mel_bank_create(env, &params, &bank) == EMO_OK);
	for (int t = 0; t < example->n_frames; t++)
		for (int m = 0; m < params.n_mels; m++)
		{
			const float *amplitude = example->amplitude + t * example->n_bins + bank->first[m];
			double power = 0;

			for (int i = 0; i < bank->count[m]; i++)
				power += bank->weights[bank->offset[m] + i] * amplitude[i] * amplitude[i];
			if (bank->count[m] == 0)
				continue;
			sum += fabs(10 * log10(power) - example->levels_db[t * params.n_mels + m]);
			n++;
		}
	return sum / n;
}

static void
test_levels_are_met(EmoEnv *env)
{
	static const int band_counts[] = {13, 20, 40, 80, 128};

	for (size_t i = 0; i < sizeof(band_counts) / sizeof(band_counts[0]); i++)
	{
		EmoMfccParams params = emo_mfcc_default_params();
		Example example;
		int n_bad = 0;

		params.n_mels = band_counts[i];
		params.mel_scale = i % 2 == 0 ? EMO_MEL_SLANEY : EMO_MEL_HTK;
		params.mel_norm = i % 2 == 0 ? EMO_MEL_NORM_SLANEY : EMO_MEL_NORM_NONE;
		params.n_fft = i == 3 ? 501 : 512;
		example = make_example(env, params);
		CHECK(residual_db(env, &example) < 0.02);
		for (int j = 0; j < example.n_frames * example.n_bins; j++)
			n_bad += !(example.amplitude[j] >= 0 && isfinite(example.amplitude[j]));
		CHECK(n_bad == 0);
		emo_mfcc_plan_destroy(example.plan);
	}
}

/* The same updates in double precision with a full matrix. */
static void
reference(const EmoMelBank *bank, int n_bins, const double *wanted, double *power)
{
	int n_mels = bank->n_mels;
	double *matrix = calloc((size_t) n_mels * n_bins, sizeof(double));
	double *bin_weight = calloc(n_bins, sizeof(double));

	for (int m = 0; m < n_mels; m++)
		for (int i = 0; i < bank->count[m]; i++)
		{
			matrix[m * n_bins + bank->first[m] + i] = bank->weights[bank->offset[m] + i];
			bin_weight[bank->first[m] + i] += bank->weights[bank->offset[m] + i];
		}
	for (int update = 0; update <= 60; update++)
	{
		double *next = calloc(n_bins, sizeof(double));

		for (int m = 0; m < n_mels; m++)
		{
			const double *row = matrix + m * n_bins;
			double band = 0;

			/* At first, powers are divided by the weights of the band: as if power were 1. */
			for (int k = 0; k < n_bins; k++)
				band += row[k] * (update == 0 ? 1 : power[k]);
			for (int k = 0; k < n_bins; k++)
				if (row[k] > 0)
					next[k] += row[k] / bin_weight[k] * wanted[m] / band;
		}
		for (int k = 0; k < n_bins; k++)
			power[k] = update == 0 ? next[k] : next[k] * power[k];
		free(next);
	}
	free(matrix);
	free(bin_weight);
}

static void
test_reference(EmoEnv *env)
{
	EmoMfccParams params = emo_mfcc_default_params();
	EmoMelParams of_mel = emo_mfcc_mel_params(&params);
	Example example = make_example(env, params);
	double wanted[40], power[257] = {0}, largest = 0;
	EmoMelBank *bank;

	CHECK(emo_mel_bank_create(env, &of_mel, &bank) == EMO_OK);
	for (int t = 7; t < example.n_frames; t += 40)
	{
		for (int m = 0; m < 40; m++)
			wanted[m] = pow(10, example.levels_db[t * 40 + m] / 10);
		reference(bank, 257, wanted, power);
		for (int k = 0; k < 257; k++)
			largest = fmax(largest, sqrt(power[k]));
		for (int k = 0; k < 257; k++)
			CHECK_NEAR(example.amplitude[t * 257 + k], sqrt(power[k]), 1e-4 * largest);
	}
	emo_mfcc_plan_destroy(example.plan);
}

/* Much louder levels give just as much larger amplitudes, down to no sound at all. */
static void
test_scale(EmoEnv *env)
{
	EmoMfccParams params = emo_mfcc_default_params();
	Example example = make_example(env, params);
	float *louder = emo_alloc(env, example.n_frames, 257 * sizeof(float));
	EmoMelInverse *inverse;
	double largest = 0;

	CHECK(emo_mel_inverse_create(env, &params, &inverse) == EMO_OK);
	for (int i = 0; i < example.n_frames * 40; i++)
		example.levels_db[i] += 120;
	CHECK(emo_mel_inverse(env, inverse, example.levels_db, example.n_frames, louder) == EMO_OK);
	for (int i = 0; i < example.n_frames * 257; i++)
		largest = fmax(largest, fabs(louder[i] - 1e6 * example.amplitude[i]) /
									(1e6 * example.amplitude[i] + 1e-3));
	CHECK(largest < 1e-3);
	for (int i = 0; i < example.n_frames * 40; i++)
		example.levels_db[i] = -3e38f;
	CHECK(emo_mel_inverse(env, inverse, example.levels_db, example.n_frames, louder) == EMO_OK);
	for (int i = 0; i < example.n_frames * 257; i++)
		largest = fmax(largest, louder[i]);
	CHECK(largest < 1e-3);
	emo_mfcc_plan_destroy(example.plan);
}

/* All coefficients give the levels; fewer give levels with the same coefficients. */
static void
check_mfcc_to_mel(EmoEnv *env, int n_mfcc, double lifter, int deltas)
{
	EmoMfccParams params = emo_mfcc_default_params();
	int n_values;
	float *mfcc, *levels_db;
	Example example;

	params.n_mfcc = n_mfcc;
	params.lifter = lifter;
	params.deltas = deltas;
	n_values = emo_mfcc_values_per_frame(&params);
	example = make_example(env, params);
	mfcc = emo_alloc(env, example.n_frames, n_values * sizeof(float));
	levels_db = emo_alloc(env, example.n_frames, 40 * sizeof(float));
	CHECK(emo_mfcc(env, example.plan, example.samples, N, mfcc) == EMO_OK);
	CHECK(emo_mfcc_to_mel(env, &params, mfcc, example.n_frames, levels_db) == EMO_OK);
	for (int t = 0; t < example.n_frames; t += 11)
	{
		for (int m = 0; n_mfcc == 40 && m < 40; m++)
			CHECK_NEAR(levels_db[t * 40 + m], example.levels_db[t * 40 + m], 2e-3);
		for (int j = 0; j < n_mfcc; j++)
		{
			double sum = 0, factor = lifter > 0 ? 1 + lifter / 2 * sin(M_PI * (j + 1) / lifter) : 1;

			for (int m = 0; m < 40; m++)
				sum += levels_db[t * 40 + m] * cos(M_PI * j * (m + 0.5) / 40) *
					   sqrt((j == 0 ? 1 : 2) / 40.0);
			CHECK_NEAR(sum * factor, mfcc[t * n_values + j], 1e-2);
		}
	}
	emo_mfcc_plan_destroy(example.plan);
}

static void
test_mfcc_to_mel(EmoEnv *env)
{
	check_mfcc_to_mel(env, 40, 0, 0);
	check_mfcc_to_mel(env, 40, 22, 2);
	check_mfcc_to_mel(env, 13, 0, 1);
	check_mfcc_to_mel(env, 13, 22, 0);
	check_mfcc_to_mel(env, 1, 0, 0);
}

/* With L = 2, every third of four coefficients is lost. */
static void
test_lost_coefficients(EmoEnv *env)
{
	EmoMfccParams params = emo_mfcc_default_params();
	float mfcc[4] = {10, 20, 0, 30}, levels_db[40];

	params.n_mfcc = 4;
	params.lifter = 2;
	CHECK(emo_mfcc_to_mel(env, &params, mfcc, 1, levels_db) == EMO_OK);
	for (int m = 0; m < 40; m++)
		CHECK(fabsf(levels_db[m]) < 20);
}

static void
test_refusals(EmoEnv *env)
{
	static const float bad[] = {NAN, INFINITY, 200.1f};
	EmoMfccParams params = emo_mfcc_default_params();
	float levels_db[80] = {0}, amplitude[2 * 257];
	EmoMelInverse *inverse;

	CHECK(emo_mel_inverse_create(env, &params, &inverse) == EMO_OK);
	for (int i = 0; i < 3; i++)
	{
		levels_db[43] = bad[i];
		CHECK(emo_mel_inverse(env, inverse, levels_db, 2, amplitude) == EMO_INVALID_PARAMETER);
		CHECK(strcmp(env->detail,
					 "It is that of frame 2, band 4; the highest allowed is 200 dB.") == 0);
	}
	levels_db[43] = 200;
	CHECK(emo_mel_inverse(env, inverse, levels_db, 2, amplitude) == EMO_OK);
}

int
main(void)
{
	srand(1);
	RUN(test_levels_are_met);
	RUN(test_reference);
	RUN(test_scale);
	RUN(test_mfcc_to_mel);
	RUN(test_lost_coefficients);
	RUN(test_refusals);
	return unit_finish();
}
