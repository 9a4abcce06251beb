/*
 * fold_rows.c
 *	  Rows of a set that heads are cross-validated on.
 */
#include "pg/training/fold_rows.h"

#include "utils/memutils.h"

/* Their folds and utterances are not set yet. */
static FoldRows
new_rows(EmoEnv *env, const EmoTrainingSet *set, int n_folds)
{
	FoldRows rows = {.set = set};

	emoser_check(env, emo_new_folds(env, set->n_rows, n_folds, &rows.folds));
	rows.utterance = MemoryContextAllocHuge(CurrentMemoryContext, set->n_rows * sizeof(int64));
	return rows;
}

FoldRows
emoser_fold_rows_of_subset(EmoEnv *env, const FoldRows *others, const EmoTrainingSubset *subset)
{
	Size n = subset->set.n_rows;
	FoldRows rows = new_rows(env, &subset->set, others->folds.n_folds);

	for (Size row = 0; row < n; row++)
	{
		rows.folds.fold_of[row] = others->folds.fold_of[subset->source_row[row]];
		rows.utterance[row] = others->utterance[subset->source_row[row]];
	}
	return rows;
}

FoldRows
emoser_fold_rows(EmoEnv *env, const TrainingSet *set, const EmoFolds *folds,
				 EmoTrainingSubset *subset)
{
	Size n_rows = set->core.n_rows;
	FoldRows rows = new_rows(env, &set->core, folds->n_folds);
	bool *keep = MemoryContextAllocHuge(CurrentMemoryContext, n_rows);
	bool all = true;

	for (Size row = 0; row < n_rows; row++)
	{
		rows.utterance[row] = row / set->n_copies;
		rows.folds.fold_of[row] = folds->fold_of[rows.utterance[row]];
		keep[row] = rows.folds.fold_of[row] != EMO_LEFT_OUT;
		all = all && keep[row];
	}
	if (all)
		return rows;
	emoser_check(env, emo_training_subset(env, &set->core, keep, subset));
	return emoser_fold_rows_of_subset(env, &rows, subset);
}
