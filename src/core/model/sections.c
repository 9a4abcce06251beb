/*
 * sections.c
 *	  Sections that travel with the bytes of a model.
 */
#include "core/model/sections.h"

#include <string.h>

#include "core/model/format.h"

/* Places in the header and in the header of a section. */
#define CRC_OFFSET            12
#define LENGTH_OFFSET         16
#define SECTION_LENGTH_OFFSET 8

EmoStatus
emo_model_file_damaged(EmoEnv *env, const char *detail)
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
emo_model_attach(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, uint32_t type,
				 const void *content, size_t n_content, uint8_t **with_section,
				 size_t *n_with_section)
{
	uint8_t *section;

	if (n_bytes < EMO_HEADER_BYTES)
		return emo_model_file_damaged(env, "It is shorter than a header.");
	if (n_bytes > EMO_MAX_MODEL_BYTES || n_content > EMO_MAX_MODEL_BYTES ||
		n_bytes + n_content + EMO_SECTION_HEADER_BYTES > EMO_MAX_MODEL_BYTES)
	{
		emo_fail(env, EMO_LIMIT_EXCEEDED, "model is too large to be exported");
		emo_set_detail(env,
					   "With what is known of its training it has %zu bytes; the limit is %zu.",
					   n_bytes + n_content + EMO_SECTION_HEADER_BYTES, EMO_MAX_MODEL_BYTES);
		return env->status;
	}
	*n_with_section = n_bytes + EMO_SECTION_HEADER_BYTES + n_content;
	if ((*with_section = emo_alloc(env, *n_with_section, 1)) == NULL)
		return env->status;
	memcpy(*with_section, bytes, n_bytes);
	section = *with_section + n_bytes;
	emo_put_little_endian(section, 4, type);
	emo_put_little_endian(section + 4, 4, 0);
	emo_put_little_endian(section + SECTION_LENGTH_OFFSET, 8, n_content);
	if (n_content > 0)
		memcpy(section + EMO_SECTION_HEADER_BYTES, content, n_content);
	renew_header(*with_section, *n_with_section);
	return EMO_OK;
}

static EmoStatus
check_frame(EmoEnv *env, const uint8_t *bytes, size_t n_bytes)
{
	if (n_bytes < EMO_HEADER_BYTES)
		return emo_model_file_damaged(env, "It is shorter than a header.");
	if (memcmp(bytes, EMO_MODEL_MAGIC, strlen(EMO_MODEL_MAGIC)) != 0)
		return emo_model_file_damaged(env, "It doesn't begin like a model.");
	if (emo_get_little_endian(bytes + LENGTH_OFFSET, 8) != n_bytes)
		return emo_model_file_damaged(env, "It has another length than it says.");
	if (emo_get_little_endian(bytes + CRC_OFFSET, 4) !=
		emo_crc32c(bytes + EMO_HEADER_BYTES, n_bytes - EMO_HEADER_BYTES))
		return emo_model_file_damaged(env, "Its checksum doesn't match.");
	return EMO_OK;
}

EmoStatus
emo_model_detach(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, uint32_t type, uint8_t **plain,
				 size_t *n_plain, const uint8_t **content, size_t *n_content)
{
	size_t length;

	*content = NULL;
	*n_content = 0;
	*n_plain = EMO_HEADER_BYTES;
	if (check_frame(env, bytes, n_bytes) != EMO_OK)
		return env->status;
	if ((*plain = emo_alloc(env, n_bytes, 1)) == NULL)
		return env->status;
	memcpy(*plain, bytes, EMO_HEADER_BYTES);
	for (size_t at = EMO_HEADER_BYTES; at < n_bytes; at += length)
	{
		uint64_t n;

		if (n_bytes - at < EMO_SECTION_HEADER_BYTES)
			return emo_model_file_damaged(env, "A section is cut off.");
		n = emo_get_little_endian(bytes + at + SECTION_LENGTH_OFFSET, 8);
		if (n > n_bytes - at - EMO_SECTION_HEADER_BYTES)
			return emo_model_file_damaged(env, "A section is cut off.");
		length = EMO_SECTION_HEADER_BYTES + (size_t) n;
		if (emo_get_little_endian(bytes + at, 4) == type)
		{
			if (*content != NULL)
				return emo_model_file_damaged(env, "A section is there twice.");
			*content = bytes + at + EMO_SECTION_HEADER_BYTES;
			*n_content = (size_t) n;
			continue;
		}
		memcpy(*plain + *n_plain, bytes + at, length);
		*n_plain += length;
	}
	renew_header(*plain, *n_plain);
	return EMO_OK;
}
