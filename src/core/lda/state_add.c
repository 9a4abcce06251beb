/*
 * state_add.c
 *	  Training states that are worked on.
 *
 * Rows are collected; when more than n_features of a part are there, they are folded into sums, and
 * from then on each EMO_SCATTER_ROWS.
 */
#include <string.h>

#include "core/base/bytes.h"
#include "core/lda/scatter.h"
#include "core/lda/state_parts.h"

/* Room for so many at first, and then for twice as many. */
#define FIRST_ROWS    8
#define FIRST_CLASSES 8

/* Numbers added up between two looks at whether to stop: some milliseconds. */
#define NUMBERS_PER_STOP_CHECK ((size_t) 1 << 20)

EmoStatus
emo_state_new(EmoEnv *env, int n_features, uint64_t scale_id, EmoTrainingState **state)
{
	*state = NULL;
	if (n_features < 1)
		return emo_fail(env, EMO_BAD_DATA, "training needs at least one feature");
	if (n_features > EMO_STATE_MAX_FEATURES)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "more than %d features", EMO_STATE_MAX_FEATURES);
	if ((*state = emo_alloc_zero(env, 1, sizeof(EmoTrainingState))) == NULL)
		return env->status;
	(*state)->n_features = n_features;
	(*state)->scale_id = scale_id;
	return EMO_OK;
}

void
emo_state_free_sums(EmoEnv *env, EmoStateWork *part)
{
	emo_free(env, part->triangle);
	emo_free(env, part->class_sum);
	part->triangle = NULL;
	part->class_sum = NULL;
}

void
emo_state_free(EmoEnv *env, EmoTrainingState *state)
{
	for (int i = 0; i < EMO_STATE_N_PARTS; i++)
	{
		EmoStateWork *part = &state->part[i];

		emo_state_free_sums(env, part);
		emo_free(env, part->rows);
		emo_free(env, part->label);
		emo_free(env, part->class_rows);
	}
	emo_free(env, state->labels);
	emo_free(env, state);
}

int
emo_state_n_features(const EmoTrainingState *state)
{
	return state->n_features;
}

uint64_t
emo_state_scale(const EmoTrainingState *state)
{
	return state->scale_id;
}

/* Move *array to where there is room for more items, zeroed behind the n_items that it has. */
static EmoStatus
grow(EmoEnv *env, void **array, size_t n_items, size_t room, size_t item_size)
{
	char *larger = emo_alloc(env, room, item_size);

	if (larger == NULL)
		return env->status;
	if (n_items > 0)
		memcpy(larger, *array, n_items * item_size);
	memset(larger + n_items * item_size, 0, (room - n_items) * item_size);
	emo_free(env, *array);
	*array = larger;
	return EMO_OK;
}

static EmoStatus
grow_classes(EmoEnv *env, EmoTrainingState *state)
{
	size_t n = state->n_classes;
	size_t room = n == 0 ? FIRST_CLASSES : 2 * n;

	if (grow(env, (void **) &state->labels, n, room, sizeof(state->labels[0])) != EMO_OK)
		return env->status;
	for (int i = 0; i < EMO_STATE_N_PARTS; i++)
	{
		EmoStateWork *part = &state->part[i];

		if (grow(env, (void **) &part->class_rows, n, room, sizeof(int64_t)) != EMO_OK ||
			(part->triangle != NULL && grow(env, (void **) &part->class_sum, n, room,
											state->n_features * sizeof(int64_t)) != EMO_OK))
			return env->status;
	}
	state->class_room = (int) room;
	return EMO_OK;
}

/* The number of a label, which may be a new one. */
static EmoStatus
find_class(EmoEnv *env, EmoTrainingState *state, const char *label, int *class)
{
	size_t length = strnlen(label, EMO_STATE_MAX_LABEL_BYTES + 1);

	for (*class = 0; *class < state->n_classes; (*class)++)
		if (strcmp(state->labels[*class], label) == 0)
			return EMO_OK;
	if (length == 0)
		return emo_fail(env, EMO_BAD_DATA, "label is empty");
	if (length > EMO_STATE_MAX_LABEL_BYTES)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "label has more than %d bytes",
						EMO_STATE_MAX_LABEL_BYTES);
	if (!emo_is_utf8(label, length))
		return emo_fail(env, EMO_BAD_DATA, "label is not valid UTF-8");
	if (state->n_classes == EMO_MAX_CLASSES)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "more than %d classes", EMO_MAX_CLASSES);
	if (state->n_classes == state->class_room && grow_classes(env, state) != EMO_OK)
		return env->status;
	memcpy(state->labels[state->n_classes++], label, length + 1);
	return EMO_OK;
}

static EmoStatus
make_room_for_row(EmoEnv *env, const EmoTrainingState *state, EmoStateWork *part)
{
	size_t n_kept = (size_t) part->n_kept;
	size_t room = n_kept == 0 ? FIRST_ROWS : 2 * n_kept;

	if (part->n_kept < part->row_room)
		return EMO_OK;
	if (grow(env, (void **) &part->label, n_kept, room, sizeof(int32_t)) != EMO_OK ||
		grow(env, (void **) &part->rows, n_kept, room, state->n_features * sizeof(int16_t)) !=
			EMO_OK)
		return env->status;
	part->row_room = (int64_t) room;
	return EMO_OK;
}

EmoStatus
emo_state_make_sums(EmoEnv *env, const EmoTrainingState *state, EmoStateWork *part)
{
	if (part->triangle != NULL)
		return EMO_OK;
	if ((part->class_sum =
			 emo_alloc_zero(env, state->class_room, state->n_features * sizeof(int64_t))) == NULL ||
		(part->triangle =
			 emo_alloc_zero(env, emo_triangle_size(state->n_features), sizeof(int64_t))) == NULL)
		return env->status;
	return EMO_OK;
}

void
emo_state_add_to_class_sum(int64_t *class_sum, const int16_t *q, int n_features, int sign)
{
	for (int j = 0; j < n_features; j++)
		class_sum[j] += sign * q[j];
}

EmoStatus
emo_state_fold(EmoEnv *env, const EmoTrainingState *state, EmoStateWork *part)
{
	if (part->n_kept == 0)
		return EMO_OK;
	if (emo_state_make_sums(env, state, part) != EMO_OK ||
		emo_scatter_add(env, part->rows, part->n_kept, state->n_features, 1, part->triangle) !=
			EMO_OK)
		return env->status;
	for (int64_t row = 0; row < part->n_kept; row++)
		emo_state_add_to_class_sum(part->class_sum + (size_t) part->label[row] * state->n_features,
								   part->rows + row * state->n_features, state->n_features, 1);
	part->n_kept = 0;
	return EMO_OK;
}

static bool
is_time_to_fold(const EmoTrainingState *state, const EmoStateWork *part)
{
	if (part->triangle != NULL)
		return part->n_kept >= EMO_SCATTER_ROWS;
	return part->n_kept > state->n_features;
}

static EmoStatus
check_n_rows(EmoEnv *env, const EmoStateWork *part, int64_t n_more)
{
	if (n_more > EMO_STATE_MAX_ROWS - part->n_rows)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "more than %lld training rows",
						(long long) EMO_STATE_MAX_ROWS);
	return EMO_OK;
}

static EmoStatus
keep_row(EmoEnv *env, EmoTrainingState *state, EmoStateWork *part, int class, const int16_t *q)
{
	if (make_room_for_row(env, state, part) != EMO_OK)
		return env->status;
	memcpy(part->rows + part->n_kept * state->n_features, q, state->n_features * sizeof(int16_t));
	part->label[part->n_kept++] = class;
	part->class_rows[class]++;
	part->n_rows++;
	return is_time_to_fold(state, part) ? emo_state_fold(env, state, part) : EMO_OK;
}

EmoStatus
emo_state_add(EmoEnv *env, EmoTrainingState *state, EmoStatePart part, const char *label,
			  const int16_t *q, const uint8_t *row_hash)
{
	int class;

	if (find_class(env, state, label, &class) != EMO_OK ||
		check_n_rows(env, &state->part[part], 1) != EMO_OK ||
		keep_row(env, state, &state->part[part], class, q) != EMO_OK)
		return env->status;
	if (row_hash != NULL)
		emo_hash_sum_add(&state->data_hash, row_hash);
	return EMO_OK;
}

EmoStatus
emo_state_check_scale(EmoEnv *env, const EmoTrainingState *state, const EmoFlatState *other)
{
	if (other->n_features != state->n_features)
	{
		emo_fail(env, EMO_BAD_DATA, "training states have features of different lengths");
		emo_set_detail(env, "One has %d features, another %d.", state->n_features,
					   other->n_features);
		return env->status;
	}
	if (other->scale_id != state->scale_id)
	{
		emo_fail(env, EMO_BAD_DATA, "training states are of different scales");
		emo_set_hint(env, "Make all of them with the same scale.");
		return env->status;
	}
	return EMO_OK;
}

/* class_of[other->n_classes]: what this state calls the other's classes. */
static EmoStatus
map_classes(EmoEnv *env, EmoTrainingState *state, const EmoFlatState *other, int *class_of)
{
	const char *label = emo_state_labels(other);

	for (int c = 0; c < other->n_classes; c++)
	{
		if (find_class(env, state, label, &class_of[c]) != EMO_OK)
			return env->status;
		label += strlen(label) + 1;
	}
	return EMO_OK;
}

static EmoStatus
merge_rows(EmoEnv *env, EmoTrainingState *state, EmoStateWork *part, const EmoStatePartView *view,
		   int n_classes, const int *class_of)
{
	const int16_t *q = view->rows;

	for (int c = 0; c < n_classes; c++)
		for (int64_t i = 0; i < view->class_rows[c]; i++, q += state->n_features)
			if (keep_row(env, state, part, class_of[c], q) != EMO_OK)
				return env->status;
	return EMO_OK;
}

/* Add (sign 1) or take out (sign -1) sums; rows that are kept stay what they are. */
EmoStatus
emo_state_add_sums(EmoEnv *env, const EmoTrainingState *state, EmoStateWork *part,
				   const EmoStatePartView *view, int n_classes, const int *class_of, int sign)
{
	size_t n = state->n_features;
	size_t size = emo_triangle_size(state->n_features);

	if (emo_state_make_sums(env, state, part) != EMO_OK)
		return env->status;
	for (int c = 0; c < n_classes; c++)
		for (size_t j = 0; j < n; j++)
			part->class_sum[class_of[c] * n + j] += sign * view->class_sum[c * n + j];
	for (size_t first = 0; first < size; first += NUMBERS_PER_STOP_CHECK)
	{
		size_t left = size - first;
		size_t after = first + (left < NUMBERS_PER_STOP_CHECK ? left : NUMBERS_PER_STOP_CHECK);

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		for (size_t i = first; i < after; i++)
			part->triangle[i] += sign * view->triangle[i];
	}
	return EMO_OK;
}

void
emo_state_count_rows(EmoStateWork *part, const EmoStatePartView *view, int n_classes,
					 const int *class_of, int sign)
{
	part->n_rows += sign * view->n_rows;
	for (int c = 0; c < n_classes; c++)
		part->class_rows[class_of[c]] += sign * view->class_rows[c];
}

EmoStatus
emo_state_merge(EmoEnv *env, EmoTrainingState *state, const EmoFlatState *other)
{
	int class_of[EMO_MAX_CLASSES];

	if (emo_state_check_scale(env, state, other) != EMO_OK ||
		map_classes(env, state, other, class_of) != EMO_OK)
		return env->status;
	for (int i = 0; i < EMO_STATE_N_PARTS; i++)
	{
		EmoStateWork *part = &state->part[i];
		EmoStatePartView view = emo_state_view(other, i);

		if (check_n_rows(env, part, view.n_rows) != EMO_OK)
			return env->status;
		if (view.form == EMO_STATE_ROWS &&
			merge_rows(env, state, part, &view, other->n_classes, class_of) != EMO_OK)
			return env->status;
		if (view.form != EMO_STATE_SUMS)
			continue;
		if (emo_state_fold(env, state, part) != EMO_OK ||
			emo_state_add_sums(env, state, part, &view, other->n_classes, class_of, 1) != EMO_OK)
			return env->status;
		emo_state_count_rows(part, &view, other->n_classes, class_of, 1);
	}
	emo_hash_sum_add(&state->data_hash, other->data_hash.bytes);
	return EMO_OK;
}
