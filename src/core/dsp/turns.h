/*
 * turns.h
 *	  Who speaks when: the turns of each channel of a call.
 *
 * A turn is speech of one channel with its short pauses.  It ends where the pause is long, or where
 * another channel takes over in it; what only leaks in from another channel is none.
 */
#ifndef EMO_TURNS_H
#define EMO_TURNS_H

#include "core/dsp/call.h"
#include "core/dsp/spoken.h"

typedef struct EmoTurnOptions
{
	double min_turn_s;  /* less speech than that is no turn */
	double max_turn_s;  /* longer ones are cut at their quietest places */
	double merge_gap_s; /* a pause as long as that, or shorter, is inside a turn */
} EmoTurnOptions;

extern const EmoTurnOptions emo_turn_default_options;

#define EMO_MIN_TURN_S      0.1
#define EMO_MAX_TURN_S      60.0
#define EMO_MAX_MERGE_GAP_S 60.0
/* max_turn_s has to be so many times min_turn_s, or there is no place to cut at. */
#define EMO_LEAST_TURN_RATIO 4.0

typedef struct EmoTurn
{
	int channel;        /* from 0 */
	int64_t start, end; /* samples at 16 kHz, end exclusive */
	double speech_s;
	float level_dbfs; /* of its speech; NaN without */
} EmoTurn;

typedef struct EmoTurns
{
	EmoTurn *items; /* by start, then channel */
	int64_t n;
} EmoTurns;

extern EmoStatus emo_find_turns(EmoEnv *env, const EmoCall *call, const EmoTurnOptions *options,
								EmoTurns *turns);

/* What is spoken in a turn, which has speech, on its own channel. */
extern EmoStatus emo_turn_speech(EmoEnv *env, const EmoCall *call, const EmoTurn *turn,
								 EmoSpoken *spoken);

/* speech_s and level_dbfs of a turn whose channel, start and end are there. */
extern void emo_measure_turn(const EmoCall *call, EmoTurn *turn);

#endif
