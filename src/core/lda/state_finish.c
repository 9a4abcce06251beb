/*
 * state_finish.c
 *	  From training states that are worked on to flat ones: equal rows give equal bytes.
 */
#include <string.h>

#include "core/lda/state_parts.h"

/* order[n_kept]: the rows that are kept, by class in rank[] and then by q: a merge sort. */
static bool
comes_before(const EmoTrainingState *state, const EmoStateWork *part, const int *rank, int64_t a,
			 int64_t b)
{
	int rank_a = rank[part->label[a]], rank_b = rank[part->label[b]];

	if (rank_a != rank_b)
		return rank_a < rank_b;
	return emo_compare_rows(part->rows + a * state->n_features, part->rows + b * state->n_features,
							state->n_features) < 0;
}

static void
merge_runs(const EmoTrainingState *state, const EmoStateWork *part, const int *rank,
		   const int64_t *from, int64_t middle, int64_t after, int64_t *to)
{
	int64_t left = 0, right = middle;

	for (int64_t i = 0; i < after; i++)
		if (left < middle &&
			(right >= after || !comes_before(state, part, rank, from[right], from[left])))
			to[i] = from[left++];
		else
			to[i] = from[right++];
}

static void
sort_order(const EmoTrainingState *state, const EmoStateWork *part, const int *rank, int64_t *order,
		   int64_t *other)
{
	for (int64_t run = 1; run < part->n_kept; run *= 2)
	{
		for (int64_t first = 0; first < part->n_kept; first += 2 * run)
		{
			int64_t left = part->n_kept - first;
			int64_t middle = run < left ? run : left, after = 2 * run < left ? 2 * run : left;

			merge_runs(state, part, rank, order + first, middle, after, other + first);
		}
		memcpy(order, other, part->n_kept * sizeof(int64_t));
	}
}

/* Bring the rows that are kept into their order; class c becomes rank[c] only later. */
static EmoStatus
sort_rows(EmoEnv *env, EmoTrainingState *state, EmoStateWork *part, const int *rank)
{
	size_t n = state->n_features;
	int64_t *order, *other;
	int32_t *label;
	int16_t *rows;

	if (part->n_kept < 2)
		return EMO_OK;
	if ((order = emo_alloc(env, part->n_kept, sizeof(int64_t))) == NULL ||
		(other = emo_alloc(env, part->n_kept, sizeof(int64_t))) == NULL ||
		(label = emo_alloc(env, part->row_room, sizeof(int32_t))) == NULL ||
		(rows = emo_alloc(env, part->row_room, n * sizeof(int16_t))) == NULL)
		return env->status;
	for (int64_t i = 0; i < part->n_kept; i++)
		order[i] = i;
	sort_order(state, part, rank, order, other);
	for (int64_t i = 0; i < part->n_kept; i++)
	{
		label[i] = part->label[order[i]];
		memcpy(rows + i * n, part->rows + order[i] * n, n * sizeof(int16_t));
	}
	emo_free(env, part->rows);
	emo_free(env, part->label);
	part->rows = rows;
	part->label = label;
	emo_free(env, other);
	emo_free(env, order);
	return EMO_OK;
}

static int64_t
rows_of_class(const EmoTrainingState *state, int class)
{
	int64_t n_rows = 0;

	for (int i = 0; i < EMO_STATE_N_PARTS; i++)
		n_rows += state->part[i].class_rows[class];
	return n_rows;
}

/* rank[n_classes]: the place of each class by its label, those without rows last. */
static void
rank_classes(const EmoTrainingState *state, int *rank)
{
	for (int c = 0; c < state->n_classes; c++)
	{
		bool has_rows = rows_of_class(state, c) > 0;

		rank[c] = 0;
		for (int other = 0; other < state->n_classes; other++)
		{
			bool other_has_rows = rows_of_class(state, other) > 0;

			rank[c] += other_has_rows != has_rows
						   ? other_has_rows
						   : strcmp(state->labels[other], state->labels[c]) < 0;
		}
	}
}

/* Move item c of an array to rank[c]; items of classes beyond class_room don't exist. */
static EmoStatus
permute(EmoEnv *env, const EmoTrainingState *state, const int *rank, void **array, size_t item_size)
{
	char *moved = emo_alloc_zero(env, state->class_room, item_size);

	if (moved == NULL)
		return env->status;
	for (int c = 0; c < state->n_classes; c++)
		memcpy(moved + rank[c] * item_size, (char *) *array + c * item_size, item_size);
	emo_free(env, *array);
	*array = moved;
	return EMO_OK;
}

static EmoStatus
sort_classes(EmoEnv *env, EmoTrainingState *state, const int *rank)
{
	for (int i = 0; i < EMO_STATE_N_PARTS; i++)
	{
		EmoStateWork *part = &state->part[i];

		for (int64_t row = 0; row < part->n_kept; row++)
			part->label[row] = rank[part->label[row]];
		if (permute(env, state, rank, (void **) &part->class_rows, sizeof(int64_t)) != EMO_OK ||
			(part->triangle != NULL && permute(env, state, rank, (void **) &part->class_sum,
											   state->n_features * sizeof(int64_t)) != EMO_OK))
			return env->status;
	}
	return permute(env, state, rank, (void **) &state->labels, sizeof(state->labels[0]));
}

static void
drop_classes_without_rows(EmoTrainingState *state)
{
	while (state->n_classes > 0 && rows_of_class(state, state->n_classes - 1) == 0)
		state->n_classes--;
}

static EmoStateForm
form_of(const EmoStateWork *part)
{
	if (part->n_rows == 0)
		return EMO_STATE_NO_ROWS;
	return part->triangle == NULL ? EMO_STATE_ROWS : EMO_STATE_SUMS;
}

static size_t
label_bytes(const EmoTrainingState *state)
{
	size_t n_bytes = 0;

	for (int c = 0; c < state->n_classes; c++)
		n_bytes += strlen(state->labels[c]) + 1;
	return n_bytes;
}

static size_t
flat_bytes(const EmoTrainingState *state)
{
	size_t n_bytes = sizeof(EmoFlatState) + EMO_STATE_ROUND_UP(label_bytes(state));

	for (int i = 0; i < EMO_STATE_N_PARTS; i++)
		n_bytes += emo_state_part_bytes(form_of(&state->part[i]), state->part[i].n_rows,
										state->n_features, state->n_classes);
	return n_bytes;
}

EmoStatus
emo_state_finish(EmoEnv *env, EmoTrainingState *state, size_t *n_bytes)
{
	int rank[EMO_MAX_CLASSES];

	for (int i = 0; i < EMO_STATE_N_PARTS; i++)
		if (state->part[i].triangle != NULL &&
			emo_state_fold(env, state, &state->part[i]) != EMO_OK)
			return env->status;
	if (state->n_classes > 0)
	{
		rank_classes(state, rank);
		for (int i = 0; i < EMO_STATE_N_PARTS; i++)
			if (sort_rows(env, state, &state->part[i], rank) != EMO_OK)
				return env->status;
		if (sort_classes(env, state, rank) != EMO_OK)
			return env->status;
		drop_classes_without_rows(state);
	}
	*n_bytes = flat_bytes(state);
	return EMO_OK;
}

/* Copy, and go behind the copy. */
static char *
write_at(char *at, const void *items, size_t n_bytes)
{
	memcpy(at, items, n_bytes);
	return at + n_bytes;
}

static char *
write_part(const EmoTrainingState *state, const EmoStateWork *part, char *at)
{
	size_t n = state->n_features;
	size_t n_classes = state->n_classes;

	if (form_of(part) == EMO_STATE_NO_ROWS)
		return at;
	at = write_at(at, part->class_rows, n_classes * sizeof(int64_t));
	if (part->triangle == NULL)
	{
		size_t n_bytes = part->n_kept * n * sizeof(int16_t);

		memset(at + n_bytes, 0, EMO_STATE_ROUND_UP(n_bytes) - n_bytes);
		write_at(at, part->rows, n_bytes);
		return at + EMO_STATE_ROUND_UP(n_bytes);
	}
	at = write_at(at, part->class_sum, n_classes * n * sizeof(int64_t));
	return write_at(at, part->triangle, emo_triangle_size(state->n_features) * sizeof(int64_t));
}

void
emo_state_write(const EmoTrainingState *state, EmoFlatState *flat)
{
	size_t n_bytes = flat_bytes(state);
	char *at;

	memset(flat, 0, sizeof(EmoFlatState));
	flat->magic = EMO_STATE_MAGIC;
	flat->n_features = state->n_features;
	flat->n_classes = state->n_classes;
	flat->label_bytes = (int32_t) label_bytes(state);
	flat->n_bytes = n_bytes;
	flat->scale_id = state->scale_id;
	flat->data_hash = state->data_hash;
	at = (char *) (flat + 1);
	memset(at, 0, EMO_STATE_ROUND_UP(flat->label_bytes));
	for (int c = 0; c < state->n_classes; c++)
		at = write_at(at, state->labels[c], strlen(state->labels[c]) + 1);
	at = (char *) (flat + 1) + EMO_STATE_ROUND_UP(flat->label_bytes);
	for (int i = 0; i < EMO_STATE_N_PARTS; i++)
	{
		flat->part[i].n_rows = state->part[i].n_rows;
		flat->part[i].form = form_of(&state->part[i]);
		at = write_part(state, &state->part[i], at);
	}
	flat->checksum = emo_state_checksum(flat);
}
