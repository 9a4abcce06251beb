/*
 * state_subtract.c
 *	  Taking rows out of a training state again.
 */
#include <string.h>

#include "core/lda/scatter.h"
#include "core/lda/state_parts.h"

static EmoStatus
not_held(EmoEnv *env)
{
	emo_fail(env, EMO_BAD_DATA, "training state does not hold the rows to be taken out");
	emo_set_hint(env, "Take out only what was added, as it was added.");
	return env->status;
}

/* class_of[other->n_classes], of classes that are there; the others' have no rows to take out of. */
static EmoStatus
match_classes(EmoEnv *env, const EmoTrainingState *state, const EmoFlatState *other, int *class_of)
{
	const char *label = emo_state_labels(other);

	for (int c = 0; c < other->n_classes; c++)
	{
		class_of[c] = 0;
		while (class_of[c] < state->n_classes && strcmp(state->labels[class_of[c]], label) != 0)
			class_of[c]++;
		if (class_of[c] == state->n_classes)
			return not_held(env);
		label += strlen(label) + 1;
	}
	return EMO_OK;
}

static void
move_row(const EmoTrainingState *state, EmoStateWork *part, int64_t from, int64_t to)
{
	size_t n = state->n_features;

	memmove(part->rows + to * n, part->rows + from * n, n * sizeof(int16_t));
	part->label[to] = part->label[from];
}

/* Both are rows in order. */
static EmoStatus
remove_rows(EmoEnv *env, const EmoTrainingState *state, EmoStateWork *part,
			const EmoStatePartView *view, int n_classes, const int *class_of)
{
	size_t n = state->n_features;
	const int16_t *q = view->rows;
	int64_t at = 0, kept = 0;

	for (int c = 0; c < n_classes; c++)
		for (int64_t i = 0; i < view->class_rows[c]; i++, q += n)
		{
			while (at < part->n_kept &&
				   (part->label[at] != class_of[c] ||
					emo_compare_rows(part->rows + at * n, q, state->n_features) != 0))
				move_row(state, part, at++, kept++);
			if (at == part->n_kept)
				return not_held(env);
			at++;
		}
	while (at < part->n_kept)
		move_row(state, part, at++, kept++);
	part->n_kept = kept;
	return EMO_OK;
}

/* Rows out of sums. */
static EmoStatus
subtract_rows(EmoEnv *env, const EmoTrainingState *state, EmoStateWork *part,
			  const EmoStatePartView *view, int n_classes, const int *class_of)
{
	size_t n = state->n_features;
	const int16_t *q = view->rows;

	if (emo_scatter_add(env, q, view->n_rows, state->n_features, -1, part->triangle) != EMO_OK)
		return env->status;
	for (int c = 0; c < n_classes; c++)
		for (int64_t i = 0; i < view->class_rows[c]; i++, q += n)
			emo_state_add_to_class_sum(part->class_sum + class_of[c] * n, q, state->n_features, -1);
	return EMO_OK;
}

static EmoStatus
subtract_part(EmoEnv *env, EmoTrainingState *state, EmoStateWork *part,
			  const EmoStatePartView *view, int n_classes, const int *class_of)
{
	for (int c = 0; c < n_classes; c++)
		if (view->class_rows[c] > part->class_rows[class_of[c]])
			return not_held(env);
	emo_state_count_rows(part, view, n_classes, class_of, -1);
	if (view->form == EMO_STATE_ROWS && part->triangle == NULL)
		return remove_rows(env, state, part, view, n_classes, class_of);
	if (emo_state_make_sums(env, state, part) != EMO_OK ||
		emo_state_fold(env, state, part) != EMO_OK)
		return env->status;
	if ((view->form == EMO_STATE_ROWS
			 ? subtract_rows(env, state, part, view, n_classes, class_of)
			 : emo_state_add_sums(env, state, part, view, n_classes, class_of, -1)) != EMO_OK)
		return env->status;
	if (!emo_sums_are_possible(part->n_rows, state->n_features, state->n_classes, part->class_rows,
							   part->class_sum, part->triangle))
		return not_held(env);
	/* Nothing is left of them, so that rows may be kept again. */
	if (part->n_rows == 0)
		emo_state_free_sums(env, part);
	return EMO_OK;
}

EmoStatus
emo_state_subtract(EmoEnv *env, EmoTrainingState *state, const EmoFlatState *other)
{
	static const EmoHashSum nothing;
	int class_of[EMO_MAX_CLASSES];
	int64_t n_left = 0;
	size_t n_bytes;

	if (emo_state_check_scale(env, state, other) != EMO_OK ||
		emo_state_finish(env, state, &n_bytes) != EMO_OK ||
		match_classes(env, state, other, class_of) != EMO_OK)
		return env->status;
	for (int i = 0; i < EMO_STATE_N_PARTS; i++)
	{
		EmoStateWork *part = &state->part[i];
		EmoStatePartView view = emo_state_view(other, i);

		if (view.n_rows > 0 &&
			subtract_part(env, state, part, &view, other->n_classes, class_of) != EMO_OK)
			return env->status;
		n_left += part->n_rows;
	}
	emo_hash_sum_subtract(&state->data_hash, other->data_hash.bytes);
	if (n_left == 0 && memcmp(&state->data_hash, &nothing, sizeof(nothing)) != 0)
		return not_held(env);
	return EMO_OK;
}
