/*
 * notes.c
 *	  Notes that travel with the bytes of a model.
 */
#include "core/model/notes.h"

#include <string.h>

#include "core/base/bytes.h"

EmoStatus
emo_model_add_notes(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, const char *notes,
					uint8_t **with_notes, size_t *n_with_notes)
{
	return emo_model_attach(env, bytes, n_bytes, EMO_SECTION_NOTES, notes, strlen(notes),
							with_notes, n_with_notes);
}

EmoStatus
emo_model_split_notes(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, uint8_t **plain,
					  size_t *n_plain, char **notes)
{
	const uint8_t *content;
	size_t n_content;

	*notes = NULL;
	if (emo_model_detach(env, bytes, n_bytes, EMO_SECTION_NOTES, plain, n_plain, &content,
						 &n_content) != EMO_OK)
		return env->status;
	if (content == NULL)
		return EMO_OK;
	if (!emo_is_utf8((const char *) content, n_content))
		return emo_model_file_damaged(env, "A text is not valid UTF-8.");
	if ((*notes = emo_alloc(env, n_content + 1, 1)) == NULL)
		return env->status;
	memcpy(*notes, content, n_content);
	(*notes)[n_content] = '\0';
	return EMO_OK;
}
