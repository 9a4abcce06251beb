/*
 * notes.h
 *	  Notes that travel with the bytes of a model: a section that readers of models skip.
 *
 * Notes are UTF-8 text, for emoser a JSON object.  They need nothing of a model but its frame (see
 * model.h), so that they go with models of any algorithm.
 */
#ifndef EMO_MODEL_NOTES_H
#define EMO_MODEL_NOTES_H

#include "core/base/env.h"

/* Far from the types of model/format.h, which count up. */
#define EMO_SECTION_NOTES 256u

/*
 * The bytes of a model with its notes behind, allocated from env.  The model must have none yet.
 * EMO_LIMIT_EXCEEDED if the whole is longer than EMO_MAX_MODEL_BYTES.
 */
extern EmoStatus emo_model_add_notes(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
									 const char *notes, uint8_t **with_notes, size_t *n_with_notes);

/*
 * Take the notes out: the bytes of the model alone, and the notes (NULL if there are none), both
 * allocated from env.  Any bytes are safe: EMO_CORRUPTED unless they have the frame of a model, at
 * most one section of notes, and UTF-8 in it.  What the model's own sections hold isn't looked at.
 */
extern EmoStatus emo_model_split_notes(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
									   uint8_t **plain, size_t *n_plain, char **notes);

#endif
