/*
 * store.h
 *	  The table emoser_models: names and rows, rights, locks.
 */
#ifndef EMOSER_MODEL_STORE_H
#define EMOSER_MODEL_STORE_H

#include "pg/base/glue.h"

#include "datatype/timestamp.h"
#include "utils/jsonb.h"

#include "pg/base/sql.h"

/* Stands for the version that predicts.  Those of users begin with 1, a bundled model is 0. */
#define EMOSER_NO_VERSION (-1)

/* What a model is called by: 'mine' is the version of it that predicts, 'mine@3' version 3. */
typedef struct ModelName
{
	char *name;
	int version; /* EMOSER_NO_VERSION: the one that predicts */
} ModelName;

/* In the current memory context.  Raises INVALID_NAME for what follows "@" and is no version. */
extern ModelName emoser_parse_model_name(const char *text);

/*
 * Raise INVALID_NAME unless a model may be called so: by 1 to 63 bytes without "@", which is for the
 * version.
 */
extern void emoser_check_model_name(const char *name);

/* What a name means now. */
typedef struct ModelRow
{
	/* The version of the row that holds the model; of a bundled one, the function that returns it. */
	Oid relation;
	ItemPointerData ctid;
	TransactionId xmin;
	int version;
	Datum model; /* possibly toasted; of a bundled one, to be had from emoser_bundled_value() */
	bool is_bundled;
} ModelRow;

/* Raises UNDEFINED_OBJECT, with the closest name as a hint, if there is none; valid until the end of sql. */
extern ModelRow emoser_find_row(Sql *sql, const ModelName *name);

/* The model that a name means, flat, in the current memory context; raises as emoser_find_row(). */
extern struct varlena *emoser_named_value(Oid function, const ModelName *name);

/* The bundled model, flat, in the memory of sql's caller. */
extern struct varlena *emoser_bundled_value(Sql *sql);

/* DATA_CORRUPTED: a version has no row in emoser_model_values. */
extern void emoser_no_value(const char *name, int version) __attribute__((noreturn));

/* The models that there are: rows of emoser_models and the bundled ones. */
#define EMOSER_KNOWN_MODELS "@extschema@._emoser_known_models()"

/*
 * The ORDER BY that puts the active version of a name first: the one that was deployed last, or
 * else the newest.
 */
#define EMOSER_ACTIVE_FIRST "ORDER BY deployed_at DESC NULLS LAST, version DESC"

/*
 * UNDEFINED_OBJECT.  The hint is the closest name, or else where names are
 * listed, and if can_train how one comes to be.
 */
extern void emoser_no_such_model(Oid function, const char *name, bool can_train)
	__attribute__((noreturn));

/* The same for a version, which the name may have or not. */
extern void emoser_no_such_version(Oid function, const ModelName *name, bool can_train)
	__attribute__((noreturn));

/*
 * Raise INVALID_PARAMETER_VALUE if a table or query is in the place of the name of a model, and none
 * in that of the source.
 */
extern void emoser_check_argument_order(const char *source, const char *model);

/*
 * Until the end of the transaction: sessions that train, deploy or drop the same name take turns.
 */
extern void emoser_lock_model(Oid function, const char *name);

/* What emoser_train() knows of a model beside its value. */
typedef struct ModelRecord
{
	const char *name;
	const char *algorithm;
	ArrayType *labels; /* text[] */
	Jsonb *options;
	int feature_version;
	int64 n_utterances;
	int n_speakers; /* 0: not given */
	char *data_hash;
	double training_s;
	Jsonb *metrics;
	struct varlena *model;         /* of type emoser_model */
	struct TrainingHashes *hashes; /* of its recordings; NULL: unknown */
	char *source;                  /* NULL: unknown */
	Jsonb *imported;               /* notes of the file it was imported from; NULL: trained here */
	TimestampTz created_at;        /* 0: now */
} ModelRecord;

/* Insert with the caller's rights as the next version of its name; returns that version. */
extern int emoser_store_model(Oid function, const ModelRecord *record);

#endif
