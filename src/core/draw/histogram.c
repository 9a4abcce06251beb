/*
 * histogram.c
 *	  How many values lie where.
 */
#include "core/draw/histogram.h"

#include <math.h>
#include <stdio.h>

#include "core/draw/dark.h"
#include "core/draw/ticks.h"

#define HEIGHT    270.0
#define MAX_BINS  40
#define BAR_COLOR "#56B4E9"

/* Of values between two checks of whether to stop: some milliseconds. */
#define STRIDE 1048576

typedef struct Histogram
{
	double bin_width;
	int first_bin, n_bins; /* bin b is (first_bin + b) bin_width and on */
	int64_t counts[MAX_BINS + 2];
	double mean;
} Histogram;

static EmoStatus
count_values(EmoEnv *env, const double *values, int64_t n, Histogram *histogram)
{
	double low = HUGE_VAL, high = -HUGE_VAL, sum = 0;

	for (int64_t i = 0; i < n; i++)
	{
		if (i % STRIDE == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		low = fmin(low, values[i]);
		high = fmax(high, values[i]);
		sum += values[i];
	}
	histogram->mean = sum / (double) n;
	/* Bins no narrower than the values are exact, and about as many as tell their shape (Rice). */
	histogram->bin_width = emo_tick_step(fmax(high - low, 1e-3 * fmax(high, 1e-3)),
										 (int) fmax(5, fmin(MAX_BINS, 2 * cbrt((double) n))));
	histogram->first_bin = (int) floor(low / histogram->bin_width + 1e-9);
	histogram->n_bins = (int) floor(high / histogram->bin_width + 1e-9) - histogram->first_bin + 1;
	if (histogram->n_bins > MAX_BINS + 2)
		histogram->n_bins = MAX_BINS + 2;
	for (int64_t i = 0; i < n; i++)
	{
		int bin = (int) floor(values[i] / histogram->bin_width + 1e-9) - histogram->first_bin;

		if (i % STRIDE == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		histogram->counts[bin < histogram->n_bins ? bin : histogram->n_bins - 1]++;
	}
	return EMO_OK;
}

static void
draw(EmoFigure *figure, const Histogram *histogram, const char *n_title, const char *value_title)
{
	EmoPanel panel = {
		.x = {.min = histogram->first_bin * histogram->bin_width,
			  .max = (histogram->first_bin + histogram->n_bins) * histogram->bin_width,
			  .title = value_title,
			  .no_grid = true},
		.y = {.title = n_title, .whole = true}};
	int64_t most = 1;
	double mean_x;

	for (int b = 0; b < histogram->n_bins; b++)
		most = histogram->counts[b] > most ? histogram->counts[b] : most;
	panel.y.max = (double) most * 1.06;
	figure->left = emo_axis_room(&panel.y);
	emo_panel_begin(&panel, figure, HEIGHT);
	emo_svg_add(&figure->svg, "<path fill=\"" BAR_COLOR "\" stroke=\"" EMO_GROUND "\" d=\"");
	for (int b = 0; b < histogram->n_bins; b++)
	{
		double left = emo_panel_x(&panel, (histogram->first_bin + b) * histogram->bin_width);
		double right = emo_panel_x(&panel, (histogram->first_bin + b + 1) * histogram->bin_width);

		if (histogram->counts[b] > 0)
			emo_svg_add(&figure->svg, "M%g %gV%gH%gV%gz", left, panel.top + panel.height,
						emo_panel_y(&panel, (double) histogram->counts[b]), right,
						panel.top + panel.height);
	}
	mean_x = emo_panel_x(&panel, histogram->mean);
	emo_svg_add(&figure->svg,
				"\"/>\n<path d=\"M%g %gv%g\" stroke=\"" EMO_PLOT_MEAN
				"\" stroke-width=\"2.5\" stroke-dasharray=\"6 3\"/>\n",
				mean_x, panel.top, panel.height);
	emo_panel_end(&panel);
}

EmoStatus
emo_plot_histogram(EmoEnv *env, const char *title, const double *values, int64_t n, const char *of,
				   const char *n_title, const char *value_title, const char *unit, int width,
				   const char **svg, size_t *length)
{
	Histogram histogram = {0};
	char number[EMO_NUMBER_BYTES], count[64], mean[EMO_NUMBER_BYTES + 32];
	EmoLegendEntry legend[] = {{count, BAR_COLOR, EMO_KEY_AREA, 0},
							   {mean, EMO_PLOT_MEAN, EMO_KEY_DASHES, 0}};
	EmoFigure figure;

	if (emo_figure_begin(&figure, env, title, width) != EMO_OK ||
		count_values(env, values, n, &histogram) != EMO_OK)
		return env->status;
	snprintf(count, sizeof(count), "%lld %.40s", (long long) n, of);
	emo_format_number(histogram.mean, 0.01, number);
	snprintf(mean, sizeof(mean), "mean %s %.8s", number, unit);
	emo_figure_legend(&figure, legend, 2);
	draw(&figure, &histogram, n_title, value_title);
	return emo_figure_end(&figure, "A histogram; a broken line marks the mean.", svg, length);
}
