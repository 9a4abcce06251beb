/*
 * group_columns.h
 *	  The option "by": columns of a source, by whose values its utterances are told apart in figures.
 */
#ifndef EMOSER_GROUP_COLUMNS_H
#define EMOSER_GROUP_COLUMNS_H

#include "pg/base/name_table.h"
#include "pg/source/source.h"

/* Values that a column has at most: more are no groups, but something like an id. */
#define EMOSER_MAX_GROUPS 50

/* The number of NULL, which is a group of its own. */
#define EMOSER_NULL_GROUP (-1)

typedef struct GroupColumn
{
	const char *name;
	const char *
		*groups; /* [n_groups], such as "sex=f", sorted by their bytes; "sex is null" comes last */
	int n_groups;
	const int32 *group; /* of each utterance, place in groups */
} GroupColumn;

/*
 * Their columns.  Raises UNDEFINED_COLUMN for one that isn't there, INVALID_PARAMETER_VALUE for too many of
 * them and for one that is named twice.
 */
extern void emoser_find_group_columns(TupleDesc columns, List *by, SourceColumns *found);

/* The number of a value (NULL: of NULL), a new one for a new value.  Raises PROGRAM_LIMIT_EXCEEDED for too many. */
extern int8 emoser_group_number(NameTable *values, const char *column, const char *value);

/* An order of two numbers by their values. */
extern int emoser_compare_groups(const NameTable *values, int8 a, int8 b);

/* Utterances rows[n] alone; groups keep their places. */
extern GroupColumn *emoser_groups_of_some(const GroupColumn *by, int n_by, const int64 *rows,
										  int64 n);

/* Take the option "by" out of options, where it is; what it names. */
extern List *emoser_take_by_option(Jsonb **options);

#endif
