/*
 * inner_folds.c
 *	  Folds within what a fold is trained on.
 */
#include "pg/training/inner_folds.h"

#include "utils/memutils.h"

#include "core/base/calibration.h"

EmoFolds
emoser_inner_folds(const TrainingSet *set, const EmoFolds *folds, int outer_fold)
{
	Size n = set->n_utterances;
	int32 *label = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	int32 *speaker = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	int32 *recording = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	/* What is left out is left out here, too, unless there is one more only. */
	bool is_by_group = set->group != NULL && set->n_groups > 2;
	const int32 *left_out = is_by_group ? set->group : set->speaker;
	EmoTrainingSet rows = {.label = label,
						   .recording = recording,
						   .speaker = left_out != NULL ? speaker : NULL,
						   .n_classes = set->core.n_classes,
						   .n_speakers = is_by_group ? set->n_groups : set->core.n_speakers};
	EmoFolds inner = emoser_new_folds(set, 0), of_rows;
	bool by_speaker;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_check_rows(&env, set->n_utterances, 0, folds, NULL));
	for (Size i = 0; i < n; i++)
	{
		bool follows = set->repeats[i] && i > 0 && folds->fold_of[i - 1] != outer_fold;

		if (folds->fold_of[i] == outer_fold)
			continue;
		label[rows.n_rows] = set->label[i];
		speaker[rows.n_rows] = left_out != NULL ? left_out[i] : 0;
		recording[rows.n_rows] = follows ? recording[rows.n_rows - 1] : (int32) rows.n_rows;
		rows.n_rows++;
	}
	emoser_check(&env, emo_calibration_folds(&env, &rows, &of_rows, &by_speaker));
	inner.n_folds = of_rows.n_folds;
	for (Size i = 0, row = 0; i < n; i++)
		inner.fold_of[i] = folds->fold_of[i] == outer_fold ? EMO_LEFT_OUT : of_rows.fold_of[row++];
	emo_free(&env, of_rows.fold_of);
	pfree(label);
	pfree(speaker);
	pfree(recording);
	return inner;
}
