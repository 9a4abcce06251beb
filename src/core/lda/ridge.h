/*
 * ridge.h
 *	  Numbers instead of classes: ridge regression on the rows of lda.h.
 *
 * Rows are standardised and clipped as there; the covariance of all of them is shrunk towards its
 * diagonal in the place of that within classes (solve.c).  A head is one of lda.h, with a score for each
 * target, which is the target's value.
 */
#ifndef EMO_RIDGE_H
#define EMO_RIDGE_H

#include "core/base/correction.h"
#include "core/lda/lda.h"

typedef struct EmoRidgeOptions
{
	double shrinkage;
	EmoObjective objective;
} EmoRidgeOptions;

extern const EmoOptionTable emo_ridge_options;

/* What held-out rows said of a head. */
typedef struct EmoHeldOutTargets
{
	bool by_speaker;
	EmoCorrection target[EMO_MAX_TARGETS]; /* [n_targets] */
} EmoHeldOutTargets;

/*
 * Train a head on a set with targets, as emo_lda_fit(), and correct it by held-out speakers, or by
 * held-out recordings where speakers can't be.
 */
extern EmoStatus emo_ridge_fit(EmoEnv *env, const EmoTrainingSet *set,
							   const EmoRidgeOptions *options, EmoLdaHead *head,
							   EmoHeldOutTargets *held_out);

/* Lines by rows that can be held out of the set; those that change nothing if none can. */
extern EmoStatus emo_ridge_hold_out(EmoEnv *env, const EmoTrainingSet *set,
									const EmoRidgeOptions *options, EmoHeldOutTargets *held_out);

/* values[n_targets]: finite for any features of a head with finite weights. */
extern void emo_ridge_values(const EmoLdaHead *head, const float *features, float *values);

/* Held-out values of rows, with the ends of their intervals (NaN: not known). */
typedef struct EmoRowValues
{
	EmoRowScores value, low, high; /* of n_targets */
} EmoRowValues;

extern EmoStatus emo_new_row_values(EmoEnv *env, int64_t n_rows, int n_targets,
									EmoRowValues *values);
extern void emo_free_row_values(EmoEnv *env, EmoRowValues *values);

/* Copy a row. */
extern void emo_copy_row_values(const EmoRowValues *from, int64_t from_row, EmoRowValues *to,
								int64_t to_row);

/*
 * Correct what emo_lda_cross_scores() says of a set with targets, in value, by what the folds of other
 * groups say, ten groups at most; with a single fold by emo_ridge_fit() of the rows outside it.
 */
extern EmoStatus emo_ridge_correct_cross(EmoEnv *env, const EmoTrainingSet *set,
										 const EmoRidgeOptions *options, const EmoFolds *folds,
										 EmoRowValues *values);

/* As options of lda's functions, which know no more of a ridge regression. */
extern EmoLdaOptions emo_ridge_lda_options(const EmoRidgeOptions *options);

#endif
