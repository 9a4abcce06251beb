/*
 * calibration_folds.c
 *	  Folds for calibration: speakers, or recordings where speakers can't be held out.
 */
#include "core/base/calibration.h"

#define MAX_SPEAKER_FOLDS 10

/* Folds of recordings when there are no speakers. */
#define RECORDING_FOLDS 5

/* Recordings in turn, apart for each class, so that every fold has its share of every class. */
static EmoStatus
folds_of_recordings(EmoEnv *env, const EmoTrainingSet *set, EmoFolds *folds)
{
	int32_t *fold_of_recording = emo_alloc(env, set->n_rows, sizeof(int32_t));
	int32_t *next_fold = emo_alloc_zero(env, set->n_classes, sizeof(int32_t));

	if (fold_of_recording == NULL || next_fold == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		fold_of_recording[row] = -1;
	folds->n_folds = 0;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		int64_t recording = emo_recording_of(set, row);

		if (recording < 0 || recording >= set->n_rows)
			return emo_fail(env, EMO_BAD_DATA, "recording of training row %lld is out of range",
							(long long) row + 1);
		if (fold_of_recording[recording] < 0)
		{
			int32_t *next = &next_fold[set->label[row]];

			fold_of_recording[recording] = *next;
			*next = (*next + 1) % RECORDING_FOLDS;
		}
		folds->fold_of[row] = fold_of_recording[recording];
		if (folds->fold_of[row] >= folds->n_folds)
			folds->n_folds = folds->fold_of[row] + 1;
	}
	emo_free(env, next_fold);
	emo_free(env, fold_of_recording);
	return EMO_OK;
}

/* Whether there are rows outside each fold, and two classes at least if these are learnt. */
static EmoStatus
folds_can_be_held_out(EmoEnv *env, const EmoTrainingSet *set, const EmoFolds *folds, bool *can)
{
	size_t n_classes = set->n_classes;
	int64_t *total = emo_alloc_zero(env, n_classes, sizeof(int64_t));
	int64_t *inside = emo_alloc_zero(env, folds->n_folds + 1, n_classes * sizeof(int64_t));

	if (total == NULL || inside == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		total[set->label[row]]++;
		if (folds->fold_of[row] >= 0)
			inside[folds->fold_of[row] * n_classes + set->label[row]]++;
	}
	*can = folds->n_folds > 1;
	for (int f = 0; f < folds->n_folds; f++)
	{
		int n_left = 0;

		for (size_t c = 0; c < n_classes; c++)
			n_left += total[c] > inside[f * n_classes + c];
		*can = *can && n_left >= emo_min_classes(set);
	}
	emo_free(env, inside);
	emo_free(env, total);
	return EMO_OK;
}

EmoStatus
emo_calibration_folds(EmoEnv *env, const EmoTrainingSet *set, EmoFolds *folds, bool *by_speaker)
{
	bool can = false;

	*by_speaker = false;
	for (int64_t row = 0; row < set->n_rows; row++)
		if (set->label[row] < 0 || set->label[row] >= set->n_classes)
			return emo_fail(env, EMO_BAD_DATA, "label of training row %lld is out of range",
							(long long) row + 1);
	*folds = (EmoFolds){0};
	if (set->speaker != NULL &&
		(emo_folds_of_groups(env, set->speaker, set->n_rows, set->n_speakers, MAX_SPEAKER_FOLDS,
							 folds) != EMO_OK ||
		 folds_can_be_held_out(env, set, folds, &can) != EMO_OK))
		return env->status;
	*by_speaker = can;
	if (can)
		return EMO_OK;
	emo_free(env, folds->fold_of);
	if (emo_new_folds(env, set->n_rows, 0, folds) != EMO_OK ||
		folds_of_recordings(env, set, folds) != EMO_OK ||
		folds_can_be_held_out(env, set, folds, &can) != EMO_OK)
		return env->status;
	if (!can)
		folds->n_folds = 0;
	return EMO_OK;
}

EmoStatus
emo_rows_outside_folds(EmoEnv *env, const EmoTrainingSet *set, const EmoFolds *folds,
					   EmoTrainingSubset *rest)
{
	int64_t *rows = emo_alloc(env, set->n_rows, sizeof(int64_t));
	int64_t n_rows = 0;

	if (rows == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		if (folds->fold_of[row] < 0)
			rows[n_rows++] = row;
	return emo_training_rows(env, set, rows, n_rows, rest);
}
