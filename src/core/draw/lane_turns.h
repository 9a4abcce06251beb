/*
 * lane_turns.h
 *	  What pictures of lanes show.
 */
#ifndef EMO_PLOT_LANE_TURNS_H
#define EMO_PLOT_LANE_TURNS_H

#include "core/draw/plot.h"

typedef struct EmoLaneTurn
{
	int lane;
	double start_s, end_s;
	int emotion;       /* -1: none is told */
	float probability; /* of it, 0 .. 1 */
} EmoLaneTurn;

/* Names are UTF-8.  More lanes than EMO_MAX_LANES are drawn as one, with the last of them. */
typedef struct EmoLanes
{
	const char *const *names; /* [n_lanes], from the top down */
	int n_lanes;              /* at least 1 */
	const char *const *emotions;
	int n_emotions;
	const EmoLaneTurn *turns; /* [n_turns], in any order */
	int64_t n_turns;
	double end_s; /* of the time axis; turns go no further */
} EmoLanes;

#define EMO_MAX_LANES 16

#endif
