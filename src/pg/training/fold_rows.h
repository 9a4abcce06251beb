/*
 * fold_rows.h
 *	  Rows of a set that heads are cross-validated on.
 */
#ifndef EMOSER_FOLD_ROWS_H
#define EMOSER_FOLD_ROWS_H

#include "core/base/folds.h"
#include "pg/source/set.h"

/* Rows that are trained on, with the fold and the utterance of each. */
typedef struct FoldRows
{
	const EmoTrainingSet *set;
	EmoFolds folds;   /* of the set's rows */
	int64 *utterance; /* [set->n_rows] */
} FoldRows;

/* Rows of the set but those that are left out; subset becomes their memory, if some are. */
extern FoldRows emoser_fold_rows(EmoEnv *env, const TrainingSet *set, const EmoFolds *folds,
								 EmoTrainingSubset *subset);

/* Those of a subset of other rows. */
extern FoldRows emoser_fold_rows_of_subset(EmoEnv *env, const FoldRows *others,
										   const EmoTrainingSubset *subset);

#endif
