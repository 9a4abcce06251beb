/*
 * reliability.c
 *	  Reliability diagrams: is what a model is sure of also right?
 */
#include "core/draw/reliability.h"

#include <math.h>
#include <stdio.h>

#include "core/draw/dark.h"
#include "core/draw/ticks.h"

#define UPPER_HEIGHT 300.0
#define LOWER_HEIGHT 90.0
#define MODEL_COLOR  EMO_PLOT_BLUE
#define IDEAL_COLOR  "#767676"
#define COUNT_COLOR  "#A9C8E0"
#define MARKER_SIZE  5.0

static void
draw_upper(EmoFigure *figure, const EmoReliabilityBin *bins)
{
	EmoPanel panel = {.x = {.max = 1, .percent = true, .no_labels = true},
					  .y = {.max = 1, .percent = true, .title = "Share that is right (%)"}};
	EmoSvg *svg = &figure->svg;
	bool first = true;

	emo_panel_begin(&panel, figure, UPPER_HEIGHT);
	emo_svg_add(svg,
				"<path d=\"M%g %gL%g %g\" stroke=\"" IDEAL_COLOR
				"\" stroke-width=\"1.5\" stroke-dasharray=\"6 3\"/>\n",
				panel.left, panel.top + panel.height, panel.left + panel.width, panel.top);
	emo_svg_add(svg, "<path fill=\"none\" stroke=\"" MODEL_COLOR "\" stroke-width=\"2.5\" d=\"");
	for (int b = 0; b < EMO_CALIBRATION_BINS; b++)
	{
		if (bins[b].n <= 0)
			continue;
		emo_svg_add(svg, "%s%g %g", first ? "M" : "L",
					emo_panel_x(&panel, bins[b].confidence / bins[b].n),
					emo_panel_y(&panel, bins[b].right / bins[b].n));
		first = false;
	}
	emo_svg_add(svg, "\"/>\n<path fill=\"" MODEL_COLOR "\" stroke=\"" EMO_GROUND "\" d=\"");
	for (int b = 0; b < EMO_CALIBRATION_BINS; b++)
		if (bins[b].n > 0)
			emo_add_marker(svg, 0, emo_panel_x(&panel, bins[b].confidence / bins[b].n),
						   emo_panel_y(&panel, bins[b].right / bins[b].n), MARKER_SIZE);
	emo_svg_add(svg, "\"/>\n");
	emo_panel_end(&panel);
}

static void
draw_lower(EmoFigure *figure, const EmoReliabilityBin *bins)
{
	EmoPanel panel = {.x = {.max = 1, .percent = true, .title = "Confidence (%)"},
					  .y = {.whole = true, .title = "Utterances"}};
	double most = 1;

	for (int b = 0; b < EMO_CALIBRATION_BINS; b++)
		most = fmax(most, bins[b].n);
	panel.y.max = most * 1.1;
	emo_panel_begin(&panel, figure, LOWER_HEIGHT);
	emo_svg_add(&figure->svg, "<path fill=\"" COUNT_COLOR "\" stroke=\"" EMO_GROUND "\" d=\"");
	for (int b = 0; b < EMO_CALIBRATION_BINS; b++)
		if (bins[b].n > 0)
			emo_svg_add(&figure->svg, "M%g %gV%gH%gV%gz",
						emo_panel_x(&panel, (double) b / EMO_CALIBRATION_BINS),
						panel.top + panel.height, emo_panel_y(&panel, bins[b].n),
						emo_panel_x(&panel, (b + 1.0) / EMO_CALIBRATION_BINS),
						panel.top + panel.height);
	emo_svg_add(&figure->svg, "\"/>\n");
	emo_panel_end(&panel);
}

EmoStatus
emo_plot_reliability(EmoEnv *env, const char *title, const char *warning,
					 const EmoReliabilityBin bins[EMO_CALIBRATION_BINS], int width,
					 const char **svg, size_t *length)
{
	static const EmoLegendEntry legend[] = {{"model", MODEL_COLOR, EMO_KEY_LINE, 0},
											{"as sure as right", IDEAL_COLOR, EMO_KEY_DASHES, 0},
											{"how often", COUNT_COLOR, EMO_KEY_AREA, 0}};
	/* Counts may have more digits than percentages. */
	EmoAxis widest = {.max = 1, .title = ""};
	EmoFigure figure;
	double n = 0, distance = 0;
	char subtitle[160], ece[EMO_NUMBER_BYTES];

	if (emo_figure_begin(&figure, env, title, width) != EMO_OK)
		return env->status;
	for (int b = 0; b < EMO_CALIBRATION_BINS; b++)
	{
		n += bins[b].n;
		distance += fabs(bins[b].confidence - bins[b].right);
		widest.max = fmax(widest.max, bins[b].n);
	}
	widest.whole = true;
	emo_format_number(100 * distance / fmax(1, n), 0.1, ece);
	snprintf(subtitle, sizeof(subtitle), "%.0f utterances, expected calibration error %.10s %%", n,
			 ece);
	emo_figure_warning(&figure, warning);
	emo_figure_subtitle(&figure, subtitle);
	emo_figure_legend(&figure, legend, 3);
	figure.left = fmax(64, emo_axis_room(&widest));
	draw_upper(&figure, bins);
	draw_lower(&figure, bins);
	return emo_figure_end(
		&figure, "Above, the share of right predictions by confidence; below, how many there are.",
		svg, length);
}
