/*
 * lanes_parts.h
 *	  What the two forms of a picture of lanes share: turns one by one, and bars.
 */
#ifndef EMO_PLOT_LANES_PARTS_H
#define EMO_PLOT_LANES_PARTS_H

#include "core/draw/dark.h"
#include "core/draw/lane_turns.h"

/* Between lanes. */
#define EMO_LANE_GAP 8.0

/* Of turns or of slices of bars there are so many at most, which keeps pictures within their limit. */
#define EMO_MAX_LANE_RECTANGLES 1200

/* What is spoken in the time of a bar. */
typedef struct EmoLaneSlice
{
	double seconds;
	double certainty; /* seconds times probability */
} EmoLaneSlice;

typedef struct EmoLaneDrawing
{
	const EmoLanes *lanes;
	int n_lanes;
	double lane_height;
	const char **colors; /* [n_emotions] */
	bool is_summary;
	double bar_s;
	int n_bars;
	EmoLaneSlice *slices; /* [n_lanes][n_bars][n_emotions + 1], the last one without an emotion */
	double full_share;    /* of its time that a bar as high as its lane is spoken */
	double unit;          /* seconds in one of the axis */
	EmoPanel panel;
} EmoLaneDrawing;

/* The lane that a turn is drawn in. */
extern int emo_lane_of(const EmoLaneDrawing *drawing, const EmoLaneTurn *turn);

extern double emo_lane_top(const EmoLaneDrawing *drawing, int lane);
extern double emo_lane_x(const EmoLaneDrawing *drawing, double time_s);

/* How much of the colour of an emotion covers the ground: the more, the more probable it is. */
extern double emo_lane_strength(double probability);

/* A word in a box, along or else upright; nothing where neither fits.  ink: its colour. */
extern void emo_add_lane_word(const EmoLaneDrawing *drawing, double x, double y, double width,
							  double height, const char *word, const char *ink);

#endif
