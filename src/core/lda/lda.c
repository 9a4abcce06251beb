/*
 * lda.c
 *	  Linear discriminant analysis: train a head on all rows, and use it.
 */
#include "core/lda/lda.h"

#include <math.h>

#include "core/lda/solve.h"

/* Features standardised at once when scoring: they fit the first-level cache. */
#define BLOCK_FEATURES 256

static EmoStatus
check_classes_have_rows(EmoEnv *env, const EmoLdaSums *sums, int n_classes)
{
	for (int c = 0; c < n_classes; c++)
		if (sums->class_rows[c] == 0)
			return emo_fail(env, EMO_BAD_DATA, "class %d has no training rows", c);
	return EMO_OK;
}

static EmoStatus
new_head(EmoEnv *env, const EmoLdaScale *scale, EmoLdaHead *head)
{
	int n = scale->set->n_features;
	int n_classes = scale->set->n_classes;

	head->n_features = n;
	head->n_classes = n_classes;
	head->mean = scale->mean;
	head->inverse_deviation = scale->inverse_deviation;
	head->max_z = scale->max_z;
	head->temperature = 1;
	if ((head->weights = emo_alloc(env, n_classes, n * sizeof(float))) == NULL ||
		(head->bias = emo_alloc(env, n_classes, sizeof(float))) == NULL)
		return env->status;
	return EMO_OK;
}

/* Working memory of a training on all rows; the scale has been measured. */
static EmoStatus
solve_all(EmoEnv *env, const EmoLdaScale *scale, const EmoLdaOptions *options,
		  EmoLdaDiscriminants *discriminants)
{
	const EmoTrainingSet *set = scale->set;
	size_t n = set->n_features;
	bool dual = set->n_rows < set->n_features;
	size_t order = dual ? (size_t) set->n_rows : n;
	int64_t *rows = emo_alloc(env, set->n_rows, sizeof(int64_t));
	double *matrix;
	EmoLdaSums sums;

	if (rows == NULL || emo_lda_new_sums(env, set, &sums) != EMO_OK)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		rows[row] = row;
	if (emo_lda_add_rows(env, scale, rows, set->n_rows, 1, &sums) != EMO_OK ||
		check_classes_have_rows(env, &sums, set->n_classes) != EMO_OK ||
		(matrix = emo_alloc_zero(env, order, order * sizeof(double))) == NULL)
		return env->status;
	if (dual)
	{
		if (emo_lda_solve_dual(env, scale, options, &sums, rows, set->n_rows, matrix,
							   discriminants) != EMO_OK)
			return env->status;
	}
	else if (emo_lda_add_scatter(env, scale, rows, set->n_rows, 1, matrix) != EMO_OK ||
			 emo_lda_solve_primal(env, scale, options, &sums, matrix, discriminants) != EMO_OK)
		return env->status;
	emo_free(env, matrix);
	emo_lda_free_sums(env, &sums);
	emo_free(env, rows);
	return EMO_OK;
}

EmoStatus
emo_lda_fit(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options, EmoLdaHead *head)
{
	EmoLdaScale scale;
	EmoLdaDiscriminants discriminants;

	if (emo_lda_measure_scale(env, set, options, &scale) != EMO_OK ||
		emo_lda_new_discriminants(env, set, &discriminants) != EMO_OK ||
		solve_all(env, &scale, options, &discriminants) != EMO_OK ||
		new_head(env, &scale, head) != EMO_OK)
		return env->status;
	for (size_t i = 0; i < (size_t) head->n_classes * head->n_features; i++)
		head->weights[i] = (float) discriminants.weights[i];
	for (int c = 0; c < head->n_classes; c++)
		head->bias[c] = (float) discriminants.bias[c];
	emo_lda_free_discriminants(env, &discriminants);
	return EMO_OK;
}

/* A dot product whose order of summation doesn't depend on the compiler, yet fits SIMD. */
static double
dot(const float *weights, const double *z, int n)
{
	double partial[8] = {0};
	int i = 0;

	for (; i + 8 <= n; i += 8)
		for (int lane = 0; lane < 8; lane++)
			partial[lane] += weights[i + lane] * z[i + lane];
	for (; i < n; i++)
		partial[0] += weights[i] * z[i];
	return ((partial[0] + partial[4]) + (partial[1] + partial[5])) +
		   ((partial[2] + partial[6]) + (partial[3] + partial[7]));
}

void
emo_lda_log_softmax(const double *scores, int n, double temperature, float *log_posteriors)
{
	double largest = scores[0];
	double sum = 0;

	for (int c = 1; c < n; c++)
		largest = scores[c] > largest ? scores[c] : largest;
	for (int c = 0; c < n; c++)
		sum += exp((scores[c] - largest) / temperature);
	for (int c = 0; c < n; c++)
	{
		double log_posterior = (scores[c] - largest) / temperature - log(sum);

		log_posteriors[c] = (float) fmax(log_posterior, EMO_MIN_LOG_POSTERIOR);
	}
}

void
emo_lda_log_posteriors(const EmoLdaHead *head, const float *features, float *log_posteriors)
{
	double scores[EMO_MAX_CLASSES];
	double z[BLOCK_FEATURES];

	for (int c = 0; c < head->n_classes; c++)
		scores[c] = head->bias[c];
	for (int first = 0; first < head->n_features; first += BLOCK_FEATURES)
	{
		int left = head->n_features - first;
		int count = left < BLOCK_FEATURES ? left : BLOCK_FEATURES;

		emo_lda_standardise(features, head->mean, head->inverse_deviation, head->max_z, first,
							count, z);
		for (int c = 0; c < head->n_classes; c++)
			scores[c] += dot(head->weights + (size_t) c * head->n_features + first, z, count);
	}
	emo_lda_log_softmax(scores, head->n_classes, head->temperature, log_posteriors);
}
