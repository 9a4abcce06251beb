/*
 * sections.h
 *	  Sections that travel with the bytes of a model, and that readers of models skip.
 *
 * They need nothing of a model but its frame (see model.h), so that they go with models of any
 * algorithm.  Any bytes are safe.
 */
#ifndef EMO_MODEL_SECTIONS_H
#define EMO_MODEL_SECTIONS_H

#include "core/base/env.h"

/* Far from the types of model/format.h, which count up. */
#define EMO_SECTION_NOTES           256u
#define EMO_SECTION_TRAINING_HASHES 257u

/* Fails with EMO_CORRUPTED, "model is damaged", a sentence about what is wrong, and a hint. */
extern EmoStatus emo_model_file_damaged(EmoEnv *env, const char *detail);

/*
 * The bytes of a model with such a section behind, allocated from env.  The model must have none of this
 * type yet.  EMO_LIMIT_EXCEEDED if the whole is longer than EMO_MAX_MODEL_BYTES.
 */
extern EmoStatus emo_model_attach(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, uint32_t type,
								  const void *content, size_t n_content, uint8_t **with_section,
								  size_t *n_with_section);

/*
 * Take a section out: the bytes of the model without it, allocated from env, and what it holds, in the
 * bytes that were given (NULL if there is none).  EMO_CORRUPTED unless they have the frame of a model and at most one
 * section of this type.  What the other sections hold isn't looked at.
 */
extern EmoStatus emo_model_detach(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, uint32_t type,
								  uint8_t **plain, size_t *n_plain, const uint8_t **content,
								  size_t *n_content);

#endif
