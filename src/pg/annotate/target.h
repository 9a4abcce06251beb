/*
 * target.h
 *	  The table that the answers of emoser_annotate() go to.
 *
 * All of it with the caller's rights.
 */
#ifndef EMOSER_ANNOTATION_TARGET_H
#define EMOSER_ANNOTATION_TARGET_H

#include "pg/annotate/annotation.h"

/* Columns of answers after the key, in this order; those of turns begin with their number. */
typedef struct TargetColumn
{
	const char *name;
	Oid type;
	bool is_required; /* never NULL */
	const char *comment;
} TargetColumn;

extern const TargetColumn *emoser_target_columns(AnnotationKind kind, int *n);

/* The most columns of any kind. */
#define EMOSER_MAX_TARGET_COLUMNS 20

/*
 * Find the table, or make it, and check it: annotation->target and target_name.  Raises
 * INSUFFICIENT_PRIVILEGE if it is of a role that the caller is no member of, UNDEFINED_COLUMN,
 * DATATYPE_MISMATCH or INVALID_TABLE_DEFINITION for one that can't take the answers.
 */
extern void emoser_find_target(Annotation *annotation, const char *name);

/* How rows are put into it, within a batch; starts as zeros but for the first two. */
typedef struct TargetWriter
{
	const Annotation *annotation;
	Sql *sql;
	char *insertion, *removal;
	SqlPlan insert, remove;
} TargetWriter;

/* Take away what the target has said of a row so far, if that may be. */
extern void emoser_target_remove(TargetWriter *writer, Datum key);

/* values has a value for each column; false if somebody else has written the row meanwhile. */
extern bool emoser_target_insert(TargetWriter *writer, Datum key, const SqlValue *values);

#endif
