/*
 * lanes.h
 *	  Who speaks when, and how: a lane for each speaker over one time axis.
 */
#ifndef EMO_PLOT_LANES_H
#define EMO_PLOT_LANES_H

#include "core/draw/lane_turns.h"

/*
 * Each turn in the colour of its emotion and with its name, where there is room; or, where turns would be
 * too narrow to be told apart, bars for equal times that show how much of each is spoken in which emotion.
 */
extern EmoStatus emo_plot_lanes(EmoEnv *env, const char *title, const EmoLanes *lanes, int width,
								const char **svg, size_t *length);

#endif
