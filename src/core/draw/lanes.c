/*
 * lanes.c
 *	  Who speaks when, and how: a lane for each speaker over one time axis.
 */
#include "core/draw/lanes.h"

#include <math.h>
#include <stdio.h>

#include "core/draw/emotion_colors.h"
#include "core/draw/lanes_bars.h"

#define MINUTES_FROM_S 180.0
#define OTHERS         "others"
#define NONE           "no emotion"

/* A lane of few has room for an upright word, one of many for a line. */
#define HIGH_LANE    88.0
#define LOW_LANE     44.0
#define N_HIGH_LANES 6

/* Turns are drawn one by one as long as each has so much room on average, in the fullest lane. */
#define ROOM_OF_TURN 24.0

/* Bars are no narrower than that, and stand for a time of which people think, of several turns. */
#define MIN_BAR_WIDTH 12.0
static const double bar_times_s[] = {15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200};
#define N_BAR_TIMES ((int) (sizeof(bar_times_s) / sizeof(bar_times_s[0])))

#define MAX_LEGEND  14

static void
add_turn(const EmoLaneDrawing *drawing, const EmoLaneTurn *turn)
{
	EmoSvg *svg = &drawing->panel.figure->svg;
	double x = emo_lane_x(drawing, turn->start_s);
	double width = fmax(1.5, emo_lane_x(drawing, turn->end_s) - x);
	double y = emo_lane_top(drawing, emo_lane_of(drawing, turn));
	bool is_told = turn->emotion >= 0;
	const char *color = is_told ? drawing->colors[turn->emotion] : EMO_NO_EMOTION_COLOR;
	double strength = is_told ? emo_lane_strength((double) turn->probability) : 1;
	const char *word = is_told ? drawing->lanes->emotions[turn->emotion] : "?";

	emo_svg_add(svg,
				"<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"%s\" "
				"fill-opacity=\"%g\" stroke=\"%s\" stroke-width=\".8\"/>\n",
				x, y, width, drawing->lane_height, color, strength,
				is_told ? color : EMO_PLOT_AXIS);
	emo_add_lane_word(drawing, x, y, width, drawing->lane_height, word,
					  emo_ink_on_share(color, strength));
}

/* One by one, or as bars, and then of what time. */
static void
choose_form(EmoLaneDrawing *drawing, double width)
{
	const EmoLanes *lanes = drawing->lanes;
	int64_t n_in_lane[EMO_MAX_LANES] = {0};
	int64_t most = 0;
	int i = 0;

	for (int64_t t = 0; t < lanes->n_turns; t++)
	{
		int64_t n = ++n_in_lane[emo_lane_of(drawing, &lanes->turns[t])];

		most = n > most ? n : most;
	}
	drawing->is_summary =
		(double) most * ROOM_OF_TURN > width || lanes->n_turns > EMO_MAX_LANE_RECTANGLES;
	while (i < N_BAR_TIMES - 1 && bar_times_s[i] / lanes->end_s * width < MIN_BAR_WIDTH)
		i++;
	drawing->bar_s = fmax(bar_times_s[i], lanes->end_s / width * MIN_BAR_WIDTH);
}

static void
add_subtitle(EmoFigure *figure, const EmoLaneDrawing *drawing)
{
	char text[160], time[32];

	if (drawing->lanes->n_turns == 0)
		return;
	if (!drawing->is_summary)
	{
		emo_figure_subtitle(figure, "The fainter a turn, the less certain its emotion.");
		return;
	}
	if (drawing->bar_s < 60)
		snprintf(time, sizeof(time), "%d s", (int) lround(drawing->bar_s));
	else
		snprintf(time, sizeof(time), "%d min", (int) lround(drawing->bar_s / 60));
	snprintf(text, sizeof(text),
			 "A bar is %s, as high as the share of it that is spoken: a whole lane is %d %%. The "
			 "fainter, the less certain.",
			 time, (int) lround(100 * drawing->full_share));
	emo_figure_subtitle(figure, text);
}

/* The emotions that there are turns of. */
static EmoStatus
add_legend(EmoFigure *figure, const EmoLaneDrawing *drawing)
{
	EmoEnv *env = figure->svg.env;
	const EmoLanes *lanes = drawing->lanes;
	bool *occurs = emo_alloc_zero(env, (size_t) lanes->n_emotions + 1, sizeof(bool));
	EmoLegendEntry entries[MAX_LEGEND + 1];
	int n = 0;

	if (occurs == NULL)
		return env->status;
	for (int64_t i = 0; i < lanes->n_turns; i++)
		occurs[lanes->turns[i].emotion < 0 ? lanes->n_emotions : lanes->turns[i].emotion] = true;
	for (int e = 0; e < lanes->n_emotions && n < MAX_LEGEND; e++)
		if (occurs[e])
			entries[n++] =
				(EmoLegendEntry){lanes->emotions[e], drawing->colors[e], EMO_KEY_AREA, 0};
	if (occurs[lanes->n_emotions])
		entries[n++] = (EmoLegendEntry){NONE, EMO_NO_EMOTION_COLOR, EMO_KEY_AREA, 0};
	if (n > 0)
		emo_figure_legend(figure, entries, n);
	emo_free(env, occurs);
	return EMO_OK;
}

/* The lanes themselves, so that pauses are seen as such. */
static void
add_grounds(const EmoLaneDrawing *drawing)
{
	for (int lane = 0; lane < drawing->n_lanes; lane++)
		emo_svg_add(&drawing->panel.figure->svg,
					"<path d=\"M%g %gh%g\" stroke=\"" EMO_PLOT_GRID "\"/>\n", drawing->panel.left,
					emo_lane_top(drawing, lane) + drawing->lane_height, drawing->panel.width);
}

static void
draw(EmoFigure *figure, EmoLaneDrawing *drawing, const char *const *names_up)
{
	const EmoLanes *lanes = drawing->lanes;

	drawing->panel =
		(EmoPanel){.x = {.max = lanes->end_s / drawing->unit,
						 .title = drawing->unit == 60 ? "Time (min)" : "Time (s)"},
				   .y = {.max = drawing->n_lanes, .names = names_up, .n_names = drawing->n_lanes}};
	emo_panel_begin(&drawing->panel, figure,
					drawing->n_lanes * (drawing->lane_height + EMO_LANE_GAP));
	add_grounds(drawing);
	if (drawing->is_summary)
		emo_add_lane_bars(drawing);
	for (int64_t i = 0; i < lanes->n_turns && !drawing->is_summary; i++)
		add_turn(drawing, &lanes->turns[i]);
	if (lanes->n_turns == 0)
		emo_add_text(figure, drawing->panel.left + drawing->panel.width / 2,
					 drawing->panel.top + drawing->panel.height / 2 + 5, EMO_ANCHOR_MIDDLE,
					 EMO_PLOT_FONT_SIZE, EMO_PLOT_FAINT, drawing->panel.width, "nobody speaks");
	emo_panel_end(&drawing->panel);
}

static EmoStatus
choose_colors(EmoEnv *env, const EmoLanes *lanes, EmoLaneDrawing *drawing)
{
	size_t n = (size_t) lanes->n_emotions + 1;
	int *numbers = emo_alloc(env, n, sizeof(int));

	drawing->colors = emo_alloc(env, n, sizeof(char *));
	if (numbers == NULL || drawing->colors == NULL)
		return env->status;
	emo_emotion_color_numbers(lanes->emotions, lanes->n_emotions, numbers);
	for (int e = 0; e < lanes->n_emotions; e++)
		drawing->colors[e] = emo_emotion_color(numbers[e]);
	emo_free(env, numbers);
	return EMO_OK;
}

EmoStatus
emo_plot_lanes(EmoEnv *env, const char *title, const EmoLanes *lanes, int width, const char **svg,
			   size_t *length)
{
	const char *names_up[EMO_MAX_LANES];
	EmoLaneDrawing drawing = {.lanes = lanes, .unit = lanes->end_s > MINUTES_FROM_S ? 60 : 1};
	EmoAxis axis = {.names = names_up};
	EmoFigure figure;

	if (lanes->n_emotions > EMO_PLOT_MAX_NAMES)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "more than %d emotions to draw",
						EMO_PLOT_MAX_NAMES);
	drawing.n_lanes = lanes->n_lanes < EMO_MAX_LANES ? lanes->n_lanes : EMO_MAX_LANES;
	drawing.lane_height = drawing.n_lanes <= N_HIGH_LANES ? HIGH_LANE : LOW_LANE;
	for (int i = 0; i < drawing.n_lanes; i++)
		names_up[drawing.n_lanes - 1 - i] = lanes->names[i];
	if (lanes->n_lanes > EMO_MAX_LANES)
		names_up[0] = OTHERS;
	if (emo_figure_begin(&figure, env, title, width) != EMO_OK ||
		choose_colors(env, lanes, &drawing) != EMO_OK)
		return env->status;
	axis.n_names = drawing.n_lanes;
	figure.left = emo_axis_room(&axis);
	choose_form(&drawing, figure.right - figure.left);
	if (drawing.is_summary && emo_summarise_lanes(env, &drawing) != EMO_OK)
		return env->status;
	add_subtitle(&figure, &drawing);
	if (add_legend(&figure, &drawing) != EMO_OK)
		return env->status;
	draw(&figure, &drawing, names_up);
	return emo_figure_end(&figure, "Who speaks when, in the colours of emotions.", svg, length);
}
