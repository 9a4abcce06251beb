/*
 * given_turns.h
 *	  Turns that a diarisation has found, as arguments of SQL functions.
 */
#ifndef EMOSER_GIVEN_TURNS_H
#define EMOSER_GIVEN_TURNS_H

#include "pg/base/glue.h"

typedef struct GivenTurn
{
	int channel; /* from 1; 0: not told */
	double start_s, end_s;
	const char *speaker; /* in the encoding of the database; NULL: not told */
} GivenTurn;

/*
 * The turns that a call is given: as jsonb, or as arrays of their starts, ends and speakers; the numbers
 * are those of the arguments.  NULL if there are none of these, otherwise *n_turns of them, in the
 * order they were given.  Raises INVALID_PARAMETER_VALUE, saying which turn is wrong, and how.
 */
extern GivenTurn *emoser_given_turns(FunctionCallInfo fcinfo, int turns, int starts, int ends,
									 int speakers, int *n_turns);

#endif
