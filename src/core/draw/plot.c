/*
 * plot.c
 *	  Figures: title, legend, and the finished SVG.
 */
#include "core/draw/plot.h"

#include <math.h>
#include <string.h>

#include "core/draw/dark.h"

#define MARGIN            16.0
#define TITLE_SIZE        17.0
#define SUBTITLE_SIZE     (EMO_PLOT_FONT_SIZE - 1)
#define LINE_HEIGHT       20.0
#define LINE_KEY_WIDTH    26.0
#define SHAPE_KEY_WIDTH   18.0
#define LEGEND_GAP        13.0
#define LEGEND_MAX_TEXT   180.0
#define LEGEND_MARKER     5.0

#define TITLE_LINE_HEIGHT 22.0

/* Titles may be texts of users, as long as they like. */
#define MAX_TITLE_LINES    3
#define MAX_SUBTITLE_LINES 12
/* How much wider bold letters are than emo_text_width() tells: in DejaVu Sans, the widest font. */
#define BOLD_WIDTH 1.13

/* What browsers and SVG libraries find on Windows, Android, macOS and Linux. */
#define FONTS                                                                                      \
	"system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif"

EmoStatus
emo_figure_begin(EmoFigure *figure, EmoEnv *env, const char *title, int width)
{
	int n_lines;

	memset(figure, 0, sizeof(*figure));
	emo_svg_init(&figure->svg, env);
	if (width == 0)
		width = EMO_PLOT_DEFAULT_WIDTH;
	if (width < EMO_PLOT_MIN_WIDTH || width > EMO_PLOT_MAX_WIDTH)
	{
		emo_fail(env, EMO_INVALID_PARAMETER, "width must be between %d and %d", EMO_PLOT_MIN_WIDTH,
				 EMO_PLOT_MAX_WIDTH);
		emo_set_detail(env, "It is %d.", width);
		return figure->svg.status = env->status;
	}
	figure->title = title;
	figure->width = width;
	figure->left = MARGIN;
	figure->right = width - MARGIN;
	figure->y = MARGIN + TITLE_SIZE;
	emo_svg_add(&figure->svg, "<g font-weight=\"600\">");
	n_lines =
		emo_add_lines(figure, MARGIN, figure->y - 2, TITLE_LINE_HEIGHT, TITLE_SIZE, EMO_PLOT_TEXT,
					  (width - 2 * MARGIN) / BOLD_WIDTH, MAX_TITLE_LINES, title);
	emo_svg_add(&figure->svg, "</g>\n");
	figure->y += 12 + TITLE_LINE_HEIGHT * (n_lines - 1);
	return figure->svg.status;
}

void
emo_figure_subtitle(EmoFigure *figure, const char *text)
{
	figure->y += LINE_HEIGHT * emo_add_lines(figure, MARGIN, figure->y + 7, LINE_HEIGHT,
											 SUBTITLE_SIZE, EMO_PLOT_FAINT,
											 figure->width - 2 * MARGIN, MAX_SUBTITLE_LINES, text);
}

void
emo_figure_warning(EmoFigure *figure, const char *text)
{
	if (text == NULL)
		return;
	emo_svg_add(&figure->svg, "<g font-weight=\"600\">");
	emo_figure_subtitle(figure, text);
	emo_svg_add(&figure->svg, "</g>\n");
}

static void
add_key(EmoFigure *figure, double x, double y, const EmoLegendEntry *entry)
{
	EmoSvg *svg = &figure->svg;

	switch (entry->key)
	{
		case EMO_KEY_AREA:
			emo_svg_add(svg,
						"<rect x=\"%g\" y=\"%g\" width=\"14\" height=\"12\" fill=\"%s\" "
						"stroke=\"" EMO_PLOT_EDGE "\" stroke-width=\".5\"/>",
						x, y - 11, entry->color);
			break;
		case EMO_KEY_LINE:
		case EMO_KEY_DASHES:
			emo_svg_add(svg, "<path d=\"M%g %gh%g\" stroke=\"%s\" stroke-width=\"2.5\"%s/>", x,
						y - 5, LINE_KEY_WIDTH - 6, entry->color,
						entry->key == EMO_KEY_DASHES ? " stroke-dasharray=\"6 3\"" : "");
			break;
		case EMO_KEY_POINT:
			emo_svg_add(svg,
						"<path fill=\"%s\" stroke=\"" EMO_PLOT_EDGE "\" stroke-width=\".7\" d=\"",
						entry->color);
			emo_add_marker(svg, entry->marker, x + LEGEND_MARKER + 1, y - 5, LEGEND_MARKER);
			emo_svg_add(svg, "\"/>");
			break;
	}
}

void
emo_figure_legend(EmoFigure *figure, const EmoLegendEntry *entries, int n)
{
	double x = MARGIN, y = figure->y + 9;

	for (int i = 0; i < n; i++)
	{
		double text = fmin(LEGEND_MAX_TEXT, emo_text_width(entries[i].label, EMO_PLOT_FONT_SIZE));
		double key = entries[i].key == EMO_KEY_LINE || entries[i].key == EMO_KEY_DASHES
						 ? LINE_KEY_WIDTH
						 : SHAPE_KEY_WIDTH;
		double room = key + text;

		if (x > MARGIN && x + room > figure->width - MARGIN)
		{
			x = MARGIN;
			y += LINE_HEIGHT;
		}
		add_key(figure, x, y, &entries[i]);
		emo_add_text(figure, x + key, y, EMO_ANCHOR_START, EMO_PLOT_FONT_SIZE, EMO_PLOT_TEXT,
					 LEGEND_MAX_TEXT + 1, entries[i].label);
		x += room + LEGEND_GAP;
	}
	emo_svg_add(&figure->svg, "\n");
	figure->y = y + 13;
}

EmoStatus
emo_figure_end(EmoFigure *figure, const char *description, const char **text, size_t *length)
{
	EmoSvg whole;
	double height = ceil(figure->y + MARGIN / 2);

	emo_svg_init(&whole, figure->svg.env);
	whole.status = figure->svg.status;
	emo_svg_add(&whole,
				"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" width=\"%g\" "
				"height=\"%g\" role=\"img\" class=\"" EMO_PICTURE_CLASS
				"\" aria-label=\"%-s\" font-family=\"%s\" "
				"font-size=\"%d\" fill=\"%s\">\n",
				figure->width, height, figure->width, height, figure->title, FONTS,
				EMO_PLOT_FONT_SIZE, EMO_PLOT_TEXT);
	emo_svg_add(&whole, "<title>%-s</title>\n<desc>%-s</desc>\n", figure->title, description);
	if (figure->svg.text != NULL)
		emo_add_dark_style(&whole, figure->svg.text, figure->svg.length);
	emo_svg_add(&whole, "<rect width=\"100%s\" height=\"100%s\" fill=\"" EMO_GROUND "\"/>\n", "%",
				"%");
	if (figure->svg.text != NULL)
		emo_svg_add_bytes(&whole, figure->svg.text, figure->svg.length);
	emo_svg_add(&whole, "</svg>\n");
	emo_free(whole.env, figure->svg.text);
	figure->svg.text = NULL;
	*text = whole.text;
	*length = whole.length;
	return whole.status;
}

void
emo_add_marker(EmoSvg *svg, int marker, double x, double y, double size)
{
	/* Corners in units of size; the first shape is a circle. */
	static const double corners[8][12][2] = {{{0, 0}},
											 {{0.9, -0.9}, {0.9, 0.9}, {-0.9, 0.9}, {-0.9, -0.9}},
											 {{0, -1.2}, {1.15, 0.85}, {-1.15, 0.85}},
											 {{0, -1.3}, {1.3, 0}, {0, 1.3}, {-1.3, 0}},
											 {{0, 1.2}, {1.15, -0.85}, {-1.15, -0.85}},
											 {{0.4, -1.2},
											  {0.4, -0.4},
											  {1.2, -0.4},
											  {1.2, 0.4},
											  {0.4, 0.4},
											  {0.4, 1.2},
											  {-0.4, 1.2},
											  {-0.4, 0.4},
											  {-1.2, 0.4},
											  {-1.2, -0.4},
											  {-0.4, -0.4},
											  {-0.4, -1.2}},
											 {{0, -0.55},
											  {0.7, -1.2},
											  {1.2, -0.7},
											  {0.55, 0},
											  {1.2, 0.7},
											  {0.7, 1.2},
											  {0, 0.55},
											  {-0.7, 1.2},
											  {-1.2, 0.7},
											  {-0.55, 0},
											  {-1.2, -0.7},
											  {-0.7, -1.2}},
											 {{-1.3, -0.6}, {1.3, -0.6}, {1.3, 0.6}, {-1.3, 0.6}}};
	static const int n_corners[8] = {0, 4, 3, 4, 3, 12, 12, 4};

	marker %= 8;
	if (marker == 0)
	{
		emo_svg_add(svg, "M%g %ga%g %g 0 1 1 %g 0a%g %g 0 1 1 %g 0z", x - size, y, size, size,
					2 * size, size, size, -2 * size);
		return;
	}
	/* Relative to the corner before, which is shorter. */
	for (int i = 0; i < n_corners[marker]; i++)
	{
		const double *corner = corners[marker][i], *before = corners[marker][i - (i > 0)];

		if (i == 0)
			emo_svg_add(svg, "M%g %gl", x + size * corner[0], y + size * corner[1]);
		else
			emo_svg_add(svg, "%s%g %g", i > 1 ? " " : "", size * (corner[0] - before[0]),
						size * (corner[1] - before[1]));
	}
	emo_svg_add(svg, "z");
}
