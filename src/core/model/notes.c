/*
 * notes.c
 *	  Notes that travel with the bytes of a model.
 */
#include "core/model/notes.h"

#include <string.h>

#include "core/model/format.h"

/* Places in the header and in the header of a section. */
#define CRC_OFFSET            12
#define LENGTH_OFFSET         16
#define SECTION_LENGTH_OFFSET 8

static EmoStatus
corrupted(EmoEnv *env, const char *detail)
{
	emo_model_damaged(env, detail);
	emo_set_hint(env, "Export the model again.");
	return env->status;
}

static void
renew_header(uint8_t *bytes, size_t n_bytes)
{
	emo_put_little_endian(bytes + LENGTH_OFFSET, 8, n_bytes);
	emo_put_little_endian(bytes + CRC_OFFSET, 4,
						  emo_crc32c(bytes + EMO_HEADER_BYTES, n_bytes - EMO_HEADER_BYTES));
}

EmoStatus
emo_model_add_notes(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, const char *notes,
					uint8_t **with_notes, size_t *n_with_notes)
{
	size_t n_notes = strlen(notes);
	uint8_t *section;

	if (n_bytes < EMO_HEADER_BYTES)
		return corrupted(env, "It is shorter than a header.");
	if (n_bytes > EMO_MAX_MODEL_BYTES || n_notes > EMO_MAX_MODEL_BYTES ||
		n_bytes + n_notes + EMO_SECTION_HEADER_BYTES > EMO_MAX_MODEL_BYTES)
	{
		emo_fail(env, EMO_LIMIT_EXCEEDED, "model is too large to be exported");
		emo_set_detail(env, "With its notes it has %zu bytes; the limit is %zu.",
					   n_bytes + n_notes + EMO_SECTION_HEADER_BYTES, EMO_MAX_MODEL_BYTES);
		return env->status;
	}
	*n_with_notes = n_bytes + EMO_SECTION_HEADER_BYTES + n_notes;
	if ((*with_notes = emo_alloc(env, *n_with_notes, 1)) == NULL)
		return env->status;
	memcpy(*with_notes, bytes, n_bytes);
	section = *with_notes + n_bytes;
	emo_put_little_endian(section, 4, EMO_SECTION_NOTES);
	emo_put_little_endian(section + 4, 4, 0);
	emo_put_little_endian(section + SECTION_LENGTH_OFFSET, 8, n_notes);
	memcpy(section + EMO_SECTION_HEADER_BYTES, notes, n_notes);
	renew_header(*with_notes, *n_with_notes);
	return EMO_OK;
}

static EmoStatus
check_frame(EmoEnv *env, const uint8_t *bytes, size_t n_bytes)
{
	if (n_bytes < EMO_HEADER_BYTES)
		return corrupted(env, "It is shorter than a header.");
	if (memcmp(bytes, EMO_MODEL_MAGIC, strlen(EMO_MODEL_MAGIC)) != 0)
		return corrupted(env, "It doesn't begin like a model.");
	if (emo_get_little_endian(bytes + LENGTH_OFFSET, 8) != n_bytes)
		return corrupted(env, "It has another length than it says.");
	if (emo_get_little_endian(bytes + CRC_OFFSET, 4) !=
		emo_crc32c(bytes + EMO_HEADER_BYTES, n_bytes - EMO_HEADER_BYTES))
		return corrupted(env, "Its checksum doesn't match.");
	return EMO_OK;
}

static EmoStatus
take_notes(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, char **notes)
{
	if (*notes != NULL)
		return corrupted(env, "A section is there twice.");
	if (!emo_is_utf8((const char *) bytes, n_bytes))
		return corrupted(env, "A text is not valid UTF-8.");
	if ((*notes = emo_alloc(env, n_bytes + 1, 1)) == NULL)
		return env->status;
	memcpy(*notes, bytes, n_bytes);
	(*notes)[n_bytes] = '\0';
	return EMO_OK;
}

EmoStatus
emo_model_split_notes(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, uint8_t **plain,
					  size_t *n_plain, char **notes)
{
	size_t length;

	*notes = NULL;
	*n_plain = EMO_HEADER_BYTES;
	if (check_frame(env, bytes, n_bytes) != EMO_OK)
		return env->status;
	if ((*plain = emo_alloc(env, n_bytes, 1)) == NULL)
		return env->status;
	memcpy(*plain, bytes, EMO_HEADER_BYTES);
	for (size_t at = EMO_HEADER_BYTES; at < n_bytes; at += length)
	{
		uint64_t content;

		if (n_bytes - at < EMO_SECTION_HEADER_BYTES)
			return corrupted(env, "A section is cut off.");
		content = emo_get_little_endian(bytes + at + SECTION_LENGTH_OFFSET, 8);
		if (content > n_bytes - at - EMO_SECTION_HEADER_BYTES)
			return corrupted(env, "A section is cut off.");
		length = EMO_SECTION_HEADER_BYTES + (size_t) content;
		if (emo_get_little_endian(bytes + at, 4) == EMO_SECTION_NOTES)
		{
			if (take_notes(env, bytes + at + EMO_SECTION_HEADER_BYTES, (size_t) content, notes) !=
				EMO_OK)
				return env->status;
			continue;
		}
		memcpy(*plain + *n_plain, bytes + at, length);
		*n_plain += length;
	}
	renew_header(*plain, *n_plain);
	return EMO_OK;
}
