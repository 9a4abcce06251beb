/*
 * explain_test.c
 *	  Explanations are complete, and say what a person would.
 */
#include "core/explain/groups.h"
#include "core/features/features.h"
#include "model_net_sample.h"

static EmoNnPredictor *
predictor_of(EmoEnv *env, const EmoModel *model)
{
	EmoNnPredictor *predictor = NULL;

	if (model->net != NULL)
		CHECK(emo_nn_predictor_create(env, model->net, &predictor) == EMO_OK);
	return predictor;
}

/* Contributions sum to the difference of the log posteriors that the model gives. */
static void
check_complete(EmoEnv *env, const EmoModel *model, const EmoProfile *profile)
{
	EmoNnPredictor *predictor = predictor_of(env, model);

	for (int i = 0; i < N_ROWS; i += 5)
	{
		EmoUtterance utterance = {.features = features + i * N_FEATURES,
								  .profile = profile,
								  .frames = net_frames[i],
								  .n_frames = net_n_frames[i]};
		EmoExplanation explanation;
		EmoExplanationRow rows[EMO_EXPLAIN_MAX_ROWS];
		float probabilities[N_CLASSES];
		double sum = 0, expected;
		int n;

		CHECK(emo_model_predict_utterance(env, model, predictor, &utterance, probabilities) ==
			  EMO_OK);
		CHECK(emo_explain(env, model, predictor, &utterance, &explanation) == EMO_OK);
		for (int c = 0; c < N_CLASSES; c++)
			CHECK(probabilities[c] <= probabilities[explanation.winner] &&
				  (c == explanation.winner ||
				   probabilities[c] <= probabilities[explanation.runner_up]));
		CHECK(explanation.winner != explanation.runner_up);
		expected =
			log(probabilities[explanation.winner]) - log(probabilities[explanation.runner_up]);
		CHECK_NEAR(explanation.difference, expected, 1e-5 * (1 + expected));
		n = emo_explanation_rows(model, &explanation, rows);
		CHECK(n >= 2 && n <= EMO_EXPLAIN_MAX_ROWS);
		for (int r = 0; r < n; r++)
		{
			int towards = rows[r].contribution >= 0 ? explanation.winner : explanation.runner_up;

			sum += rows[r].contribution;
			CHECK(strstr(rows[r].words, " towards ") != NULL);
			CHECK(strcmp(strstr(rows[r].words, " towards ") + 9, labels[towards]) == 0);
		}
		CHECK_NEAR(sum, explanation.difference, 1e-5 * (1 + expected));
	}
}

static void
test_completeness(EmoEnv *env)
{
	static const float mean[N_FEATURES] = {1, 2, 0, -1}, deviation[N_FEATURES] = {2, 1, 3, 1};
	EmoProfile profile = {
		.count = 9, .n_features = N_FEATURES, .mean = mean, .deviation = deviation};
	EmoModel lda = trained_model(env), cnn = trained_cnn(env), ensemble = trained_ensemble(env);

	check_complete(env, &lda, NULL);
	check_complete(env, &lda, &profile);
	check_complete(env, &cnn, NULL);
	check_complete(env, &ensemble, NULL);
	check_complete(env, &ensemble, &profile);
}

/* A feature's contribution is what the difference loses when it is average. */
static void
test_contributions_are_exact(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	EmoUtterance utterance = {.features = features};
	float changed[N_FEATURES];
	EmoExplanation whole, without;
	int n_checked = 0;

	CHECK(emo_explain(env, &model, NULL, &utterance, &whole) == EMO_OK);
	for (int i = 0; i < N_FEATURES; i++)
	{
		double sign;

		memcpy(changed, features, sizeof(changed));
		for (int h = 0; h < model.n_heads; h++)
			if (model.heads[h].weight > 0)
				changed[i] = model.heads[h].lda.mean[i];
		utterance.features = changed;
		CHECK(emo_explain(env, &model, NULL, &utterance, &without) == EMO_OK);
		sign = without.winner == whole.winner ? 1 : -1;
		if (without.winner + without.runner_up != whole.winner + whole.runner_up)
			continue;
		CHECK_NEAR(whole.contributions[i], whole.difference - sign * without.difference, 1e-4);
		n_checked++;
	}
	CHECK(n_checked > 1);
}

static void
test_every_feature_has_its_group(EmoEnv *env)
{
	static const struct
	{
		const char *feature, *group;
	} expected[] = {
		{"f0.p90", "pitch"},
		{"f0.delta.sd", "pitch"},
		{"f0.third_3", "course"},
		{"f0.modulation_4.5_6.5_hz", "modulation"},
		{"voiced.share", "voicing"},
		{"voicing.sd", "voicing"},
		{"energy.delta.mean", "energy"},
		{"energy.third_1", "course"},
		{"pauses_per_second", "pauses"},
		{"active.share", "pauses"},
		{"mfcc_3.delta2.p90", "mfcc"},
		{"mfcc_0.mfcc_7.log_covariance", "covariance"},
		{"mfcc_3.modulation_1_2_hz", "modulation"},
		{"alpha_ratio.mean", "spectrum"},
		{"zero_crossings.slope", "spectrum"},
		{"flux.delta.sd", "spectrum"},
	};

	(void) env;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		CHECK(strcmp(emo_feature_group_name(expected[i].feature), expected[i].group) == 0);
	for (int i = 0; i < emo_feature_count(); i++)
	{
		char name[EMO_FEATURE_NAME_SIZE];

		emo_feature_name(i, name);
		CHECK(strcmp(emo_feature_group_name(name), "features") != 0);
	}
}

/* A model on emoser_features() whose only weights are those of some features of the pitch. */
static void
test_words(EmoEnv *env)
{
	int n = emo_feature_count();
	EmoModelHead head = {.weight = 2};
	EmoModel model = {.algorithm = "lda",
					  .feature_version = EMO_FEATURE_VERSION,
					  .n_features = n,
					  .n_classes = 2,
					  .labels = labels,
					  .n_heads = 1,
					  .heads = &head};
	float *values = emo_alloc_zero(env, n, sizeof(float));
	EmoUtterance utterance = {.features = values};
	EmoExplanation explanation;
	EmoExplanationRow rows[EMO_EXPLAIN_MAX_ROWS];
	int f0_mean = -1, n_rows;

	head.lda = (EmoLdaHead){.n_features = n,
							.n_classes = 2,
							.mean = emo_alloc_zero(env, n, sizeof(float)),
							.inverse_deviation = emo_alloc(env, n, sizeof(float)),
							.weights = emo_alloc_zero(env, 2 * n, sizeof(float)),
							.bias = emo_alloc_zero(env, 2, sizeof(float)),
							.max_z = 10,
							.temperature = 4};
	head.lda.bias[1] = 1;
	for (int i = 0; i < n; i++)
	{
		char name[EMO_FEATURE_NAME_SIZE];

		head.lda.inverse_deviation[i] = 1;
		emo_feature_name(i, name);
		if (strcmp(name, "f0.mean") == 0)
			f0_mean = i;
		if (strcmp(emo_feature_group_name(name), "pitch") == 0)
			values[i] = 1;
	}
	head.lda.weights[f0_mean] = 8;
	CHECK(emo_explain(env, &model, NULL, &utterance, &explanation) == EMO_OK);
	CHECK(explanation.winner == 0 && explanation.runner_up == 1 && !explanation.of_speaker);
	CHECK_NEAR(explanation.difference, 3.5, 1e-6);
	n_rows = emo_explanation_rows(&model, &explanation, rows);
	CHECK(strcmp(rows[0].group, "pitch") == 0 && strcmp(rows[0].part, "features") == 0);
	CHECK_NEAR(rows[0].contribution, 4, 1e-6);
	CHECK(rows[0].n_top == EMO_EXPLAIN_TOP && rows[0].top[0] == f0_mean);
	CHECK(strcmp(rows[0].words, "pitch higher and more varied than average: +4.0 towards anger") ==
		  0);
	CHECK(strcmp(rows[n_rows - 1].group, "baseline") == 0);
	CHECK(strcmp(rows[n_rows - 1].words, "an average utterance: +0.5 towards Überraschung") == 0);
	for (int r = 1; r < n_rows - 1; r++)
		CHECK(strstr(rows[r].words, " about average on the whole: +0.0 towards ") != NULL);
}

int
main(void)
{
	RUN(test_completeness);
	RUN(test_contributions_are_exact);
	RUN(test_every_feature_has_its_group);
	RUN(test_words);
	return unit_finish();
}
