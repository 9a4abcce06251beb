/*
 * value.h
 *	  The SQL type emoser_model: a varlena that holds the bytes of emo_model_serialize().
 */
#ifndef EMOSER_MODEL_VALUE_H
#define EMOSER_MODEL_VALUE_H

#include "postgres.h"

#include "utils/array.h"
#include "utils/jsonb.h"

#include "core/model/model.h"

/*
 * The model of a value (toasted or not), living in context.  Raises DATA_CORRUPTED if the value
 * is damaged; what was read so far stays in context then, so a lasting one should be new.
 */
extern const EmoModel *emoser_decode_model(MemoryContext context, struct varlena *value);

/* The value of a model, in the current memory context. */
extern struct varlena *emoser_encode_model(const EmoModel *model);

/* A label or JSON text of a model (UTF-8) in the encoding of the database, palloc'd. */
extern char *emoser_model_text(const char *utf8);

/* The same as jsonb; DATA_CORRUPTED if it is none. */
extern Jsonb *emoser_model_json(const char *utf8);

/* The labels as text[]. */
extern ArrayType *emoser_model_labels(const EmoModel *model);

/* Raises DATA_CORRUPTED unless the value, whose bytes come from outside, is a whole model. */
extern void emoser_check_model_value(struct varlena *value);

/* "model is damaged"; detail is a sentence. */
extern void emoser_raise_damaged(const char *detail) __attribute__((noreturn));

/*
 * In PG_CATCH(): what the server said about data from outside becomes DATA_CORRUPTED; all other
 * errors are raised again as they are.  context is that outside of PG_TRY().
 */
extern void emoser_rethrow_as_damaged(MemoryContext context, const char *detail)
	__attribute__((noreturn));

#endif
