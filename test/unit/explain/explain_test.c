/*
 * explain_test.c
 *	  Explanations are complete, and say what a person would.
 */
#include "core/explain/rows.h"
#include "core/features/aspects.h"
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
		{"f0.p90_to_median", "pitch"},
		{"f0.delta.sd", "pitch"},
		{"f0.modulation_4.5_6.5_hz", "pitch"},
		{"mfcc_13.sd", "pitch"},
		{"mfcc_10.mfcc_19.log_covariance", "pitch"},
		{"f0.run_roughness.mean", "voice"},
		{"voiced.share", "voice"},
		{"voicing.sd", "voice"},
		{"energy.delta.mean", "loudness"},
		{"mfcc_0.range", "loudness"},
		{"alpha_ratio.mean", "sound"},
		{"mfcc_3.p25", "sound"},
		{"flux.delta.sd", "liveliness"},
		{"mfcc_3.delta2.p90", "liveliness"},
		{"zero_crossings.slope", "articulation"},
		{"mfcc_3.mfcc_17.log_covariance", "articulation"},
		{"voiced.runs_per_second", "rhythm"},
		{"mfcc_3.modulation_1_2_hz", "rhythm"},
		{"pauses_per_second", "pauses"},
		{"active.share", "pauses"},
		{"f0.third_3", "ending"},
		{"energy.third_1", "ending"},
	};

	(void) env;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		CHECK(strcmp(emo_feature_group_name(expected[i].feature), expected[i].group) == 0);
}

/* No pattern has a misprint: each aspect has features, and each word something that it depends on. */
static void
test_every_aspect_has_features(EmoEnv *env)
{
	int n_members[EMO_N_VOICE_ASPECTS] = {0}, n_measures[EMO_N_VOICE_ASPECTS] = {0};

	(void) env;
	for (int i = 0; i < emo_feature_count(); i++)
	{
		char name[EMO_FEATURE_NAME_SIZE];

		emo_feature_name(i, name);
		n_members[emo_voice_aspect_of(name)]++;
		for (int a = 0; a < EMO_N_VOICE_ASPECTS; a++)
			n_measures[a] += emo_measures_voice_aspect(a, name);
	}
	for (int a = 0; a < EMO_N_VOICE_ASPECTS; a++)
	{
		bool reaches_for_all = strchr(emo_voice_aspects[a].measure, '[') != NULL;

		CHECK(n_members[a] > 0);
		CHECK(reaches_for_all ? n_measures[a] >= 4 : n_measures[a] == 1);
	}
}

/* A model on emoser_features() that knows means of 0 and deviations of 1, and no weights. */
typedef struct NamedModel
{
	EmoModel model;
	EmoModelHead head;
	float *values; /* of an utterance */
} NamedModel;

static void
new_named_model(EmoEnv *env, NamedModel *named)
{
	int n = emo_feature_count();

	named->model = (EmoModel){.algorithm = "lda",
							  .feature_version = EMO_FEATURE_VERSION,
							  .n_features = n,
							  .n_classes = 2,
							  .labels = labels,
							  .n_heads = 1,
							  .heads = &named->head};
	named->head = (EmoModelHead){.weight = 2};
	named->head.lda = (EmoLdaHead){.n_features = n,
								   .n_classes = 2,
								   .mean = emo_alloc_zero(env, n, sizeof(float)),
								   .inverse_deviation = emo_alloc(env, n, sizeof(float)),
								   .weights = emo_alloc_zero(env, 2 * n, sizeof(float)),
								   .bias = emo_alloc_zero(env, 2, sizeof(float)),
								   .max_z = 10,
								   .temperature = 4};
	for (int i = 0; i < n; i++)
		named->head.lda.inverse_deviation[i] = 1;
	named->values = emo_alloc_zero(env, n, sizeof(float));
}

static int
feature_called(const char *wanted)
{
	char name[EMO_FEATURE_NAME_SIZE];

	for (int i = 0; i < emo_feature_count(); i++)
	{
		emo_feature_name(i, name);
		if (strcmp(name, wanted) == 0)
			return i;
	}
	CHECK(false);
	return -1;
}

/* A deviation of a feature, and twice how much it speaks for anger. */
static void
set_feature(NamedModel *named, const char *name, float z, float contribution)
{
	int i = feature_called(name);

	named->values[i] = z;
	named->head.lda.weights[i] = 2 * contribution / z;
}

static int
explain_named(EmoEnv *env, NamedModel *named, EmoExplanationRow *rows)
{
	EmoUtterance utterance = {.features = named->values};
	EmoExplanation explanation;

	CHECK(emo_explain(env, &named->model, NULL, &utterance, &explanation) == EMO_OK);
	CHECK(explanation.winner == 0 && explanation.runner_up == 1 && !explanation.of_speaker);
	return emo_explanation_rows(&named->model, &explanation, rows);
}

static const char *
words_of(const EmoExplanationRow *rows, int n_rows, const char *group)
{
	for (int r = 0; r < n_rows; r++)
		if (strcmp(rows[r].group, group) == 0)
			return rows[r].words;
	return "";
}

static void
test_words(EmoEnv *env)
{
	NamedModel named;
	EmoExplanationRow rows[EMO_EXPLAIN_MAX_ROWS];
	int n_rows;

	new_named_model(env, &named);
	named.head.lda.bias[1] = 1;
	set_feature(&named, "f0.mean", 1, 4);
	set_feature(&named, "f0.sd", -0.6f, 0.5f);
	n_rows = explain_named(env, &named, rows);
	CHECK(n_rows == EMO_N_VOICE_GROUPS + 1);
	CHECK(strcmp(rows[0].group, "pitch") == 0 && strcmp(rows[0].part, "features") == 0);
	CHECK_NEAR(rows[0].contribution, 4.5, 1e-6);
	CHECK(rows[0].n_top == EMO_EXPLAIN_TOP && rows[0].top[0] == feature_called("f0.mean"));
	CHECK(strcmp(rows[0].words, "pitch higher and flatter than average: +4.5 towards anger") == 0);
	CHECK(strcmp(rows[n_rows - 1].group, "baseline") == 0);
	CHECK(strcmp(rows[n_rows - 1].words, "an average utterance: +0.5 towards Überraschung") == 0);
	for (int r = 1; r < n_rows - 1; r++)
		CHECK(strstr(rows[r].words, " about average: +0.0 towards ") != NULL);
}

/* A word is said only if it is so, and if it is a reason for what the group speaks for. */
static void
test_words_are_true(EmoEnv *env)
{
	NamedModel named;
	EmoExplanationRow rows[EMO_EXPLAIN_MAX_ROWS];
	int n_rows;

	new_named_model(env, &named);
	/* Hardly higher: it is the detail that is said. */
	set_feature(&named, "f0.mean", 0.45f, 3);
	set_feature(&named, "mfcc_13.sd", -2, 1);
	/* Breathier, which speaks against it. */
	set_feature(&named, "voicing.mean", -1, -1);
	set_feature(&named, "voiced.share", 1.5f, 2);
	/* A mean of several features. */
	set_feature(&named, "mfcc_2.delta.sd", 2.5f, 0.1f);
	set_feature(&named, "mfcc_3.delta.sd", -0.4f, 0.1f);
	/* The same, but hardly. */
	set_feature(&named, "mfcc_6.delta.sd", 1.9f, 0.2f);
	/* A group for the other emotion. */
	set_feature(&named, "pause.mean", 3, -0.5f);
	n_rows = explain_named(env, &named, rows);
	CHECK(strcmp(words_of(rows, n_rows, "pitch"),
				 "pitch in a detail (mfcc_13.sd lower than average): +4.0 towards anger") == 0);
	CHECK(strcmp(words_of(rows, n_rows, "voice"),
				 "voice more voiced than average: +1.0 towards anger") == 0);
	CHECK(strcmp(words_of(rows, n_rows, "liveliness"),
				 "speech faster in vowels than average: +0.4 towards anger") == 0);
	CHECK(strcmp(words_of(rows, n_rows, "pauses"),
				 "pauses longer than average: +0.5 towards Überraschung") == 0);
}

static void
test_ratio_words(EmoEnv *env)
{
	static const struct
	{
		double ratio;
		const char *words;
	} expected[] = {{1, "about as likely"},
					{1.09, "about as likely"},
					{1.54, "1.5 times as likely"},
					{9.94, "9.9 times as likely"},
					{9.96, "10 times as likely"},
					{87.6, "88 times as likely"},
					{994, "990 times as likely"},
					{996, "1000 times as likely"},
					{1001, "more than 1000 times as likely"},
					{1e300, "more than 1000 times as likely"},
					{INFINITY, "more than 1000 times as likely"}};

	(void) env;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
	{
		char words[EMO_RATIO_WORDS_SIZE];

		emo_ratio_words(log(expected[i].ratio), words);
		CHECK(strcmp(words, expected[i].words) == 0);
	}
}

int
main(void)
{
	RUN(test_completeness);
	RUN(test_contributions_are_exact);
	RUN(test_every_feature_has_its_group);
	RUN(test_every_aspect_has_features);
	RUN(test_words);
	RUN(test_words_are_true);
	RUN(test_ratio_words);
	return unit_finish();
}
