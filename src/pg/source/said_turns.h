/*
 * said_turns.h
 *	  Turns with their emotions as the core takes them, and the names of who speaks and of the emotions.
 */
#ifndef EMOSER_SAID_TURNS_H
#define EMOSER_SAID_TURNS_H

#include "core/dsp/said.h"
#include "pg/source/given_turns.h"

typedef struct SaidTalker
{
	int channel;         /* from 1; 0: not told */
	const char *speaker; /* NULL: not told */
} SaidTalker;

typedef struct SaidTurns
{
	EmoSaidTurns turns;
	SaidTalker *talkers;   /* [turns.n_talkers], by channel, then name */
	const char **emotions; /* by name */
	int n_emotions;
} SaidTurns;

/* Of turns with their emotions.  Raises PROGRAM_LIMIT_EXCEEDED for too many talkers, and too long names. */
extern void emoser_said_turns(const GivenTurn *given, int n, SaidTurns *said);

/* Channel and speaker as columns that follow each other. */
extern void emoser_put_talker(const SaidTalker *talker, Datum *values, bool *nulls);

#endif
