/*
 * correction.c
 *	  Predicted numbers brought to the scale of actual ones.
 */
#include "core/base/correction.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/sort.h"

const char *const emo_objective_words[] = {"ccc", "error", NULL};

/* Of new numbers, outside an interval on either side. */
#define TAIL 0.025

/* The line, from moments of the pairs. */
static void
fit_line(const EmoAgreement *pairs, EmoObjective objective, EmoCorrection *correction)
{
	double slope = 0;

	if (pairs->product > 0 && pairs->predicted_square > 0)
		slope = objective == EMO_OBJECTIVE_CCC
					? sqrt(pairs->actual_square / pairs->predicted_square)
					: pairs->product / pairs->predicted_square;
	correction->slope = slope;
	correction->offset = pairs->actual_mean - slope * pairs->predicted_mean;
}

/* Quantiles of remaining[n], which is sorted. */
static void
fit_interval(const double *remaining, int64_t n, EmoCorrection *correction)
{
	int64_t below = (int64_t) floor((double) (n + 1) * TAIL);

	correction->low = correction->high = NAN;
	if (below < 1)
		return;
	correction->low = remaining[below - 1];
	correction->high = remaining[n - below];
}

EmoStatus
emo_fit_correction(EmoEnv *env, EmoObjective objective, double *actual, double *predicted,
				   int64_t n, EmoCorrection *correction)
{
	EmoAgreement before = {0}, after = {0};

	*correction = (EmoCorrection){.slope = 1, .low = NAN, .high = NAN, .n_rows = n};
	for (int64_t i = 0; i < n; i++)
		emo_agreement_add(&before, actual[i], predicted[i]);
	if (n > 0)
		fit_line(&before, objective, correction);
	for (int64_t i = 0; i < n; i++)
	{
		predicted[i] = correction->offset + correction->slope * predicted[i];
		emo_agreement_add(&after, actual[i], predicted[i]);
		actual[i] -= predicted[i];
	}
	emo_agreement_metrics(&after, correction->value);
	if (emo_check_stop(env) != EMO_OK)
		return env->status;
	qsort(actual, n, sizeof(double), emo_compare_doubles);
	fit_interval(actual, n, correction);
	return EMO_OK;
}

EmoStatus
emo_fit_corrections(EmoEnv *env, const EmoTrainingSet *set, const EmoFolds *folds, int n_groups,
					int skip_group, EmoObjective objective, const EmoRowScores *scores,
					EmoCorrection *corrections)
{
	double *actual = emo_alloc(env, set->n_rows, sizeof(double));
	double *predicted = emo_alloc(env, set->n_rows, sizeof(double));

	if (actual == NULL || predicted == NULL ||
		emo_check_rows(env, set->n_rows, set->n_targets, folds, scores) != EMO_OK)
		return env->status;
	for (int t = 0; t < set->n_targets; t++)
	{
		int64_t n = 0;

		for (int64_t row = 0; row < set->n_rows; row++)
		{
			int fold = folds->fold_of[row];

			if (fold < 0 || fold % n_groups == skip_group || !emo_is_original(set, row))
				continue;
			actual[n] = set->target[row * set->n_targets + t];
			predicted[n++] = emo_scores_of_row(scores, row)[t];
		}
		if (emo_fit_correction(env, objective, actual, predicted, n, &corrections[t]) != EMO_OK)
			return env->status;
	}
	emo_free(env, predicted);
	emo_free(env, actual);
	return EMO_OK;
}

void
emo_correct_row(const EmoCorrection *corrections, int n_targets, float *values, float *low,
				float *high)
{
	for (int t = 0; t < n_targets; t++)
	{
		double value = corrections[t].offset + corrections[t].slope * values[t];

		values[t] = (float) value;
		low[t] = (float) (value + corrections[t].low);
		high[t] = (float) (value + corrections[t].high);
	}
}
