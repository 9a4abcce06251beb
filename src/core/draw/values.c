/*
 * values.c
 *	  Numbers that were told against what they are.
 */
#include "core/draw/values.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/draw/ticks.h"

#define HEIGHT      330.0
#define PAIR_COLOR  EMO_PLOT_BLUE
#define IDEAL_COLOR "#767676"
#define MARKER_SIZE 3.5

/* Of the range of numbers, beyond it on either side. */
#define MARGIN 0.04

/* Pairs between two looks whether to stop. */
#define PAIRS_PER_STOP_CHECK 65536

/* One range for both axes, so that what agrees lies on the diagonal. */
static EmoStatus
find_range(EmoEnv *env, const EmoValuesPanel *values, double *low, double *high)
{
	double margin;

	*low = HUGE_VAL;
	*high = -HUGE_VAL;
	for (int64_t i = 0; i < values->n; i++)
	{
		if (i % PAIRS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		*low = fmin(*low, fmin(values->actual[i], values->predicted[i]));
		*high = fmax(*high, fmax(values->actual[i], values->predicted[i]));
	}
	/* All one number, or none. */
	if (!(*high > *low))
	{
		*low = values->n > 0 ? *low - 0.5 * fmax(1, fabs(*low)) : 0;
		*high = values->n > 0 ? *high + 0.5 * fmax(1, fabs(*high)) : 1;
	}
	margin = MARGIN * (*high - *low);
	*low -= margin;
	*high += margin;
	return EMO_OK;
}

static EmoStatus
draw_panel(EmoEnv *env, EmoFigure *figure, const EmoValuesPanel *values)
{
	EmoSvg *svg = &figure->svg;
	char actual[160], predicted[160];
	EmoPanel panel = {.x = {.title = actual}, .y = {.title = predicted}};
	int64_t n_drawn = values->n < EMO_PLOT_MAX_PAIRS ? values->n : EMO_PLOT_MAX_PAIRS;

	snprintf(actual, sizeof(actual), "Actual%s%.140s", values->target != NULL ? " " : "",
			 values->target != NULL ? values->target : "");
	snprintf(predicted, sizeof(predicted), "Predicted%s%.140s", values->target != NULL ? " " : "",
			 values->target != NULL ? values->target : "");
	if (find_range(env, values, &panel.x.min, &panel.x.max) != EMO_OK)
		return env->status;
	panel.y.min = panel.x.min;
	panel.y.max = panel.x.max;
	figure->left = fmax(64, emo_axis_room(&panel.y));
	emo_panel_begin(&panel, figure, HEIGHT);
	emo_svg_add(svg,
				"<path d=\"M%g %gL%g %g\" stroke=\"" IDEAL_COLOR
				"\" stroke-width=\"1.5\" stroke-dasharray=\"6 3\"/>\n",
				panel.left, panel.top + panel.height, panel.left + panel.width, panel.top);
	/* One by one, so that they are darker where they lie on each other. */
	emo_svg_add(svg, "<g fill=\"" PAIR_COLOR "\" fill-opacity=\"0.45\">\n");
	for (int64_t i = 0; i < n_drawn; i++)
	{
		int64_t pair = (int64_t) ((double) i / (double) n_drawn * (double) values->n);

		emo_svg_add(svg, "<circle cx=\"%g\" cy=\"%g\" r=\"%g\"/>",
					emo_panel_x(&panel, values->actual[pair]),
					emo_panel_y(&panel, values->predicted[pair]), MARKER_SIZE);
	}
	emo_svg_add(svg, "\n</g>\n");
	emo_panel_end(&panel);
	return EMO_OK;
}

/* "n utterances; CCC: arousal 0.91, valence 0.57". */
static EmoStatus
describe(EmoEnv *env, const EmoValuesPanel *panels, int n_panels, char *text, size_t n_bytes)
{
	size_t at = (size_t) snprintf(
		text, n_bytes, "%lld utterances%s; CCC", n_panels > 0 ? (long long) panels[0].n : 0,
		n_panels > 0 && panels[0].n > EMO_PLOT_MAX_PAIRS ? ", some of which are drawn" : "");

	for (int p = 0; p < n_panels && at < n_bytes; p++)
	{
		EmoAgreement agreement = {0};
		double values[EMO_N_AGREEMENTS];
		char number[EMO_NUMBER_BYTES] = "not defined";

		for (int64_t i = 0; i < panels[p].n; i++)
		{
			if (i % PAIRS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
				return env->status;
			emo_agreement_add(&agreement, panels[p].actual[i], panels[p].predicted[i]);
		}
		emo_agreement_metrics(&agreement, values);
		if (isfinite(values[EMO_AGREEMENT_CCC]))
			emo_format_number(values[EMO_AGREEMENT_CCC], 0.01, number);
		at += (size_t) snprintf(text + at, n_bytes - at, "%s%s%.64s %.12s", p > 0 ? "," : "",
								panels[p].target != NULL ? " " : "",
								panels[p].target != NULL ? panels[p].target : "", number);
	}
	return EMO_OK;
}

EmoStatus
emo_plot_values(EmoEnv *env, const char *title, const char *warning, const EmoValuesPanel *panels,
				int n_panels, int width, const char **svg, size_t *length)
{
	static const EmoLegendEntry legend[] = {
		{"utterance", PAIR_COLOR, EMO_KEY_POINT, 0},
		{"where both are equal", IDEAL_COLOR, EMO_KEY_DASHES, 0}};
	EmoFigure figure;
	char subtitle[2048];

	if (emo_figure_begin(&figure, env, title, width) != EMO_OK ||
		describe(env, panels, n_panels, subtitle, sizeof(subtitle)) != EMO_OK)
		return env->status;
	emo_figure_warning(&figure, warning);
	emo_figure_subtitle(&figure, subtitle);
	emo_figure_legend(&figure, legend, 2);
	for (int p = 0; p < n_panels; p++)
		if (draw_panel(env, &figure, &panels[p]) != EMO_OK)
			return env->status;
	return emo_figure_end(
		&figure,
		"A point for each utterance: to the right what is actual, upwards what was predicted.", svg,
		length);
}
