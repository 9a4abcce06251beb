/*
 * lanes_parts.c
 *	  What the two forms of a picture of lanes share: turns one by one, and bars.
 */
#include "core/draw/lanes_parts.h"

#include <math.h>

/* From this probability down a colour is as pale as it gets, and from that up it is full. */
#define PALEST_AT   0.3
#define FULL_AT     0.9
#define LEAST_HUE   0.22

#define WORD_HEIGHT 17.0
#define WORD_MARGIN 6.0

int
emo_lane_of(const EmoLaneDrawing *drawing, const EmoLaneTurn *turn)
{
	return turn->lane < drawing->n_lanes ? turn->lane : drawing->n_lanes - 1;
}

double
emo_lane_strength(double probability)
{
	double share = LEAST_HUE + (1 - LEAST_HUE) * (probability - PALEST_AT) / (FULL_AT - PALEST_AT);

	return fmin(1, fmax(LEAST_HUE, share));
}

double
emo_lane_top(const EmoLaneDrawing *drawing, int lane)
{
	return drawing->panel.top + lane * (drawing->lane_height + EMO_LANE_GAP) + EMO_LANE_GAP / 2;
}

double
emo_lane_x(const EmoLaneDrawing *drawing, double time_s)
{
	return emo_panel_x(&drawing->panel,
					   fmin(drawing->lanes->end_s, fmax(0, time_s)) / drawing->unit);
}

void
emo_add_lane_word(const EmoLaneDrawing *drawing, double x, double y, double width, double height,
				  const char *word, const char *ink)
{
	EmoFigure *figure = drawing->panel.figure;
	double length = emo_text_width(word, EMO_PLOT_FONT_SIZE) + WORD_MARGIN;
	bool is_along = width >= length && height >= WORD_HEIGHT;
	double middle_x = x + width / 2, middle_y = y + height / 2;

	if (!is_along && (width < WORD_HEIGHT || height < length))
		return;
	if (!is_along)
		emo_svg_add(&figure->svg, "<g transform=\"rotate(-90 %g %g)\">", middle_x, middle_y);
	emo_add_text(figure, middle_x, middle_y + 5, EMO_ANCHOR_MIDDLE, EMO_PLOT_FONT_SIZE, ink, length,
				 word);
	emo_svg_add(&figure->svg, is_along ? "\n" : "</g>\n");
}
