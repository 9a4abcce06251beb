/*
 * calibration_test.c
 *	  The temperature is that of the least log loss; folds hold out speakers or recordings.
 */
#include "lda_sample.h"

#include "core/base/calibration.h"

/* Copies, rows of no fold and rows of a class that was unknown don't count. */
static void
test_temperature_counts_originals(EmoEnv *env)
{
	static float log_posteriors[] = {-0.1f, -2.35f, -0.2f, -1.7f,  -1.5f, -0.25f,
									 -9,    -1e-4f, -9,    -1e-4f, -1e4f, 0};
	static const int32_t label[] = {0, 0, 0, 0, 0, 0}, copy_kind[] = {0, 0, 0, 1, 0, 0};
	static int32_t fold_of_row[] = {0, 1, 1, 0, -1, 0};
	EmoTrainingSet set = {
		.label = label, .copy_kind = copy_kind, .n_rows = 6, .n_features = 1, .n_classes = 2};
	EmoFolds folds = {6, 2, fold_of_row};
	EmoRowScores scores = {6, 2, log_posteriors};
	float all, counting;

	CHECK(emo_fit_temperature(env, &set, &folds, &scores, NULL, &all) == EMO_OK);
	set.n_rows = folds.n_rows = scores.n_rows = 3;
	CHECK(emo_fit_temperature(env, &set, &folds, &scores, NULL, &counting) == EMO_OK);
	CHECK(all == counting && counting != 1);
}

/* The mean log loss under softmax(s / T + ln prior). */
static double
log_loss(const EmoTrainingSet *set, const int32_t *fold_of_row, const float *s,
		 const double *log_priors, double temperature)
{
	double loss = 0;

	for (int row = 0; row < set->n_rows; row++, s += 3)
	{
		const double *log_prior = log_priors + 3 * fold_of_row[row];
		double sum = 0;

		for (int c = 0; c < 3; c++)
			sum += exp(s[c] / temperature + log_prior[c]);
		loss += log(sum) - s[set->label[row]] / temperature - log_prior[set->label[row]];
	}
	return loss / (double) set->n_rows;
}

/* With priors that differ from fold to fold, too, no other temperature does better. */
static void
test_temperature_with_priors(EmoEnv *env)
{
	static float s[3 * MAX_ROWS];
	static int32_t label[MAX_ROWS], fold_of_row[MAX_ROWS];
	const double log_priors[2 * 3] = {log(0.8), log(0.15), log(0.05), log(0.6), log(0.3), log(0.1)};
	EmoTrainingSet set = {.label = label, .n_rows = MAX_ROWS, .n_features = 1, .n_classes = 3};
	EmoFolds folds = {MAX_ROWS, 2, fold_of_row};
	EmoRowScores scores = {MAX_ROWS, 3, s};
	uint64_t state = 5;
	float temperature, of_equal;

	for (int row = 0; row < MAX_ROWS; row++)
	{
		label[row] = row % 10 < 7 ? 0 : row % 10 < 9 ? 1 : 2;
		fold_of_row[row] = row % 2;
		for (int c = 0; c < 3; c++)
			s[3 * row + c] = (float) (8 * uniform(&state) + (c == label[row] ? 3 : 0));
	}
	CHECK(emo_fit_temperature(env, &set, &folds, &scores, log_priors, &temperature) == EMO_OK);
	CHECK(emo_fit_temperature(env, &set, &folds, &scores, NULL, &of_equal) == EMO_OK);
	CHECK(temperature > 1 && fabsf(temperature - of_equal) > 0.1f);
	for (double factor = 0.5; factor < 2; factor += 0.1)
		CHECK(log_loss(&set, fold_of_row, s, log_priors, temperature) <=
			  log_loss(&set, fold_of_row, s, log_priors, temperature * factor) + 1e-7);
}

static void
test_calibration_folds(EmoEnv *env)
{
	static Sample sample;
	EmoFolds folds;
	const int32_t *fold_of_row;
	bool by_speaker;

	/* 24 speakers, one unknown: ten folds, none split. */
	make_sample(&sample, 75, 5, 4, 10);
	sample.set.speaker = sample.speaker;
	sample.set.n_speakers = 24;
	for (int row = 0; row < 75; row++)
		sample.speaker[row] = row / 3 - 1;
	CHECK(emo_calibration_folds(env, &sample.set, &folds, &by_speaker) == EMO_OK);
	CHECK(folds.n_folds == 10 && folds.n_rows == 75 && by_speaker);
	fold_of_row = folds.fold_of;
	for (int row = 0; row < 75; row++)
	{
		CHECK(fold_of_row[row] == fold_of_row[row / 3 * 3]);
		CHECK(row < 3 ? fold_of_row[row] == -1 : fold_of_row[row] >= 0 && fold_of_row[row] < 10);
	}

	/* A single speaker: fifths of the recordings, copies beside their original. */
	sample.set.n_speakers = 1;
	memset(sample.speaker, 0, sizeof(sample.speaker));
	sample.set.recording = sample.recording;
	CHECK(emo_calibration_folds(env, &sample.set, &folds, &by_speaker) == EMO_OK);
	CHECK(folds.n_folds == 5 && !by_speaker);
	fold_of_row = folds.fold_of;
	for (int row = 0; row < 75; row++)
		CHECK(fold_of_row[row] == fold_of_row[row / 2 * 2] && fold_of_row[row] >= 0);

	/* Two speakers of whom one has one class only: the other can't be held out. */
	sample.set.n_speakers = 2;
	sample.set.n_classes = 2;
	for (int row = 0; row < 75; row++)
	{
		sample.speaker[row] = row % 2;
		sample.label[row] = row % 4 == 2;
	}
	sample.set.recording = NULL;
	CHECK(emo_calibration_folds(env, &sample.set, &folds, &by_speaker) == EMO_OK);
	CHECK(folds.n_folds == 5 && !by_speaker);

	/* Two rows: nothing can be held out. */
	sample.set.speaker = NULL;
	sample.set.recording = NULL;
	sample.set.n_rows = 2;
	sample.set.n_classes = 2;
	CHECK(emo_calibration_folds(env, &sample.set, &folds, &by_speaker) == EMO_OK);
	CHECK(folds.n_folds == 0);
}

int
main(void)
{
	RUN(test_temperature_counts_originals);
	RUN(test_temperature_with_priors);
	RUN(test_calibration_folds);
	return unit_finish();
}
