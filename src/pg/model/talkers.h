/*
 * talkers.h
 *	  Who speaks in a call, and how each of them usually sounds in it.
 */
#ifndef EMOSER_TALKERS_H
#define EMOSER_TALKERS_H

#include "pg/base/glue.h"

#include "nodes/pg_list.h"

#include "core/lda/profile.h"

typedef struct Talker
{
	int channel;
	const char *speaker; /* NULL: not told, and all without are one */
	EmoProfileState *state;
	EmoProfile profile; /* of all that was added; from emoser_finish_talkers() on */
} Talker;

/* The talker of a channel and name, a new one if there is none yet, for profiles of n_features. */
extern Talker *emoser_talker(List **talkers, int channel, const char *speaker, int n_features);

extern void emoser_finish_talkers(List *talkers);

#endif
