/*
 * gini_test.c
 *	  The Gini coefficient against its definition by all pairs, and by chance against all deals there are.
 */
#include "unit.h"

#include "core/base/gini.h"
#include "core/base/random.h"

/* By the differences of all pairs. */
static double
naive_gini(const double *values, int n)
{
	double differences = 0, sum = 0;

	for (int i = 0; i < n; i++)
	{
		sum += values[i];
		for (int j = 0; j < n; j++)
			differences += fabs(values[i] - values[j]);
	}
	return differences / (2 * n * sum);
}

static double
gini_of(EmoEnv *env, double *values, int n)
{
	double gini = -1;

	CHECK(emo_gini(env, values, n, &gini) == EMO_OK);
	return gini;
}

static void
test_known(EmoEnv *env)
{
	double same[] = {0.7, 0.7, 0.7}, one_has_all[] = {0, 1, 0, 0}, nothing[] = {0, 0};
	double with_holes[] = {NAN, 1, NAN, 3}, half[] = {1, 3};

	CHECK(gini_of(env, same, 3) == 0);
	CHECK_NEAR(gini_of(env, one_has_all, 4), 0.75, 1e-15);
	CHECK(gini_of(env, nothing, 2) == 0);
	/* |1 - 3| twice, of 4 pairs: 1, and half of it beside a mean of 2. */
	CHECK_NEAR(gini_of(env, half, 2), 0.25, 1e-15);
	CHECK_NEAR(gini_of(env, with_holes, 4), 0.25, 1e-15);
	CHECK(isnan(gini_of(env, with_holes + 2, 0)));
}

static void
test_pairs(EmoEnv *env)
{
	double values[101], sorted[101];
	EmoRandom random;

	emo_random_seed(&random, 3);
	for (int n = 1; n <= 101; n += 20)
	{
		for (int i = 0; i < n; i++)
			values[i] = sorted[i] = floor(10 * emo_random_uniform(&random)) / 10 + (i == 0);
		CHECK_NEAR(gini_of(env, sorted, n), naive_gini(values, n), 1e-12);
	}
}

#define N_UNITS 3
#define N_ROWS  7

/* Two labels; units of three, two and two rows. */
static const int32_t actual[N_ROWS] = {0, 0, 1, 0, 1, 0, 1};
static const int64_t rows[N_ROWS] = {0, 1, 2, 3, 4, 5, 6};
static const int64_t start[N_UNITS + 1] = {0, 3, 5, 7};
static const float ones[N_ROWS] = {1, 1, 1, 1, 1, 1, 1};

static double
naive_gini_of_rows(const bool *right)
{
	double uar[N_UNITS];

	for (int unit = 0; unit < N_UNITS; unit++)
	{
		double n[2] = {0, 0}, n_right[2] = {0, 0};

		for (int64_t i = start[unit]; i < start[unit + 1]; i++)
		{
			n[actual[i]]++;
			n_right[actual[i]] += right[i];
		}
		uar[unit] = (n_right[0] / n[0] + n_right[1] / n[1]) / 2;
	}
	return naive_gini(uar, N_UNITS);
}

/* The mean over all ways in which three of four, and one of three, can be right. */
static double
mean_over_deals(void)
{
	double sum = 0;
	int n = 0;

	for (int bits = 0; bits < 1 << N_ROWS; bits++)
	{
		bool right[N_ROWS];
		int n_right[2] = {0, 0};

		for (int i = 0; i < N_ROWS; i++)
		{
			right[i] = (bits >> i & 1) != 0;
			n_right[actual[i]] += right[i];
		}
		if (n_right[0] != 3 || n_right[1] != 1)
			continue;
		sum += naive_gini_of_rows(right);
		n++;
	}
	CHECK(n == 12);
	return sum / n;
}

static void
test_estimates(EmoEnv *env)
{
	/* Three of the label 0 are right, and the one of label 1 that is in the first unit. */
	static const int32_t predicted[N_ROWS] = {0, 0, 1, 1, 0, 0, 0};
	static const bool right[N_ROWS] = {true, true, true, false, false, true, false};
	EmoJudged judged = {N_ROWS, 2, actual, predicted, ones, ones};
	EmoGini gini, again;

	CHECK(emo_estimate_gini(env, &judged, rows, start, N_UNITS, &gini) == EMO_OK);
	CHECK_NEAR(gini.gini.value, naive_gini_of_rows(right), 1e-12);
	CHECK(gini.gini.low == 0 && gini.gini.high >= gini.gini.value);
	CHECK_NEAR(gini.by_chance.value, mean_over_deals(), 0.01);
	CHECK(gini.by_chance.low < gini.by_chance.value && gini.by_chance.value < gini.by_chance.high);
	CHECK(emo_estimate_gini(env, &judged, rows, start, N_UNITS, &again) == EMO_OK);
	CHECK(memcmp(&gini, &again, sizeof(gini)) == 0);
}

/* All recognised, or nothing of anybody: no chance makes anybody different. */
static void
test_extremes(EmoEnv *env)
{
	static const int32_t wrong[N_ROWS] = {1, 1, 0, 1, 0, 1, 0};
	EmoJudged judged = {N_ROWS, 2, actual, actual, ones, ones};
	EmoGini gini;

	CHECK(emo_estimate_gini(env, &judged, rows, start, N_UNITS, &gini) == EMO_OK);
	CHECK(gini.gini.value == 0 && gini.gini.high == 0 && gini.by_chance.high == 0);
	judged.predicted = wrong;
	CHECK(emo_estimate_gini(env, &judged, rows, start, N_UNITS, &gini) == EMO_OK);
	CHECK(gini.gini.value == 0 && gini.by_chance.value == 0);
}

int
main(void)
{
	RUN(test_known);
	RUN(test_pairs);
	RUN(test_estimates);
	RUN(test_extremes);
	return unit_finish();
}
