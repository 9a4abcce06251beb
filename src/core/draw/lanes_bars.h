/*
 * lanes_bars.h
 *	  A long call as bars for equal times: how much of each is spoken, and in which emotion.
 */
#ifndef EMO_PLOT_LANES_BARS_H
#define EMO_PLOT_LANES_BARS_H

#include "core/draw/lanes_parts.h"

/* Sum up the turns of all lanes in bars of bar_s or longer, and choose the height of bars. */
extern EmoStatus emo_summarise_lanes(EmoEnv *env, EmoLaneDrawing *drawing);

/* Draw what was summed up. */
extern void emo_add_lane_bars(const EmoLaneDrawing *drawing);

#endif
