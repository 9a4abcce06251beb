/*
 * state_pack.c
 *	  Flat training states as few bytes.
 */
#include "core/lda/state_pack.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/number_line.h"
#include "core/lda/state_layout.h"

static const char magic[8] = "EMOSTATE";

/* Magic, version, checksum. */
#define CHECKED_FROM 16

/* Bytes, and lines of a triangle, between two looks whether to stop: some milliseconds. */
#define BYTES_AT_ONCE ((size_t) 8 * 1024 * 1024)
#define LINES_AT_ONCE 256

static EmoStatus
damaged(EmoEnv *env, const char *detail)
{
	emo_fail(env, EMO_CORRUPTED, "training state is damaged");
	emo_set_detail(env, "%s", detail);
	return env->status;
}

static EmoStatus
no_numbers(EmoEnv *env)
{
	return damaged(env, "Its numbers are none.");
}

/* The diagonal of a triangle is larger than the rest, so that it would make lines wide. */
static EmoStatus
write_triangle(EmoEnv *env, EmoWriter *writer, const int64_t *triangle, int n_features)
{
	int64_t diagonal[EMO_STATE_MAX_FEATURES];

	for (int i = 0; i < n_features; i++)
		diagonal[i] = triangle[emo_triangle_index(n_features, i, i)];
	emo_write_line(writer, diagonal, n_features);
	for (int i = 0; i < n_features - 1; i++)
	{
		if (i % LINES_AT_ONCE == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		emo_write_line(writer, triangle + emo_triangle_index(n_features, i, i + 1),
					   n_features - 1 - i);
	}
	return EMO_OK;
}

static EmoStatus
read_triangle(EmoEnv *env, EmoReader *reader, int64_t *triangle, int n_features)
{
	int64_t diagonal[EMO_STATE_MAX_FEATURES];

	if (!emo_read_line(reader, diagonal, n_features))
		return no_numbers(env);
	for (int i = 0; i < n_features; i++)
		triangle[emo_triangle_index(n_features, i, i)] = diagonal[i];
	for (int i = 0; i < n_features - 1; i++)
	{
		if (i % LINES_AT_ONCE == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (!emo_read_line(reader, triangle + emo_triangle_index(n_features, i, i + 1),
						   n_features - 1 - i))
			return no_numbers(env);
	}
	return EMO_OK;
}

static EmoStatus
write_part(EmoEnv *env, EmoWriter *writer, const EmoFlatState *flat, EmoStatePart part)
{
	EmoStatePartView view = emo_state_view(flat, part);
	size_t n = flat->n_features;

	if (view.form == EMO_STATE_NO_ROWS)
		return EMO_OK;
	for (int c = 0; c < flat->n_classes; c++)
		emo_write_u64(writer, view.class_rows[c]);
	if (view.form == EMO_STATE_ROWS)
	{
		for (size_t i = 0; i < view.n_rows * n; i++)
		{
			emo_write_u8(writer, (uint8_t) view.rows[i]);
			emo_write_u8(writer, (uint8_t) ((uint16_t) view.rows[i] >> 8));
		}
		return EMO_OK;
	}
	for (int c = 0; c < flat->n_classes; c++)
		emo_write_line(writer, view.class_sum + c * n, n);
	return write_triangle(env, writer, view.triangle, flat->n_features);
}

static EmoStatus
read_part(EmoEnv *env, EmoReader *reader, EmoFlatState *flat, EmoStatePart part)
{
	EmoStatePartView view = emo_state_view(flat, part);
	size_t n = flat->n_features;
	const uint8_t *rows;

	if (view.form == EMO_STATE_NO_ROWS)
		return EMO_OK;
	for (int c = 0; c < flat->n_classes; c++)
		((int64_t *) view.class_rows)[c] = (int64_t) emo_read_u64(reader);
	if (view.form == EMO_STATE_ROWS)
	{
		if ((rows = emo_read_bytes(reader, view.n_rows * n * sizeof(int16_t))) == NULL)
			return no_numbers(env);
		for (size_t i = 0; i < view.n_rows * n; i++)
			((int16_t *) view.rows)[i] = (int16_t) (rows[2 * i] | rows[2 * i + 1] << 8);
		return EMO_OK;
	}
	for (int c = 0; c < flat->n_classes; c++)
		if (!emo_read_line(reader, (int64_t *) view.class_sum + c * n, n))
			return no_numbers(env);
	return read_triangle(env, reader, (int64_t *) view.triangle, flat->n_features);
}

static EmoStatus
checksum_of(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, uint32_t *checksum)
{
	*checksum = 0;
	for (size_t start = 0; start < n_bytes; start += BYTES_AT_ONCE)
	{
		size_t n_left = n_bytes - start;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		*checksum = emo_crc32c_more(*checksum, bytes + start,
									n_left < BYTES_AT_ONCE ? n_left : BYTES_AT_ONCE);
	}
	return EMO_OK;
}

EmoStatus
emo_state_pack(EmoEnv *env, const EmoFlatState *flat, uint8_t *bytes, size_t *n_bytes)
{
	EmoWriter writer = {.bytes = bytes};
	uint32_t checksum;

	emo_write_bytes(&writer, magic, sizeof(magic));
	emo_write_u32(&writer, EMO_STATE_PACK_VERSION);
	emo_write_u32(&writer, 0);
	emo_write_u32(&writer, flat->n_features);
	emo_write_u32(&writer, flat->n_classes);
	emo_write_u32(&writer, flat->label_bytes);
	emo_write_u64(&writer, flat->scale_id);
	emo_write_bytes(&writer, flat->data_hash.bytes, EMO_HASH_LENGTH);
	for (int part = 0; part < EMO_STATE_N_PARTS; part++)
	{
		emo_write_u64(&writer, flat->part[part].n_rows);
		emo_write_u8(&writer, (uint8_t) flat->part[part].form);
	}
	emo_write_bytes(&writer, emo_state_labels(flat), flat->label_bytes);
	for (int part = 0; part < EMO_STATE_N_PARTS; part++)
		if (write_part(env, &writer, flat, part) != EMO_OK)
			return env->status;
	*n_bytes = writer.n;
	if (bytes == NULL)
		return EMO_OK;
	if (checksum_of(env, bytes + CHECKED_FROM, writer.n - CHECKED_FROM, &checksum) != EMO_OK)
		return env->status;
	emo_put_little_endian(bytes + CHECKED_FROM - 4, 4, checksum);
	return EMO_OK;
}

/* Magic, version and checksum. */
static EmoStatus
check_envelope(EmoEnv *env, EmoReader *reader)
{
	const uint8_t *start = emo_read_bytes(reader, sizeof(magic));
	uint32_t version = emo_read_u32(reader);
	uint32_t checksum = emo_read_u32(reader);
	uint32_t actual;

	if (start == NULL || memcmp(start, magic, sizeof(magic)) != 0)
		return damaged(env, "It does not begin as one.");
	if (version != EMO_STATE_PACK_VERSION)
		return damaged(env, "It is of another version.");
	if (checksum_of(env, reader->bytes, reader->n_left, &actual) != EMO_OK)
		return env->status;
	return reader->ended || checksum != actual ? damaged(env, "Its checksum is wrong.") : EMO_OK;
}

/* The least bytes that the sums of a part take: a byte for each number. */
static size_t
least_part_bytes(EmoStateForm form, int64_t n_rows, size_t n_features, size_t n_classes)
{
	if (form == EMO_STATE_NO_ROWS)
		return 0;
	if (form == EMO_STATE_ROWS)
		return n_classes * 8 + (size_t) n_rows * n_features * 2;
	return n_classes * 8 + n_classes * n_features + n_features * (n_features + 1) / 2;
}

/* Into *header, all but the checksum; after this, the memory that it needs is not much more than it came in. */
static EmoStatus
read_header(EmoEnv *env, EmoReader *reader, EmoFlatState *header)
{
	const uint8_t *hash;
	size_t least;

	header->magic = EMO_STATE_MAGIC;
	header->n_features = (int32_t) emo_read_u32(reader);
	header->n_classes = (int32_t) emo_read_u32(reader);
	header->label_bytes = (int32_t) emo_read_u32(reader);
	header->scale_id = emo_read_u64(reader);
	if ((hash = emo_read_bytes(reader, EMO_HASH_LENGTH)) == NULL)
		return damaged(env, "It is too short.");
	memcpy(header->data_hash.bytes, hash, EMO_HASH_LENGTH);
	if (header->n_features < 1 || header->n_features > EMO_STATE_MAX_FEATURES ||
		header->n_classes < 0 || header->n_classes > EMO_MAX_CLASSES || header->label_bytes < 0 ||
		header->label_bytes > header->n_classes * (EMO_STATE_MAX_LABEL_BYTES + 1))
		return damaged(env, "Its number of features or classes is out of range.");
	header->n_bytes = sizeof(EmoFlatState) + EMO_STATE_ROUND_UP(header->label_bytes);
	least = header->label_bytes;
	for (int part = 0; part < EMO_STATE_N_PARTS; part++)
	{
		int64_t n_rows = header->part[part].n_rows = (int64_t) emo_read_u64(reader);
		EmoStateForm form = emo_read_u8(reader);

		if (form > EMO_STATE_SUMS || n_rows < 0 ||
			(form == EMO_STATE_ROWS && n_rows > header->n_features))
			return damaged(env, "Its number of rows does not fit its form.");
		header->part[part].form = (int32_t) form;
		least += least_part_bytes(form, n_rows, header->n_features, header->n_classes);
		header->n_bytes +=
			emo_state_part_bytes(form, n_rows, header->n_features, header->n_classes);
	}
	return reader->n_left < least ? damaged(env, "It is too short.") : EMO_OK;
}

EmoStatus
emo_state_unpack(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, bool is_known,
				 EmoFlatState **flat)
{
	EmoReader reader = {.bytes = bytes, .n_left = n_bytes};
	EmoFlatState header = {0};
	const uint8_t *labels;

	if (check_envelope(env, &reader) != EMO_OK || read_header(env, &reader, &header) != EMO_OK)
		return env->status;
	if ((*flat = emo_alloc_zero(env, 1, header.n_bytes)) == NULL)
		return env->status;
	**flat = header;
	if ((labels = emo_read_bytes(&reader, header.label_bytes)) == NULL)
		return damaged(env, "It is too short.");
	if (header.label_bytes > 0)
		memcpy((char *) emo_state_labels(*flat), labels, header.label_bytes);
	for (int part = 0; part < EMO_STATE_N_PARTS; part++)
		if (read_part(env, &reader, *flat, part) != EMO_OK)
			return env->status;
	if (reader.n_left > 0 || reader.ended)
		return damaged(env, "Its length is not that of what it holds.");
	if (is_known)
		return EMO_OK;
	(*flat)->checksum = emo_state_checksum(*flat);
	return emo_state_check(env, *flat, header.n_bytes);
}
