/*
 * bootstrap.c
 *	  Intervals of metrics, by drawing rows again.
 */
#include <math.h>
#include <stdlib.h>

#include "core/base/metrics.h"
#include "core/base/random.h"

/* The share outside a 95 % interval, on each side. */
#define TAIL 0.025

/* Of estimates: intervals settle to a digit or so, and the same question has the same answer. */
#define N_RESAMPLES     1000
#define RESAMPLING_SEED 0

static int
compare_doubles(const void *left_pointer, const void *right_pointer)
{
	double left = *(const double *) left_pointer;
	double right = *(const double *) right_pointer;

	return left < right ? -1 : left > right;
}

/* Between order statistics linearly (Hyndman & Fan 1996, definition 7). */
static double
quantile(const double *sorted, int n, double at)
{
	double place = at * (n - 1);
	int below = (int) place;
	int above = below + 1 < n ? below + 1 : below;

	return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

static void
interval(double *draws, int n_draws, double *low, double *high)
{
	int n = 0;

	for (int i = 0; i < n_draws; i++)
		if (!isnan(draws[i]))
			draws[n++] = draws[i];
	*low = *high = NAN;
	if (n == 0)
		return;
	qsort(draws, n, sizeof(double), compare_doubles);
	*low = quantile(draws, n, TAIL);
	*high = quantile(draws, n, 1 - TAIL);
}

EmoStatus
emo_bootstrap(EmoEnv *env, const EmoJudged *judged, const int64_t *row_of_unit,
			  const int64_t *unit_start, int64_t n_units, int n_resamples, uint64_t seed,
			  double *low, double *high)
{
	int n_values = emo_metric_count(judged->n_labels);
	double *draws = emo_alloc(env, n_values, n_resamples * sizeof(double));
	double *values = emo_alloc(env, n_values, sizeof(double));
	EmoTally tally;
	EmoRandom random;

	if (draws == NULL || values == NULL || emo_tally_new(env, judged->n_labels, &tally) != EMO_OK)
		return env->status;
	emo_random_seed(&random, seed);
	for (int draw = 0; draw < n_resamples; draw++)
	{
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		emo_tally_clear(&tally);
		for (int64_t i = 0; i < n_units; i++)
		{
			int64_t unit = (int64_t) (emo_random_uniform(&random) * (double) n_units);

			for (int64_t r = unit_start[unit]; r < unit_start[unit + 1]; r++)
				emo_tally_add(&tally, judged, row_of_unit[r]);
		}
		emo_tally_metrics(&tally, values);
		for (int v = 0; v < n_values; v++)
			draws[(size_t) v * n_resamples + draw] = values[v];
	}
	for (int v = 0; v < n_values; v++)
		interval(draws + (size_t) v * n_resamples, n_resamples, &low[v], &high[v]);
	emo_free(env, tally.confusion);
	emo_free(env, values);
	emo_free(env, draws);
	return EMO_OK;
}

EmoStatus
emo_estimate_metrics(EmoEnv *env, const EmoJudged *judged, const int64_t *row_of_unit,
					 const int64_t *unit_start, int64_t n_units, EmoEstimates *estimates)
{
	size_t n_values = (size_t) emo_metric_count(judged->n_labels);
	EmoTally tally;

	estimates->value = emo_alloc(env, n_values, sizeof(double));
	estimates->low = emo_alloc(env, n_values, sizeof(double));
	estimates->high = emo_alloc(env, n_values, sizeof(double));
	if (estimates->value == NULL || estimates->low == NULL || estimates->high == NULL ||
		emo_tally_new(env, judged->n_labels, &tally) != EMO_OK)
		return env->status;
	for (int64_t i = unit_start[0]; i < unit_start[n_units]; i++)
		emo_tally_add(&tally, judged, row_of_unit[i]);
	emo_tally_metrics(&tally, estimates->value);
	emo_free(env, tally.confusion);
	return emo_bootstrap(env, judged, row_of_unit, unit_start, n_units, N_RESAMPLES,
						 RESAMPLING_SEED, estimates->low, estimates->high);
}
