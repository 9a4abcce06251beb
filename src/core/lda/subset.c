/*
 * subset.c
 *	  Some rows of a training set, as a set with arrays of its own.
 */
#include "core/lda/subset.h"

#include <string.h>

#include "core/lda/profile.h"

/* Rows between two looks at the clock. */
#define ROWS_PER_STOP_CHECK 1024

static int64_t
recording_of(const EmoTrainingSet *set, int64_t row)
{
	return set->recording == NULL ? row : set->recording[row];
}

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
		int64_t old_number = recording_of(set, subset->source_row[row]);

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
	void *features, *label, *speaker, *copy_kind, *row_weight;
	int32_t *recording;
	int64_t n_rows = 0;

	subset->set = *set;
	if ((subset->source_row = emo_alloc(env, set->n_rows, sizeof(int64_t))) == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		if (keep[row])
			subset->source_row[n_rows++] = row;
	subset->set.n_rows = n_rows;
	if (copy_column(env, subset, set->features, set->n_features * sizeof(float), &features) !=
			EMO_OK ||
		copy_column(env, subset, set->label, sizeof(int32_t), &label) != EMO_OK ||
		copy_column(env, subset, set->speaker, sizeof(int32_t), &speaker) != EMO_OK ||
		copy_column(env, subset, set->copy_kind, sizeof(int32_t), &copy_kind) != EMO_OK ||
		copy_column(env, subset, set->row_weight, sizeof(float), &row_weight) != EMO_OK ||
		(recording = emo_alloc(env, n_rows, sizeof(int32_t))) == NULL ||
		number_recordings(env, set, subset, recording) != EMO_OK)
		return env->status;
	subset->set.features = subset->features = features;
	subset->set.label = label;
	subset->set.speaker = speaker;
	subset->set.recording = recording;
	subset->set.copy_kind = copy_kind;
	subset->set.row_weight = row_weight;
	return EMO_OK;
}

void
emo_training_subset_free(EmoEnv *env, EmoTrainingSubset *subset)
{
	emo_free(env, (void *) subset->set.row_weight);
	emo_free(env, (void *) subset->set.copy_kind);
	emo_free(env, (void *) subset->set.recording);
	emo_free(env, (void *) subset->set.speaker);
	emo_free(env, (void *) subset->set.label);
	emo_free(env, subset->features);
	emo_free(env, subset->source_row);
}

static int32_t
kind_of(const EmoTrainingSet *set, int64_t row)
{
	return set->copy_kind == NULL ? 0 : set->copy_kind[row];
}

static EmoStatus
select_profiled_rows(EmoEnv *env, const EmoTrainingSet *set, EmoTrainingSubset *subset)
{
	bool *keep = emo_alloc(env, set->n_rows, sizeof(bool));

	if (keep == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		keep[row] = set->speaker[row] >= 0 &&
					!(set->first_random_kind > 0 && kind_of(set, row) >= set->first_random_kind);
	if (emo_training_subset(env, set, keep, subset) != EMO_OK)
		return env->status;
	emo_free(env, keep);
	return EMO_OK;
}

EmoStatus
emo_profiled_rows(EmoEnv *env, const EmoTrainingSet *set, const float *population_mean,
				  const float *population_deviation, EmoTrainingSubset *subset)
{
	int32_t n_kinds = 1;
	int32_t *group;

	if (select_profiled_rows(env, set, subset) != EMO_OK)
		return env->status;
	for (int64_t row = 0; row < subset->set.n_rows; row++)
		n_kinds = kind_of(&subset->set, row) >= n_kinds ? kind_of(&subset->set, row) + 1 : n_kinds;
	if (set->n_speakers > INT32_MAX / n_kinds)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "too many speakers");
	if ((group = emo_alloc(env, subset->set.n_rows, sizeof(int32_t))) == NULL)
		return env->status;
	for (int64_t row = 0; row < subset->set.n_rows; row++)
		group[row] = subset->set.speaker[row] * n_kinds + kind_of(&subset->set, row);
	if (emo_profile_normalise_rows(env, subset->features, subset->set.n_rows, set->n_features,
								   group, set->n_speakers * n_kinds, population_mean,
								   population_deviation, subset->features) != EMO_OK)
		return env->status;
	emo_free(env, group);
	return EMO_OK;
}

EmoStatus
emo_can_use_profiles(EmoEnv *env, const EmoTrainingSet *set, bool *can)
{
	bool *has_rows = emo_alloc_zero(env, set->n_classes, sizeof(bool));
	int32_t first_speaker = -1;
	bool two_speakers = false;

	if (has_rows == NULL)
		return env->status;
	for (int64_t row = 0; set->speaker != NULL && row < set->n_rows; row++)
	{
		int32_t speaker = set->speaker[row];

		if (speaker < 0)
			continue;
		first_speaker = first_speaker < 0 ? speaker : first_speaker;
		two_speakers = two_speakers || speaker != first_speaker;
		has_rows[set->label[row]] = true;
	}
	*can = two_speakers;
	for (int c = 0; c < set->n_classes; c++)
		*can = *can && has_rows[c];
	emo_free(env, has_rows);
	return EMO_OK;
}

EmoStatus
emo_measure_population(EmoEnv *env, const EmoTrainingSet *set, float **mean, float **deviation)
{
	EmoProfileState *state = emo_alloc(env, 1, emo_profile_state_size(set->n_features));

	*mean = emo_alloc(env, set->n_features, sizeof(float));
	*deviation = emo_alloc(env, set->n_features, sizeof(float));
	if (state == NULL || *mean == NULL || *deviation == NULL)
		return env->status;
	emo_profile_init(state, set->n_features);
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		emo_profile_add(state, set->features + row * set->n_features);
	}
	emo_profile_finish(state, *mean, *deviation);
	emo_free(env, state);
	return EMO_OK;
}
