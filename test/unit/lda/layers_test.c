/*
 * layers_test.c
 *	  Which layers count: on rows of which it is known where the label is, and whose labels have no part in it.
 */
#include "unit.h"

#include <string.h>

#include "core/base/random.h"
#include "core/lda/layers.h"

#define N_SPEAKERS  8
#define PER_SPEAKER 24
#define N_ROWS      (N_SPEAKERS * PER_SPEAKER)
#define N_LAYERS    5
#define LENGTH      6
#define N_OTHERS    2
#define N_CLASSES   4
#define ROW_LENGTH  (N_LAYERS * LENGTH + N_OTHERS)

static const EmoLayers layers = {N_LAYERS, LENGTH, N_OTHERS};

typedef struct Sample
{
	float features[N_ROWS * ROW_LENGTH];
	int32_t label[N_ROWS], speaker[N_ROWS];
	float target[N_ROWS];
	bool keep[N_ROWS];
	EmoTrainingSet set;
} Sample;

/*
 * Noise, and two bits of the class: the first in layer first, the other one in layer second; the scales of layers
 * differ by the thousand.
 */
static void
make_sample(Sample *sample, int first, int second)
{
	EmoRandom random;

	emo_random_seed(&random, 7);
	for (int row = 0; row < N_ROWS; row++)
	{
		float *values = sample->features + row * ROW_LENGTH;
		int label = row % N_CLASSES;

		sample->label[row] = label;
		sample->speaker[row] = row / PER_SPEAKER;
		sample->target[row] = (float) label;
		sample->keep[row] = true;
		for (int i = 0; i < ROW_LENGTH; i++)
			values[i] = emo_random_noise(&random);
		for (int i = 0; i < LENGTH / 2; i++)
		{
			values[first * LENGTH + i] += 1.5f * (float) (label % 2);
			values[second * LENGTH + LENGTH / 2 + i] += 1.5f * (float) (label / 2);
		}
		for (int layer = 0; layer < N_LAYERS; layer++)
			for (int i = 0; i < LENGTH; i++)
				values[layer * LENGTH + i] *= powf(10, (float) layer - 2) * 10;
	}
	sample->set = (EmoTrainingSet){.features = sample->features,
								   .label = sample->label,
								   .speaker = sample->speaker,
								   .n_rows = N_ROWS,
								   .n_features = ROW_LENGTH,
								   .n_classes = N_CLASSES,
								   .n_speakers = N_SPEAKERS};
}

static void
choose(EmoEnv *env, const Sample *sample, float *shares, float *weights)
{
	EmoLdaOptions options = emo_lda_default_options();

	CHECK(emo_choose_layers(env, &sample->set, &layers, sample->keep, emo_lda_held_out_loss,
							&options, shares, weights) == EMO_OK);
}

static void
test_the_layer_with_the_label(EmoEnv *env)
{
	static Sample sample;

	for (int layer = 0; layer < N_LAYERS; layer++)
	{
		float shares[N_LAYERS], weights[N_LAYERS];

		make_sample(&sample, layer, layer);
		choose(env, &sample, shares, weights);
		for (int other = 0; other < N_LAYERS; other++)
			CHECK(other == layer ? shares[other] > 0.7 : shares[other] < 0.3);
		if (shares[layer] == 1)
			CHECK(weights[layer] == 1);
	}
}

/* Half of what there is to know is in each of two layers: both count, the others hardly. */
static void
test_two_layers(EmoEnv *env)
{
	static Sample sample;
	float shares[N_LAYERS], weights[N_LAYERS];
	double sum = 0;

	make_sample(&sample, 1, 3);
	choose(env, &sample, shares, weights);
	/* Of some hundred mixtures nothing may stay. */
	CHECK(((UnitHost *) env->host)->blocks == NULL);
	CHECK(shares[1] >= 0.25 && shares[3] >= 0.25 && shares[1] + shares[3] >= 0.7);
	for (int layer = 0; layer < N_LAYERS; layer++)
		sum += shares[layer];
	CHECK_NEAR(sum, 1, 1e-6);
	/* Layer 3 is a hundred times as large. */
	CHECK(weights[1] / shares[1] > 50 * weights[3] / shares[3]);
}

static void
test_it_is_the_same_again(EmoEnv *env)
{
	static Sample sample;
	float shares[2][N_LAYERS], weights[2][N_LAYERS];

	make_sample(&sample, 1, 3);
	for (int i = 0; i < 2; i++)
		choose(env, &sample, shares[i], weights[i]);
	CHECK(memcmp(shares[0], shares[1], sizeof(shares[0])) == 0 &&
		  memcmp(weights[0], weights[1], sizeof(weights[0])) == 0);
}

/* Whatever the labels and features of speakers are who are held out. */
static void
test_others_have_no_part(EmoEnv *env)
{
	static Sample sample;
	float shares[2][N_LAYERS], weights[2][N_LAYERS];

	make_sample(&sample, 1, 3);
	for (int row = 0; row < N_ROWS; row++)
		sample.keep[row] = sample.speaker[row] < N_SPEAKERS - 3;
	choose(env, &sample, shares[0], weights[0]);
	for (int row = 0; row < N_ROWS; row++)
		if (!sample.keep[row])
		{
			float *values = sample.features + row * ROW_LENGTH;

			sample.label[row] = (sample.label[row] + 1) % N_CLASSES;
			/* To them layer 4 would tell all. */
			for (int i = 0; i < LENGTH; i++)
				values[4 * LENGTH + i] = 1e4f * (float) sample.label[row];
		}
	choose(env, &sample, shares[1], weights[1]);
	CHECK(memcmp(shares[0], shares[1], sizeof(shares[0])) == 0 &&
		  memcmp(weights[0], weights[1], sizeof(weights[0])) == 0);
	/* The test can fail. */
	memset(sample.keep, true, sizeof(sample.keep));
	choose(env, &sample, shares[1], weights[1]);
	CHECK(memcmp(weights[0], weights[1], sizeof(weights[0])) != 0);
}

/* Copies are not looked at. */
static void
test_copies(EmoEnv *env)
{
	static Sample sample;
	static int32_t copy_kind[N_ROWS], recording[N_ROWS];
	float shares[2][N_LAYERS], weights[2][N_LAYERS];

	make_sample(&sample, 1, 3);
	for (int row = 0; row < N_ROWS; row++)
	{
		copy_kind[row] = row % 3 == 2;
		recording[row] = row;
		sample.keep[row] = row % 3 != 2;
	}
	choose(env, &sample, shares[0], weights[0]);
	memset(sample.keep, true, sizeof(sample.keep));
	sample.set.copy_kind = copy_kind;
	sample.set.recording = recording;
	choose(env, &sample, shares[1], weights[1]);
	CHECK(memcmp(weights[0], weights[1], sizeof(weights[0])) == 0);
}

static void
test_targets(EmoEnv *env)
{
	static Sample sample;
	EmoRidgeOptions options = {.shrinkage = 0.3, .objective = EMO_OBJECTIVE_CCC};
	float shares[N_LAYERS], weights[N_LAYERS];

	make_sample(&sample, 2, 2);
	memset(sample.label, 0, sizeof(sample.label));
	sample.set.n_classes = 1;
	sample.set.target = sample.target;
	sample.set.n_targets = 1;
	CHECK(emo_choose_layers(env, &sample.set, &layers, sample.keep, emo_ridge_held_out_loss,
							&options, shares, weights) == EMO_OK);
	CHECK(shares[2] > 0.7);
}

static void
test_mixing(EmoEnv *env)
{
	static Sample sample;
	const float weights[N_LAYERS] = {0.5f, 0, 2, 0, 0.25f};
	EmoTrainingSet mixed;

	make_sample(&sample, 0, 1);
	CHECK(emo_mix_rows(env, &sample.set, &layers, weights, &mixed) == EMO_OK);
	CHECK(mixed.n_features == LENGTH + N_OTHERS && mixed.label == sample.label);
	for (int row = 0; row < N_ROWS; row++)
	{
		const float *from = sample.features + row * ROW_LENGTH;
		const float *to = mixed.features + row * mixed.n_features;

		for (int i = 0; i < LENGTH; i++)
		{
			double sum = 0;

			for (int layer = 0; layer < N_LAYERS; layer++)
				sum += (double) weights[layer] * from[layer * LENGTH + i];
			CHECK_NEAR(to[i], sum, 1e-4 * (1 + fabs(sum)));
		}
		for (int i = 0; i < N_OTHERS; i++)
			CHECK(to[LENGTH + i] == from[N_LAYERS * LENGTH + i]);
	}
}

static void
test_what_nothing_is_known_of(EmoEnv *env)
{
	static Sample sample;
	EmoLdaOptions options = emo_lda_default_options();
	float shares[N_LAYERS], weights[N_LAYERS];

	/* A layer that never varies says nothing, and has no share where nothing can be held out. */
	make_sample(&sample, 0, 1);
	memset(sample.keep, false, sizeof(sample.keep));
	for (int row = 0; row < N_ROWS; row++)
		sample.features[row * ROW_LENGTH + 3 * LENGTH] = 0;
	for (int row = 0; row < N_CLASSES; row++)
		sample.keep[row] = true;
	for (int row = 0; row < N_ROWS; row++)
		memset(sample.features + row * ROW_LENGTH + 3 * LENGTH, 0, LENGTH * sizeof(float));
	choose(env, &sample, shares, weights);
	CHECK(shares[3] == 0 && shares[0] == 0.25 && shares[4] == 0.25);
	memset(sample.features, 0, sizeof(sample.features));
	CHECK(emo_choose_layers(env, &sample.set, &layers, sample.keep, emo_lda_held_out_loss, &options,
							shares, weights) == EMO_BAD_DATA);
}

static bool
stop_in_the_middle(void *host)
{
	static int n_asked = 0;

	(void) host;
	return ++n_asked > 50;
}

static void
test_canceling(EmoEnv *env)
{
	static Sample sample;
	EmoLdaOptions options = emo_lda_default_options();
	float shares[N_LAYERS], weights[N_LAYERS];

	make_sample(&sample, 0, 1);
	env->should_stop = stop_in_the_middle;
	CHECK(emo_choose_layers(env, &sample.set, &layers, sample.keep, emo_lda_held_out_loss, &options,
							shares, weights) == EMO_CANCELED);
}

int
main(void)
{
	RUN(test_the_layer_with_the_label);
	RUN(test_two_layers);
	RUN(test_it_is_the_same_again);
	RUN(test_others_have_no_part);
	RUN(test_copies);
	RUN(test_targets);
	RUN(test_mixing);
	RUN(test_what_nothing_is_known_of);
	RUN(test_canceling);
	return unit_finish();
}
