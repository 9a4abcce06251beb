/*
 * call.h
 *	  Functions that take a model: which of their arguments are what, and the model that they mean.
 *
 * Such a function has a form that takes the model by name and one that takes it by value, and often the
 * same for features in the place of a recording; one C function serves all of them, and reads from
 * pg_proc, once per statement, which form it is.
 */
#ifndef EMOSER_MODEL_CALL_H
#define EMOSER_MODEL_CALL_H

#include "pg/base/glue.h"

#include "pg/model/value.h"

/* A row of emoser_models, decoded. */
typedef struct StoredModel
{
	const char *name;
	int version;
	const EmoModel *model;
	DecodedModel *decoded; /* the same, to predict with */
} StoredModel;

/* A name in use, with what it meant last. */
typedef struct NamedModel NamedModel;

/*
 * function is any function of the extension: emoser_models is in its schema.  The use ends when the
 * memory context keeper is reset.  name is as of emoser_parse_model_name().
 */
extern NamedModel *emoser_name_model(Oid function, const char *name, MemoryContext keeper);

/*
 * The version that is meant as the active snapshot sees it, read with the caller's rights.
 * It stays valid until the next call.  Raises UNDEFINED_OBJECT, with the closest name as a hint, if
 * there is none.  Cheap while the snapshot is the same.
 */
extern const StoredModel *emoser_find_model(NamedModel *named);

/* What stays between the rows of a statement (fn_extra). */
typedef struct ModelCall ModelCall;

/* In the place of an argument that a function hasn't got. */
#define EMOSER_NO_ARGUMENT (-1)

/* The call of a function that takes a model, by name (text) or by value (emoser_model). */
extern ModelCall *emoser_model_call(FunctionCallInfo fcinfo, int model_argument);

/*
 * The model that this call means.  Raises UNDEFINED_OBJECT for a name that no model has.  Stays valid
 * until the next call.
 */
extern DecodedModel *emoser_called_model(ModelCall *call, FunctionCallInfo fcinfo);

/*
 * What the model is to predict from: argument 0, a recording (bytea) or features (real[] or double
 * precision[]), and the profile, if there is such an argument and it isn't NULL.  False: the
 * recording is bad and NULL is wanted.  Raises unless the model takes it.
 */
extern bool emoser_called_utterance(ModelCall *call, FunctionCallInfo fcinfo, const EmoModel *model,
									int profile_argument, EmoUtterance *utterance);

#endif
