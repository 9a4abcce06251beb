/*
 * calibrate.c
 *	  The temperature of a head.
 */
#include <math.h>

#include "core/base/calibration.h"
#include "core/base/metrics.h"
#include "core/base/stats.h"
#include "core/lda/priors.h"

/* What held-out rows look like to heads trained without their folds. */
typedef struct HeldOutRows
{
	EmoFolds folds;      /* none: nothing can be held out */
	EmoRowScores scores; /* of temperature 1 and equal priors */
	double *log_priors;  /* [n_folds][n_classes], or NULL */
	bool by_speaker;
} HeldOutRows;

static EmoStatus
score_held_out(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
			   HeldOutRows *rows)
{
	*rows = (HeldOutRows){0};
	if (emo_calibration_folds(env, set, &rows->folds, &rows->by_speaker) != EMO_OK)
		return env->status;
	if (rows->folds.n_folds == 0)
		return EMO_OK;
	if (emo_new_scores(env, set->n_rows, set->n_classes, &rows->scores) != EMO_OK ||
		emo_lda_cross_scores(env, set, options, &rows->folds, &rows->scores) != EMO_OK ||
		emo_lda_log_priors(env, set, options->priors, &rows->folds, &rows->log_priors) != EMO_OK)
		return env->status;
	return EMO_OK;
}

static void
free_held_out(EmoEnv *env, HeldOutRows *rows)
{
	emo_free(env, rows->log_priors);
	emo_free(env, rows->scores.ln_p);
	emo_free(env, rows->folds.fold_of);
}

static EmoStatus
fit_temperature(EmoEnv *env, const EmoTrainingSet *set, const HeldOutRows *rows, float *temperature)
{
	*temperature = 1;
	if (rows->folds.n_folds == 0)
		return EMO_OK;
	return emo_fit_temperature(env, set, &rows->folds, &rows->scores, rows->log_priors,
							   temperature);
}

/* How the held-out rows did at a temperature; their scores become log posteriors. */
static EmoStatus
judge(EmoEnv *env, const EmoTrainingSet *set, HeldOutRows *rows, float temperature,
	  EmoHeldOut *held_out)
{
	size_t n_classes = set->n_classes;
	int64_t *confusion = emo_alloc_zero(env, n_classes, n_classes * sizeof(int64_t));
	double macro_f1;

	*held_out = (EmoHeldOut){.by_speaker = rows->by_speaker};
	if (confusion == NULL)
		return env->status;
	for (int64_t row = 0; rows->folds.n_folds > 0 && row < set->n_rows; row++)
	{
		int fold = rows->folds.fold_of[row], label = set->label[row];
		float *row_posteriors;

		if (fold < 0 || !emo_is_original(set, row))
			continue;
		row_posteriors = emo_scores_of_row(&rows->scores, row);
		emo_lda_posteriors(row_posteriors, set->n_classes, temperature,
						   rows->log_priors == NULL ? NULL : rows->log_priors + fold * n_classes,
						   row_posteriors);
		held_out->log_loss += emo_log_loss(exp(row_posteriors[label]));
		confusion[label * n_classes + emo_argmax(row_posteriors, set->n_classes)]++;
		held_out->n_rows++;
	}
	if (held_out->n_rows > 0)
	{
		emo_confusion_metrics(confusion, set->n_classes, &held_out->uar, &held_out->war, &macro_f1);
		held_out->log_loss /= (double) held_out->n_rows;
	}
	emo_free(env, confusion);
	return EMO_OK;
}

EmoStatus
emo_lda_fit_temperature(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
						float *temperature)
{
	HeldOutRows rows;

	if (score_held_out(env, set, options, &rows) != EMO_OK ||
		fit_temperature(env, set, &rows, temperature) != EMO_OK)
		return env->status;
	free_held_out(env, &rows);
	return EMO_OK;
}

EmoStatus
emo_lda_hold_out(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
				 EmoHeldOut *held_out)
{
	HeldOutRows rows;
	float temperature;

	if (score_held_out(env, set, options, &rows) != EMO_OK ||
		fit_temperature(env, set, &rows, &temperature) != EMO_OK ||
		judge(env, set, &rows, temperature, held_out) != EMO_OK)
		return env->status;
	free_held_out(env, &rows);
	return EMO_OK;
}

EmoStatus
emo_lda_calibrate_telling(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
						  EmoLdaHead *head, EmoRowScores *held_out)
{
	HeldOutRows rows;
	double *log_priors;

	if (score_held_out(env, set, options, &rows) != EMO_OK ||
		fit_temperature(env, set, &rows, &head->temperature) != EMO_OK ||
		judge(env, set, &rows, head->temperature, &head->held_out) != EMO_OK ||
		emo_lda_log_priors(env, set, options->priors, NULL, &log_priors) != EMO_OK)
		return env->status;
	/* The bias has the priors for temperature 1. */
	for (int c = 0; log_priors != NULL && c < head->n_classes; c++)
		head->bias[c] += (float) ((head->temperature - 1) * log_priors[c]);
	emo_free(env, log_priors);
	*held_out = rows.scores;
	rows.scores.ln_p = NULL;
	free_held_out(env, &rows);
	return EMO_OK;
}

EmoStatus
emo_lda_calibrate(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
				  EmoLdaHead *head)
{
	EmoRowScores held_out;

	if (emo_lda_calibrate_telling(env, set, options, head, &held_out) != EMO_OK)
		return env->status;
	emo_free(env, held_out.ln_p);
	return EMO_OK;
}
