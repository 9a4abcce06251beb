/*
 * calibration_folds.c
 *	  Folds for calibration: speakers, or recordings where speakers can't be held out.
 */
#include <stdlib.h>

#include "core/base/calibration.h"

#define MAX_SPEAKER_FOLDS 10

/* Folds of recordings when there are no speakers. */
#define RECORDING_FOLDS 5

typedef struct SpeakerRows
{
	int64_t n_rows;
	int32_t speaker;
} SpeakerRows;

/* Most rows first; equal ones by speaker, so that the order is that of the input alone. */
static int
compare_speakers(const void *left_pointer, const void *right_pointer)
{
	const SpeakerRows *left = left_pointer;
	const SpeakerRows *right = right_pointer;

	if (left->n_rows != right->n_rows)
		return left->n_rows > right->n_rows ? -1 : 1;
	return left->speaker < right->speaker ? -1 : 1;
}

/*
 * Speakers share at most MAX_SPEAKER_FOLDS folds: the one with the most rows first, each into the
 * fold with the fewest.  fold_of_speaker[n_speakers]; the number of folds with rows is returned.
 */
static int
deal_speakers(SpeakerRows *speakers, int n_speakers, int32_t *fold_of_speaker)
{
	int64_t rows_of_fold[MAX_SPEAKER_FOLDS] = {0};
	int n_used = 0;

	qsort(speakers, n_speakers, sizeof(SpeakerRows), compare_speakers);
	for (int i = 0; i < n_speakers && speakers[i].n_rows > 0; i++)
	{
		int fold = 0;

		for (int f = 1; f < MAX_SPEAKER_FOLDS; f++)
			fold = rows_of_fold[f] < rows_of_fold[fold] ? f : fold;
		fold_of_speaker[speakers[i].speaker] = fold;
		n_used += rows_of_fold[fold] == 0;
		rows_of_fold[fold] += speakers[i].n_rows;
	}
	return n_used;
}

static EmoStatus
folds_of_speakers(EmoEnv *env, const EmoTrainingSet *set, EmoFolds *folds)
{
	SpeakerRows *speakers = emo_alloc_zero(env, set->n_speakers, sizeof(SpeakerRows));
	int32_t *fold_of_speaker = emo_alloc(env, set->n_speakers, sizeof(int32_t));

	if (speakers == NULL || fold_of_speaker == NULL)
		return env->status;
	for (int s = 0; s < set->n_speakers; s++)
		speakers[s].speaker = s;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		if (set->speaker[row] >= set->n_speakers)
			return emo_fail(env, EMO_BAD_DATA, "speaker of training row %lld is out of range",
							(long long) row + 1);
		if (set->speaker[row] >= 0)
			speakers[set->speaker[row]].n_rows++;
	}
	folds->n_folds = deal_speakers(speakers, set->n_speakers, fold_of_speaker);
	for (int64_t row = 0; row < set->n_rows; row++)
		folds->fold_of[row] =
			set->speaker[row] < 0 ? EMO_ALWAYS_TRAINED : fold_of_speaker[set->speaker[row]];
	emo_free(env, fold_of_speaker);
	emo_free(env, speakers);
	return EMO_OK;
}

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

/* Whether at least two classes have rows outside each fold. */
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
		*can = *can && n_left >= EMO_MIN_CLASSES;
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
	if (emo_new_folds(env, set->n_rows, 0, folds) != EMO_OK)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		if (set->label[row] < 0 || set->label[row] >= set->n_classes)
			return emo_fail(env, EMO_BAD_DATA, "label of training row %lld is out of range",
							(long long) row + 1);
	if (set->speaker != NULL && (folds_of_speakers(env, set, folds) != EMO_OK ||
								 folds_can_be_held_out(env, set, folds, &can) != EMO_OK))
		return env->status;
	*by_speaker = can;
	if (!can && (folds_of_recordings(env, set, folds) != EMO_OK ||
				 folds_can_be_held_out(env, set, folds, &can) != EMO_OK))
		return env->status;
	if (!can)
		folds->n_folds = 0;
	return EMO_OK;
}
