/*
 * ridge.c
 *	  Ridge regression on the rows of lda.h.
 */
#include "core/lda/ridge.h"

#include <string.h>

#include "core/base/calibration.h"
#include "core/lda/score.h"

#define MAX_GROUPS 10

/*
 * As for classes: on EmoDB, with arousal and valence put on emotions, a shrinkage from 0.3 to 0.8 is
 * equally good (docs/values.md).
 */
static const EmoOption options_of_ridge[] = {
	EMO_REAL("shrinkage", EmoRidgeOptions, shrinkage, 1e-4, 1, 0.6),
	EMO_CHOICE("objective", EmoRidgeOptions, objective, emo_objective_words, EMO_OBJECTIVE_CCC),
};

const EmoOptionTable emo_ridge_options = EMO_OPTION_TABLE(options_of_ridge);

EmoLdaOptions
emo_ridge_lda_options(const EmoRidgeOptions *options)
{
	EmoLdaOptions of_lda = emo_lda_default_options();

	of_lda.shrinkage = options->shrinkage;
	return of_lda;
}

EmoStatus
emo_ridge_hold_out(EmoEnv *env, const EmoTrainingSet *set, const EmoRidgeOptions *options,
				   EmoHeldOutTargets *held_out)
{
	EmoLdaOptions of_lda = emo_ridge_lda_options(options);
	EmoFolds folds;
	EmoRowScores scores;

	if (emo_calibration_folds(env, set, &folds, &held_out->by_speaker) != EMO_OK ||
		emo_new_scores(env, set->n_rows, set->n_targets, &scores) != EMO_OK)
		return env->status;
	if (folds.n_folds > 0 && emo_lda_cross_scores(env, set, &of_lda, &folds, &scores) != EMO_OK)
		return env->status;
	for (int64_t row = 0; folds.n_folds == 0 && row < set->n_rows; row++)
		folds.fold_of[row] = EMO_ALWAYS_TRAINED;
	if (emo_fit_corrections(env, set, &folds, 1, -1, options->objective, &scores,
							held_out->target) != EMO_OK)
		return env->status;
	emo_free(env, scores.ln_p);
	emo_free(env, folds.fold_of);
	return EMO_OK;
}

/* Let the head say what the lines make of it. */
static void
correct_head(const EmoHeldOutTargets *held_out, EmoLdaHead *head)
{
	for (int t = 0; t < head->n_classes; t++)
	{
		const EmoCorrection *line = &held_out->target[t];
		float *weights = head->weights + (size_t) t * head->n_features;

		for (int j = 0; j < head->n_features; j++)
			weights[j] = (float) (line->slope * weights[j]);
		head->bias[t] = (float) (line->offset + line->slope * head->bias[t]);
	}
}

EmoStatus
emo_ridge_fit(EmoEnv *env, const EmoTrainingSet *set, const EmoRidgeOptions *options,
			  EmoLdaHead *head, EmoHeldOutTargets *held_out)
{
	EmoLdaOptions of_lda = emo_ridge_lda_options(options);

	if (set->n_targets < 1)
		return emo_fail(env, EMO_INVALID_PARAMETER, "a regression needs a target");
	if (emo_check_options(env, &emo_ridge_options, options) != EMO_OK ||
		emo_lda_fit(env, set, &of_lda, head) != EMO_OK ||
		emo_ridge_hold_out(env, set, options, held_out) != EMO_OK)
		return env->status;
	correct_head(held_out, head);
	return EMO_OK;
}

void
emo_ridge_values(const EmoLdaHead *head, const float *features, float *values)
{
	double scores[EMO_MAX_CLASSES];

	emo_lda_scores(head, features, scores);
	for (int t = 0; t < head->n_classes; t++)
		values[t] = (float) scores[t];
}

EmoStatus
emo_new_row_values(EmoEnv *env, int64_t n_rows, int n_targets, EmoRowValues *values)
{
	if (emo_new_scores(env, n_rows, n_targets, &values->value) != EMO_OK ||
		emo_new_scores(env, n_rows, n_targets, &values->low) != EMO_OK ||
		emo_new_scores(env, n_rows, n_targets, &values->high) != EMO_OK)
		return env->status;
	return EMO_OK;
}

void
emo_free_row_values(EmoEnv *env, EmoRowValues *values)
{
	emo_free(env, values->high.ln_p);
	emo_free(env, values->low.ln_p);
	emo_free(env, values->value.ln_p);
}

void
emo_copy_row_values(const EmoRowValues *from, int64_t from_row, EmoRowValues *to, int64_t to_row)
{
	size_t n_bytes = from->value.n_classes * sizeof(float);

	memcpy(emo_scores_of_row(&to->value, to_row), emo_scores_of_row(&from->value, from_row),
		   n_bytes);
	memcpy(emo_scores_of_row(&to->low, to_row), emo_scores_of_row(&from->low, from_row), n_bytes);
	memcpy(emo_scores_of_row(&to->high, to_row), emo_scores_of_row(&from->high, from_row), n_bytes);
}

/* The lines of a single fold: by what its model was trained on. */
static EmoStatus
lines_outside(EmoEnv *env, const EmoTrainingSet *set, const EmoRidgeOptions *options,
			  const EmoFolds *folds, EmoHeldOutTargets *held_out)
{
	EmoTrainingSubset rest;

	if (emo_rows_outside_folds(env, set, folds, &rest) != EMO_OK ||
		emo_ridge_hold_out(env, &rest.set, options, held_out) != EMO_OK)
		return env->status;
	emo_training_subset_free(env, &rest);
	return EMO_OK;
}

EmoStatus
emo_ridge_correct_cross(EmoEnv *env, const EmoTrainingSet *set, const EmoRidgeOptions *options,
						const EmoFolds *folds, EmoRowValues *values)
{
	int n_groups = folds->n_folds < MAX_GROUPS ? folds->n_folds : MAX_GROUPS;
	EmoHeldOutTargets *groups = emo_alloc(env, n_groups, sizeof(EmoHeldOutTargets));

	if (groups == NULL ||
		emo_check_rows(env, set->n_rows, set->n_targets, folds, &values->value) != EMO_OK)
		return env->status;
	if (n_groups == 1 && lines_outside(env, set, options, folds, &groups[0]) != EMO_OK)
		return env->status;
	for (int group = 0; group < n_groups && n_groups > 1; group++)
		if (emo_fit_corrections(env, set, folds, n_groups, group, options->objective,
								&values->value, groups[group].target) != EMO_OK)
			return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		if (folds->fold_of[row] >= 0 && emo_is_original(set, row))
			emo_correct_row(groups[folds->fold_of[row] % n_groups].target, set->n_targets,
							emo_scores_of_row(&values->value, row),
							emo_scores_of_row(&values->low, row),
							emo_scores_of_row(&values->high, row));
	emo_free(env, groups);
	return EMO_OK;
}
