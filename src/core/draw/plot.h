/*
 * plot.h
 *	  What all pictures have in common: a figure with a title and a legend, panels with axes.
 *
 * A figure is drawn from top to bottom; figure->y is where the next thing comes.  Lengths are in
 * units of the SVG's viewBox, so that a picture scales; letters are EMO_PLOT_FONT_SIZE units high.
 * Failures are kept in figure->svg.status, as svg.h has it.
 */
#ifndef EMO_PLOT_H
#define EMO_PLOT_H

#include "core/draw/colors.h"
#include "core/draw/svg.h"

#define EMO_PLOT_MIN_WIDTH     320
#define EMO_PLOT_MAX_WIDTH     4000
#define EMO_PLOT_DEFAULT_WIDTH 640

/* Still 9 pixels high in a picture of default width that is shown 400 pixels wide. */
#define EMO_PLOT_FONT_SIZE 14

/* Nothing is told apart in a picture with more rows, cells or colours than that. */
#define EMO_PLOT_MAX_NAMES 60

typedef struct EmoFigure
{
	EmoSvg svg;
	const char *title;
	double width;
	double y;     /* the next thing's top */
	double left;  /* of the panels' areas */
	double right; /* of the panels' areas, from the left */
} EmoFigure;

/* A tick where a number alone wouldn't do. */
typedef struct EmoMark
{
	double at;
	const char *label;
} EmoMark;

typedef struct EmoAxis
{
	double min, max;   /* min < max */
	const char *title; /* with the unit; NULL: none */

	/* What the ticks are: marks, or names at 0.5, 1.5, ..., or otherwise numbers. */
	const EmoMark *marks;
	int n_marks;
	const char *const *names;
	int n_names;

	bool whole;     /* numbers are counts: no ticks between them */
	bool percent;   /* shares 0 .. 1 are written as percent */
	bool no_grid;   /* no lines across the panel */
	bool no_labels; /* the panel below has the same axis */
} EmoAxis;

typedef struct EmoPanel
{
	EmoFigure *figure;
	EmoAxis x, y;
	double left, top, width, height; /* of the area inside the axes */
} EmoPanel;

typedef enum EmoKey
{
	EMO_KEY_AREA,
	EMO_KEY_LINE,
	EMO_KEY_DASHES,
	EMO_KEY_POINT
} EmoKey;

typedef struct EmoLegendEntry
{
	const char *label;
	const char *color;
	EmoKey key;
	int marker; /* of EMO_KEY_POINT, as emo_add_marker() */
} EmoLegendEntry;

/* width of 0: the default.  EMO_INVALID_PARAMETER for one out of range.  title must stay. */
extern EmoStatus emo_figure_begin(EmoFigure *figure, EmoEnv *env, const char *title, int width);

/* Smaller text below the title, in as many lines as it takes. */
extern void emo_figure_subtitle(EmoFigure *figure, const char *text);

/* The same in bold, of what must not be overlooked; NULL: nothing. */
extern void emo_figure_warning(EmoFigure *figure, const char *text);

extern void emo_figure_legend(EmoFigure *figure, const EmoLegendEntry *entries, int n);

/* The finished picture: *text of *length bytes; description says what it shows to who can't see. */
extern EmoStatus emo_figure_end(EmoFigure *figure, const char *description, const char **text,
								size_t *length);

/* Room that the labels and the title of a y axis need, to the left of a panel. */
extern double emo_axis_room(const EmoAxis *axis);

/*
 * Place a panel of some height (inside the axes) at figure->y between figure->left and
 * figure->right, draw its grid, ticks, labels and titles, and go on below it.
 */
extern void emo_panel_begin(EmoPanel *panel, EmoFigure *figure, double height);

/* The line around a panel, after what is drawn in it. */
extern void emo_panel_end(EmoPanel *panel);

static inline double
emo_panel_x(const EmoPanel *panel, double x)
{
	return panel->left + (x - panel->x.min) / (panel->x.max - panel->x.min) * panel->width;
}

static inline double
emo_panel_y(const EmoPanel *panel, double y)
{
	return panel->top + (panel->y.max - y) / (panel->y.max - panel->y.min) * panel->height;
}

typedef enum EmoAnchor
{
	EMO_ANCHOR_START,
	EMO_ANCHOR_MIDDLE,
	EMO_ANCHOR_END
} EmoAnchor;

/* Text with its base line at y, cut to max_width with "..." at its end. */
extern void emo_add_text(EmoFigure *figure, double x, double y, EmoAnchor anchor, double size,
						 const char *color, double max_width, const char *text);

/*
 * Text in lines that are no wider, broken at spaces, the first one with its base line at y, as many as max_lines;
 * the last one is cut.  How many there are; figure may be NULL for that alone.
 */
extern int emo_add_lines(EmoFigure *figure, double x, double y, double line_height, double size,
						 const char *color, double max_width, int max_lines, const char *text);

/* About how wide text is, in a font such as Helvetica or DejaVu. */
extern double emo_text_width(const char *text, double size);

/* A path for one of eight marker shapes about a point: for a path with fill and stroke. */
extern void emo_add_marker(EmoSvg *svg, int marker, double x, double y, double size);

/* A heat map pixels[height][width] (0 .. 255) as a picture over the panel's whole area. */
extern void emo_panel_heat(EmoPanel *panel, const uint8_t *pixels, int width, int height);

/* The key of a heat map, to the right of a panel: amounts low .. high, and what they are. */
extern void emo_panel_heat_key(EmoPanel *panel, const char *low, const char *high,
							   const char *title);

/* The same for amounts with a sign, in the colours of emo_signed_rgb(). */
extern void emo_panel_signed_heat(EmoPanel *panel, const uint8_t *pixels, int width, int height);
extern void emo_panel_signed_heat_key(EmoPanel *panel, const char *low, const char *high,
									  const char *title);

/* Room for a key. */
#define EMO_HEAT_KEY_ROOM 90

#endif
