/*
 * model_test.c
 *	  Train the heads of a model and predict with them.
 */
#include "model_sample.h"

#include <float.h>

static int
best(const float *probabilities)
{
	int largest = 0;

	for (int c = 1; c < N_CLASSES; c++)
		largest = probabilities[c] > probabilities[largest] ? c : largest;
	return largest;
}

static void
test_profile_helps(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	int right_without = 0, right_with = 0;

	CHECK(model.n_heads == 2 && emo_model_uses_profile(&model));
	for (int row = 0; row < N_ROWS; row++)
	{
		EmoProfileState *state = emo_alloc(env, 1, emo_profile_state_size(N_FEATURES));
		float mean[N_FEATURES], deviation[N_FEATURES], probabilities[N_CLASSES];
		EmoProfile profile = {
			.count = 9, .n_features = N_FEATURES, .mean = mean, .deviation = deviation};

		emo_profile_init(state, N_FEATURES);
		for (int other = 0; other < N_ROWS; other++)
			if (speaker[other] == speaker[row])
				CHECK(emo_profile_add(state, features + other * N_FEATURES));
		emo_profile_finish(state, mean, deviation);
		predict_features(env, &model, features + row * N_FEATURES, NULL, probabilities);
		right_without += best(probabilities) == label[row];
		predict_features(env, &model, features + row * N_FEATURES, &profile, probabilities);
		right_with += best(probabilities) == label[row];
		CHECK_NEAR(probabilities[0] + probabilities[1] + probabilities[2], 1, 1e-6);
	}
	CHECK(right_with > right_without);
	CHECK(right_with >= N_ROWS * 3 / 4);
}

/* Rows of an unknown speaker are for the plain head only; one speaker gives no profile head. */
static void
test_speakers_of_training(EmoEnv *env)
{
	EmoTrainingSet set = training_set();
	EmoLdaOptions options = emo_lda_default_options();
	EmoModel all = trained_model(env), some = {0}, one = {0}, none = {0};

	speaker[0] = -1;
	CHECK(emo_model_train_lda(env, &set, &options, true, &some) == EMO_OK);
	CHECK(some.n_heads == 2);
	CHECK(memcmp(some.heads[0].lda.weights, all.heads[0].lda.weights, sizeof(float) * 12) == 0);
	CHECK(memcmp(some.heads[1].lda.weights, all.heads[1].lda.weights, sizeof(float) * 12) != 0);

	memset(speaker, 0, sizeof(speaker));
	CHECK(emo_model_train_lda(env, &set, &options, true, &one) == EMO_OK);
	CHECK(one.n_heads == 1 && one.heads[0].profile_weight == 1 && !emo_model_uses_profile(&one));
	set.speaker = NULL;
	CHECK(emo_model_train_lda(env, &set, &options, true, &none) == EMO_OK);
	CHECK(none.n_heads == 1);
}

/* Copies are normalised by profiles of their own kind, and the head on them has a shrinkage of its own. */
static void
test_copies_have_profiles_of_their_own(EmoEnv *env)
{
	static float normalised[N_ROWS * N_FEATURES];
	int32_t copy_kind[N_ROWS], group[N_ROWS];
	EmoTrainingSet set = training_set();
	EmoLdaOptions options = emo_lda_default_options();
	EmoLdaOptions of_profiles;
	EmoModel model = {0};
	EmoLdaHead expected;

	options.profile_shrinkage = 0.25;
	of_profiles = emo_lda_profile_options(&options);
	CHECK(options.shrinkage != 0.25 && of_profiles.shrinkage == 0.25);
	for (int row = 0; row < N_ROWS; row++)
	{
		copy_kind[row] = row % 2;
		group[row] = 2 * speaker[row] + copy_kind[row];
	}
	set.copy_kind = copy_kind;
	CHECK(emo_model_train_lda(env, &set, &options, true, &model) == EMO_OK);
	CHECK(emo_profile_normalise_rows(env, features, N_ROWS, N_FEATURES, group, 8,
									 model.population_mean, model.population_deviation,
									 normalised) == EMO_OK);
	set.features = normalised;
	CHECK(emo_lda_fit(env, &set, &of_profiles, &expected) == EMO_OK);
	CHECK(memcmp(expected.weights, model.heads[1].lda.weights,
				 sizeof(float) * N_CLASSES * N_FEATURES) == 0);
}

static void
test_hostile_features(EmoEnv *env)
{
	static const float hostile[] = {NAN, INFINITY, FLT_MAX, -FLT_MAX, -INFINITY};
	EmoModel model = trained_model(env);
	EmoProfile profile = {.count = 1,
						  .n_features = N_FEATURES,
						  .mean = model.population_mean,
						  .deviation = model.population_deviation};

	for (int k = 0; k < 10; k++)
	{
		float probabilities[N_CLASSES], values[N_FEATURES];

		for (int i = 0; i < N_FEATURES; i++)
			values[i] = hostile[(k + i * (k % 3)) % 5];
		predict_features(env, &model, values, k % 2 == 0 ? NULL : &profile, probabilities);
		CHECK_NEAR(probabilities[0] + probabilities[1] + probabilities[2], 1, 1e-6);
	}
}

int
main(void)
{
	RUN(test_profile_helps);
	RUN(test_speakers_of_training);
	RUN(test_copies_have_profiles_of_their_own);
	RUN(test_hostile_features);
	return unit_finish();
}
