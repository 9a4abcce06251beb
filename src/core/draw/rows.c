/*
 * rows.c
 *	  Pictures with a row for each name: bars of counts, points of scores with their intervals.
 */
#include "core/draw/rows.h"

#include <math.h>
#include <stdio.h>

#include "core/draw/colors.h"
#include "core/draw/emotion_colors.h"
#include "core/draw/ticks.h"

#define BAR_HEIGHT   16.0
#define THIN_BAR     10.0
#define POINT_HEIGHT 15.0
#define ROW_GAP      9.0
#define MARKER_SIZE  4.5
#define MIN_ROW      26.0

/* Names have at most this share of the width: those of a group with its size are whole on a phone. */
#define MAX_NAME_SHARE 0.6

/* Numbers beside the rows, where there are not too many of them. */
#define VALUE_ROOM       62.0
#define MAX_VALUE_SERIES 3

/* Colours and shapes of a panel's rows or series. */
typedef struct Looks
{
	int emotions[EMO_PLOT_MAX_NAMES]; /* emo_emotion_color_numbers() of rows or else of series */
} Looks;

typedef struct Rows
{
	const EmoRows *rows;
	Looks looks;
	EmoPanel panel;
	double row_height, series_height; /* one series is as high as a bar and a gap of 1 */
} Rows;

static Looks
looks_of(const EmoRows *rows)
{
	Looks looks = {0};

	if (rows->series_are_emotions)
		emo_emotion_color_numbers(rows->series, rows->n_series, looks.emotions);
	else if (rows->names_are_emotions && rows->n_series == 1)
		emo_emotion_color_numbers(rows->names, rows->n_names, looks.emotions);
	return looks;
}

static const char *
color_of(const EmoRows *rows, const Looks *looks, int row, int series)
{
	if (rows->series_are_emotions)
		return emo_emotion_color(looks->emotions[series]);
	if (rows->names_are_emotions && rows->n_series == 1)
		return emo_emotion_color(looks->emotions[row]);
	return emo_series_color(rows->first_series + series);
}

static double
largest(const EmoRows *rows)
{
	const double *ends = rows->high != NULL ? rows->high : rows->values;
	double most = 0;

	for (int i = 0; i < rows->n_names * rows->n_series; i++)
	{
		if (isfinite(ends[i]))
			most = fmax(most, ends[i]);
		if (isfinite(rows->values[i]))
			most = fmax(most, rows->values[i]);
	}
	return most;
}

/* Whole tenths around all that is drawn, of a fifth at least. */
static double
zoomed_start(const EmoRows *rows, double *end)
{
	double low = 1, high = 0;

	for (int i = 0; i < rows->n_names * rows->n_series; i++)
	{
		double ends[] = {rows->values[i], rows->low != NULL ? rows->low[i] : NAN,
						 rows->high != NULL ? rows->high[i] : NAN};

		for (int e = 0; e < 3; e++)
			if (isfinite(ends[e]))
			{
				low = fmin(low, ends[e]);
				high = fmax(high, ends[e]);
			}
	}
	low = fmax(0, fmin(0.8, floor(10 * low - 0.2) / 10));
	*end = fmin(1, fmax(low + 0.2, ceil(10 * high + 0.2) / 10));
	return low;
}

static EmoAxis
value_axis(const EmoRows *rows)
{
	EmoAxis axis = {.title = rows->value_title, .max = 1, .percent = rows->percent};

	if (rows->percent)
	{
		if (rows->zoom)
			axis.min = zoomed_start(rows, &axis.max);
		return axis;
	}
	/* With room for the number beside the longest bar. */
	axis.max = fmax(1, largest(rows)) * 1.13;
	axis.whole = rows->from_zero;
	return axis;
}

static void
add_value(Rows *drawing, double x, double y, double value)
{
	char text[EMO_NUMBER_BYTES], with_unit[EMO_NUMBER_BYTES + 2];

	if (drawing->rows->percent)
		emo_format_number(100 * value, 0.1, text);
	else
		emo_format_number(value, value == round(value) ? 1 : 0.01, text);
	snprintf(with_unit, sizeof(with_unit), "%s%s", text, drawing->rows->percent ? " %" : "");
	emo_add_text(drawing->panel.figure, x + (drawing->rows->from_zero ? 6 : 10), y + 5,
				 EMO_ANCHOR_START, EMO_PLOT_FONT_SIZE - 1, EMO_PLOT_FAINT, VALUE_ROOM, with_unit);
}

static void
add_bar(Rows *drawing, int row, int series, double y, double value)
{
	EmoPanel *panel = &drawing->panel;
	double x = emo_panel_x(panel, value);

	emo_svg_add(
		&panel->figure->svg,
		"<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"%s\" stroke=\"" EMO_PLOT_EDGE
		"\" "
		"stroke-width=\".5\"/>",
		panel->left, y - drawing->series_height / 2, fmax(0.5, x - panel->left),
		drawing->series_height - 1, color_of(drawing->rows, &drawing->looks, row, series));
	if (drawing->rows->n_series <= MAX_VALUE_SERIES)
		add_value(drawing, x, y, value);
}

static void
add_point(Rows *drawing, int row, int series, double y)
{
	const EmoRows *rows = drawing->rows;
	EmoPanel *panel = &drawing->panel;
	EmoSvg *svg = &panel->figure->svg;
	int i = row * rows->n_series + series;
	double x = emo_panel_x(panel, rows->values[i]);
	double low = rows->low != NULL ? rows->low[i] : NAN;
	double high = rows->high != NULL ? rows->high[i] : NAN;

	if (isfinite(low) && isfinite(high))
		emo_svg_add(svg,
					"<path d=\"M%g %gH%gM%g %gv8M%g %gv8\" stroke=\"" EMO_PLOT_EDGE "\" "
					"stroke-width=\"1.6\"/>",
					emo_panel_x(panel, low), y, emo_panel_x(panel, high), emo_panel_x(panel, low),
					y - 4, emo_panel_x(panel, high), y - 4);
	emo_svg_add(svg, "<path fill=\"%s\" stroke=\"" EMO_PLOT_EDGE "\" stroke-width=\".8\" d=\"",
				color_of(rows, &drawing->looks, row, series));
	emo_add_marker(svg, rows->first_series + series, x, y, MARKER_SIZE);
	emo_svg_add(svg, "\"/>");
	/* Beside the panel, where no interval is in the way. */
	if (rows->n_series <= MAX_VALUE_SERIES)
		add_value(drawing, panel->left + panel->width, y, rows->values[i]);
}

static void
add_row(Rows *drawing, int row)
{
	const EmoRows *rows = drawing->rows;
	EmoPanel *panel = &drawing->panel;
	double middle = emo_panel_y(panel, row + 0.5);
	double y = middle - drawing->series_height * (rows->n_series - 1) / 2;

	if (row == rows->highlight)
		emo_svg_add(&panel->figure->svg,
					"<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"" EMO_PLOT_HIGHLIGHT
					"\"/>",
					panel->left, middle - drawing->row_height / 2 + 1, panel->width,
					drawing->row_height - 2);
	for (int series = 0; series < rows->n_series; series++, y += drawing->series_height)
	{
		double value = rows->values[row * rows->n_series + series];

		if (!isfinite(value))
			continue;
		if (rows->from_zero)
			add_bar(drawing, row, series, y, value);
		else
			add_point(drawing, row, series, y);
	}
	emo_svg_add(&panel->figure->svg, "\n");
}

static void
draw_panel(EmoFigure *figure, const EmoRows *rows)
{
	double bar_height = rows->n_series <= MAX_VALUE_SERIES ? BAR_HEIGHT : THIN_BAR;
	Rows drawing = {.rows = rows, .series_height = rows->from_zero ? bar_height : POINT_HEIGHT};

	drawing.looks = looks_of(rows);
	drawing.row_height = fmax(MIN_ROW, rows->n_series * drawing.series_height + ROW_GAP);
	drawing.panel.x = value_axis(rows);
	/* From the top down. */
	drawing.panel.y = (EmoAxis){.min = rows->n_names,
								.max = 0,
								.names = rows->names,
								.n_names = rows->n_names,
								.title = rows->name_title};
	emo_panel_begin(&drawing.panel, figure, drawing.row_height * rows->n_names);
	for (int row = 0; row < rows->n_names; row++)
		add_row(&drawing, row);
	emo_panel_end(&drawing.panel);
}

static EmoStatus
check_rows(EmoEnv *env, const EmoRows *rows)
{
	if (rows->n_names <= EMO_PLOT_MAX_NAMES && rows->n_series <= EMO_PLOT_MAX_NAMES)
		return EMO_OK;
	emo_fail(env, EMO_LIMIT_EXCEEDED, "more than %d different names in a picture",
			 EMO_PLOT_MAX_NAMES);
	emo_set_hint(env, "Draw some of them, or put them into groups.");
	return env->status;
}

EmoStatus
emo_plot_rows(EmoEnv *env, const char *title, const char *subtitle, const EmoRows *panels,
			  int n_panels, int width, const char **svg, size_t *length)
{
	EmoFigure figure;
	EmoLegendEntry legend[EMO_PLOT_MAX_NAMES];
	int n_entries = 0;

	if (emo_figure_begin(&figure, env, title, width) != EMO_OK)
		return env->status;
	if (subtitle != NULL)
		emo_figure_subtitle(&figure, subtitle);
	for (int p = 0; p < n_panels; p++)
	{
		EmoAxis names = {
			.names = panels[p].names, .n_names = panels[p].n_names, .title = panels[p].name_title};

		if (check_rows(env, &panels[p]) != EMO_OK)
			return env->status;
		figure.left = fmax(figure.left, emo_axis_room(&names));
	}
	figure.left = fmin(figure.left, MAX_NAME_SHARE * figure.width);
	if (!panels[0].from_zero)
		figure.right -= VALUE_ROOM - 4;
	for (int p = 0; p < n_panels; p++)
	{
		Looks looks = looks_of(&panels[p]);

		for (int s = 0;
			 panels[p].series != NULL && s < panels[p].n_series && n_entries < EMO_PLOT_MAX_NAMES;
			 s++)
			legend[n_entries++] = (EmoLegendEntry){
				panels[p].series[s], color_of(&panels[p], &looks, 0, s),
				panels[p].from_zero ? EMO_KEY_AREA : EMO_KEY_POINT, panels[p].first_series + s};
	}
	if (n_entries > 1)
		emo_figure_legend(&figure, legend, n_entries);
	for (int p = 0; p < n_panels; p++)
		draw_panel(&figure, &panels[p]);
	return emo_figure_end(&figure, "A row for each name, with its values to the right.", svg,
						  length);
}
