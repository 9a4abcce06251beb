/*
 * annotation.h
 *	  A call of emoser_annotate(): what is made of which rows of a source, and where it goes.
 */
#ifndef EMOSER_ANNOTATION_H
#define EMOSER_ANNOTATION_H

#include "pg/base/glue.h"

#include "access/tupdesc.h"
#include "utils/jsonb.h"

#include "core/dsp/turns.h"
#include "pg/source/source.h"

/* What is made of a recording. */
typedef enum AnnotationKind
{
	ANNOTATE_EMOTION,
	ANNOTATE_TURNS,
	ANNOTATE_FEATURES
} AnnotationKind;

/* "emotion", "turns" and "features", in that order. */
extern const char *const emoser_annotation_words[];

typedef struct AnnotationOptions
{
	SourceOptions source; /* id, audio, features and channel of it */
	double min_confidence;
	List *emotions; /* C strings, to decide between; NIL: all that the model knows */
	EmoTurnOptions turns;
	bool speaker_profiles;
	bool redo_older;   /* what another model or version has answered */
	bool retry_failed; /* what came to no answer */
	bool quiet;
	int batch_rows; /* at most, between two commits */
} AnnotationOptions;

/* The column that tells rows of the source apart, and the operators of its type. */
typedef struct AnnotationKey
{
	char *column;
	Oid type, array_type, collation;
	int32 typmod;
	int16 length;
	bool by_value;
	char align;
	char *equal, *greater; /* as SQL */
	Oid output;
} AnnotationKey;

typedef struct Annotation
{
	Oid function;
	char *source_item; /* of a FROM clause */
	AnnotationKind kind;
	AnnotationOptions options;
	AnnotationKey key;
	Oid target;
	char *target_name; /* with its schema, quoted */

	/* What answers, as of this transaction. */
	const char *model; /* NULL for features, which no model makes */
	int version;       /* of the model, or of the features */
	TimestampTz started_at;
} Annotation;

extern void emoser_read_annotation_options(AnnotationOptions *options, Jsonb *given);

/* The key of a source whose columns these are.  Raises UNDEFINED_COLUMN or UNDEFINED_FUNCTION. */
extern AnnotationKey emoser_annotation_key(TupleDesc columns, const char *name);

/* A key as text, palloc'd. */
extern char *emoser_key_text(const AnnotationKey *key, Datum value);

/*
 * The condition, of a statement over the source, that the target has no answer for a row that would do.
 * Values $first and on are those of emoser_unanswered_values(); answers up to the key $last are known not to
 * matter, unless that is 0.
 */
extern char *emoser_unanswered_condition(const Annotation *annotation, int first, int last);

#define EMOSER_N_UNANSWERED_VALUES 3
extern void emoser_unanswered_values(const Annotation *annotation, SqlValue *values);

#endif
