/*
 * calibrate_cross_test.c
 *	  Scores of a fold don't depend on its labels, and not at all on rows that are left out.
 */
#include "lda_sample.h"

#include "core/base/training_set.h"

#define N_ROWS    72
#define N_CLASSES 4

/* Calibrated log posteriors of all rows. */
static void
score(EmoEnv *env, const EmoTrainingSet *set, int32_t *fold_of_row, int n_folds,
	  float *log_posteriors)
{
	EmoFolds folds = {N_ROWS, n_folds, fold_of_row};
	EmoRowScores scores = {N_ROWS, N_CLASSES, log_posteriors};
	EmoLdaOptions options = emo_lda_default_options();

	memset(log_posteriors, 0, sizeof(float) * N_ROWS * N_CLASSES);
	options.max_z = EMO_MAX_MAX_Z;
	options.shrinkage = 0.05;
	CHECK(emo_lda_cross_scores(env, set, &options, &folds, &scores) == EMO_OK);
	CHECK(emo_lda_calibrate_cross(env, set, &options, &folds, &scores) == EMO_OK);
}

/*
 * With the labels of fold 0 exchanged, its scores differ only by what it has taught the other
 * folds' scores, on which its temperature rests: their order and the ratios of their distances stay.
 */
static void
test_labels_of_a_fold(EmoEnv *env)
{
	static Sample sample;
	float before[N_ROWS * N_CLASSES], after[N_ROWS * N_CLASSES];
	int32_t fold_of_row[N_ROWS];

	make_sample(&sample, N_ROWS, 20, N_CLASSES, 9);
	sample.set.speaker = sample.speaker;
	for (int row = 0; row < N_ROWS; row++)
		fold_of_row[row] = sample.speaker[row];
	score(env, &sample.set, fold_of_row, 6, before);
	for (int row = 0; row < N_ROWS; row++)
		if (fold_of_row[row] == 0)
			sample.label[row] = (sample.label[row] + 1) % N_CLASSES;
	score(env, &sample.set, fold_of_row, 6, after);
	for (int row = 0; row < N_ROWS; row++)
	{
		const float *b = before + row * N_CLASSES, *a = after + row * N_CLASSES;

		if (fold_of_row[row] != 0)
			continue;
		CHECK_NEAR((a[1] - a[0]) * (b[2] - b[0]), (a[2] - a[0]) * (b[1] - b[0]),
				   1e-3 * (1 + fabs(a[1] - a[0]) * fabs(b[2] - b[0])));
	}
}

/* A single fold: what a model trained on the rest, and calibrated there, would say. */
static void
test_single_fold(EmoEnv *env)
{
	static Sample sample;
	float cross[N_ROWS * N_CLASSES];
	int32_t fold_of_row[N_ROWS];
	bool keep[N_ROWS];
	EmoTrainingSubset rest;
	EmoLdaOptions options = emo_lda_default_options();
	EmoLdaHead head;

	make_sample(&sample, N_ROWS, 20, N_CLASSES, 10);
	sample.set.speaker = sample.speaker;
	for (int row = 0; row < N_ROWS; row++)
	{
		fold_of_row[row] = row % 6 == 0 ? 0 : -1;
		keep[row] = fold_of_row[row] < 0;
	}
	score(env, &sample.set, fold_of_row, 1, cross);
	CHECK(emo_training_subset(env, &sample.set, keep, &rest) == EMO_OK);
	CHECK(rest.set.n_rows == 60);
	CHECK(rest.source_row[5] == 7 && rest.set.label[5] == sample.label[7]);
	options.max_z = EMO_MAX_MAX_Z;
	options.shrinkage = 0.05;
	CHECK(emo_lda_fit(env, &rest.set, &options, &head) == EMO_OK);
	CHECK(emo_lda_calibrate(env, &rest.set, &options, &head) == EMO_OK);
	CHECK(head.temperature != 1);
	for (int row = 0; row < N_ROWS; row++)
	{
		float expected[N_CLASSES];

		if (fold_of_row[row] < 0)
			continue;
		emo_lda_log_posteriors(&head, sample.features + row * 20, expected);
		for (int c = 0; c < N_CLASSES; c++)
			CHECK_NEAR(cross[row * N_CLASSES + c], expected[c], tolerance(expected[c]));
	}
	emo_training_subset_free(env, &rest);
}

/*
 * Folds and scores of a set's utterances, given for rows that are their copies too, are refused
 * before anything is read beyond them.
 */
static void
test_arrays_of_other_rows(EmoEnv *env)
{
	static Sample sample;
	EmoLdaOptions options = emo_lda_default_options();
	EmoFolds folds, few_folds;
	EmoRowScores scores, few_scores, few_classes;

	make_sample(&sample, N_ROWS, 20, N_CLASSES, 11);
	CHECK(emo_new_folds(env, N_ROWS, 2, &folds) == EMO_OK);
	CHECK(emo_new_folds(env, N_ROWS / 2, 2, &few_folds) == EMO_OK);
	CHECK(emo_new_scores(env, N_ROWS, N_CLASSES, &scores) == EMO_OK);
	CHECK(emo_new_scores(env, N_ROWS / 2, N_CLASSES, &few_scores) == EMO_OK);
	CHECK(emo_new_scores(env, N_ROWS, N_CLASSES - 1, &few_classes) == EMO_OK);
	for (int row = 0; row < N_ROWS; row++)
		folds.fold_of[row] = few_folds.fold_of[row / 2] = row % 2;
	CHECK(emo_lda_cross_scores(env, &sample.set, &options, &few_folds, &scores) ==
		  EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->message, "folds are of 36 rows, not of 72") == 0);
	CHECK(emo_lda_cross_scores(env, &sample.set, &options, &folds, &few_scores) ==
		  EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->message, "scores are of 36 rows and 4 classes, not of 72 and 4") == 0);
	CHECK(emo_lda_cross_scores(env, &sample.set, &options, &folds, &few_classes) ==
		  EMO_INVALID_PARAMETER);
	CHECK(emo_lda_cross_scores(env, &sample.set, &options, &folds, &scores) == EMO_OK);
	CHECK(emo_lda_calibrate_cross(env, &sample.set, &options, &few_folds, &scores) ==
		  EMO_INVALID_PARAMETER);
	CHECK(emo_lda_calibrate_cross(env, &sample.set, &options, &folds, &few_scores) ==
		  EMO_INVALID_PARAMETER);
	CHECK(emo_lda_calibrate_cross(env, &sample.set, &options, &folds, &scores) == EMO_OK);
}

int
main(void)
{
	RUN(test_labels_of_a_fold);
	RUN(test_single_fold);
	RUN(test_arrays_of_other_rows);
	return unit_finish();
}
