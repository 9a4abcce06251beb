/*
 * comparison_test.c
 *	  Differences of classifiers against values from elsewhere, and against what must hold of them.
 */
#include "unit.h"

#include "core/base/comparison.h"
#include "core/base/random.h"

static void
test_mcnemar(EmoEnv *env)
{
	(void) env;
	/* From binomial coefficients as integers. */
	CHECK_NEAR(emo_mcnemar(2, 10), 0.03857421875, 1e-12);
	CHECK_NEAR(emo_mcnemar(10, 2), 0.03857421875, 1e-12);
	CHECK_NEAR(emo_mcnemar(0, 5), 0.0625, 1e-12);
	CHECK_NEAR(emo_mcnemar(0, 0), 1, 0);
	CHECK_NEAR(emo_mcnemar(7, 7), 1, 0);
	CHECK_NEAR(emo_mcnemar(7, 8), 1, 1e-12);
	CHECK_NEAR(emo_mcnemar(450, 550), 0.0017305360849, 1e-12);
	CHECK(emo_mcnemar(100000, 900000) == 0);
	CHECK_NEAR(emo_mcnemar(499000, 501000), 0.0456, 2e-4); /* the normal approximation has 0.0455 */
}

#define N_ROWS         600
#define N_SPEAKERS     12
#define N_FEW_SPEAKERS 4

/* Rows of speakers; right[] says how likely a classifier is to recognise one. */
typedef struct Sample
{
	int32_t actual[N_ROWS], predicted[2][N_ROWS];
	float ones[N_ROWS];
	int64_t rows[N_ROWS], start[N_SPEAKERS + 1];
} Sample;

static void
draw_sample(Sample *sample, double first_right, double second_right)
{
	double right[2] = {first_right, second_right};
	EmoRandom random;

	emo_random_seed(&random, 5);
	for (int row = 0; row < N_ROWS; row++)
	{
		sample->actual[row] = row % 3;
		sample->ones[row] = 1;
		sample->rows[row] = row;
		for (int i = 0; i < 2; i++)
			sample->predicted[i][row] = (row % 3 + (emo_random_uniform(&random) >= right[i])) % 3;
	}
	for (int speaker = 0; speaker <= N_SPEAKERS; speaker++)
		sample->start[speaker] = speaker * (N_ROWS / N_SPEAKERS);
}

static EmoComparison
compare_units(EmoEnv *env, Sample *sample, int n_units)
{
	EmoJudged first = {N_ROWS, 3, sample->actual, sample->predicted[0], sample->ones, sample->ones};
	EmoJudged second = {N_ROWS,       3,           sample->actual, sample->predicted[1],
						sample->ones, sample->ones};
	EmoComparison comparison;

	CHECK(emo_compare(env, &first, &second, sample->rows, sample->start, n_units, &comparison) ==
		  EMO_OK);
	return comparison;
}

static EmoComparison
compare(EmoEnv *env, Sample *sample)
{
	return compare_units(env, sample, N_SPEAKERS);
}

static void
test_comparison(EmoEnv *env)
{
	static Sample sample;
	EmoComparison comparison;
	EmoDifference uar;
	int64_t only[2] = {0, 0};

	draw_sample(&sample, 0.6, 0.75);
	comparison = compare(env, &sample);
	uar = comparison.metric[EMO_METRIC_UAR];
	CHECK(uar.low < uar.second - uar.first && uar.second - uar.first < uar.high);
	CHECK(uar.low > 0 && uar.p < 0.01);
	for (int row = 0; row < N_ROWS; row++)
	{
		bool right[2] = {sample.predicted[0][row] == row % 3, sample.predicted[1][row] == row % 3};

		only[0] += right[0] && !right[1];
		only[1] += right[1] && !right[0];
	}
	CHECK(only[0] == comparison.n_only_first && only[1] == comparison.n_only_second);

	/* The other way round, it is the same with the other sign. */
	for (int row = 0; row < N_ROWS; row++)
	{
		int32_t first = sample.predicted[0][row];

		sample.predicted[0][row] = sample.predicted[1][row];
		sample.predicted[1][row] = first;
	}
	CHECK_NEAR(compare(env, &sample).metric[EMO_METRIC_UAR].low, -uar.high, 1e-12);

	/* All rows by four speakers: however clear, that is one of eight ways in which they can agree. */
	for (int speaker = 0; speaker <= N_FEW_SPEAKERS; speaker++)
		sample.start[speaker] = speaker * (N_ROWS / N_FEW_SPEAKERS);
	CHECK_NEAR(compare_units(env, &sample, N_FEW_SPEAKERS).metric[EMO_METRIC_UAR].p, 0.125, 1e-12);

	/* As good as each other. */
	draw_sample(&sample, 0.7, 0.7);
	uar = compare(env, &sample).metric[EMO_METRIC_UAR];
	CHECK(uar.low < 0 && uar.high > 0 && uar.p > 0.05);

	/* The same. */
	memcpy(sample.predicted[1], sample.predicted[0], sizeof(sample.predicted[0]));
	comparison = compare(env, &sample);
	uar = comparison.metric[EMO_METRIC_UAR];
	CHECK(uar.low == 0 && uar.high == 0 && uar.p == 1);
	CHECK(comparison.n_only_first == 0 && comparison.n_only_second == 0);
}

int
main(void)
{
	RUN(test_mcnemar);
	RUN(test_comparison);
	return unit_finish();
}
