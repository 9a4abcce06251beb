/*
 * model_train.c
 *	  Train the heads of an "lda" model.
 */
#include <string.h>

#include "core/model.h"

/* The rows with a known speaker that profiles can be made of, normalised by speaker: a training set with its own arrays. */
typedef struct SpeakerRows
{
	EmoTrainingSet set;
	float *features;
	int32_t *label;
	int32_t *speaker;
	int32_t *recording;
	int32_t *new_recording; /* by recording of the whole set */
	int32_t *copy_kind;
	float *row_weight;
	int32_t *group; /* speaker and kind of copy */
	int n_groups;
} SpeakerRows;

static EmoStatus
measure_population(EmoEnv *env, const EmoTrainingSet *set, EmoModel *model)
{
	size_t state_size = emo_profile_state_size(set->n_features);
	EmoProfileState *state = emo_alloc(env, 1, state_size);

	model->population_mean = emo_alloc(env, set->n_features, sizeof(float));
	model->population_deviation = emo_alloc(env, set->n_features, sizeof(float));
	if (state == NULL || model->population_mean == NULL || model->population_deviation == NULL)
		return env->status;
	emo_profile_init(state, set->n_features);
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		if (row % 1024 == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		emo_profile_add(state, set->features + row * set->n_features);
	}
	emo_profile_finish(state, model->population_mean, model->population_deviation);
	emo_free(env, state);
	return EMO_OK;
}

static int32_t
largest_copy_kind(const EmoTrainingSet *set)
{
	int32_t largest = 0;

	for (int64_t row = 0; set->copy_kind != NULL && row < set->n_rows; row++)
		largest = set->copy_kind[row] > largest ? set->copy_kind[row] : largest;
	return largest;
}

/*
 * Copies are normalised by the profile of the same kind of copies: a speaker heard through a
 * faster tape is another speaker.
 */
static EmoStatus
select_speaker_rows(EmoEnv *env, const EmoTrainingSet *set, SpeakerRows *rows)
{
	size_t n = set->n_features;
	int32_t n_kinds = largest_copy_kind(set) + 1;
	int64_t n_rows = 0;

	if (set->n_speakers > INT32_MAX / n_kinds)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "too many speakers");
	rows->n_groups = set->n_speakers * n_kinds;
	if ((rows->features = emo_alloc(env, set->n_rows, n * sizeof(float))) == NULL ||
		(rows->label = emo_alloc(env, set->n_rows, sizeof(int32_t))) == NULL ||
		(rows->speaker = emo_alloc(env, set->n_rows, sizeof(int32_t))) == NULL ||
		(rows->recording = emo_alloc(env, set->n_rows, sizeof(int32_t))) == NULL ||
		(rows->new_recording = emo_alloc(env, set->n_rows, sizeof(int32_t))) == NULL ||
		(rows->copy_kind = emo_alloc(env, set->n_rows, sizeof(int32_t))) == NULL ||
		(rows->row_weight = emo_alloc(env, set->n_rows, sizeof(float))) == NULL ||
		(rows->group = emo_alloc(env, set->n_rows, sizeof(int32_t))) == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		rows->new_recording[row] = -1;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		int64_t recording = set->recording == NULL ? row : set->recording[row];
		int32_t kind = set->copy_kind == NULL ? 0 : set->copy_kind[row];

		if (set->speaker[row] < 0 || (set->first_random_kind > 0 && kind >= set->first_random_kind))
			continue;
		memcpy(rows->features + n_rows * n, set->features + row * n, n * sizeof(float));
		rows->label[n_rows] = set->label[row];
		rows->speaker[n_rows] = set->speaker[row];
		if (rows->new_recording[recording] < 0)
			rows->new_recording[recording] = (int32_t) n_rows;
		rows->recording[n_rows] = rows->new_recording[recording];
		rows->copy_kind[n_rows] = kind;
		rows->row_weight[n_rows] = set->row_weight == NULL ? 1 : set->row_weight[row];
		rows->group[n_rows] = set->speaker[row] * n_kinds + kind;
		n_rows++;
	}
	rows->set = (EmoTrainingSet){.features = rows->features,
								 .label = rows->label,
								 .speaker = rows->speaker,
								 .recording = rows->recording,
								 .copy_kind = rows->copy_kind,
								 .row_weight = rows->row_weight,
								 .n_rows = n_rows,
								 .n_features = set->n_features,
								 .n_classes = set->n_classes,
								 .n_speakers = set->n_speakers};
	return EMO_OK;
}

static void
free_speaker_rows(EmoEnv *env, SpeakerRows *rows)
{
	emo_free(env, rows->group);
	emo_free(env, rows->row_weight);
	emo_free(env, rows->copy_kind);
	emo_free(env, rows->new_recording);
	emo_free(env, rows->recording);
	emo_free(env, rows->speaker);
	emo_free(env, rows->label);
	emo_free(env, rows->features);
}

/* Profiles can be learnt from if there are two speakers, and rows of every class among theirs. */
static EmoStatus
can_use_profiles(EmoEnv *env, const EmoTrainingSet *set, bool *can)
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

static EmoStatus
train_head(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options, EmoLdaHead *head)
{
	if (emo_lda_fit(env, set, options, head) != EMO_OK)
		return env->status;
	return emo_lda_calibrate(env, set, options, head);
}

static EmoStatus
train_profile_head(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
				   EmoModel *model)
{
	EmoModelHead *head = &model->heads[model->n_heads];
	SpeakerRows rows;

	if (select_speaker_rows(env, set, &rows) != EMO_OK ||
		emo_profile_normalise_rows(env, rows.features, rows.set.n_rows, set->n_features, rows.group,
								   rows.n_groups, model->population_mean,
								   model->population_deviation, rows.features) != EMO_OK ||
		train_head(env, &rows.set, options, &head->lda) != EMO_OK)
		return env->status;
	free_speaker_rows(env, &rows);
	*head = (EmoModelHead){.on_profile = true, .profile_weight = 1, .lda = head->lda};
	model->n_heads++;

	/* With a profile the head for it decides alone. */
	model->heads[0].profile_weight = 0;
	return EMO_OK;
}

EmoStatus
emo_model_train_lda(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
					bool with_profile, EmoModel *model)
{
	bool can = false;

	model->algorithm = "lda";
	model->n_features = set->n_features;
	model->n_classes = set->n_classes;
	model->n_heads = 1;
	if ((model->heads = emo_alloc_zero(env, 2, sizeof(EmoModelHead))) == NULL)
		return env->status;

	/* The first head also checks the set. */
	model->heads[0].weight = 1;
	model->heads[0].profile_weight = 1;
	if (train_head(env, set, options, &model->heads[0].lda) != EMO_OK ||
		measure_population(env, set, model) != EMO_OK || can_use_profiles(env, set, &can) != EMO_OK)
		return env->status;
	return with_profile && can ? train_profile_head(env, set, options, model) : EMO_OK;
}
