/*
 * space.c
 *	  Utterances as points in a plane, coloured and shaped by their class.
 */
#include "core/draw/space.h"

#include <math.h>
#include <stdio.h>

#include "core/draw/emotion_colors.h"

#define MAX_POINTS  2000
#define MARKER_SIZE 4.0

/* Of an axis, at its ends. */
#define MARGIN 0.06

static EmoAxis
axis_of(const float *points, int64_t n_points, int coordinate, const char *title)
{
	/* Of float, as the points are: gcc 12 breaks down over such extremes in double, on aarch64. */
	float low = HUGE_VALF, high = -HUGE_VALF;
	double margin;

	for (int64_t i = 0; i < n_points; i++)
	{
		low = fminf(low, points[2 * i + coordinate]);
		high = fmaxf(high, points[2 * i + coordinate]);
	}
	margin = fmax(MARGIN * ((double) high - low), 1e-6 * fmax(1, fabs((double) high)));
	return (EmoAxis){.min = low - margin, .max = high + margin, .title = title};
}

static EmoStatus
draw(EmoEnv *env, EmoFigure *figure, EmoPanel *panel, const float *points, const int32_t *label,
	 int64_t n_points, int64_t step, const int *colors, int n_classes)
{
	figure->left = emo_axis_room(&panel->y);
	emo_panel_begin(panel, figure, 0.72 * (figure->right - figure->left));
	for (int c = 0; c < n_classes; c++)
	{
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		emo_svg_add(&figure->svg,
					"<path fill=\"%s\" fill-opacity=\".85\" stroke=\"" EMO_PLOT_EDGE "\" "
					"stroke-width=\".5\" d=\"",
					emo_emotion_color(colors[c]));
		for (int64_t i = 0; i < n_points; i += step)
			if (label[i] == c)
				emo_add_marker(&figure->svg, emo_emotion_marker(colors[c]),
							   emo_panel_x(panel, (double) points[2 * i]),
							   emo_panel_y(panel, (double) points[2 * i + 1]), MARKER_SIZE);
		emo_svg_add(&figure->svg, "\"/>\n");
	}
	emo_panel_end(panel);
	return EMO_OK;
}

EmoStatus
emo_plot_space(EmoEnv *env, const char *title, const float *points, const int32_t *label,
			   int64_t n_points, int64_t n_utterances, const char *const *names, int n_classes,
			   const char *const axis_titles[2], int width, const char **svg, size_t *length)
{
	EmoLegendEntry legend[EMO_PLOT_MAX_NAMES];
	EmoPanel panel = {.x = axis_of(points, n_points, 0, axis_titles[0]),
					  .y = axis_of(points, n_points, 1, axis_titles[1])};
	EmoFigure figure;
	char subtitle[128];
	int64_t step = 1;
	int colors[EMO_PLOT_MAX_NAMES];

	if (n_classes > EMO_PLOT_MAX_NAMES)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "more than %d labels in a picture",
						EMO_PLOT_MAX_NAMES);
	if (emo_figure_begin(&figure, env, title, width) != EMO_OK)
		return env->status;
	if (n_points > MAX_POINTS)
	{
		step = (n_points + MAX_POINTS - 1) / MAX_POINTS;
		if (n_utterances > n_points)
			snprintf(subtitle, sizeof(subtitle),
					 "A sample of %lld of %lld utterances, of which one in %lld is drawn",
					 (long long) n_points, (long long) n_utterances, (long long) step);
		else
			snprintf(subtitle, sizeof(subtitle), "%lld utterances, of which one in %lld is drawn",
					 (long long) n_points, (long long) step);
		emo_figure_subtitle(&figure, subtitle);
	}
	emo_emotion_color_numbers(names, n_classes, colors);
	for (int c = 0; c < n_classes; c++)
		legend[c] = (EmoLegendEntry){names[c], emo_emotion_color(colors[c]), EMO_KEY_POINT,
									 emo_emotion_marker(colors[c])};
	emo_figure_legend(&figure, legend, n_classes);
	if (draw(env, &figure, &panel, points, label, n_points, step, colors, n_classes) != EMO_OK)
		return env->status;
	return emo_figure_end(&figure, "A point for each utterance; near ones have similar features.",
						  svg, length);
}
