/*
 * value.h
 *	  The SQL type emoser_model: a varlena that holds the bytes of emo_model_serialize().
 */
#ifndef EMOSER_MODEL_VALUE_H
#define EMOSER_MODEL_VALUE_H

#include "pg/base/glue.h"

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

/* Raise OBJECT_NOT_IN_PREREQUISITE_STATE unless the model takes what this version hears. */
extern void emoser_check_model_takes_audio(const EmoModel *model);

/*
 * Raise OBJECT_NOT_IN_PREREQUISITE_STATE for a model with a net, and DATA_EXCEPTION unless the model
 * takes so many features.
 */
extern void emoser_check_model_takes_features(const EmoModel *model, int n_features);

/* Raise OBJECT_NOT_IN_PREREQUISITE_STATE, with a hint, unless the model tells what is asked for. */
extern void emoser_check_tells_emotions(const EmoModel *model);
extern void emoser_check_tells_numbers(const EmoModel *model);

/* Raise OBJECT_NOT_IN_PREREQUISITE_STATE, with a hint, unless the model has a net. */
extern void emoser_check_model_has_net(const EmoModel *model);

/* Raise DATA_EXCEPTION unless features of recordings are as many as the model takes. */
extern void emoser_check_model_takes(const EmoModel *model, int n_features);

/* Both front ends take samples at this rate. */
#define EMOSER_MODEL_SAMPLE_RATE EMO_NN_SAMPLE_RATE

/* A decoded model with the work space of its net. */
typedef struct DecodedModel
{
	const EmoModel *model;
	MemoryContext context; /* of the model */

	/* Made at the first prediction, since it is larger than the model; NULL without. */
	MemoryContext net_context;
	EmoNnPredictor *predictor;
} DecodedModel;

/* As emoser_decode_model(): context should be new, and holds all there is of the model. */
extern void emoser_decode_to_predict(MemoryContext context, struct varlena *value,
									 DecodedModel *decoded);

/* Give back the work space of a model that isn't in use. */
extern void emoser_drop_net(DecodedModel *decoded);

/*
 * Make of samples [n_samples] at EMOSER_MODEL_SAMPLE_RATE, at least one, what the model needs, in
 * env's memory; the profile is left alone.  The model must take audio, see above.  Other
 * errors than of the recording are raised.
 */
extern EmoStatus emoser_make_utterance(EmoEnv *env, const EmoModel *model, const float *samples,
									   int64 n_samples, EmoUtterance *utterance);

/* One of the model's net, made at its first use; NULL without a net. */
extern EmoNnPredictor *emoser_predictor_of(DecodedModel *decoded);

/* values[n_classes] that a regression says. */
extern void emoser_predict_values_of(DecodedModel *decoded, const EmoUtterance *utterance,
									 EmoValue *values);

/* probabilities[n_classes] of what the model needs; raises as emoser_check_tells_emotions(). */
extern void emoser_predict_utterance(DecodedModel *decoded, const EmoUtterance *utterance,
									 float *probabilities);

/* How usual such an utterance is in the model's training (emo_model_familiarity()), a real; NULL: not known. */
extern void emoser_put_familiarity(const EmoModel *model, const EmoUtterance *utterance,
								   Datum *value, bool *is_null);

#endif
