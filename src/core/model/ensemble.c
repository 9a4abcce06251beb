/*
 * ensemble.c
 *	  How much each of several classifiers counts when their log posteriors are added up.
 */
#include "core/model/ensemble.h"

#include <math.h>
#include <string.h>

#include "core/base/linalg.h"
#include "core/base/stats.h"
#include "core/base/training_set.h"

/* Newton's method needs a handful; the line search stops where nothing gets better. */
#define MAX_STEPS    50
#define MAX_HALVINGS 30

/* Keeps the Hessian definite where two parts say the same. */
#define RIDGE 1e-6

/* Rows between two looks at the clock. */
#define ROWS_PER_STOP_CHECK 1024

#define N_PARTS             EMO_MAX_ENSEMBLE_PARTS

/* Mean log loss at some weights, with its derivatives. */
typedef struct Slope
{
	double loss;
	double gradient[N_PARTS];
	double hessian[N_PARTS][N_PARTS];
} Slope;

/* A class that a part has never seen says nothing about how much the part knows. */
static bool
counts(const EmoEnsembleRows *rows, int64_t row, int n_groups, int skip_fold)
{
	int fold = rows->folds->fold_of[row];

	if (fold < 0 || (skip_fold >= 0 && fold % n_groups == skip_fold))
		return false;
	for (int k = 0; k < rows->n_parts; k++)
		if (emo_scores_of_row(rows->scores[k], row)[rows->label[row]] <= EMO_MIN_LOG_POSTERIOR)
			return false;
	return true;
}

void
emo_ensemble_score(const EmoEnsembleRows *rows, int64_t row, const double *weights,
				   float *log_posteriors)
{
	double sums[EMO_MAX_CLASSES] = {0};

	for (int k = 0; k < rows->n_parts; k++)
		for (int c = 0; c < rows->n_classes; c++)
			sums[c] += weights[k] * emo_scores_of_row(rows->scores[k], row)[c];
	emo_log_softmax(sums, rows->n_classes, 1, log_posteriors);
}

/* Of -ln P(label): the gradient is E[s] - s[label], the Hessian the covariance of s under P. */
static void
add_row(const EmoEnsembleRows *rows, int64_t row, const float *log_posteriors, Slope *slope)
{
	int label = rows->label[row];
	double mean[N_PARTS] = {0}, product[N_PARTS][N_PARTS] = {{0}};

	for (int c = 0; c < rows->n_classes; c++)
	{
		double p = exp(log_posteriors[c]);

		for (int k = 0; k < rows->n_parts; k++)
		{
			double of_k = emo_scores_of_row(rows->scores[k], row)[c];

			mean[k] += p * of_k;
			for (int l = 0; l <= k; l++)
				product[k][l] += p * of_k * emo_scores_of_row(rows->scores[l], row)[c];
		}
	}
	slope->loss -= log_posteriors[label];
	for (int k = 0; k < rows->n_parts; k++)
	{
		slope->gradient[k] += mean[k] - emo_scores_of_row(rows->scores[k], row)[label];
		for (int l = 0; l <= k; l++)
			slope->hessian[k][l] += product[k][l] - mean[k] * mean[l];
	}
}

static EmoStatus
measure(EmoEnv *env, const EmoEnsembleRows *rows, int n_groups, int skip_fold,
		const double *weights, Slope *slope)
{
	float log_posteriors[EMO_MAX_CLASSES];
	int64_t n = 0;

	memset(slope, 0, sizeof(*slope));
	for (int64_t row = 0; row < rows->n_rows; row++)
	{
		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (!counts(rows, row, n_groups, skip_fold))
			continue;
		emo_ensemble_score(rows, row, weights, log_posteriors);
		add_row(rows, row, log_posteriors, slope);
		n++;
	}
	if (n == 0)
		return EMO_OK;
	slope->loss /= (double) n;
	for (int k = 0; k < rows->n_parts; k++)
	{
		slope->gradient[k] /= (double) n;
		for (int l = 0; l <= k; l++)
			slope->hessian[k][l] /= (double) n;
	}
	return EMO_OK;
}

/* Newton's step in the weights that are free to move; the others have come to an end of their range. */
static EmoStatus
newton_step(EmoEnv *env, const Slope *slope, const double *weights, int n_parts, double *step)
{
	int free_parts[N_PARTS], n_free = 0;
	double a[N_PARTS * N_PARTS], right[N_PARTS];

	memset(step, 0, N_PARTS * sizeof(double));
	for (int k = 0; k < n_parts; k++)
		if (!(weights[k] <= 0 && slope->gradient[k] > 0) &&
			!(weights[k] >= EMO_MAX_ENSEMBLE_WEIGHT && slope->gradient[k] < 0))
			free_parts[n_free++] = k;
	for (int i = 0; i < n_free; i++)
	{
		right[i] = -slope->gradient[free_parts[i]];
		for (int j = i; j < n_free; j++)
			a[i * n_free + j] = slope->hessian[free_parts[j]][free_parts[i]] + (i == j ? RIDGE : 0);
	}
	if (n_free > 0 && emo_cholesky_solve(env, a, n_free, right, 1) != EMO_OK)
		return env->status;
	for (int i = 0; i < n_free; i++)
		step[free_parts[i]] = right[i];
	return EMO_OK;
}

static double
clamp(double weight)
{
	return weight < 0 ? 0 : weight > EMO_MAX_ENSEMBLE_WEIGHT ? EMO_MAX_ENSEMBLE_WEIGHT : weight;
}

EmoStatus
emo_ensemble_fit(EmoEnv *env, const EmoEnsembleRows *rows, int n_groups, int skip_fold,
				 double weights[EMO_MAX_ENSEMBLE_PARTS])
{
	Slope slope, next;
	double step[N_PARTS], tried[N_PARTS] = {0};

	for (int k = 0; k < rows->n_parts; k++)
		weights[k] = 1.0 / rows->n_parts;
	if (measure(env, rows, n_groups, skip_fold, weights, &slope) != EMO_OK)
		return env->status;
	for (int i = 0; i < MAX_STEPS; i++)
	{
		double length = 1;
		int halvings = 0;

		if (newton_step(env, &slope, weights, rows->n_parts, step) != EMO_OK)
			return env->status;
		for (; halvings < MAX_HALVINGS; halvings++, length /= 2)
		{
			for (int k = 0; k < rows->n_parts; k++)
				tried[k] = clamp(weights[k] + length * step[k]);
			if (measure(env, rows, n_groups, skip_fold, tried, &next) != EMO_OK)
				return env->status;
			if (next.loss < slope.loss)
				break;
		}
		if (halvings == MAX_HALVINGS)
			return EMO_OK;
		memcpy(weights, tried, sizeof(tried));
		slope = next;
	}
	return EMO_OK;
}
