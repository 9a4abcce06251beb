/*
 * ensemble_test.c
 *	  Tests of src/core/model/ensemble.c.
 */
#include "core/base/stats.h"
#include "core/model/ensemble.h"

#include "core/base/random.h"
#include "core/lda/lda.h"
#include "unit.h"

#define N_ROWS    400
#define N_CLASSES 3
#define N_FOLDS   4

/*
 * Two classifiers that hear the label in noise of their own, and say what follows from it to a part
 * given by sharpness: at 1 they are calibrated.
 */
typedef struct Sample
{
	int32_t label[N_ROWS], fold_of[N_ROWS];
	float scores[2][N_ROWS * N_CLASSES];
	EmoFolds folds;
	EmoRowScores of_parts[2];
	EmoEnsembleRows rows;
} Sample;

static void
fill(Sample *sample, double sharpness_a, double sharpness_b)
{
	const double sharpness[2] = {sharpness_a, sharpness_b}, deviation[2] = {1.0, 1.5};
	EmoRandom random;

	emo_random_seed(&random, 7);
	for (int i = 0; i < N_ROWS; i++)
	{
		sample->label[i] = (int32_t) (emo_random_uniform(&random) * N_CLASSES);
		sample->fold_of[i] = i % N_FOLDS;
		for (int k = 0; k < 2; k++)
		{
			double logits[N_CLASSES], sum = 0;

			for (int c = 0; c < N_CLASSES; c++)
			{
				/* For unit means, ln P(x | c) is x[c] / deviation^2 and a constant. */
				double heard = (c == sample->label[i]) + deviation[k] * emo_random_normal(&random);

				logits[c] = sharpness[k] * heard / (deviation[k] * deviation[k]);
				sum += exp(logits[c]);
			}
			for (int c = 0; c < N_CLASSES; c++)
				sample->scores[k][i * N_CLASSES + c] = (float) (logits[c] - log(sum));
		}
	}
	sample->folds = (EmoFolds){N_ROWS, N_FOLDS, sample->fold_of};
	for (int k = 0; k < 2; k++)
		sample->of_parts[k] = (EmoRowScores){N_ROWS, N_CLASSES, sample->scores[k]};
	sample->rows = (EmoEnsembleRows){.n_parts = 2,
									 .n_classes = N_CLASSES,
									 .n_rows = N_ROWS,
									 .label = sample->label,
									 .folds = &sample->folds,
									 .scores = {&sample->of_parts[0], &sample->of_parts[1]}};
}

static double
mean_loss(const Sample *sample, int n_groups, int skip, double a, double b)
{
	const double weights[EMO_MAX_ENSEMBLE_PARTS] = {a, b};
	double loss = 0;
	int n = 0;

	for (int i = 0; i < N_ROWS; i++)
	{
		float log_posteriors[N_CLASSES];

		if (skip >= 0 && sample->fold_of[i] % n_groups == skip)
			continue;
		emo_ensemble_score(&sample->rows, i, weights, log_posteriors);
		loss -= log_posteriors[sample->label[i]];
		n++;
	}
	return loss / n;
}

/* No other point of a fine grid is better. */
static void
test_is_least(EmoEnv *env)
{
	static Sample sample;
	double weights[EMO_MAX_ENSEMBLE_PARTS], fitted;
	int n_better = 0;

	fill(&sample, 1, 3);
	CHECK(emo_ensemble_fit(env, &sample.rows, 1, -1, weights) == EMO_OK);
	fitted = mean_loss(&sample, 1, -1, weights[0], weights[1]);
	for (int a = 0; a <= 60; a++)
		for (int b = 0; b <= 60; b++)
			n_better += mean_loss(&sample, 1, -1, a / 30.0, b / 30.0) < fitted - 1e-9;
	CHECK(n_better == 0);
	CHECK(fitted < mean_loss(&sample, 1, -1, 1, 0) - 0.01);
	CHECK(fitted < mean_loss(&sample, 1, -1, 0, 1.0 / 3) - 0.01);
}

/* Independent classifiers add up as they are, and one that is three times too sure counts a third. */
static void
test_undoes_sharpness(EmoEnv *env)
{
	static Sample sample;
	double plain[EMO_MAX_ENSEMBLE_PARTS], sharp[EMO_MAX_ENSEMBLE_PARTS];

	fill(&sample, 1, 1);
	CHECK(emo_ensemble_fit(env, &sample.rows, 1, -1, plain) == EMO_OK);
	fill(&sample, 1, 3);
	CHECK(emo_ensemble_fit(env, &sample.rows, 1, -1, sharp) == EMO_OK);
	CHECK_NEAR(plain[0], 1, 0.25);
	CHECK_NEAR(plain[1], 1, 0.35);
	CHECK_NEAR(sharp[0], plain[0], 1e-3);
	CHECK_NEAR(sharp[1], plain[1] / 3, 1e-3);
}

/* A classifier that is always wrong gets no weight, rather than one below zero. */
static void
test_not_negative(EmoEnv *env)
{
	static Sample sample;
	double weights[EMO_MAX_ENSEMBLE_PARTS];

	fill(&sample, 1, -1);
	CHECK(emo_ensemble_fit(env, &sample.rows, 1, -1, weights) == EMO_OK);
	CHECK(weights[0] > 0.5);
	CHECK(weights[1] == 0);
}

/* What is skipped has no influence. */
static void
test_skips(EmoEnv *env)
{
	static Sample sample;
	double before[EMO_MAX_ENSEMBLE_PARTS], after[EMO_MAX_ENSEMBLE_PARTS];

	fill(&sample, 1, 1);
	CHECK(emo_ensemble_fit(env, &sample.rows, N_FOLDS, 1, before) == EMO_OK);
	for (int i = 1; i < N_ROWS; i += N_FOLDS)
		sample.label[i] = (sample.label[i] + 1) % N_CLASSES;
	CHECK(emo_ensemble_fit(env, &sample.rows, N_FOLDS, 1, after) == EMO_OK);
	CHECK(before[0] == after[0] && before[1] == after[1]);
	for (int i = 0; i < N_ROWS; i++)
		sample.fold_of[i] = -1;
	CHECK(emo_ensemble_fit(env, &sample.rows, 1, -1, after) == EMO_OK);
	CHECK(after[0] == 0.5 && after[1] == 0.5);
}

/* A class that one part has never seen. */
static void
test_unknown_class(EmoEnv *env)
{
	static Sample sample;
	double before[EMO_MAX_ENSEMBLE_PARTS], after[EMO_MAX_ENSEMBLE_PARTS];
	float log_posteriors[N_CLASSES];

	fill(&sample, 1, 1);
	sample.fold_of[0] = -1;
	CHECK(emo_ensemble_fit(env, &sample.rows, 1, -1, before) == EMO_OK);
	sample.fold_of[0] = 0;
	sample.scores[0][sample.label[0]] = EMO_MIN_LOG_POSTERIOR;
	CHECK(emo_ensemble_fit(env, &sample.rows, 1, -1, after) == EMO_OK);
	CHECK(before[0] == after[0] && before[1] == after[1]);
	emo_ensemble_score(&sample.rows, 0, after, log_posteriors);
	for (int c = 0; c < N_CLASSES; c++)
		CHECK(isfinite(log_posteriors[c]));
}

int
main(void)
{
	RUN(test_is_least);
	RUN(test_undoes_sharpness);
	RUN(test_not_negative);
	RUN(test_skips);
	RUN(test_unknown_class);
	return unit_finish();
}
