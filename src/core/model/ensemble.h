/*
 * ensemble.h
 *	  How much each of several classifiers counts when their log posteriors are added up.
 *
 * The sum of weighted log posteriors is the logarithmic opinion pool (Heskes 1998, "Selecting
 * weighting factors in logarithmic opinion pools").
 */
#ifndef EMO_ENSEMBLE_H
#define EMO_ENSEMBLE_H

#include "core/base/folds.h"

#define EMO_MAX_ENSEMBLE_PARTS 4

/* Enough for any two classifiers that know the classes at all. */
#define EMO_MAX_ENSEMBLE_WEIGHT 100.0

/* Held-out utterances, as each part has scored them; emo_check_rows() tells whether they all fit. */
typedef struct EmoEnsembleRows
{
	int n_parts; /* 1 .. EMO_MAX_ENSEMBLE_PARTS */
	int n_classes;
	int64_t n_rows;
	const int32_t *label;                               /* [n_rows] */
	const EmoFolds *folds;                              /* rows of none are not to be looked at */
	const EmoRowScores *scores[EMO_MAX_ENSEMBLE_PARTS]; /* [n_parts] */
} EmoEnsembleRows;

/*
 * The weights, 0 .. EMO_MAX_ENSEMBLE_WEIGHT, at which the rows have the least log loss, by projected
 * Newton steps: the loss is convex in them.  Rows of fold skip_fold (mod n_groups) don't count;
 * skip_fold is negative if all are to.  Without rows, all parts weigh the same.
 */
extern EmoStatus emo_ensemble_fit(EmoEnv *env, const EmoEnsembleRows *rows, int n_groups,
								  int skip_fold, double weights[EMO_MAX_ENSEMBLE_PARTS]);

/* log_posteriors[n_classes] of a row, normalised, at least EMO_MIN_LOG_POSTERIOR. */
extern void emo_ensemble_score(const EmoEnsembleRows *rows, int64_t row, const double *weights,
							   float *log_posteriors);

#endif
