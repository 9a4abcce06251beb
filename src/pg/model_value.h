/*
 * model_value.h
 *	  The SQL type emoser_model: a varlena that holds the bytes of emo_model_serialize().
 */
#ifndef EMOSER_MODEL_VALUE_H
#define EMOSER_MODEL_VALUE_H

#include "postgres.h"

#include "core/model.h"

/*
 * The model of a value (toasted or not), living in context.  Raises DATA_CORRUPTED if the value
 * is damaged; what was read so far stays in context then, so a lasting one should be new.
 */
extern const EmoModel *emoser_decode_model(MemoryContext context, struct varlena *value);

/* The value of a model, in the current memory context. */
extern struct varlena *emoser_encode_model(const EmoModel *model);

/* A label or JSON text of a model (UTF-8) in the encoding of the database, palloc'd. */
extern char *emoser_model_text(const char *utf8);

#endif
