/*
 * inner_folds.c
 *	  Folds within what a fold is trained on.
 */
#include "pg/training/inner_folds.h"

#include "utils/memutils.h"

#include "core/base/calibration.h"

int
emoser_inner_folds(const TrainingSet *set, const bool *taken, int32 *inner)
{
	Size n = set->n_utterances;
	int32 *label = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	int32 *speaker = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	int32 *recording = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	int32 *fold = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	EmoTrainingSet rows = {.label = label,
						   .recording = recording,
						   .speaker = set->speaker != NULL ? speaker : NULL,
						   .n_classes = set->core.n_classes,
						   .n_speakers = set->core.n_speakers};
	bool by_speaker;
	int n_folds;
	EmoEnv env;

	for (Size i = 0; i < n; i++)
	{
		if (!taken[i])
			continue;
		label[rows.n_rows] = set->label[i];
		speaker[rows.n_rows] = set->speaker != NULL ? set->speaker[i] : 0;
		recording[rows.n_rows] =
			set->repeats[i] && taken[i - 1] ? recording[rows.n_rows - 1] : (int32) rows.n_rows;
		rows.n_rows++;
	}
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_calibration_folds(&env, &rows, fold, &n_folds, &by_speaker));
	for (Size i = 0, row = 0; i < n; i++)
		inner[i] = taken[i] ? fold[row++] : EMO_LEFT_OUT;
	pfree(label);
	pfree(speaker);
	pfree(recording);
	pfree(fold);
	return n_folds;
}
