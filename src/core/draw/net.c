/*
 * net.c
 *	  Pictures of the inside of a net.
 */
#include "core/draw/net.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/draw/dark.h"
#include "core/draw/matrix.h"

#define TILE_ROW_HEIGHT 110.0
#define MIN_TILE_WIDTH  34.0
#define MAP_HEIGHT      300.0
#define NUMBER_BYTES    12

#define DESCRIPTION                                                                                \
	"Heat maps: light for positive values, dark for negative ones, grey for nothing."

/* Filters first .. first + n - 1 side by side, apart by white lines. */
static EmoStatus
draw_filters(EmoEnv *env, EmoFigure *figure, const EmoNnFilters *filters, EmoHeatMap *matrix,
			 const EmoAxis *y, int first, int n, int per_row)
{
	char numbers[EMO_PLOT_MAX_FILTERS][NUMBER_BYTES];
	const char *names[EMO_PLOT_MAX_FILTERS];
	double right = figure->right;
	EmoPanel panel = {.x = {.max = n, .names = names, .n_names = n, .no_grid = true}, .y = *y};

	for (int i = 0; i < n; i++)
	{
		snprintf(numbers[i], NUMBER_BYTES, "%d", first + i + 1);
		names[i] = numbers[i];
	}
	matrix->values = filters->weights + (ptrdiff_t) first * filters->n_taps * filters->n_rows;
	matrix->n_columns = n * filters->n_taps;
	figure->right = figure->left + (right - figure->left) * n / per_row;
	emo_panel_begin(&panel, figure, TILE_ROW_HEIGHT);
	if (emo_panel_matrix(env, &panel, matrix) != EMO_OK)
		return env->status;
	for (int i = 1; i < n; i++)
		emo_svg_add(&figure->svg,
					"<path d=\"M%g %gv%g\" stroke=\"" EMO_GROUND "\" stroke-width=\"3\"/>\n",
					emo_panel_x(&panel, i), panel.top, panel.height);
	emo_panel_end(&panel);
	figure->right = right;
	if (first == 0)
	{
		panel.width = right - figure->left;
		emo_panel_matrix_key(&panel, matrix, "weight");
	}
	return figure->svg.status;
}

EmoStatus
emo_plot_filters(EmoEnv *env, const EmoNnFilters *filters, const EmoNnLayerChoice *choice,
				 const char *title, int width, const char **svg, size_t *length)
{
	int n = filters->n_filters < EMO_PLOT_MAX_FILTERS ? filters->n_filters : EMO_PLOT_MAX_FILTERS;
	int per_row;
	char own_title[64], subtitle[128];
	EmoMark marks[EMO_MEL_MARKS];
	EmoAxis y = {.max = filters->n_rows, .title = "Input", .whole = true, .no_grid = true};
	EmoHeatMap matrix = {.values = filters->weights,
						 .n_columns = n * filters->n_taps,
						 .n_rows = filters->n_rows,
						 .stride = filters->n_rows,
						 .is_signed = true};
	EmoFigure figure;

	snprintf(own_title, sizeof(own_title), "Filters of layer %d (%s)", choice->number,
			 choice->layer.type);
	snprintf(subtitle, sizeof(subtitle), "%d of %d, each over %d steps of time and %d %s", n,
			 filters->n_filters, filters->n_taps, filters->n_rows,
			 filters->of_bands ? "mel bands" : "inputs");
	if (emo_figure_begin(&figure, env, title != NULL ? title : own_title, width) != EMO_OK ||
		emo_matrix_fit_range(env, &matrix) != EMO_OK)
		return env->status;
	emo_figure_subtitle(&figure, subtitle);
	if (filters->of_bands)
	{
		y.marks = marks;
		y.n_marks = emo_mel_marks(marks);
		y.title = NULL;
	}
	figure.left = emo_axis_room(&y);
	figure.right -= EMO_HEAT_KEY_ROOM - 10;
	per_row = (int) fmax(1, fmin(n, (figure.right - figure.left) / MIN_TILE_WIDTH));
	for (int first = 0; first < n; first += per_row)
		if (draw_filters(env, &figure, filters, &matrix, &y, first,
						 n - first < per_row ? n - first : per_row, per_row) != EMO_OK)
			return env->status;
	return emo_figure_end(&figure, DESCRIPTION, svg, length);
}

EmoStatus
emo_plot_activations(EmoEnv *env, const EmoNnActivations *activations,
					 const EmoNnLayerChoice *choice, const char *title, int width, const char **svg,
					 size_t *length)
{
	bool attends = strcmp(choice->layer.type, "attention") == 0;
	EmoHeatMap matrix = {.values = activations->values,
						 .n_columns = activations->n_rows,
						 .n_rows = activations->n_channels,
						 .stride = activations->n_channels};
	EmoPanel panel = {
		.x = {.max = activations->n_rows * activations->frames_per_row / EMO_NN_FRAMES_PER_SECOND,
			  .title = "Time in speech (s)",
			  .no_grid = true},
		.y = {.max = activations->n_channels,
			  .title = attends ? "Head" : "Channel",
			  .whole = true,
			  .no_grid = true}};
	char own_title[64];
	EmoFigure figure;

	for (ptrdiff_t i = 0; i < (ptrdiff_t) matrix.n_columns * matrix.n_rows; i++)
		matrix.is_signed |= activations->values[i] < 0;
	if (choice->block >= 0 && strncmp(choice->layer.type, "conv", 4) != 0)
		snprintf(own_title, sizeof(own_title), "Activations of block %d", choice->block + 1);
	else
		snprintf(own_title, sizeof(own_title), "Activations of layer %d (%s)", choice->number,
				 choice->layer.type);
	if (emo_figure_begin(&figure, env, title != NULL ? title : own_title, width) != EMO_OK ||
		emo_matrix_fit_range(env, &matrix) != EMO_OK)
		return env->status;
	figure.left = emo_axis_room(&panel.y);
	figure.right -= EMO_HEAT_KEY_ROOM - 10;
	emo_panel_begin(&panel, &figure, MAP_HEIGHT);
	if (emo_panel_matrix(env, &panel, &matrix) != EMO_OK)
		return env->status;
	emo_panel_matrix_key(&panel, &matrix, attends ? "share" : "");
	emo_panel_end(&panel);
	return emo_figure_end(&figure, DESCRIPTION, svg, length);
}
