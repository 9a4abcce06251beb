/*
 * talk.h
 *	  Who talks how much in a call, interrupts, and keeps whom waiting.
 *
 * Turns of one talker that touch or overlap are one.  The terms are those of Sacks, Schegloff and Jefferson
 * (A simplest systematics for the organization of turn-taking for conversation, Language 50, 1974), as
 * Heldner and Edlund count them of recordings (Pauses, gaps and overlaps in conversations, Journal of
 * Phonetics 38, 2010): silence after which another talker goes on is a gap, silence after which the same one
 * does is a pause; speech that begins while another one talks is between speakers if it lasts beyond that
 * one's turn, and within the other's turn if it doesn't.
 */
#ifndef EMO_TALK_H
#define EMO_TALK_H

#include "core/dsp/said.h"

typedef struct EmoTalk
{
	int64_t n_turns;
	double talk_s;
	double overlap_s;        /* of that, while others talk too */
	int64_t n_interruptions; /* turns that begin in another's and outlast it */
	int64_t n_interjections; /* turns that begin in another's and end in it */
	int64_t n_gaps;          /* silences that end with this talker, after another one */
	double gap_s, longest_gap_s;
	double pause_s; /* silences between two turns of this talker, with nobody's in between */
} EmoTalk;

typedef struct EmoTalks
{
	EmoTalk *items;   /* [n_talkers] */
	double silence_s; /* while nobody talks */
} EmoTalks;

/*
 * Of turns that are sorted for it.  duration_s is that of the call, NaN where it isn't known: from the
 * first turn to the last then.  Talk at once that is shorter than min_overlap_s interrupts nobody.
 */
extern EmoStatus emo_measure_talk(EmoEnv *env, EmoSaidTurns *said, double duration_s,
								  double min_overlap_s, EmoTalks *talks);

#endif
