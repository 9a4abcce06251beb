/*
 * comparison.c
 *	  Two classifiers on the same rows.
 */
#include "core/base/comparison.h"

#include <math.h>

/* Terms of a tail below that share of its largest don't change its sum in double precision. */
#define NEGLIGIBLE_SHARE 1e-18

double
emo_mcnemar(int64_t n_only_first, int64_t n_only_second)
{
	int64_t n = n_only_first + n_only_second;
	int64_t fewer = n_only_first < n_only_second ? n_only_first : n_only_second;
	double largest, tail = 0, share = 1;

	if (2 * fewer == n)
		return 1;
	/* The binomial tail 2^-n sum C(n, i), i = fewer .. 0, from its largest term on. */
	largest = lgamma((double) n + 1) - lgamma((double) fewer + 1) -
			  lgamma((double) (n - fewer) + 1) - (double) n * M_LN2;
	for (int64_t i = fewer; i >= 0 && share > NEGLIGIBLE_SHARE; i--)
	{
		tail += share;
		share *= (double) i / (double) (n - i + 1);
	}
	return fmin(1, 2 * exp(largest) * tail);
}

/* Two-sided, of the share of draws on either side of zero, one more on each as it might have been missed. */
static double
p_of_draws(const double *draws, int n_draws)
{
	int n_below = 0, n_above = 0;

	for (int i = 0; i < n_draws; i++)
	{
		n_below += draws[i] <= 0;
		n_above += draws[i] >= 0;
	}
	return fmin(1, 2 * (1 + fmin(n_below, n_above)) / (n_draws + 1));
}

/* first and second[EMO_RESAMPLES] are pairs of draws of n_units; first is overwritten. */
static void
differ(double *first, const double *second, int64_t n_units, EmoDifference *difference)
{
	int n;

	for (int draw = 0; draw < EMO_RESAMPLES; draw++)
		first[draw] = second[draw] - first[draw];
	n = emo_interval(first, EMO_RESAMPLES, &difference->low, &difference->high);
	difference->p = n > 0 ? fmax(p_of_draws(first, n), exp2(1 - (double) n_units)) : NAN;
}

/* Metrics of all rows, values[emo_metric_count(n_labels)]. */
static EmoStatus
measure(EmoEnv *env, const EmoJudged *judged, double *values)
{
	EmoTally tally;

	if (emo_tally_new(env, judged->n_labels, &tally) != EMO_OK)
		return env->status;
	for (int64_t row = 0; row < judged->n_rows; row++)
		emo_tally_add(&tally, judged, row);
	emo_tally_metrics(&tally, values);
	emo_free(env, tally.confusion);
	return EMO_OK;
}

EmoStatus
emo_compare(EmoEnv *env, const EmoJudged *first, const EmoJudged *second,
			const int64_t *row_of_unit, const int64_t *unit_start, int64_t n_units,
			EmoComparison *comparison)
{
	const EmoJudged *judged[2] = {first, second};
	double *draws[2], *values[2];

	*comparison = (EmoComparison){0};
	for (int i = 0; i < 2; i++)
	{
		size_t n_values = (size_t) emo_metric_count(judged[i]->n_labels);

		draws[i] = emo_alloc(env, n_values, EMO_RESAMPLES * sizeof(double));
		values[i] = emo_alloc(env, n_values, sizeof(double));
		if (draws[i] == NULL || values[i] == NULL || measure(env, judged[i], values[i]) != EMO_OK ||
			emo_draw_metrics(env, judged[i], row_of_unit, unit_start, n_units, EMO_RESAMPLES,
							 EMO_RESAMPLING_SEED, draws[i]) != EMO_OK)
			return env->status;
	}
	for (int m = 0; m < EMO_N_METRICS; m++)
	{
		EmoDifference *difference = &comparison->metric[m];

		difference->first = values[0][m];
		difference->second = values[1][m];
		differ(draws[0] + (size_t) m * EMO_RESAMPLES, draws[1] + (size_t) m * EMO_RESAMPLES,
			   n_units, difference);
	}
	for (int64_t row = 0; row < first->n_rows; row++)
	{
		bool first_right = first->actual[row] == first->predicted[row];
		bool second_right = second->actual[row] == second->predicted[row];

		comparison->n_only_first += first_right && !second_right;
		comparison->n_only_second += second_right && !first_right;
	}
	for (int i = 0; i < 2; i++)
	{
		emo_free(env, draws[i]);
		emo_free(env, values[i]);
	}
	return EMO_OK;
}
