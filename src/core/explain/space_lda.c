/*
 * space_lda.c
 *	  Utterances on the first two discriminant axes.
 */
#include "core/explain/space.h"

#include <math.h>
#include <string.h>

#include "core/base/linalg.h"

/* Directions within which no class spreads: rounding, such as along (1, 1, ..., 1). */
#define RELATIVE_RANK 1e-9

/* Scores of rows, their means by class, and their spread. */
typedef struct Scores
{
	const EmoTrainingSet *set;
	int n_classes;
	float *rows;     /* [n_rows][n_classes], each summing to 0 */
	double *mean;    /* [n_classes] */
	double *means;   /* [n_classes][n_classes], of each class */
	double *n_of;    /* [n_classes], rows */
	double *within;  /* [n_classes][n_classes] */
	double *between; /* the same */
} Scores;

static EmoStatus
new_scores(EmoEnv *env, const EmoTrainingSet *set, Scores *scores)
{
	size_t n = (size_t) set->n_classes;

	*scores = (Scores){.set = set, .n_classes = set->n_classes};
	scores->rows = emo_alloc(env, (size_t) set->n_rows * n, sizeof(float));
	scores->mean = emo_alloc_zero(env, n, sizeof(double));
	scores->means = emo_alloc_zero(env, n * n, sizeof(double));
	scores->n_of = emo_alloc_zero(env, n, sizeof(double));
	scores->within = emo_alloc_zero(env, n * n, sizeof(double));
	scores->between = emo_alloc_zero(env, n * n, sizeof(double));
	if (scores->rows == NULL || scores->mean == NULL || scores->means == NULL ||
		scores->n_of == NULL || scores->within == NULL || scores->between == NULL)
		return env->status;
	return EMO_OK;
}

/* Log posteriors are scores but for a constant of each row. */
static EmoStatus
score_rows(EmoEnv *env, const EmoLdaHead *head, Scores *scores)
{
	const EmoTrainingSet *set = scores->set;
	int n = scores->n_classes;

	for (int64_t i = 0; i < set->n_rows; i++)
	{
		float *row = scores->rows + i * n;
		double sum = 0, *mean = scores->means + (size_t) set->label[i] * (size_t) n;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		emo_lda_log_posteriors(head, set->features + i * set->n_features, row);
		for (int c = 0; c < n; c++)
			sum += row[c];
		for (int c = 0; c < n; c++)
		{
			row[c] -= (float) (sum / n);
			mean[c] += row[c];
			scores->mean[c] += (double) row[c] / (double) set->n_rows;
		}
		scores->n_of[set->label[i]]++;
	}
	for (int k = 0; k < n; k++)
		for (int c = 0; c < n; c++)
			scores->means[k * n + c] /= fmax(1, scores->n_of[k]);
	return EMO_OK;
}

static EmoStatus
sum_spreads(EmoEnv *env, Scores *scores)
{
	const EmoTrainingSet *set = scores->set;
	int n = scores->n_classes;

	for (int64_t i = 0; i < set->n_rows; i++)
	{
		const float *row = scores->rows + i * n;
		const double *mean = scores->means + (size_t) set->label[i] * (size_t) n;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int a = 0; a < n; a++)
			for (int b = 0; b < n; b++)
				scores->within[a * n + b] +=
					(row[a] - mean[a]) * (row[b] - mean[b]) / (double) set->n_rows;
	}
	for (int k = 0; k < n; k++)
		for (int a = 0; a < n; a++)
			for (int b = 0; b < n; b++)
				scores->between[a * n + b] += scores->n_of[k] / (double) set->n_rows *
											  (scores->means[k * n + a] - scores->mean[a]) *
											  (scores->means[k * n + b] - scores->mean[b]);
	return EMO_OK;
}

/* whitener[*rank][n], rows w such that w S w' is 1 and between two of them 0, S the spread within. */
static EmoStatus
whiten(EmoEnv *env, Scores *scores, double *whitener, int *rank)
{
	double values[EMO_EIGEN_MAX_SIZE];
	int n = scores->n_classes;

	*rank = 0;
	if (emo_symmetric_eigen(env, n, scores->within, values) != EMO_OK)
		return env->status;
	for (int i = n - 1; i >= 0; i--)
	{
		if (!(values[i] > RELATIVE_RANK * values[n - 1]))
			break;
		for (int c = 0; c < n; c++)
			whitener[*rank * n + c] = scores->within[i * n + c] / sqrt(values[i]);
		(*rank)++;
	}
	return EMO_OK;
}

/* axes[2][n]: the best of the whitened directions; zeros where there is none. */
static EmoStatus
find_axes(EmoEnv *env, Scores *scores, double *axes, double share[2])
{
	double whitener[EMO_EIGEN_MAX_SIZE * EMO_EIGEN_MAX_SIZE];
	double spread[EMO_EIGEN_MAX_SIZE * EMO_EIGEN_MAX_SIZE];
	double values[EMO_EIGEN_MAX_SIZE], total = 0;
	int n = scores->n_classes, rank;

	memset(axes, 0, 2 * (size_t) n * sizeof(double));
	share[0] = share[1] = 0;
	if (whiten(env, scores, whitener, &rank) != EMO_OK)
		return env->status;
	if (rank == 0)
		return EMO_OK;
	for (int a = 0; a < rank; a++)
		for (int b = 0; b < rank; b++)
		{
			double sum = 0;

			for (int i = 0; i < n; i++)
				for (int j = 0; j < n; j++)
					sum += whitener[a * n + i] * scores->between[i * n + j] * whitener[b * n + j];
			spread[a * rank + b] = sum;
		}
	if (emo_symmetric_eigen(env, rank, spread, values) != EMO_OK)
		return env->status;
	for (int i = 0; i < rank; i++)
		total += fmax(0, values[i]);
	for (int axis = 0; axis < 2 && axis < rank; axis++)
	{
		share[axis] = total > 0 ? fmax(0, values[rank - 1 - axis]) / total : 0;
		for (int a = 0; a < rank; a++)
			for (int c = 0; c < n; c++)
				axes[axis * n + c] += spread[(rank - 1 - axis) * rank + a] * whitener[a * n + c];
	}
	return EMO_OK;
}

EmoStatus
emo_space_lda(EmoEnv *env, const EmoTrainingSet *set, float *points, double share[2])
{
	EmoLdaOptions options = emo_lda_default_options();
	double axes[2 * EMO_EIGEN_MAX_SIZE];
	EmoLdaHead head;
	Scores scores;
	int n = set->n_classes;

	if (n > EMO_EIGEN_MAX_SIZE)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "more than %d classes in a plane",
						EMO_EIGEN_MAX_SIZE);
	if (emo_lda_fit(env, set, &options, &head) != EMO_OK ||
		new_scores(env, set, &scores) != EMO_OK || score_rows(env, &head, &scores) != EMO_OK ||
		sum_spreads(env, &scores) != EMO_OK || find_axes(env, &scores, axes, share) != EMO_OK)
		return env->status;
	for (int64_t i = 0; i < set->n_rows; i++)
		for (int axis = 0; axis < 2; axis++)
		{
			double sum = 0;

			for (int c = 0; c < n; c++)
				sum += ((double) scores.rows[i * n + c] - scores.mean[c]) * axes[axis * n + c];
			points[2 * i + axis] = (float) sum;
		}
	return EMO_OK;
}
