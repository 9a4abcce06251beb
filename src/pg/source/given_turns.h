/*
 * given_turns.h
 *	  Turns that a diarisation has found, or emoser_turns() has told, as arguments of SQL functions.
 */
#ifndef EMOSER_GIVEN_TURNS_H
#define EMOSER_GIVEN_TURNS_H

#include "pg/base/glue.h"

#include "utils/jsonb.h"

typedef struct GivenTurn
{
	int channel; /* from 1; 0: not told */
	double start_s, end_s;
	const char *speaker; /* in the encoding of the database; NULL: not told */
	/* Of emoser_told_turns() alone. */
	const char *emotion; /* NULL: none */
	double probability;  /* of the emotion; 1 where it isn't told */
} GivenTurn;

/*
 * The turns that a call is given: as jsonb, or as arrays of their starts, ends and speakers; the numbers
 * are those of the arguments.  NULL if there are none of these, otherwise *n_turns of them, in the
 * order they were given.  Raises INVALID_PARAMETER_VALUE, saying which turn is wrong, and how.
 */
extern GivenTurn *emoser_given_turns(FunctionCallInfo fcinfo, int turns, int starts, int ends,
									 int speakers, int *n_turns);

/*
 * Turns with their emotions: an array of rows of emoser_turns() or of the table of emoser_annotate(), as
 * jsonb_agg() makes it.  Nulls, and rows of recordings without turns, whose start and end are null, are
 * left out.  Raises likewise.
 */
extern GivenTurn *emoser_told_turns(Jsonb *json, int *n_turns);

/* The same as arrays of columns, as array_agg() makes them; NULL for one that isn't given, but for starts and ends. */
typedef struct TurnArrays
{
	ArrayType *starts, *ends; /* double precision[] */
	ArrayType *emotions;      /* text[] */
	ArrayType *probabilities; /* double precision[] */
	ArrayType *channels;      /* integer[] */
	ArrayType *speakers;      /* text[] */
} TurnArrays;

/* An argument as one of them. */
static inline ArrayType *
emoser_turn_array(FunctionCallInfo fcinfo, int argument)
{
	return PG_ARGISNULL(argument) ? NULL : PG_GETARG_ARRAYTYPE_P(argument);
}

extern GivenTurn *emoser_told_arrays(const TurnArrays *arrays, int *n_turns);

#endif
