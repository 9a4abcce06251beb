/*
 * bands.c
 *	  Shares of a whole over time, as bands on top of each other.
 */
#include "core/draw/bands.h"

#include <math.h>
#include <string.h>

#include "core/draw/dark.h"
#include "core/draw/emotion_colors.h"

#define HEIGHT         260.0
#define MAX_COLUMNS    500
#define MINUTES_FROM_S 180.0
#define MAX_BANDS      8
#define OTHERS         "others"
#define OTHERS_COLOR   "#E8E8E8"

/* A band has its name inside wherever it has at least this share, and room for so high a line. */
#define LABELLED_SHARE 0.2
#define LABEL_HEIGHT   18.0

/* Runs of a band beyond these are too short for names anyway. */
#define MAX_LABELS 40

typedef struct Bands
{
	int n; /* bands, from the bottom up */
	int n_columns;
	const char *name[MAX_BANDS], *color[MAX_BANDS];
	float *upper; /* [n_columns][n], where band b ends; zeros where there is nothing to share */
	double *x;    /* [n_columns], in seconds */
	double end_s;
} Bands;

/* band_of[n_names]: the largest have one of their own, in the order of names. */
static EmoStatus
choose_bands(EmoEnv *env, const char *const *names, int n_names, const float *shares,
			 int64_t n_points, int *band_of, Bands *bands)
{
	double *sums = emo_alloc_zero(env, (size_t) n_names + 1, sizeof(double));
	int *colors = emo_alloc(env, (size_t) n_names + 1, sizeof(int));
	bool too_many = n_names > MAX_BANDS;
	int n_own = too_many ? MAX_BANDS - 1 : n_names;

	if (sums == NULL || colors == NULL)
		return env->status;
	emo_emotion_color_numbers(names, n_names, colors);
	for (int64_t i = 0; i < n_points; i++)
		for (int c = 0; c < n_names; c++)
			sums[c] += shares[i * n_names + c];
	for (int c = 0; c < n_names; c++)
	{
		int n_larger = 0;

		for (int other = 0; other < n_names; other++)
			n_larger += sums[other] > sums[c] || (sums[other] == sums[c] && other < c);
		band_of[c] = MAX_BANDS - 1;
		if (n_larger >= n_own)
			continue;
		bands->name[bands->n] = names[c];
		bands->color[bands->n] = emo_emotion_color(colors[c]);
		band_of[c] = bands->n++;
	}
	if (too_many)
	{
		bands->name[bands->n] = OTHERS;
		bands->color[bands->n++] = OTHERS_COLOR;
	}
	emo_free(env, sums);
	emo_free(env, colors);
	return EMO_OK;
}

static bool
is_empty(const float *shares, int n_names)
{
	for (int c = 0; c < n_names; c++)
		if (shares[c] != 0)
			return false;
	return true;
}

/* The mean of the points [first, end) that are not empty. */
static void
sum_column(const int *band_of, int n_names, const float *shares, int64_t first, int64_t end,
		   int n_bands, float *upper)
{
	int64_t n = 0;

	for (int64_t i = first; i < end; i++)
	{
		n += !is_empty(shares + i * n_names, n_names);
		for (int c = 0; c < n_names; c++)
			upper[band_of[c]] += shares[i * n_names + c];
	}
	for (int b = 0; b < n_bands && n > 0; b++)
		upper[b] = upper[b] / (float) n + (b > 0 ? upper[b - 1] : 0);
}

static EmoStatus
sum_columns(EmoEnv *env, const int *band_of, int n_names, const double *start_s,
			const double *end_s, const float *shares, int64_t n_points, Bands *bands)
{
	size_t n = (size_t) bands->n;

	bands->n_columns = (int) (n_points < MAX_COLUMNS ? n_points : MAX_COLUMNS);
	bands->upper = emo_alloc_zero(env, (size_t) bands->n_columns * n + 1, sizeof(float));
	bands->x = emo_alloc_zero(env, (size_t) bands->n_columns, sizeof(double));
	if (bands->upper == NULL || bands->x == NULL)
		return env->status;
	for (int column = 0; column < bands->n_columns; column++)
	{
		int64_t first = n_points * column / bands->n_columns;
		int64_t end = n_points * (column + 1) / bands->n_columns;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int64_t i = first; i < end; i++)
			bands->x[column] += (start_s[i] + end_s[i]) / 2 / (double) (end - first);
		sum_column(band_of, n_names, shares, first, end, bands->n,
				   bands->upper + (size_t) column * n);
	}
	bands->end_s = end_s[n_points - 1];
	return EMO_OK;
}

static double
edge_of(const Bands *bands, int band, int column)
{
	return band < 0 ? 0 : fmin(1, (double) bands->upper[column * bands->n + band]);
}

/* Columns stand in the middle of their windows; the first and the last go on to the ends. */
static double
column_x(const EmoPanel *panel, const Bands *bands, double unit, int column)
{
	if (column < 0)
		return panel->left;
	if (column >= bands->n_columns)
		return panel->left + panel->width;
	return emo_panel_x(panel, bands->x[column] / unit);
}

static int
clamp_column(const Bands *bands, int column)
{
	return column < 0 ? 0 : column >= bands->n_columns ? bands->n_columns - 1 : column;
}

/* Where columns [first, last] begin and end: half-way to their neighbours, or at the ends of the panel. */
static double
run_start(const EmoPanel *panel, const Bands *bands, double unit, int first)
{
	return first == 0
			   ? panel->left
			   : (column_x(panel, bands, unit, first - 1) + column_x(panel, bands, unit, first)) /
					 2;
}

static double
run_end(const EmoPanel *panel, const Bands *bands, double unit, int last)
{
	return last == bands->n_columns - 1 ? panel->left + panel->width
										: run_start(panel, bands, unit, last + 1);
}

/* A band in columns of which none is empty. */
static void
add_run(EmoPanel *panel, const Bands *bands, double unit, int band, int first, int last)
{
	EmoSvg *svg = &panel->figure->svg;
	double start = run_start(panel, bands, unit, first), end = run_end(panel, bands, unit, last);

	emo_svg_add(svg, "M%g %g", start, emo_panel_y(panel, edge_of(bands, band, first)));
	for (int column = first; column <= last; column++)
		emo_svg_add(svg, "L%g %g", column_x(panel, bands, unit, column),
					emo_panel_y(panel, edge_of(bands, band, column)));
	emo_svg_add(svg, "L%g %gL%g %g", end, emo_panel_y(panel, edge_of(bands, band, last)), end,
				emo_panel_y(panel, edge_of(bands, band - 1, last)));
	for (int column = last; column >= first; column--)
		emo_svg_add(svg, "L%g %g", column_x(panel, bands, unit, column),
					emo_panel_y(panel, edge_of(bands, band - 1, column)));
	emo_svg_add(svg, "L%g %gz", start, emo_panel_y(panel, edge_of(bands, band - 1, first)));
}

static bool
is_empty_column(const Bands *bands, int column)
{
	return edge_of(bands, bands->n - 1, column) == 0;
}

static void
add_band(EmoPanel *panel, const Bands *bands, double unit, int band)
{
	EmoSvg *svg = &panel->figure->svg;

	emo_svg_add(svg, "<path fill=\"%s\" stroke=\"" EMO_ALWAYS_WHITE "\" stroke-width=\"1.2\" d=\"",
				bands->color[band]);
	for (int first = 0; first < bands->n_columns; first++)
	{
		int last = first;

		if (is_empty_column(bands, first))
			continue;
		while (last + 1 < bands->n_columns && !is_empty_column(bands, last + 1))
			last++;
		add_run(panel, bands, unit, band, first, last);
		first = last;
	}
	emo_svg_add(svg, "\"/>\n");
}

/* A place for a name inside a band, in units of the axes; height 0: none. */
typedef struct Box
{
	double x, y, height;
} Box;

/* The highest box of some width (in the picture) between two columns of a band. */
static Box
highest_box(const EmoPanel *panel, const Bands *bands, double unit, int band, int run_first,
			int run_last, double width)
{
	Box best = {0};

	for (int first = run_first; first <= run_last; first++)
	{
		double start = column_x(panel, bands, unit, first), end = start;
		double low = 0, high = 1;

		for (int last = first; last <= run_last && end - start < width && high > low; last++)
		{
			int column = clamp_column(bands, last);

			low = fmax(low, edge_of(bands, band - 1, column));
			high = fmin(high, edge_of(bands, band, column));
			end = column_x(panel, bands, unit, last);
		}
		if (end - start < width || high - low <= best.height)
			continue;
		best = (Box){start + width / 2, (low + high) / 2, high - low};
	}
	return best;
}

/* The name of a band in a run of columns where it is high: along, or else upright. */
static void
label_run(EmoPanel *panel, const Bands *bands, double unit, int band, int first, int last)
{
	double length = emo_text_width(bands->name[band], EMO_PLOT_FONT_SIZE) + 6;
	double along_height = LABEL_HEIGHT / panel->height, upright_height = length / panel->height;
	Box along = highest_box(panel, bands, unit, band, first, last, length);
	Box upright = highest_box(panel, bands, unit, band, first, last, LABEL_HEIGHT);
	bool is_along = along.height >= along_height;
	double x = is_along ? along.x : upright.x;
	double y = emo_panel_y(panel, is_along ? along.y : upright.y);

	if (!is_along && upright.height < upright_height)
		return;
	if (!is_along)
		emo_svg_add(&panel->figure->svg, "<g transform=\"rotate(-90 %g %g)\">", x, y);
	emo_add_text(panel->figure, x, y + 5, EMO_ANCHOR_MIDDLE, EMO_PLOT_FONT_SIZE,
				 emo_text_color_on(bands->color[band]), 400, bands->name[band]);
	emo_svg_add(&panel->figure->svg, is_along ? "\n" : "</g>\n");
}

static void
add_labels(EmoPanel *panel, const Bands *bands, double unit, int band)
{
	int n_labels = 0;

	for (int first = -1; first <= bands->n_columns && n_labels < MAX_LABELS; first++)
	{
		int last = first - 1;

		while (last < bands->n_columns &&
			   edge_of(bands, band, clamp_column(bands, last + 1)) -
					   edge_of(bands, band - 1, clamp_column(bands, last + 1)) >=
				   LABELLED_SHARE)
			last++;
		if (last < first)
			continue;
		label_run(panel, bands, unit, band, first, last);
		n_labels++;
		first = last;
	}
}

static void
draw(EmoFigure *figure, const Bands *bands)
{
	double unit = bands->end_s > MINUTES_FROM_S ? 60 : 1;
	EmoPanel panel = {.x = {.max = fmax(bands->end_s, 1e-3) / unit,
							.title = unit == 60 ? "Time (min)" : "Time (s)"},
					  .y = {.max = 1, .percent = true, .title = "Probability (%)"}};

	figure->left = emo_axis_room(&panel.y);
	emo_panel_begin(&panel, figure, HEIGHT);
	for (int band = 0; band < bands->n; band++)
		add_band(&panel, bands, unit, band);
	for (int band = 0; band < bands->n; band++)
		add_labels(&panel, bands, unit, band);
	if (bands->n == 0)
		emo_add_text(figure, panel.left + panel.width / 2, panel.top + panel.height / 2,
					 EMO_ANCHOR_MIDDLE, EMO_PLOT_FONT_SIZE, EMO_PLOT_FAINT, panel.width,
					 "nobody speaks");
	emo_panel_end(&panel);
}

EmoStatus
emo_plot_bands(EmoEnv *env, const char *title, const char *const *names, int n_names,
			   const double *start_s, const double *end_s, const float *shares, int64_t n_points,
			   int width, const char **svg, size_t *length)
{
	EmoLegendEntry legend[MAX_BANDS];
	Bands bands = {0};
	EmoFigure figure;
	int *band_of;

	if (emo_figure_begin(&figure, env, title, width) != EMO_OK)
		return env->status;
	band_of = emo_alloc(env, (size_t) n_names + 1, sizeof(int));
	if (band_of == NULL ||
		choose_bands(env, names, n_names, shares, n_points, band_of, &bands) != EMO_OK ||
		sum_columns(env, band_of, n_names, start_s, end_s, shares, n_points, &bands) != EMO_OK)
		return env->status;
	for (int b = 0; b < bands.n; b++)
		legend[b] = (EmoLegendEntry){bands.name[b], bands.color[b], EMO_KEY_AREA, 0};
	emo_figure_legend(&figure, legend, bands.n);
	draw(&figure, &bands);
	return emo_figure_end(&figure, "Probabilities over time, as bands that add up to 100 %.", svg,
						  length);
}
