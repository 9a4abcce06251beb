/*
 * notes.h
 *	  Notes that travel with the bytes of a model: UTF-8 text, for emoser a JSON object.
 */
#ifndef EMO_MODEL_NOTES_H
#define EMO_MODEL_NOTES_H

#include "core/model/sections.h"

/* The bytes of a model with its notes behind, as emo_model_attach() makes them. */
extern EmoStatus emo_model_add_notes(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
									 const char *notes, uint8_t **with_notes, size_t *n_with_notes);

/*
 * Take the notes out: the bytes of the model alone, and the notes (NULL if there are none), both
 * allocated from env.  EMO_CORRUPTED as of emo_model_detach(), and for notes that are not UTF-8.
 */
extern EmoStatus emo_model_split_notes(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
									   uint8_t **plain, size_t *n_plain, char **notes);

#endif
