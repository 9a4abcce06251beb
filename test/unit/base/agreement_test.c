/*
 * agreement_test.c
 *	  CCC and its relatives against their definitions, intervals, and the line that corrects predictions.
 */
#include "unit.h"

#include "core/base/correction.h"
#include "core/base/random.h"

#define N_PAIRS 300

/* Speakers of ten pairs each. */
#define N_UNITS (N_PAIRS / 10)

typedef struct Sample
{
	double actual[N_PAIRS], predicted[N_PAIRS];
	int64_t row[N_PAIRS], start[N_UNITS + 1];
} Sample;

static void
make_sample(Sample *sample, double slope, double noise)
{
	EmoRandom random;

	emo_random_seed(&random, 5);
	for (int i = 0; i < N_PAIRS; i++)
	{
		sample->row[i] = i;
		sample->actual[i] = 3 + emo_random_normal(&random);
		sample->predicted[i] = 7 + slope * sample->actual[i] + noise * emo_random_normal(&random);
	}
	for (int unit = 0; unit <= N_UNITS; unit++)
		sample->start[unit] = unit * 10;
}

/* Word for word as in Lin (1989), and in two passes. */
static void
naive_metrics(const double *x, const double *y, int n, double *values)
{
	double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0, absolute = 0, square = 0;

	for (int i = 0; i < n; i++)
	{
		mean_x += x[i] / n;
		mean_y += y[i] / n;
	}
	for (int i = 0; i < n; i++)
	{
		xx += (x[i] - mean_x) * (x[i] - mean_x) / n;
		yy += (y[i] - mean_y) * (y[i] - mean_y) / n;
		xy += (x[i] - mean_x) * (y[i] - mean_y) / n;
		absolute += fabs(x[i] - y[i]) / n;
		square += (x[i] - y[i]) * (x[i] - y[i]) / n;
	}
	values[EMO_AGREEMENT_CCC] = 2 * xy / (xx + yy + (mean_x - mean_y) * (mean_x - mean_y));
	values[EMO_AGREEMENT_PEARSON] = xy / sqrt(xx * yy);
	values[EMO_AGREEMENT_MAE] = absolute;
	values[EMO_AGREEMENT_RMSE] = sqrt(square);
}

static void
test_metrics(EmoEnv *env)
{
	Sample sample;
	EmoAgreement all = {0}, first = {0}, rest = {0};
	double values[EMO_N_AGREEMENTS], merged[EMO_N_AGREEMENTS], naive[EMO_N_AGREEMENTS];

	(void) env;
	make_sample(&sample, 0.5, 0.4);
	naive_metrics(sample.actual, sample.predicted, N_PAIRS, naive);
	for (int i = 0; i < N_PAIRS; i++)
	{
		emo_agreement_add(&all, sample.actual[i], sample.predicted[i]);
		emo_agreement_add(i < 70 ? &first : &rest, sample.actual[i], sample.predicted[i]);
	}
	emo_agreement_merge(&first, &rest);
	emo_agreement_metrics(&all, values);
	emo_agreement_metrics(&first, merged);
	for (int m = 0; m < EMO_N_AGREEMENTS; m++)
	{
		CHECK_NEAR(values[m], naive[m], 1e-12);
		CHECK_NEAR(merged[m], naive[m], 1e-12);
	}
	/* Far from the other's mean, it agrees little, however it correlates. */
	CHECK(values[EMO_AGREEMENT_CCC] < 0.1 && values[EMO_AGREEMENT_PEARSON] > 0.7);
}

static void
test_undefined(EmoEnv *env)
{
	EmoAgreement none = {0}, constant = {0}, apart = {0};
	double values[EMO_N_AGREEMENTS];

	(void) env;
	emo_agreement_metrics(&none, values);
	for (int m = 0; m < EMO_N_AGREEMENTS; m++)
		CHECK(isnan(values[m]));
	for (int i = 0; i < 3; i++)
	{
		emo_agreement_add(&constant, 2, 2);
		emo_agreement_add(&apart, 2, 5);
	}
	emo_agreement_metrics(&constant, values);
	CHECK(isnan(values[EMO_AGREEMENT_CCC]) && isnan(values[EMO_AGREEMENT_PEARSON]));
	CHECK_NEAR(values[EMO_AGREEMENT_MAE], 0, 0);
	emo_agreement_metrics(&apart, values);
	CHECK_NEAR(values[EMO_AGREEMENT_CCC], 0, 0);
	CHECK(isnan(values[EMO_AGREEMENT_PEARSON]));
	CHECK_NEAR(values[EMO_AGREEMENT_RMSE], 3, 1e-12);
}

/* Intervals hold the value and shrink with units; drawing whole speakers who differ widens them. */
static void
test_intervals(EmoEnv *env)
{
	Sample sample;
	EmoPairs pairs = {sample.actual, sample.predicted, NULL, NULL};
	EmoAgreementEstimates each, by_unit, few;
	int64_t starts[N_PAIRS + 1];
	double low[N_PAIRS], high[N_PAIRS];

	make_sample(&sample, 1, 0.3);
	for (int i = 0; i < N_PAIRS; i++)
	{
		sample.predicted[i] += i / 10 % 3 - 8;
		starts[i] = i;
	}
	starts[N_PAIRS] = N_PAIRS;
	CHECK(emo_estimate_agreement(env, &pairs, sample.row, starts, N_PAIRS, &each) == EMO_OK);
	CHECK(emo_estimate_agreement(env, &pairs, sample.row, sample.start, N_UNITS, &by_unit) ==
		  EMO_OK);
	CHECK(emo_estimate_agreement(env, &pairs, sample.row, starts, 30, &few) == EMO_OK);
	for (int m = 0; m < EMO_N_AGREEMENTS; m++)
	{
		CHECK(each.low[m] < each.value[m] && each.value[m] < each.high[m]);
		CHECK_NEAR(each.value[m], by_unit.value[m], 1e-12);
	}
	CHECK(few.high[EMO_AGREEMENT_MAE] - few.low[EMO_AGREEMENT_MAE] >
		  1.5 * (each.high[EMO_AGREEMENT_MAE] - each.low[EMO_AGREEMENT_MAE]));
	CHECK(by_unit.high[EMO_AGREEMENT_MAE] - by_unit.low[EMO_AGREEMENT_MAE] >
		  1.5 * (each.high[EMO_AGREEMENT_MAE] - each.low[EMO_AGREEMENT_MAE]));
	CHECK(each.n == N_PAIRS && isnan(each.coverage));

	/* Every third one is covered; NaN says that nobody knows. */
	pairs.low = low;
	pairs.high = high;
	for (int i = 0; i < N_PAIRS; i++)
	{
		low[i] = sample.actual[i] - 1;
		high[i] = sample.actual[i] + (i % 3 == 0 ? 1 : -0.5);
	}
	CHECK(emo_estimate_agreement(env, &pairs, sample.row, starts, N_PAIRS, &each) == EMO_OK);
	CHECK_NEAR(each.coverage, 1.0 / 3, 1e-12);
	high[0] = NAN;
	CHECK(emo_estimate_agreement(env, &pairs, sample.row, starts, N_PAIRS, &each) == EMO_OK);
	CHECK(isnan(each.coverage));
}

/* The line of each objective is the best of all lines by what it is for. */
static void
test_line(EmoEnv *env)
{
	for (int objective = 0; objective < 2; objective++)
	{
		Sample sample;
		EmoCorrection line;
		double best = objective == EMO_OBJECTIVE_CCC ? -1 : INFINITY;

		make_sample(&sample, 0.5, 0.4);
		CHECK(emo_fit_correction(env, objective, sample.actual, sample.predicted, N_PAIRS, &line) ==
			  EMO_OK);
		make_sample(&sample, 0.5, 0.4);
		for (double slope = 0; slope < 3; slope += 0.01)
			for (double offset = -20; offset < 5; offset += 0.05)
			{
				double corrected[N_PAIRS], values[EMO_N_AGREEMENTS];

				for (int i = 0; i < N_PAIRS; i++)
					corrected[i] = offset + slope * sample.predicted[i];
				naive_metrics(sample.actual, corrected, N_PAIRS, values);
				best = objective == EMO_OBJECTIVE_CCC ? fmax(best, values[EMO_AGREEMENT_CCC])
													  : fmin(best, values[EMO_AGREEMENT_RMSE]);
			}
		if (objective == EMO_OBJECTIVE_CCC)
			CHECK(line.value[EMO_AGREEMENT_CCC] > best - 1e-9 &&
				  line.value[EMO_AGREEMENT_CCC] < best + 1e-3);
		else
			CHECK(line.value[EMO_AGREEMENT_RMSE] < best + 1e-9 &&
				  line.value[EMO_AGREEMENT_RMSE] > best - 1e-3);
	}
}

/* 95 % of new pairs lie in the interval; below 39 pairs there is none. */
static void
test_remaining(EmoEnv *env)
{
	Sample sample;
	EmoCorrection line;
	EmoRandom random;
	int n_inside = 0;

	make_sample(&sample, 0.5, 0.4);
	CHECK(emo_fit_correction(env, EMO_OBJECTIVE_ERROR, sample.actual, sample.predicted, N_PAIRS,
							 &line) == EMO_OK);
	emo_random_seed(&random, 6);
	for (int i = 0; i < 10000; i++)
	{
		double actual = 3 + emo_random_normal(&random);
		double predicted =
			line.offset + line.slope * (7 + 0.5 * actual + 0.4 * emo_random_normal(&random));

		n_inside += actual >= predicted + line.low && actual <= predicted + line.high;
	}
	CHECK_NEAR(n_inside / 10000.0, 0.95, 0.02);
	for (int n = 38; n <= 39; n++)
	{
		make_sample(&sample, 0.5, 0.4);
		CHECK(emo_fit_correction(env, EMO_OBJECTIVE_ERROR, sample.actual, sample.predicted, n,
								 &line) == EMO_OK);
		CHECK(isnan(line.low) == (n == 38) && isnan(line.high) == (n == 38));
	}
}

static void
test_nothing_said(EmoEnv *env)
{
	Sample sample;
	EmoCorrection line;
	double mean = 0;

	make_sample(&sample, -0.5, 0.1);
	for (int i = 0; i < N_PAIRS; i++)
		mean += sample.actual[i] / N_PAIRS;
	CHECK(emo_fit_correction(env, EMO_OBJECTIVE_CCC, sample.actual, sample.predicted, N_PAIRS,
							 &line) == EMO_OK);
	CHECK_NEAR(line.slope, 0, 0);
	CHECK_NEAR(line.offset, mean, 1e-12);
	CHECK(emo_fit_correction(env, EMO_OBJECTIVE_CCC, sample.actual, sample.predicted, 0, &line) ==
		  EMO_OK);
	CHECK(line.slope == 1 && line.offset == 0 && isnan(line.low) &&
		  isnan(line.value[EMO_AGREEMENT_CCC]));
}

int
main(void)
{
	RUN(test_metrics);
	RUN(test_undefined);
	RUN(test_intervals);
	RUN(test_line);
	RUN(test_remaining);
	RUN(test_nothing_said);
	return unit_finish();
}
