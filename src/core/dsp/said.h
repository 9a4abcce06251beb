/*
 * said.h
 *	  Turns as they were told: who speaks when, and what was said of the emotion.
 *
 * They may come from emo_find_turns(), from a diarisation, or out of a table: in any order, overlapping
 * others, also those of the same talker.
 */
#ifndef EMO_SAID_H
#define EMO_SAID_H

#include "core/base/env.h"

/* More people don't talk in one call; each turn is held against what all others say. */
#define EMO_MAX_TALKERS 1000

#define EMO_NO_EMOTION  (-1)

typedef struct EmoSaid
{
	int talker;            /* from 0, below EMO_MAX_TALKERS */
	int emotion;           /* from 0, or EMO_NO_EMOTION */
	double start_s, end_s; /* finite; the end after the start */
	double probability;    /* of the emotion, 0 to 1 */
} EmoSaid;

typedef struct EmoSaidTurns
{
	EmoSaid *items;
	size_t n;
	int n_talkers;
} EmoSaidTurns;

/*
 * By start; those that start together by talker and all else, so that the order in which they are given
 * doesn't count.
 */
extern EmoStatus emo_sort_said(EmoEnv *env, EmoSaidTurns *said);

#endif
