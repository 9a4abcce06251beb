/*
 * priors_test.c
 *	  Priors of unequally frequent classes: softmax(score / temperature + ln prior).
 */
#include "unit.h"

#include "core/base/stats.h"
#include "core/lda/lda.h"

/* Ten of one class to one of the other, which differ little beside much noise. */
#define N_ROWS     440
#define N_FEATURES 60
#define RATIO      10

static float features[N_ROWS * N_FEATURES], fresh[N_ROWS * N_FEATURES];
static int32_t label[N_ROWS];

static void
draw(float *rows)
{
	for (int row = 0; row < N_ROWS; row++)
	{
		label[row] = row % (RATIO + 1) == 0;
		for (int i = 0; i < N_FEATURES; i++)
		{
			double noise = 0;

			for (int k = 0; k < 12; k++)
				noise += (double) rand() / RAND_MAX - 0.5;
			rows[row * N_FEATURES + i] = (float) (noise + (i < 4 ? 0.4 * label[row] : 0));
		}
	}
}

static EmoTrainingSet
unequal_set(void)
{
	srand(3);
	draw(features);
	draw(fresh);
	return (EmoTrainingSet){.features = features,
							.label = label,
							.n_rows = N_ROWS,
							.n_features = N_FEATURES,
							.n_classes = 2};
}

static EmoLdaHead
train(EmoEnv *env, const EmoTrainingSet *set, EmoPriors priors)
{
	EmoLdaOptions options = emo_lda_default_options();
	EmoLdaHead head;

	options.priors = priors;
	options.shrinkage = 0.01;
	CHECK(emo_lda_fit(env, set, &options, &head) == EMO_OK);
	CHECK(emo_lda_calibrate(env, set, &options, &head) == EMO_OK);
	return head;
}

static double
log_odds(const EmoLdaHead *head, const float *row)
{
	float log_posteriors[2];

	emo_lda_log_posteriors(head, row, log_posteriors);
	return (double) log_posteriors[1] - log_posteriors[0];
}

/* The prior isn't divided by the temperature. */
static void
test_log_odds(EmoEnv *env)
{
	EmoTrainingSet set = unequal_set();
	EmoLdaHead equal = train(env, &set, EMO_PRIORS_EQUAL);
	EmoLdaHead empirical = train(env, &set, EMO_PRIORS_EMPIRICAL);

	CHECK(equal.temperature > 1.2 && empirical.temperature > 1.2);
	CHECK(memcmp(equal.weights, empirical.weights, 2 * N_FEATURES * sizeof(float)) == 0);
	for (int row = 0; row < N_ROWS; row++)
	{
		double of_equal = log_odds(&equal, fresh + row * N_FEATURES);
		double of_empirical = log_odds(&empirical, fresh + row * N_FEATURES);

		CHECK_NEAR(of_empirical, of_equal * equal.temperature / empirical.temperature - log(RATIO),
				   1e-3);
	}
}

/* On other rows as unequal as those of the training, probabilities are right on average. */
static void
test_mean_probability(EmoEnv *env)
{
	EmoTrainingSet set = unequal_set();
	EmoLdaHead equal = train(env, &set, EMO_PRIORS_EQUAL);
	EmoLdaHead empirical = train(env, &set, EMO_PRIORS_EMPIRICAL);
	double of_equal = 0, of_empirical = 0;

	for (int row = 0; row < N_ROWS; row++)
	{
		of_equal += 1 / (1 + exp(-log_odds(&equal, fresh + row * N_FEATURES))) / N_ROWS;
		of_empirical += 1 / (1 + exp(-log_odds(&empirical, fresh + row * N_FEATURES))) / N_ROWS;
	}
	CHECK_NEAR(of_empirical, 1.0 / (RATIO + 1), 0.02);
	CHECK(of_equal > 0.25);
	CHECK(empirical.held_out.log_loss < equal.held_out.log_loss);
}

/* Held-out rows have the priors of what their head was trained on, at temperatures of others. */
static void
test_cross(EmoEnv *env)
{
	EmoTrainingSet set = unequal_set();
	EmoLdaOptions options = emo_lda_default_options();
	static int32_t fold_of_row[N_ROWS];
	static float log_posteriors[2 * N_ROWS];
	EmoFolds folds = {N_ROWS, 8, fold_of_row};
	EmoRowScores scores = {N_ROWS, 2, log_posteriors};
	double mean = 0;

	options.priors = EMO_PRIORS_EMPIRICAL;
	for (int row = 0; row < N_ROWS; row++)
		fold_of_row[row] = row / (RATIO + 1) % 8;
	CHECK(emo_lda_cross_scores(env, &set, &options, &folds, &scores) == EMO_OK);
	CHECK(emo_lda_calibrate_cross(env, &set, &options, &folds, &scores) == EMO_OK);
	for (int row = 0; row < N_ROWS; row++)
		mean += exp(log_posteriors[2 * row + 1]) / N_ROWS;
	CHECK_NEAR(mean, 1.0 / (RATIO + 1), 0.02);
}

/* A class that only the held-out fold has is impossible there. */
static void
test_class_of_one_fold(EmoEnv *env)
{
	EmoTrainingSet set = unequal_set();
	EmoLdaOptions options = emo_lda_default_options();
	static int32_t labels[N_ROWS], fold_of_row[N_ROWS];
	static float log_posteriors[3 * N_ROWS];
	EmoFolds folds = {N_ROWS, 4, fold_of_row};
	EmoRowScores scores = {N_ROWS, 3, log_posteriors};

	options.priors = EMO_PRIORS_EMPIRICAL;
	set.label = labels;
	set.n_classes = 3;
	for (int row = 0; row < N_ROWS; row++)
	{
		fold_of_row[row] = row % 4;
		labels[row] = row < 20 && row % 4 == 0 ? 2 : label[row];
	}
	CHECK(emo_lda_cross_scores(env, &set, &options, &folds, &scores) == EMO_OK);
	CHECK(emo_lda_calibrate_cross(env, &set, &options, &folds, &scores) == EMO_OK);
	for (int row = 0; row < N_ROWS; row++)
	{
		CHECK((log_posteriors[3 * row + 2] == EMO_MIN_LOG_POSTERIOR) == (fold_of_row[row] == 0));
		CHECK_NEAR(exp(log_posteriors[3 * row]) + exp(log_posteriors[3 * row + 1]) +
					   exp(log_posteriors[3 * row + 2]),
				   1, 1e-5);
	}
}

int
main(void)
{
	RUN(test_log_odds);
	RUN(test_mean_probability);
	RUN(test_cross);
	RUN(test_class_of_one_fold);
	return unit_finish();
}
