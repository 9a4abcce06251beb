/*
 * calibrate_cross.c
 *	  Temperatures for held-out rows, which they have no part in.
 */
#include "core/lda/solve.h"
#include "core/lda/subset.h"

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
	EmoLdaHead head = {.temperature = 1};

	if (keep == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		keep[row] = fold_of_row[row] < 0;
	if (emo_training_subset(env, set, keep, &rest) != EMO_OK ||
		emo_lda_calibrate(env, &rest.set, options, &head) != EMO_OK)
		return env->status;
	*temperature = head.temperature;
	emo_training_subset_free(env, &rest);
	emo_free(env, keep);
	return EMO_OK;
}

static EmoStatus
temperature_of_others(EmoEnv *env, const EmoTrainingSet *set, const int32_t *fold_of_row,
					  int n_groups, int group, const float *log_posteriors, float *temperature)
{
	int32_t *others = emo_alloc(env, set->n_rows, sizeof(int32_t));

	if (others == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		others[row] = fold_of_row[row] % n_groups == group ? -1 : fold_of_row[row];
	if (emo_lda_fit_temperature(env, set, others, log_posteriors, temperature) != EMO_OK)
		return env->status;
	emo_free(env, others);
	return EMO_OK;
}

static void
apply_temperature(const EmoTrainingSet *set, int64_t row, float temperature, float *log_posteriors)
{
	double scores[EMO_MAX_CLASSES];
	float *of_row = log_posteriors + row * set->n_classes;

	if (set->copy_kind != NULL && set->copy_kind[row] != 0)
		return;
	for (int c = 0; c < set->n_classes; c++)
		scores[c] = of_row[c] > EMO_MIN_LOG_POSTERIOR ? of_row[c] : -INFINITY;
	emo_lda_log_softmax(scores, set->n_classes, temperature, of_row);
}

EmoStatus
emo_lda_calibrate_cross(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
						const int32_t *fold_of_row, int n_folds, float *log_posteriors)
{
	int n_groups = n_folds < MAX_GROUPS ? n_folds : MAX_GROUPS;
	float temperature[MAX_GROUPS] = {1};

	if (n_folds == 1 &&
		temperature_outside(env, set, options, fold_of_row, &temperature[0]) != EMO_OK)
		return env->status;
	for (int group = 0; group < n_groups && n_folds > 1; group++)
		if (temperature_of_others(env, set, fold_of_row, n_groups, group, log_posteriors,
								  &temperature[group]) != EMO_OK)
			return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (fold_of_row[row] >= 0)
			apply_temperature(set, row, temperature[fold_of_row[row] % n_groups], log_posteriors);
	}
	return EMO_OK;
}
