/*
 * training_set.c
 *	  Some rows of a training set, as a set with arrays of its own.
 */
#include "core/base/training_set.h"

#include <string.h>

/* Rows between two looks at the clock. */
#define ROWS_PER_STOP_CHECK 1024

/* Recordings of the subset are numbered by the first of their rows in it. */
static EmoStatus
number_recordings(EmoEnv *env, const EmoTrainingSet *set, const EmoTrainingSubset *subset,
				  int32_t *recording)
{
	int32_t *new_number = emo_alloc(env, set->n_rows, sizeof(int32_t));

	if (new_number == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		new_number[row] = -1;
	for (int64_t row = 0; row < subset->set.n_rows; row++)
	{
		int64_t old_number = emo_recording_of(set, subset->source_row[row]);

		if (old_number < 0 || old_number >= set->n_rows)
			return emo_fail(env, EMO_BAD_DATA, "recording of training row %lld is out of range",
							(long long) subset->source_row[row] + 1);
		if (new_number[old_number] < 0)
			new_number[old_number] = (int32_t) row;
		recording[row] = new_number[old_number];
	}
	emo_free(env, new_number);
	return EMO_OK;
}

/* A column of the subset; NULL stays NULL. */
static EmoStatus
copy_column(EmoEnv *env, const EmoTrainingSubset *subset, const void *column, size_t item_size,
			void **copy)
{
	*copy = NULL;
	if (column == NULL)
		return EMO_OK;
	if ((*copy = emo_alloc(env, subset->set.n_rows, item_size)) == NULL)
		return env->status;
	for (int64_t row = 0; row < subset->set.n_rows; row++)
	{
		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		memcpy((char *) *copy + row * item_size,
			   (const char *) column + subset->source_row[row] * item_size, item_size);
	}
	return EMO_OK;
}

EmoStatus
emo_training_subset(EmoEnv *env, const EmoTrainingSet *set, const bool *keep,
					EmoTrainingSubset *subset)
{
	int64_t n_rows = 0;
	int64_t *rows = emo_alloc(env, set->n_rows, sizeof(int64_t));

	if (rows == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		if (keep[row])
			rows[n_rows++] = row;
	return emo_training_rows(env, set, rows, n_rows, subset);
}

EmoStatus
emo_training_rows(EmoEnv *env, const EmoTrainingSet *set, int64_t *rows, int64_t n_rows,
				  EmoTrainingSubset *subset)
{
	void *features, *label, *speaker, *corpus, *copy_kind, *row_weight, *target;
	int32_t *recording;

	subset->set = *set;
	subset->set.n_rows = n_rows;
	subset->source_row = rows;
	if (copy_column(env, subset, set->features, set->n_features * sizeof(float), &features) !=
			EMO_OK ||
		copy_column(env, subset, set->label, sizeof(int32_t), &label) != EMO_OK ||
		copy_column(env, subset, set->speaker, sizeof(int32_t), &speaker) != EMO_OK ||
		copy_column(env, subset, set->corpus, sizeof(int32_t), &corpus) != EMO_OK ||
		copy_column(env, subset, set->copy_kind, sizeof(int32_t), &copy_kind) != EMO_OK ||
		copy_column(env, subset, set->row_weight, sizeof(float), &row_weight) != EMO_OK ||
		copy_column(env, subset, set->target, set->n_targets * sizeof(float), &target) != EMO_OK ||
		(recording = emo_alloc(env, n_rows, sizeof(int32_t))) == NULL ||
		number_recordings(env, set, subset, recording) != EMO_OK)
		return env->status;
	subset->set.features = subset->features = features;
	subset->set.label = label;
	subset->set.speaker = speaker;
	subset->set.corpus = corpus;
	subset->set.recording = recording;
	subset->set.copy_kind = copy_kind;
	subset->set.row_weight = row_weight;
	subset->set.target = target;
	return EMO_OK;
}

void
emo_training_subset_free(EmoEnv *env, EmoTrainingSubset *subset)
{
	emo_free(env, (void *) subset->set.target);
	emo_free(env, (void *) subset->set.row_weight);
	emo_free(env, (void *) subset->set.copy_kind);
	emo_free(env, (void *) subset->set.recording);
	emo_free(env, (void *) subset->set.corpus);
	emo_free(env, (void *) subset->set.speaker);
	emo_free(env, (void *) subset->set.label);
	emo_free(env, subset->features);
	emo_free(env, subset->source_row);
}
