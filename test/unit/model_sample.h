/*
 * model_sample.h
 *	  A small trained model for tests.
 */
#ifndef MODEL_SAMPLE_H
#define MODEL_SAMPLE_H

#include "unit.h"

#include "core/model/model.h"

#define N_ROWS     36
#define N_FEATURES 4
#define N_CLASSES  3

static float features[N_ROWS * N_FEATURES];
static int32_t label[N_ROWS];
static int32_t speaker[N_ROWS];
static const char *labels[N_CLASSES] = {"anger", "Überraschung", "neutral"};

/* Speakers differ more than classes do: what a profile is for. */
static inline EmoTrainingSet
training_set(void)
{
	for (int row = 0; row < N_ROWS; row++)
	{
		label[row] = row % N_CLASSES;
		speaker[row] = row / 9;
		for (int i = 0; i < N_FEATURES; i++)
			features[row * N_FEATURES + i] =
				(float) (label[row] * ((i + row / 18) % 3) + 5 * sin(speaker[row] * 7 + i) +
						 0.5 * sin(row * row + 3 * i));
	}
	return (EmoTrainingSet){.features = features,
							.label = label,
							.speaker = speaker,
							.n_rows = N_ROWS,
							.n_features = N_FEATURES,
							.n_classes = N_CLASSES,
							.n_speakers = 4};
}

static inline EmoModel
trained_model(EmoEnv *env)
{
	EmoTrainingSet set = training_set();
	EmoLdaOptions options = emo_lda_default_options();
	EmoModel model = {.feature_version = 7,
					  .labels = labels,
					  .options = "{\"shrinkage\": 0.5}",
					  .feature_settings = "{}"};

	CHECK(emo_model_train_lda(env, &set, &options, true, &model) == EMO_OK);
	return model;
}

/* The same, as if its features were three layers of an encoder, of which the first two count. */
static inline EmoModel
trained_hearing(EmoEnv *env)
{
	static float layer_weights[] = {0.25f, 2, 0};
	static EmoHearing hearing = {.encoder = {1, 2, 3, 255},
								 .name = "Geräusch",
								 .width = N_FEATURES,
								 .n_layers = 2,
								 .pooling = EMO_POOL_MEAN,
								 .layer_weights = layer_weights};
	EmoModel model = trained_model(env);

	model.feature_version = 0;
	model.hearing = &hearing;
	return model;
}

/* Features that a dense layer makes of the means and deviations of three numbers. */
static inline EmoModel
trained_dense_hearing(EmoEnv *env)
{
	static float layer_weights[] = {0, 1}, weight[N_FEATURES * 6], bias[N_FEATURES];
	static EmoHearing hearing = {.encoder = {9},
								 .name = "dense",
								 .width = 3,
								 .n_layers = 1,
								 .pooling = EMO_POOL_MEAN_DEVIATION,
								 .layer_weights = layer_weights,
								 .n_dense = N_FEATURES,
								 .dense_weight = weight,
								 .dense_bias = bias};
	EmoModel model = trained_model(env);

	for (int i = 0; i < N_FEATURES * 6; i++)
		weight[i] = (float) sin(i);
	for (int i = 0; i < N_FEATURES; i++)
		bias[i] = (float) cos(i);
	model.feature_version = 0;
	model.hearing = &hearing;
	return model;
}

#define N_TARGETS 2

static float targets[N_ROWS * N_TARGETS];
static const char *target_names[N_TARGETS] = {"arousal", "Valenz (ö)"};

/* A regression of the same rows, whose targets are in their features. */
static inline EmoModel
trained_ridge(EmoEnv *env)
{
	EmoTrainingSet set = training_set();
	EmoRidgeOptions options = {.shrinkage = 0.3, .objective = EMO_OBJECTIVE_CCC};
	EmoModel model = {.feature_version = 7,
					  .labels = target_names,
					  .options = "{\"target\": \"arousal\"}",
					  .feature_settings = "{}"};
	EmoHeldOutTargets held_out[2];

	for (int row = 0; row < N_ROWS; row++)
	{
		label[row] = 0;
		targets[row * N_TARGETS] = (float) (3 + features[row * N_FEATURES] + 0.1 * sin(row * 5));
		targets[row * N_TARGETS + 1] = -2 * features[row * N_FEATURES + 1];
	}
	set.n_classes = 1;
	set.target = targets;
	set.n_targets = N_TARGETS;
	CHECK(emo_model_train_ridge(env, &set, &options, true, &model, held_out) == EMO_OK);
	return model;
}

/* By a model without a net. */
static inline void
predict_features(EmoEnv *env, const EmoModel *model, const float *row, const EmoProfile *profile,
				 float *probabilities)
{
	EmoUtterance utterance = {.features = row, .profile = profile};

	CHECK(emo_model_predict_utterance(env, model, NULL, &utterance, probabilities) == EMO_OK);
}

#endif
