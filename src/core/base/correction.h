/*
 * correction.h
 *	  Predicted numbers brought to the scale of actual ones, by rows that were held out, and how far off
 *	  they are then.
 *
 * What is trained with a penalty predicts too close to the mean, and on unknown speakers worse than on
 * its own rows.  A line, offset + slope * predicted, corrects that.
 */
#ifndef EMO_CORRECTION_H
#define EMO_CORRECTION_H

#include "core/base/agreement.h"
#include "core/base/folds.h"
#include "core/base/training_set.h"

/* What a line is the best of. */
typedef enum EmoObjective
{
	EMO_OBJECTIVE_CCC,  /* predictions vary as much as what is actual, which makes CCC largest */
	EMO_OBJECTIVE_ERROR /* least mean squared error: predictions vary less where they are unsure */
} EmoObjective;

extern const char *const emo_objective_words[];

/* The line of one target, and what remains of it. */
typedef struct EmoCorrection
{
	double slope, offset;
	/* 95 % of actual numbers lie between the corrected one and low, and it and high; NaN: not known. */
	double low, high;
	double value[EMO_N_AGREEMENTS]; /* of corrected predictions */
	int64_t n_rows;                 /* that this was fitted to */
} EmoCorrection;

/*
 * Fit the line to pairs of actual[n] and predicted[n] numbers, none of which stays as it is.  Predictions
 * that don't grow with what is actual say nothing: the line is the mean then.  Without pairs, it changes
 * nothing.  low and high are quantiles of what remains, beyond which there is a fortieth of new numbers on
 * either side (Vovk et al. 2005, "Algorithmic learning in a random world"); from 39 pairs on.
 */
extern EmoStatus emo_fit_correction(EmoEnv *env, EmoObjective objective, double *actual,
									double *predicted, int64_t n, EmoCorrection *correction);

/* The same for each target of a set, corrections[n_targets], by the original rows in folds other than skip_group mod n_groups; -1: in all. */
extern EmoStatus emo_fit_corrections(EmoEnv *env, const EmoTrainingSet *set, const EmoFolds *folds,
									 int n_groups, int skip_group, EmoObjective objective,
									 const EmoRowScores *scores, EmoCorrection *corrections);

/* Apply the lines to the scores of a row, and say the ends of its intervals. */
extern void emo_correct_row(const EmoCorrection *corrections, int n_targets, float *values,
							float *low, float *high);

#endif
