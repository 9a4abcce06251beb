/*
 * named.h
 *	  The model that a name means.
 */
#ifndef EMOSER_NAMED_MODEL_H
#define EMOSER_NAMED_MODEL_H

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

#endif
