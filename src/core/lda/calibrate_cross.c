/*
 * calibrate_cross.c
 *	  Temperatures for held-out rows, which they have no part in.
 */
#include "core/base/calibration.h"
#include "core/lda/priors.h"

#define MAX_GROUPS 10

/* Rows between two looks at the clock. */
#define ROWS_PER_STOP_CHECK 1024

/* The temperature of one held-out fold: from what its model was trained on. */
static EmoStatus
temperature_outside(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
					const EmoFolds *folds, float *temperature)
{
	EmoTrainingSubset rest;

	if (emo_rows_outside_folds(env, set, folds, &rest) != EMO_OK ||
		emo_lda_fit_temperature(env, &rest.set, options, temperature) != EMO_OK)
		return env->status;
	emo_training_subset_free(env, &rest);
	return EMO_OK;
}

static EmoStatus
temperature_of_others(EmoEnv *env, const EmoTrainingSet *set, const EmoFolds *folds, int n_groups,
					  int group, const EmoRowScores *scores, const double *log_priors,
					  float *temperature)
{
	EmoFolds others;

	if (emo_new_folds(env, folds->n_rows, folds->n_folds, &others) != EMO_OK)
		return env->status;
	for (int64_t row = 0; row < folds->n_rows; row++)
		others.fold_of[row] = folds->fold_of[row] % n_groups == group ? -1 : folds->fold_of[row];
	if (emo_fit_temperature(env, set, &others, scores, log_priors, temperature) != EMO_OK)
		return env->status;
	emo_free(env, others.fold_of);
	return EMO_OK;
}

EmoStatus
emo_lda_calibrate_cross(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
						const EmoFolds *folds, EmoRowScores *scores)
{
	size_t n_classes = set->n_classes;
	const int32_t *fold_of_row = folds->fold_of;
	int n_folds = folds->n_folds;
	int n_groups = n_folds < MAX_GROUPS ? n_folds : MAX_GROUPS;
	float temperature[MAX_GROUPS] = {1};
	double *log_priors;

	if (emo_check_rows(env, set->n_rows, set->n_classes, folds, scores) != EMO_OK ||
		emo_lda_log_priors(env, set, options->priors, folds, &log_priors) != EMO_OK)
		return env->status;
	if (n_folds == 1 && temperature_outside(env, set, options, folds, &temperature[0]) != EMO_OK)
		return env->status;
	for (int group = 0; group < n_groups && n_folds > 1; group++)
		if (temperature_of_others(env, set, folds, n_groups, group, scores, log_priors,
								  &temperature[group]) != EMO_OK)
			return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		float *of_row;

		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (fold_of_row[row] < 0 || !emo_is_original(set, row))
			continue;
		of_row = emo_scores_of_row(scores, row);
		emo_lda_posteriors(of_row, set->n_classes, temperature[fold_of_row[row] % n_groups],
						   log_priors == NULL ? NULL : log_priors + fold_of_row[row] * n_classes,
						   of_row);
	}
	emo_free(env, log_priors);
	return EMO_OK;
}
