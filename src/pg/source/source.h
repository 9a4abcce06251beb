/*
 * source.h
 *	  The source argument of emoser_train(): a table or query, and its columns.
 */
#ifndef EMOSER_TRAINING_SOURCE_H
#define EMOSER_TRAINING_SOURCE_H

#include "pg/base/glue.h"

#include "access/tupdesc.h"

/* Numbers of columns; 0 for one that isn't there. */
typedef struct SourceColumns
{
	int audio;    /* bytea; 0 if there are features */
	int features; /* real[] */
	int emotion;
	int speaker;
	int id; /* any type */
} SourceColumns;

/*
 * The source as an item of a FROM clause: "(query) AS source" or "name AS source", quoted as needed.
 * As a subquery it can only read.
 */
extern char *emoser_source_item(const char *source);

/*
 * Find the columns by name.  Raises UNDEFINED_COLUMN without emotion, or without audio and features,
 * and DATATYPE_MISMATCH for audio or features of another type.  Features are preferred, and one of
 * the two is enough, unless the recordings themselves are wanted.
 */
extern SourceColumns emoser_source_columns(TupleDesc columns, bool wants_audio);

/*
 * Raises UNDEFINED_COLUMN unless there is a column of that name, and DATATYPE_MISMATCH if it is of
 * another type (InvalidOid: any will do).
 */
extern void emoser_require_column(TupleDesc columns, const char *name, Oid type);

/* Rows of a FROM item; SPI must be connected. */
extern int64 emoser_count_source(const char *item);

#endif
