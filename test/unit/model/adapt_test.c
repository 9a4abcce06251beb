/*
 * adapt_test.c
 *	  Models that are adapted to a collection.
 */
#include "model_sample.h"

#include "core/model/adapt.h"
#include "core/model/format.h"

/* Rows of the training that somebody else has recorded: all moved alike. */
static EmoRecordings
moved_rows(float *moved)
{
	(void) training_set();
	for (int i = 0; i < N_ROWS * N_FEATURES; i++)
		moved[i] = features[i] + 20 + (float) (i % N_FEATURES);
	return (EmoRecordings){.n = N_ROWS, .features = moved, .speaker = speaker, .n_speakers = 4};
}

static EmoCollection *
adapted(EmoEnv *env, const EmoModel *model, const EmoRecordings *recordings, double *variety)
{
	EmoCollection *collection = NULL;

	CHECK(emo_model_adapt(env, model, recordings, 0.01, &collection, variety) == EMO_OK);
	return collection;
}

/* By plain sums: the population counts as ten recordings. */
static void
test_profile(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	float moved[N_ROWS * N_FEATURES];
	EmoRecordings recordings = moved_rows(moved);
	double variety, share = N_ROWS / (N_ROWS + EMO_COLLECTION_PRIOR_COUNT);
	EmoCollection *collection = adapted(env, &model, &recordings, &variety);

	CHECK(variety == 1 && collection->count == N_ROWS && collection->n_speakers == 4);
	CHECK_NEAR(collection->share, EMO_MAX_COLLECTION_SHARE * share, 1e-6);
	/* Four speakers are too few to tell how speakers differ. */
	CHECK(collection->speaker_prior == (float) EMO_SPEAKER_PRIOR_COUNT);
	for (int f = 0; f < N_FEATURES; f++)
	{
		double sum = 0, squares = 0, mean, variance;
		double population = model.population_deviation[f] * (double) model.population_deviation[f];

		for (int row = 0; row < N_ROWS; row++)
			sum += moved[row * N_FEATURES + f];
		mean = sum / N_ROWS;
		for (int row = 0; row < N_ROWS; row++)
			squares += (moved[row * N_FEATURES + f] - mean) * (moved[row * N_FEATURES + f] - mean);
		variance = squares / N_ROWS;
		CHECK_NEAR(collection->mean[f],
				   model.population_mean[f] + share * (mean - model.population_mean[f]), 1e-4);
		CHECK_NEAR(collection->deviation[f], sqrt(population + share * (variance - population)),
				   1e-4);
	}
}

/* Twenty speakers, of whom the mean differs by a known deviation. */
static void
test_speakers(EmoEnv *env)
{
	enum
	{
		N_SPEAKERS = 20,
		N_EACH = 12,
		N = N_SPEAKERS * N_EACH
	};
	EmoModel model = trained_model(env);
	float *rows = emo_alloc(env, N * N_FEATURES, sizeof(float));
	int32_t *of = emo_alloc(env, N, sizeof(int32_t));
	EmoRecordings recordings = {.n = N, .features = rows, .speaker = of, .n_speakers = N_SPEAKERS};
	double within = 0, between = 0, variety;

	for (int row = 0; row < N; row++)
	{
		of[row] = row / N_EACH;
		for (int f = 0; f < N_FEATURES; f++)
			rows[row * N_FEATURES + f] =
				(float) (model.population_deviation[f] *
						 (0.4 * sin(1.7 * of[row] * (f + 1)) + sin(0.9 * row * row + f)));
	}
	for (int f = 0; f < N_FEATURES; f++)
	{
		double population = model.population_deviation[f] * (double) model.population_deviation[f];
		double mean[N_SPEAKERS] = {0}, all = 0, variance = 0, spread = 0;

		for (int row = 0; row < N; row++)
			mean[of[row]] += rows[row * N_FEATURES + f] / N_EACH;
		for (int s = 0; s < N_SPEAKERS; s++)
			all += mean[s] / N_SPEAKERS;
		for (int row = 0; row < N; row++)
			variance +=
				pow(rows[row * N_FEATURES + f] - mean[of[row]], 2) / (N_EACH - 1) / N_SPEAKERS;
		for (int s = 0; s < N_SPEAKERS; s++)
			spread += pow(mean[s] - all, 2) / (N_SPEAKERS - 1);
		within += variance / population;
		between += (spread - variance / N_EACH) / population;
	}
	CHECK(within / between > EMO_MIN_SPEAKER_PRIOR && within / between < EMO_MAX_SPEAKER_PRIOR);
	CHECK_NEAR(adapted(env, &model, &recordings, &variety)->speaker_prior, within / between,
			   1e-3 * within / between);
}

/* Recordings of one emotion tell less, and are shrunk. */
static void
test_one_emotion(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	float moved[N_ROWS * N_FEATURES], same[N_ROWS * N_FEATURES];
	EmoRecordings recordings = moved_rows(moved), one = recordings;
	EmoCollection *all, *of_one;
	double variety, variety_of_one;

	one.features = same;
	for (int row = 0; row < N_ROWS; row++)
		memcpy(same + row * N_FEATURES, moved, N_FEATURES * sizeof(float));
	CHECK(emo_model_adapt(env, &model, &recordings, NAN, &all, &variety) == EMO_OK);
	CHECK(emo_model_adapt(env, &model, &one, NAN, &of_one, &variety_of_one) == EMO_OK);
	CHECK(variety_of_one < 1e-6 && variety > variety_of_one);
	CHECK(of_one->share == 0);
	for (int f = 0; f < N_FEATURES; f++)
		CHECK(of_one->mean[f] == model.population_mean[f]);
}

/* What is moved alike is heard alike; without a share the model is as it was; a profile has the collection as prior. */
static void
test_predictions(EmoEnv *env)
{
	EmoModel model = trained_model(env), plain = model;
	float moved[N_ROWS * N_FEATURES], expected[N_CLASSES], actual[N_CLASSES];
	EmoRecordings recordings = moved_rows(moved);
	EmoProfile profile = {.count = 3, .n_features = N_FEATURES};
	double variety;

	model.collection = adapted(env, &model, &recordings, &variety);
	CHECK(emo_model_profile_share(&model, NULL) == model.collection->share);
	CHECK(emo_model_profile_share(&model, &profile) == 1);
	CHECK(emo_model_profile_share(&plain, NULL) == 0);
	model.collection->share = 0;
	for (int row = 0; row < N_ROWS; row++)
	{
		predict_features(env, &plain, moved + row * N_FEATURES, NULL, expected);
		predict_features(env, &model, moved + row * N_FEATURES, NULL, actual);
		CHECK(memcmp(expected, actual, sizeof(actual)) == 0);
	}
	/* The population in the place of the collection, and as strong a prior: as if it weren't adapted. */
	profile.mean = features;
	profile.deviation = model.population_deviation;
	model.collection->mean = model.population_mean;
	model.collection->deviation = model.population_deviation;
	model.collection->speaker_prior = (float) EMO_PROFILE_PRIOR_COUNT;
	for (int row = 0; row < N_ROWS; row++)
	{
		predict_features(env, &plain, features + row * N_FEATURES, &profile, expected);
		predict_features(env, &model, features + row * N_FEATURES, &profile, actual);
		CHECK(memcmp(expected, actual, sizeof(actual)) == 0);
	}
}

static void
test_bytes(EmoEnv *env)
{
	EmoModel model = trained_model(env), *again;
	float moved[N_ROWS * N_FEATURES], expected[N_CLASSES], actual[N_CLASSES];
	EmoRecordings recordings = moved_rows(moved);
	uint8_t *bytes;
	size_t n_bytes;
	double variety;

	model.collection = adapted(env, &model, &recordings, &variety);
	CHECK(emo_model_serialize(env, &model, &bytes, &n_bytes) == EMO_OK);
	CHECK(emo_model_deserialize(env, bytes, n_bytes, &again) == EMO_OK);
	CHECK(again->collection->count == N_ROWS && again->collection->n_speakers == 4);
	CHECK(again->collection->share == model.collection->share &&
		  again->collection->speaker_prior == model.collection->speaker_prior);
	predict_features(env, &model, moved, NULL, expected);
	predict_features(env, again, moved, NULL, actual);
	CHECK(memcmp(expected, actual, sizeof(actual)) == 0);
}

/* A model that no bytes may be of. */
static void
check_refused(EmoEnv *env, EmoModel *model)
{
	uint8_t *bytes;
	size_t n_bytes;

	CHECK(emo_model_serialize(env, model, &bytes, &n_bytes) == EMO_INVALID_PARAMETER);
	env->status = EMO_OK;
}

static void
test_refused(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	float moved[N_ROWS * N_FEATURES];
	EmoRecordings recordings = moved_rows(moved);
	double variety;
	EmoCollection good = *adapted(env, &model, &recordings, &variety), bad = good;
	float mean[N_FEATURES] = {NAN};

	model.collection = &bad;
	bad.share = 1.5f;
	check_refused(env, &model);
	bad = good;
	bad.share = NAN;
	check_refused(env, &model);
	bad = good;
	bad.speaker_prior = -1;
	check_refused(env, &model);
	bad = good;
	bad.count = 0;
	check_refused(env, &model);
	bad = good;
	bad.n_speakers = N_ROWS + 1;
	check_refused(env, &model);
	bad = good;
	bad.mean = mean;
	check_refused(env, &model);
	/* Without a head for profiles it means nothing. */
	bad = good;
	model.n_heads = 1;
	model.heads[0].profile_weight = 1;
	check_refused(env, &model);
}

int
main(void)
{
	RUN(test_profile);
	RUN(test_speakers);
	RUN(test_one_emotion);
	RUN(test_predictions);
	RUN(test_bytes);
	RUN(test_refused);
	return unit_finish();
}
