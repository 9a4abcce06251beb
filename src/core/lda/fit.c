/*
 * fit.c
 *	  Train a head on all rows.
 */
#include "core/lda/lda.h"

#include "core/lda/priors.h"
#include "core/lda/solve.h"

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
	int n_classes = emo_n_outputs(scale->set);

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
	size_t order = dual ? (size_t) set->n_rows + scale->shifts.n : n;
	int64_t *rows = emo_alloc(env, set->n_rows, sizeof(int64_t));
	double *matrix;
	EmoLdaSums sums;

	if (rows == NULL ||
		emo_lda_new_sums(env, set->n_features, set->n_classes, set->n_targets, &sums) != EMO_OK)
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
			 emo_lda_solve_primal(env, options, &sums, &scale->shifts, matrix, discriminants) !=
				 EMO_OK)
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
	double *log_priors;

	if (emo_lda_measure_scale(env, set, options, &scale) != EMO_OK ||
		emo_lda_new_discriminants(env, set->n_features, emo_n_outputs(set), &discriminants) !=
			EMO_OK ||
		solve_all(env, &scale, options, &discriminants) != EMO_OK ||
		new_head(env, &scale, head) != EMO_OK ||
		emo_lda_log_priors(env, set, options->priors, NULL, &log_priors) != EMO_OK)
		return env->status;
	for (size_t i = 0; i < (size_t) head->n_classes * head->n_features; i++)
		head->weights[i] = (float) discriminants.weights[i];
	for (int c = 0; c < head->n_classes; c++)
		head->bias[c] = (float) (discriminants.bias[c] + (log_priors == NULL ? 0 : log_priors[c]) +
								 (set->n_targets > 0 ? scale.target_mean[c] : 0));
	emo_free(env, scale.shifts.shift);
	emo_free(env, scale.target_mean);
	emo_free(env, log_priors);
	emo_lda_free_discriminants(env, &discriminants);
	return EMO_OK;
}
