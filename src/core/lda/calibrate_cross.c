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
					const int32_t *fold_of_row, float *temperature)
{
	bool *keep = emo_alloc(env, set->n_rows, sizeof(bool));
	EmoTrainingSubset rest;

	if (keep == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		keep[row] = fold_of_row[row] < 0;
	if (emo_training_subset(env, set, keep, &rest) != EMO_OK ||
		emo_lda_fit_temperature(env, &rest.set, options, temperature) != EMO_OK)
		return env->status;
	emo_training_subset_free(env, &rest);
	emo_free(env, keep);
	return EMO_OK;
}

static EmoStatus
temperature_of_others(EmoEnv *env, const EmoTrainingSet *set, const int32_t *fold_of_row,
					  int n_groups, int group, const float *log_posteriors,
					  const double *log_priors, float *temperature)
{
	int32_t *others = emo_alloc(env, set->n_rows, sizeof(int32_t));

	if (others == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		others[row] = fold_of_row[row] % n_groups == group ? -1 : fold_of_row[row];
	if (emo_fit_temperature(env, set, others, log_posteriors, log_priors, temperature) != EMO_OK)
		return env->status;
	emo_free(env, others);
	return EMO_OK;
}

EmoStatus
emo_lda_calibrate_cross(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
						const int32_t *fold_of_row, int n_folds, float *log_posteriors)
{
	size_t n_classes = set->n_classes;
	int n_groups = n_folds < MAX_GROUPS ? n_folds : MAX_GROUPS;
	float temperature[MAX_GROUPS] = {1};
	double *log_priors;

	if (emo_lda_log_priors(env, set, options->priors, fold_of_row, n_folds, &log_priors) != EMO_OK)
		return env->status;
	if (n_folds == 1 &&
		temperature_outside(env, set, options, fold_of_row, &temperature[0]) != EMO_OK)
		return env->status;
	for (int group = 0; group < n_groups && n_folds > 1; group++)
		if (temperature_of_others(env, set, fold_of_row, n_groups, group, log_posteriors,
								  log_priors, &temperature[group]) != EMO_OK)
			return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		float *of_row;

		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (fold_of_row[row] < 0 || !emo_is_original(set, row))
			continue;
		of_row = log_posteriors + row * n_classes;
		emo_lda_posteriors(of_row, set->n_classes, temperature[fold_of_row[row] % n_groups],
						   log_priors == NULL ? NULL : log_priors + fold_of_row[row] * n_classes,
						   of_row);
	}
	emo_free(env, log_priors);
	return EMO_OK;
}
