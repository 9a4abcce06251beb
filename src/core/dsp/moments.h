/*
 * moments.h
 *	  Stretches of a call that are worth listening to: where a talker keeps to an emotion.
 *
 * A moment is a run of turns of one talker with the same emotion.  A turn of that talker with another
 * emotion ends it, as does a time of more than max_gap_s without such a turn; turns without an emotion do
 * neither, and what others say doesn't count.
 */
#ifndef EMO_MOMENTS_H
#define EMO_MOMENTS_H

#include "core/dsp/said.h"

typedef struct EmoMomentOptions
{
	const bool *attended;  /* of each emotion, whether it is worth listening to */
	double min_talk_s;     /* a moment has at least so much talk */
	double max_gap_s;      /* from the end of a turn to the start of the next */
	double min_confidence; /* a turn of a lower probability has no emotion */
} EmoMomentOptions;

typedef struct EmoMoment
{
	int talker, emotion;
	double start_s, end_s; /* of the first turn and the last */
	double talk_s;         /* what its turns cover of that */
	double expected_s;     /* the same, each second times the probability of the emotion then */
	int64_t n_turns;
} EmoMoment;

typedef struct EmoMoments
{
	EmoMoment *items; /* the highest expected_s first, equals by start and talker */
	size_t n;
} EmoMoments;

/* Of turns that are sorted for it. */
extern EmoStatus emo_find_moments(EmoEnv *env, EmoSaidTurns *said, const EmoMomentOptions *options,
								  EmoMoments *moments);

#endif
