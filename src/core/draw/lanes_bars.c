/*
 * lanes_bars.c
 *	  A long call as bars for equal times: how much of each is spoken, and in which emotion.
 */
#include "core/draw/lanes_bars.h"

#include <math.h>

static EmoStatus
sum_bars(EmoEnv *env, const EmoLaneDrawing *drawing)
{
	const EmoLanes *lanes = drawing->lanes;
	int64_t n_slices = lanes->n_emotions + 1;

	for (int64_t i = 0; i < lanes->n_turns; i++)
	{
		const EmoLaneTurn *turn = &lanes->turns[i];
		EmoLaneSlice *of_lane =
			drawing->slices + (int64_t) emo_lane_of(drawing, turn) * drawing->n_bars * n_slices;
		int emotion = turn->emotion < 0 ? lanes->n_emotions : turn->emotion;

		if (i % 1024 == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int bar = (int) fmax(0, floor(turn->start_s / drawing->bar_s));
			 bar < drawing->n_bars && bar * drawing->bar_s < turn->end_s; bar++)
		{
			EmoLaneSlice *slice = &of_lane[bar * n_slices + emotion];
			double seconds = fmin(turn->end_s, (bar + 1) * drawing->bar_s) -
							 fmax(turn->start_s, bar * drawing->bar_s);

			slice->seconds += seconds;
			slice->certainty += seconds * (double) turn->probability;
		}
	}
	return EMO_OK;
}

/* How much of its time a bar is spoken; where turns overlap, that may be more than all of it. */
static double
spoken_share(const EmoLaneDrawing *drawing, int bar, const EmoLaneSlice *slices)
{
	double time = fmin(drawing->bar_s, drawing->lanes->end_s - bar * drawing->bar_s);
	double seconds = 0;

	for (int e = 0; e <= drawing->lanes->n_emotions; e++)
		seconds += slices[e].seconds;
	return seconds / fmax(time, 1e-3);
}

static void
add_bar(const EmoLaneDrawing *drawing, int lane, int bar, const EmoLaneSlice *slices)
{
	EmoSvg *svg = &drawing->panel.figure->svg;
	int n = drawing->lanes->n_emotions;
	double x = emo_lane_x(drawing, bar * drawing->bar_s);
	double width = emo_lane_x(drawing, (bar + 1) * drawing->bar_s) - x;
	double share = spoken_share(drawing, bar, slices), seconds = 0;
	double height = drawing->lane_height * fmin(1, share / drawing->full_share);
	double y = emo_lane_top(drawing, lane) + drawing->lane_height;

	for (int e = 0; e <= n; e++)
		seconds += slices[e].seconds;
	for (int e = 0; e <= n; e++)
	{
		double slice_height = slices[e].seconds / seconds * height;
		const char *color = e < n ? drawing->colors[e] : EMO_NO_EMOTION_COLOR;
		double strength = 1;

		if (slices[e].seconds <= 0)
			continue;
		if (e < n)
			strength = emo_lane_strength(slices[e].certainty / slices[e].seconds);
		y -= slice_height;
		emo_svg_add(svg,
					"<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"%s\" "
					"fill-opacity=\"%g\" stroke=\"" EMO_PLOT_AXIS "\" stroke-width=\".5\"/>\n",
					x + .5, y, fmax(1, width - 1), slice_height, color, strength);
		if (e < n)
			emo_add_lane_word(drawing, x, y, width, slice_height, drawing->lanes->emotions[e],
							  emo_ink_on_share(color, strength));
	}
}

void
emo_add_lane_bars(const EmoLaneDrawing *drawing)
{
	size_t n_slices = (size_t) drawing->lanes->n_emotions + 1;

	for (int lane = 0; lane < drawing->n_lanes; lane++)
		for (int bar = 0; bar < drawing->n_bars; bar++)
			add_bar(drawing, lane, bar,
					drawing->slices + ((size_t) lane * drawing->n_bars + bar) * n_slices);
}

/* Sum up all lanes: in longer bars, where there would be too many slices. */
static EmoStatus
sum_lanes(EmoEnv *env, EmoLaneDrawing *drawing)
{
	size_t n_slices, n_filled = EMO_MAX_LANE_RECTANGLES + 1;

	for (; n_filled > EMO_MAX_LANE_RECTANGLES; drawing->bar_s *= 2)
	{
		drawing->n_bars = (int) fmax(1, ceil(drawing->lanes->end_s / drawing->bar_s - 1e-9));
		n_slices = (size_t) drawing->n_lanes * (size_t) drawing->n_bars *
				   ((size_t) drawing->lanes->n_emotions + 1);
		emo_free(env, drawing->slices);
		drawing->slices = emo_alloc_zero(env, n_slices, sizeof(EmoLaneSlice));
		if (drawing->slices == NULL || sum_bars(env, drawing) != EMO_OK)
			return env->status;
		n_filled = 0;
		for (size_t i = 0; i < n_slices; i++)
			n_filled += drawing->slices[i].seconds > 0;
		if (drawing->n_bars == 1 || n_filled <= EMO_MAX_LANE_RECTANGLES)
			break;
	}
	return EMO_OK;
}

EmoStatus
emo_summarise_lanes(EmoEnv *env, EmoLaneDrawing *drawing)
{
	static const double full_shares[] = {0.1, 0.25, 0.5, 0.75, 1};
	size_t n_slices = (size_t) drawing->lanes->n_emotions + 1, n_bars;
	double highest = 0;
	int i = 0;

	if (sum_lanes(env, drawing) != EMO_OK)
		return env->status;
	n_bars = (size_t) drawing->n_lanes * (size_t) drawing->n_bars;
	for (size_t bar = 0; bar < n_bars; bar++)
		highest = fmax(highest, spoken_share(drawing, (int) (bar % (size_t) drawing->n_bars),
											 drawing->slices + bar * n_slices));
	while (full_shares[i] < fmin(1, highest) - 0.005)
		i++;
	drawing->full_share = full_shares[i];
	return EMO_OK;
}
