/*
 * state_flat.c
 *	  Flat training states: where their pieces lie, and whether any bytes are one.
 */
#include <string.h>

#include "core/base/bytes.h"
#include "core/lda/state.h"
#include "core/lda/state_layout.h"

#define CHECKED_FROM offsetof(EmoFlatState, magic)

/* Some milliseconds. */
#define BYTES_PER_STOP_CHECK ((size_t) 8 << 20)

size_t
emo_state_part_bytes(EmoStateForm form, int64_t n_rows, int n_features, int n_classes)
{
	size_t n = n_features;
	size_t numbers = n_classes;

	if (form == EMO_STATE_NO_ROWS)
		return 0;
	if (form == EMO_STATE_ROWS)
		return numbers * sizeof(int64_t) +
			   EMO_STATE_ROUND_UP((size_t) n_rows * n * sizeof(int16_t));
	return (numbers + numbers * n + emo_triangle_size(n_features)) * sizeof(int64_t);
}

const char *
emo_state_labels(const EmoFlatState *flat)
{
	return (const char *) (flat + 1);
}

int64_t
emo_state_n_rows(const EmoFlatState *flat)
{
	int64_t n_rows = 0;

	for (int part = 0; part < EMO_STATE_N_PARTS; part++)
		n_rows += flat->part[part].n_rows;
	return n_rows;
}

EmoStatePartView
emo_state_view(const EmoFlatState *flat, EmoStatePart part)
{
	const char *at = emo_state_labels(flat) + EMO_STATE_ROUND_UP(flat->label_bytes);
	EmoStatePartView view = {.form = flat->part[part].form, .n_rows = flat->part[part].n_rows};

	for (int before = 0; before < (int) part; before++)
		at += emo_state_part_bytes(flat->part[before].form, flat->part[before].n_rows,
								   flat->n_features, flat->n_classes);
	if (view.form == EMO_STATE_NO_ROWS)
		return view;
	view.class_rows = (const int64_t *) at;
	if (view.form == EMO_STATE_ROWS)
		view.rows = (const int16_t *) (view.class_rows + flat->n_classes);
	else
	{
		view.class_sum = view.class_rows + flat->n_classes;
		view.triangle = view.class_sum + (size_t) flat->n_classes * flat->n_features;
	}
	return view;
}

uint32_t
emo_state_checksum(const EmoFlatState *flat)
{
	return emo_crc32c((const uint8_t *) flat + CHECKED_FROM, flat->n_bytes - CHECKED_FROM);
}

static EmoStatus
damaged(EmoEnv *env, const char *detail)
{
	emo_fail(env, EMO_CORRUPTED, "training state is damaged");
	emo_set_detail(env, "%s", detail);
	return env->status;
}

static EmoStatus
check_magic(EmoEnv *env, const EmoFlatState *flat, size_t n_bytes)
{
	if (n_bytes < sizeof(EmoFlatState))
		return damaged(env, "It is too short.");
	if (flat->magic == __builtin_bswap32(EMO_STATE_MAGIC))
		return damaged(env, "It was made on a machine with another byte order.");
	if ((flat->magic & EMO_STATE_MAGIC_NAME) != (EMO_STATE_MAGIC & EMO_STATE_MAGIC_NAME))
		return damaged(env, "It does not begin as one.");
	if (flat->magic != EMO_STATE_MAGIC)
		return damaged(env, "It is of another version.");
	return EMO_OK;
}

/* After this, all pieces lie within n_bytes. */
static EmoStatus
check_sizes(EmoEnv *env, const EmoFlatState *flat, size_t n_bytes)
{
	size_t expected;

	if (flat->n_features < 1 || flat->n_features > EMO_STATE_MAX_FEATURES)
		return damaged(env, "Its number of features is out of range.");
	if (flat->n_classes < 0 || flat->n_classes > EMO_MAX_CLASSES || flat->label_bytes < 0 ||
		flat->label_bytes > flat->n_classes * (EMO_STATE_MAX_LABEL_BYTES + 1))
		return damaged(env, "Its number of classes is out of range.");
	expected = sizeof(EmoFlatState) + EMO_STATE_ROUND_UP(flat->label_bytes);
	for (int part = 0; part < EMO_STATE_N_PARTS; part++)
	{
		int64_t n_rows = flat->part[part].n_rows;
		int32_t form = flat->part[part].form;

		if (form < EMO_STATE_NO_ROWS || form > EMO_STATE_SUMS || flat->part[part].zero != 0 ||
			n_rows < 0 || n_rows > EMO_STATE_MAX_ROWS ||
			(form == EMO_STATE_NO_ROWS) != (n_rows == 0) ||
			(form == EMO_STATE_ROWS && n_rows > flat->n_features))
			return damaged(env, "Its number of rows does not fit its form.");
		expected += emo_state_part_bytes(form, n_rows, flat->n_features, flat->n_classes);
	}
	if (flat->n_bytes != n_bytes || expected != n_bytes)
		return damaged(env, "Its length is not that of what it holds.");
	return EMO_OK;
}

static bool
is_zero(const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

static EmoStatus
check_labels(EmoEnv *env, const EmoFlatState *flat)
{
	const char *label = emo_state_labels(flat);
	const char *end = label + flat->label_bytes;
	const char *previous = NULL;

	for (int c = 0; c < flat->n_classes; c++)
	{
		size_t length = strnlen(label, end - label);

		if (label + length == end || length < 1 || length > EMO_STATE_MAX_LABEL_BYTES ||
			!emo_is_utf8(label, length))
			return damaged(env, "A label is none.");
		if (previous != NULL && strcmp(previous, label) >= 0)
			return damaged(env, "Its labels are out of order.");
		previous = label;
		label += length + 1;
	}
	if (label != end ||
		!is_zero(end, EMO_STATE_ROUND_UP(flat->label_bytes) - (size_t) flat->label_bytes))
		return damaged(env, "A label is none.");
	return EMO_OK;
}

/*
 * Each class has rows in some part, and those of a part are as many as it says; without rows there is
 * nothing to hash.
 */
static EmoStatus
check_class_rows(EmoEnv *env, const EmoFlatState *flat)
{
	static const EmoHashSum nothing;
	bool has_rows[EMO_MAX_CLASSES] = {false};

	for (int part = 0; part < EMO_STATE_N_PARTS; part++)
	{
		EmoStatePartView view = emo_state_view(flat, part);
		int64_t left = view.n_rows;

		for (int c = 0; c < flat->n_classes && view.n_rows > 0; c++)
		{
			if (view.class_rows[c] < 0 || view.class_rows[c] > left)
				return damaged(env, "Its classes do not add up to its rows.");
			left -= view.class_rows[c];
			has_rows[c] = has_rows[c] || view.class_rows[c] > 0;
		}
		if (left != 0)
			return damaged(env, "Its classes do not add up to its rows.");
	}
	for (int c = 0; c < flat->n_classes; c++)
		if (!has_rows[c])
			return damaged(env, "A class has no rows.");
	if (emo_state_n_rows(flat) == 0 && memcmp(&flat->data_hash, &nothing, sizeof(nothing)) != 0)
		return damaged(env, "It has a hash of no rows.");
	return EMO_OK;
}

int
emo_compare_rows(const int16_t *a, const int16_t *b, int n_features)
{
	for (int i = 0; i < n_features; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

static EmoStatus
check_rows(EmoEnv *env, const EmoFlatState *flat, const EmoStatePartView *view)
{
	size_t n = flat->n_features;
	size_t n_numbers = (size_t) view->n_rows * n;
	size_t n_bytes = n_numbers * sizeof(int16_t);
	int out_of_range = 0;
	int64_t row = 0;

	for (size_t i = 0; i < n_numbers; i++)
		out_of_range |= view->rows[i] > EMO_STATE_MAX_Q || view->rows[i] < -EMO_STATE_MAX_Q;
	if (out_of_range)
		return damaged(env, "A row has values out of range.");
	for (int c = 0; c < flat->n_classes; c++)
		for (int64_t i = 0; i < view->class_rows[c]; i++, row++)
			if (i > 0 && emo_compare_rows(view->rows + (row - 1) * n, view->rows + row * n,
										  flat->n_features) > 0)
				return damaged(env, "Its rows are out of order.");
	if (!is_zero((const char *) view->rows + n_bytes, EMO_STATE_ROUND_UP(n_bytes) - n_bytes))
		return damaged(env, "There is something behind its rows.");
	return EMO_OK;
}

bool
emo_sums_are_possible(int64_t n_rows, int n_features, int n_classes, const int64_t *class_rows,
					  const int64_t *class_sum, const int64_t *triangle)
{
	const int64_t *row = triangle;
	int impossible = 0;

	for (int c = 0; c < n_classes; c++)
		for (int j = 0; j < n_features; j++)
		{
			int64_t sum = class_sum[(size_t) c * n_features + j];
			int64_t most = class_rows[c] * EMO_STATE_MAX_Q;

			impossible |= sum > most || sum < -most;
		}
	for (int i = 0; i < n_features; i++)
	{
		int64_t most = n_rows * EMO_STATE_MAX_Q * EMO_STATE_MAX_Q;

		impossible |= row[0] < 0;
		for (int j = 0; j < n_features - i; j++)
			impossible |= row[j] > most || row[j] < -most;
		row += n_features - i;
	}
	return !impossible;
}

static EmoStatus
check_checksum(EmoEnv *env, const EmoFlatState *flat)
{
	const uint8_t *bytes = (const uint8_t *) flat;
	uint32_t checksum = 0;

	for (size_t at = CHECKED_FROM; at < flat->n_bytes; at += BYTES_PER_STOP_CHECK)
	{
		size_t n_left = flat->n_bytes - at;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		checksum = emo_crc32c_more(checksum, bytes + at,
								   n_left < BYTES_PER_STOP_CHECK ? n_left : BYTES_PER_STOP_CHECK);
	}
	return checksum == flat->checksum ? EMO_OK : damaged(env, "Its checksum is wrong.");
}

EmoStatus
emo_state_check(EmoEnv *env, const void *bytes, size_t n_bytes)
{
	const EmoFlatState *flat = bytes;

	if (check_magic(env, flat, n_bytes) != EMO_OK || check_sizes(env, flat, n_bytes) != EMO_OK)
		return env->status;
	if (check_checksum(env, flat) != EMO_OK)
		return env->status;
	if (check_labels(env, flat) != EMO_OK || check_class_rows(env, flat) != EMO_OK)
		return env->status;
	for (int part = 0; part < EMO_STATE_N_PARTS; part++)
	{
		EmoStatePartView view = emo_state_view(flat, part);

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		if (view.form == EMO_STATE_ROWS && check_rows(env, flat, &view) != EMO_OK)
			return env->status;
		if (view.form == EMO_STATE_SUMS &&
			!emo_sums_are_possible(view.n_rows, flat->n_features, flat->n_classes, view.class_rows,
								   view.class_sum, view.triangle))
			return damaged(env, "Its sums are out of range.");
	}
	return EMO_OK;
}
