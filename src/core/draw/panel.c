/*
 * panel.c
 *	  Panels: axes with their grids, ticks, labels and titles, and heat maps.
 */
#include "core/draw/plot.h"

#include <math.h>

#include "core/draw/png.h"
#include "core/draw/ticks.h"

/* A number along x needs so much room, one along y so much. */
#define X_TICK_ROOM    64.0
#define Y_TICK_ROOM    36.0
#define LABEL_GAP      7.0
#define TITLE_ROOM     22.0
#define TITLE_MARGIN   6.0
#define LABEL_ROOM     22.0
#define PANEL_GAP      18.0
#define MAX_NAME_WIDTH 270.0
#define KEY_STRIPE     12.0
#define KEY_COLORS     64

static double
step_of(const EmoAxis *axis, double max_ticks)
{
	double step = emo_tick_step(axis->max - axis->min, (int) max_ticks);

	return axis->whole && step < 1 ? 1 : step;
}

static void
format_tick(const EmoAxis *axis, double value, double step, char *text)
{
	double factor = axis->percent ? 100 : 1;

	emo_format_number(value * factor, step * factor, text);
}

double
emo_axis_room(const EmoAxis *axis)
{
	double room = 0;

	for (int i = 0; i < axis->n_marks; i++)
		room = fmax(room, emo_text_width(axis->marks[i].label, EMO_PLOT_FONT_SIZE));
	for (int i = 0; i < axis->n_names; i++)
		room = fmax(room, emo_text_width(axis->names[i], EMO_PLOT_FONT_SIZE));
	if (axis->n_marks == 0 && axis->names == NULL)
	{
		/* The height isn't known here; five ticks are about usual. */
		double step = step_of(axis, 5);
		char text[EMO_NUMBER_BYTES];

		format_tick(axis, axis->max, step, text);
		room = emo_text_width(text, EMO_PLOT_FONT_SIZE);
		format_tick(axis, axis->min, step, text);
		room = fmax(room, emo_text_width(text, EMO_PLOT_FONT_SIZE));
	}
	room = fmin(room, MAX_NAME_WIDTH);
	return room + 2 * LABEL_GAP + (axis->title != NULL ? TITLE_ROOM : 4);
}

static void
x_tick(EmoPanel *panel, double at, const char *label, double room, bool line)
{
	double x = emo_panel_x(panel, at), bottom = panel->top + panel->height;
	EmoSvg *svg = &panel->figure->svg;

	if (!panel->x.no_grid && line)
		emo_svg_add(svg, "<path d=\"M%g %gv%g\" stroke=\"" EMO_PLOT_GRID "\"/>", x, panel->top,
					panel->height);
	if (line)
		emo_svg_add(svg, "<path d=\"M%g %gv4\" stroke=\"" EMO_PLOT_AXIS "\"/>", x, bottom);
	if (!panel->x.no_labels)
		emo_add_text(panel->figure, x, bottom + 18, EMO_ANCHOR_MIDDLE, EMO_PLOT_FONT_SIZE,
					 EMO_PLOT_TEXT, room, label);
}

static void
y_tick(EmoPanel *panel, double at, const char *label, bool line)
{
	double y = emo_panel_y(panel, at);
	EmoSvg *svg = &panel->figure->svg;

	if (!panel->y.no_grid && line)
		emo_svg_add(svg, "<path d=\"M%g %gh%g\" stroke=\"" EMO_PLOT_GRID "\"/>", panel->left, y,
					panel->width);
	if (line)
		emo_svg_add(svg, "<path d=\"M%g %gh-4\" stroke=\"" EMO_PLOT_AXIS "\"/>", panel->left, y);
	emo_add_text(panel->figure, panel->left - LABEL_GAP, y + 5, EMO_ANCHOR_END, EMO_PLOT_FONT_SIZE,
				 EMO_PLOT_TEXT, MAX_NAME_WIDTH + 1, label);
}

/* Those that would touch the one before are left out. */
static void
marks(EmoPanel *panel, const EmoAxis *axis, bool along_x)
{
	double last = -HUGE_VAL;

	for (int i = axis->n_marks - 1; i >= 0; i--)
	{
		const EmoMark *mark = &axis->marks[i];
		double at = along_x ? -emo_panel_x(panel, mark->at) : emo_panel_y(panel, mark->at);

		if (at - last < (along_x ? X_TICK_ROOM / 2 : EMO_PLOT_FONT_SIZE + 1))
			continue;
		last = at;
		if (along_x)
			x_tick(panel, mark->at, mark->label, X_TICK_ROOM, true);
		else
			y_tick(panel, mark->at, mark->label, true);
	}
}

static void
ticks(EmoPanel *panel, const EmoAxis *axis, bool along_x)
{
	double length = along_x ? panel->width : panel->height;
	double step = step_of(axis, length / (along_x ? X_TICK_ROOM : Y_TICK_ROOM));
	char text[EMO_NUMBER_BYTES];

	marks(panel, axis, along_x);
	for (int i = 0; i < axis->n_names; i++)
		if (along_x)
			x_tick(panel, i + 0.5, axis->names[i], length / axis->n_names - 2, false);
		else
			y_tick(panel, i + 0.5, axis->names[i], false);
	if (axis->n_marks > 0 || axis->names != NULL)
		return;
	for (double i = ceil(axis->min / step - 1e-6); i * step <= axis->max + 1e-6 * step; i++)
	{
		format_tick(axis, i * step, step, text);
		if (along_x)
			x_tick(panel, i * step, text, X_TICK_ROOM, true);
		else
			y_tick(panel, i * step, text, true);
	}
}

static void
titles(EmoPanel *panel)
{
	EmoFigure *figure = panel->figure;
	double x = 20, y = panel->top + panel->height / 2;

	if (panel->x.title != NULL && !panel->x.no_labels)
	{
		/* In the middle of the panel, or as near to that as the picture has room for. */
		double most = figure->width - 2 * TITLE_MARGIN;
		double half = fmin(most, emo_text_width(panel->x.title, EMO_PLOT_FONT_SIZE)) / 2;
		double middle = fmax(TITLE_MARGIN + half, panel->left + panel->width / 2);

		emo_add_text(figure, fmin(middle, TITLE_MARGIN + most - half),
					 panel->top + panel->height + 40, EMO_ANCHOR_MIDDLE, EMO_PLOT_FONT_SIZE,
					 EMO_PLOT_TEXT, most + 1, panel->x.title);
	}
	if (panel->y.title == NULL)
		return;
	emo_svg_add(&figure->svg, "<g transform=\"rotate(-90 %g %g)\">", x, y);
	emo_add_text(figure, x, y, EMO_ANCHOR_MIDDLE, EMO_PLOT_FONT_SIZE, EMO_PLOT_TEXT,
				 panel->height + 40, panel->y.title);
	emo_svg_add(&figure->svg, "</g>\n");
}

void
emo_panel_begin(EmoPanel *panel, EmoFigure *figure, double height)
{
	panel->figure = figure;
	panel->left = figure->left;
	panel->width = fmax(40, figure->right - figure->left);
	panel->top = figure->y + PANEL_GAP / 2;
	panel->height = height;
	ticks(panel, &panel->x, true);
	ticks(panel, &panel->y, false);
	titles(panel);
	figure->y = panel->top + height + PANEL_GAP / 2;
	if (!panel->x.no_labels)
		figure->y += LABEL_ROOM + (panel->x.title != NULL ? TITLE_ROOM : 0) - PANEL_GAP / 2;
}

void
emo_panel_end(EmoPanel *panel)
{
	emo_svg_add(&panel->figure->svg,
				"<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"none\" "
				"stroke=\"" EMO_PLOT_AXIS "\"/>\n",
				panel->left, panel->top, panel->width, panel->height);
}

typedef EmoStatus (*MakePng)(EmoEnv *env, const uint8_t *pixels, int width, int height,
							 uint8_t **png, size_t *n_bytes);

static void
add_heat(EmoFigure *figure, MakePng make_png, double x, double y, double width, double height,
		 const uint8_t *pixels, int n_columns, int n_rows)
{
	EmoSvg *svg = &figure->svg;
	uint8_t *png;
	size_t n_bytes;

	if (svg->status != EMO_OK)
		return;
	svg->status = make_png(svg->env, pixels, n_columns, n_rows, &png, &n_bytes);
	if (svg->status != EMO_OK)
		return;
	emo_svg_add(svg,
				"<image x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" "
				"preserveAspectRatio=\"none\" href=\"data:image/png;base64,",
				x, y, width, height);
	emo_svg_add_base64(svg, png, n_bytes);
	emo_svg_add(svg, "\"/>\n");
	emo_free(svg->env, png);
}

void
emo_panel_heat(EmoPanel *panel, const uint8_t *pixels, int width, int height)
{
	add_heat(panel->figure, emo_heat_png, panel->left, panel->top, panel->width, panel->height,
			 pixels, width, height);
}

void
emo_panel_signed_heat(EmoPanel *panel, const uint8_t *pixels, int width, int height)
{
	add_heat(panel->figure, emo_signed_png, panel->left, panel->top, panel->width, panel->height,
			 pixels, width, height);
}

static void
add_key(EmoPanel *panel, MakePng make_png, const char *low, const char *high, const char *title)
{
	EmoFigure *figure = panel->figure;
	double x = panel->left + panel->width + 12, y = panel->top + 2;
	double text = x + KEY_STRIPE + 5, room = EMO_HEAT_KEY_ROOM - KEY_STRIPE;
	uint8_t colors[KEY_COLORS];

	for (int i = 0; i < KEY_COLORS; i++)
		colors[i] = (uint8_t) ((KEY_COLORS - 1 - i) * 255 / (KEY_COLORS - 1));
	add_heat(figure, make_png, x, y, KEY_STRIPE, panel->height - 4, colors, 1, KEY_COLORS);
	emo_add_text(figure, text, y + 11, EMO_ANCHOR_START, EMO_PLOT_FONT_SIZE, EMO_PLOT_TEXT, room,
				 high);
	emo_add_text(figure, text, y + panel->height - 5, EMO_ANCHOR_START, EMO_PLOT_FONT_SIZE,
				 EMO_PLOT_TEXT, room, low);
	emo_add_text(figure, text, y + panel->height / 2 + 3, EMO_ANCHOR_START, EMO_PLOT_FONT_SIZE,
				 EMO_PLOT_FAINT, room, title);
}

void
emo_panel_heat_key(EmoPanel *panel, const char *low, const char *high, const char *title)
{
	add_key(panel, emo_heat_png, low, high, title);
}

void
emo_panel_signed_heat_key(EmoPanel *panel, const char *low, const char *high, const char *title)
{
	add_key(panel, emo_signed_png, low, high, title);
}
