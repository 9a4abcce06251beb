/*
 * cross_test.c
 *	  Held-out folds against retraining, and calibration on them.
 */
#include "lda_sample.h"

#include "core/base/calibration.h"
#include "core/base/stats.h"

/* Only then are down-dated folds the same as retrained ones. */
static EmoLdaOptions
unclipped_options(void)
{
	EmoLdaOptions options = emo_lda_default_options();

	options.max_z = EMO_MAX_MAX_Z;
	return options;
}

/* No log posterior. */
#define UNTOUCHED 123.0f

/* Train on the rows outside a fold and score the fold, for every fold. */
static void
compare_with_retraining(EmoEnv *env, const Sample *sample, int32_t *fold_of_row, int n_folds)
{
	static Sample rest;
	static float log_posteriors[MAX_ROWS * MAX_CLASSES];
	EmoLdaOptions options = unclipped_options();
	const EmoTrainingSet *set = &sample->set;
	EmoFolds folds = {set->n_rows, n_folds, fold_of_row};
	EmoRowScores scores = {set->n_rows, set->n_classes, log_posteriors};
	int n = set->n_features;

	for (int i = 0; i < MAX_ROWS * MAX_CLASSES; i++)
		log_posteriors[i] = UNTOUCHED;
	CHECK(emo_lda_cross_scores(env, set, &options, &folds, &scores) == EMO_OK);
	for (int row = 0; row < set->n_rows; row++)
		if (fold_of_row[row] < 0 || (set->copy_kind != NULL && set->copy_kind[row] != 0))
			CHECK(log_posteriors[row * set->n_classes] == UNTOUCHED);
	for (int fold = 0; fold < n_folds; fold++)
	{
		EmoLdaHead head;
		int n_rest = 0;

		rest.set = *set;
		rest.set.features = rest.features;
		rest.set.label = rest.label;
		rest.set.row_weight = set->row_weight == NULL ? NULL : rest.row_weight;
		for (int row = 0; row < set->n_rows; row++)
		{
			if (fold_of_row[row] == fold)
				continue;
			memcpy(rest.features + n_rest * n, set->features + row * n, n * sizeof(float));
			rest.label[n_rest] = set->label[row];
			rest.row_weight[n_rest++] = sample->row_weight[row];
		}
		rest.set.n_rows = n_rest;
		CHECK(emo_lda_fit(env, &rest.set, &options, &head) == EMO_OK);
		for (int row = 0; row < set->n_rows; row++)
		{
			float expected[MAX_CLASSES];

			if (fold_of_row[row] != fold || (set->copy_kind != NULL && set->copy_kind[row] != 0))
				continue;
			emo_lda_log_posteriors(&head, set->features + row * n, expected);
			for (int c = 0; c < set->n_classes; c++)
				CHECK_NEAR(log_posteriors[row * set->n_classes + c], expected[c],
						   tolerance(expected[c]));
		}
	}
}

static void
test_folds_equal_retraining(EmoEnv *env)
{
	static Sample sample;
	int32_t fold_of_row[MAX_ROWS];

	/* Primal, then dual; rows of fold -1 are always trained on. */
	for (int n_features = 11; n_features <= 88; n_features += 77)
	{
		make_sample(&sample, 75, n_features, 4, 3);
		for (int row = 0; row < 75; row++)
			fold_of_row[row] = row / 2 % 7 - 1;
		compare_with_retraining(env, &sample, fold_of_row, 6);
		sample.set.copy_kind = sample.copy_kind;
		sample.set.row_weight = sample.row_weight;
		compare_with_retraining(env, &sample, fold_of_row, 6);

		/* A feature that varies in fold 2 only: constant in training, as if it weren't there. */
		for (int row = 0; row < 75; row++)
			sample.features[row * n_features + 5] = fold_of_row[row] == 2 ? (float) row : 7.3f;
		compare_with_retraining(env, &sample, fold_of_row, 6);
	}
}

static void
test_class_within_one_fold(EmoEnv *env)
{
	static Sample sample;
	static float log_posteriors[MAX_ROWS * MAX_CLASSES];
	int32_t fold_of_row[MAX_ROWS];
	EmoFolds folds = {30, 3, fold_of_row};
	EmoRowScores scores = {30, 3, log_posteriors};
	EmoLdaOptions options = unclipped_options();

	make_sample(&sample, 30, 8, 3, 4);
	for (int row = 0; row < 30; row++)
		fold_of_row[row] = sample.label[row] == 2 ? 0 : 1 + row % 2;
	CHECK(emo_lda_cross_scores(env, &sample.set, &options, &folds, &scores) == EMO_OK);
	for (int row = 0; row < 30; row++)
		CHECK((log_posteriors[row * 3 + 2] == EMO_MIN_LOG_POSTERIOR) == (fold_of_row[row] == 0));

	for (int row = 0; row < 30; row++)
		fold_of_row[row] = sample.label[row] == 2 ? -1 : 0;
	folds.n_folds = 1;
	CHECK(emo_lda_cross_scores(env, &sample.set, &options, &folds, &scores) == EMO_BAD_DATA);
	CHECK(strcmp(env->message, "fewer than two classes are left outside a fold") == 0);
}

/* Several options at once say what each says alone, to the bit, in either form. */
static void
check_by_each(EmoEnv *env, int n_rows, int n_features)
{
	static Sample sample;
	static float together[3][MAX_ROWS * MAX_CLASSES], alone[MAX_ROWS * MAX_CLASSES];
	int32_t fold_of_row[MAX_ROWS];
	EmoFolds folds = {n_rows, 4, fold_of_row};
	EmoLdaOptions options[3] = {unclipped_options(), unclipped_options(), unclipped_options()};
	EmoRowScores scores[3], of_one = {n_rows, 3, alone};
	EmoLdaCross *cross;

	make_sample(&sample, n_rows, n_features, 3, 4);
	for (int row = 0; row < n_rows; row++)
		fold_of_row[row] = row % 4;
	for (int i = 0; i < 3; i++)
	{
		options[i].shrinkage = 0.1 + 0.3 * i;
		scores[i] = (EmoRowScores){n_rows, 3, together[i]};
	}
	CHECK(emo_lda_cross_begin(env, &sample.set, &options[0], &folds, &cross) == EMO_OK);
	for (int fold = 0; fold < 4; fold++)
		CHECK(emo_lda_cross_fold_by_each(env, cross, fold, options, 3, scores) == EMO_OK);
	emo_lda_cross_end(env, cross);
	for (int i = 0; i < 3; i++)
	{
		CHECK(emo_lda_cross_scores(env, &sample.set, &options[i], &folds, &of_one) == EMO_OK);
		CHECK(memcmp(alone, together[i], n_rows * 3 * sizeof(float)) == 0);
	}
}

static void
test_by_each(EmoEnv *env)
{
	check_by_each(env, 70, 8);
	check_by_each(env, 30, 40);
}

static double
log_loss(const EmoTrainingSet *set, const float *log_posteriors, double temperature)
{
	double loss = 0;

	for (int row = 0; row < set->n_rows; row++)
	{
		const float *s = log_posteriors + row * set->n_classes;
		double sum = 0;

		for (int c = 0; c < set->n_classes; c++)
			sum += exp(s[c] / temperature);
		loss += log(sum) - s[set->label[row]] / temperature;
	}
	return loss;
}

static void
test_calibration(EmoEnv *env)
{
	static Sample sample;
	static float log_posteriors[MAX_ROWS * MAX_CLASSES];
	EmoFolds folds;
	EmoRowScores scores = {72, 4, log_posteriors};
	bool by_speaker;
	EmoLdaOptions options = unclipped_options();
	EmoLdaHead head;

	make_sample(&sample, 72, 40, 4, 9);
	sample.set.speaker = sample.speaker;
	options.shrinkage = 0.02;
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_OK);
	CHECK(emo_lda_calibrate(env, &sample.set, &options, &head) == EMO_OK);
	CHECK(emo_calibration_folds(env, &sample.set, &folds, &by_speaker) == EMO_OK);
	CHECK(folds.n_folds == 6 && by_speaker);
	CHECK(emo_lda_cross_scores(env, &sample.set, &options, &folds, &scores) == EMO_OK);

	/* Trained with hardly any shrinkage, the head is too sure of itself; and it is a minimum. */
	CHECK(head.temperature > 1);
	for (double factor = 0.5; factor < 2; factor += 0.1)
		CHECK(log_loss(&sample.set, log_posteriors, head.temperature) <=
			  log_loss(&sample.set, log_posteriors, head.temperature * factor) + 1e-6);
}

int
main(void)
{
	RUN(test_folds_equal_retraining);
	RUN(test_class_within_one_fold);
	RUN(test_by_each);
	RUN(test_calibration);
	return unit_finish();
}
