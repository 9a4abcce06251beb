/*
 * explanation.c
 *	  Why a model hears an emotion.
 */
#include "core/draw/explanation.h"

#include <math.h>
#include <stdio.h>

#include "core/draw/emotion_colors.h"
#include "core/draw/matrix.h"

#define ROW_HEIGHT   36.0 /* with one line of text */
#define LINE_HEIGHT  17.0
#define MAX_LINES    4
#define TEXT_SIZE    (EMO_PLOT_FONT_SIZE - 1)
#define TEXT_MARGIN  6.0
#define BAR_HEIGHT   11.0
#define VALUE_ROOM   44.0 /* beside a bar */
#define MAP_HEIGHT   170.0
#define PITCH_HEIGHT 46.0

/* The reason; "part: " is said where there are two. */
static void
row_text(const EmoExplanation *explanation, const EmoExplanationRow *row, char *text, size_t size)
{
	bool both = explanation->contributions != NULL && explanation->net.attributions != NULL;

	snprintf(text, size, "%s%s%.*s", both ? row->part : "", both ? ": " : "", row->reason_length,
			 row->words);
}

/* Each in as many lines as its text takes. */
static double
rows_height(const EmoFigure *figure, const EmoExplanation *explanation,
			const EmoExplanationRow *rows, int n_rows)
{
	double room = figure->right - figure->left - 2 * TEXT_MARGIN, height = 0;

	for (int i = 0; i < n_rows; i++)
	{
		char text[EMO_EXPLAIN_WORDS_SIZE + 16];

		row_text(explanation, &rows[i], text, sizeof(text));
		height +=
			ROW_HEIGHT +
			LINE_HEIGHT *
				(emo_add_lines(NULL, 0, 0, LINE_HEIGHT, TEXT_SIZE, "", room, MAX_LINES, text) - 1);
	}
	return height;
}

static void
draw_bars(EmoFigure *figure, const EmoExplanation *explanation, const EmoExplanationRow *rows,
		  int n_rows, const char *const colors[2])
{
	static const char *const no_names[] = {""};
	double largest = 0.1, y;
	EmoPanel panel = {.y = {.min = n_rows, .max = 0, .names = no_names, .n_names = 0}};

	for (int i = 0; i < n_rows; i++)
		largest = fmax(largest, fabs(rows[i].contribution));
	/* With room for the number beside the longest bar. */
	largest *= 1 / (1 - 2 * VALUE_ROOM / (figure->right - figure->left));
	panel.x =
		(EmoAxis){.min = -largest, .max = largest, .title = "Contribution (nats)", .no_grid = true};
	emo_panel_begin(&panel, figure, rows_height(figure, explanation, rows, n_rows));
	y = panel.top;
	for (int i = 0; i < n_rows; i++)
	{
		double zero = emo_panel_x(&panel, 0), end = emo_panel_x(&panel, rows[i].contribution);
		bool for_winner = rows[i].contribution >= 0;
		char text[EMO_EXPLAIN_WORDS_SIZE + 16], value[16];

		row_text(explanation, &rows[i], text, sizeof(text));
		y += LINE_HEIGHT *
			 (emo_add_lines(figure, panel.left + TEXT_MARGIN, y + 15, LINE_HEIGHT, TEXT_SIZE,
							EMO_PLOT_TEXT, panel.width - 2 * TEXT_MARGIN, MAX_LINES, text) -
			  1);
		emo_svg_add(&figure->svg,
					"<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"%s\" "
					"stroke=\"" EMO_PLOT_EDGE "\" stroke-width=\"0.5\"/>"
					"<path d=\"M%g %gv%g\" stroke=\"" EMO_PLOT_EDGE "\"/>\n",
					fmin(zero, end), y + 20, fmax(0.5, fabs(end - zero)), BAR_HEIGHT,
					colors[!for_winner], zero, y + 18, BAR_HEIGHT + 4);
		snprintf(value, sizeof(value), "+%.1f", fabs(rows[i].contribution));
		emo_add_text(figure, end + (for_winner ? 5 : -5), y + 30,
					 for_winner ? EMO_ANCHOR_START : EMO_ANCHOR_END, EMO_PLOT_FONT_SIZE - 2,
					 EMO_PLOT_FAINT, VALUE_ROOM, value);
		y += ROW_HEIGHT;
	}
	emo_panel_end(&panel);
}

/*
 * smoothed[n_frames][EMO_NN_FRAME_VALUES]: over mel bands and time by binomial windows of three and
 * five; where a net hears MFCC, neighbours have large shares of opposite signs that cancel.
 */
static void
smooth_bands(const float *values, int n_frames, float *smoothed)
{
	static const float over_time[] = {1 / 16.0f, 4 / 16.0f, 6 / 16.0f, 4 / 16.0f, 1 / 16.0f};
	static const float over_bands[] = {1 / 4.0f, 2 / 4.0f, 1 / 4.0f};

	for (int t = 0; t < n_frames; t++)
		for (int m = 0; m < EMO_NN_FRAME_VALUES; m++)
		{
			float *sum = &smoothed[(ptrdiff_t) t * EMO_NN_FRAME_VALUES + m];

			*sum = 0;
			for (int k = 0; k < 5; k++)
				for (int l = 0; l < 3; l++)
				{
					int at = t + k - 2, band = m < EMO_NN_N_MELS ? m + l - 1 : m;

					if (at >= 0 && at < n_frames && band >= 0 &&
						(m >= EMO_NN_N_MELS || band < EMO_NN_N_MELS))
						*sum += over_time[k] * over_bands[l] *
								values[(ptrdiff_t) at * EMO_NN_FRAME_VALUES + band];
				}
		}
}

/* A heat map over time; the last of a column of them has the time axis. */
static EmoStatus
draw_map(EmoEnv *env, EmoFigure *figure, EmoHeatMap *matrix, EmoAxis y, double height, bool is_last,
		 const char *unit)
{
	EmoPanel panel = {.x = {.max = (double) matrix->n_columns / EMO_NN_FRAMES_PER_SECOND,
							.title = "Time in speech (s)",
							.no_grid = true,
							.no_labels = !is_last},
					  .y = y};

	panel.y.max = matrix->n_rows;
	panel.y.no_grid = true;
	emo_panel_begin(&panel, figure, height);
	if (emo_panel_matrix(env, &panel, matrix) != EMO_OK)
		return env->status;
	if (unit != NULL)
		emo_panel_matrix_key(&panel, matrix, unit);
	emo_panel_end(&panel);
	return figure->svg.status;
}

static EmoStatus
draw_maps(EmoEnv *env, EmoFigure *figure, const EmoModel *model, const EmoExplanation *explanation,
		  const uint16_t *frames)
{
	static const char *const pitch_names[] = {"F0", "voicing"};
	size_t n = (size_t) explanation->n_frames * EMO_NN_FRAME_VALUES;
	float *levels = emo_alloc(env, n, sizeof(float));
	float *smoothed = emo_alloc(env, n, sizeof(float));
	bool pitch = model->net->architecture.pitch;
	EmoMark marks[EMO_MEL_MARKS];
	EmoAxis bands = {.title = "Level", .marks = marks, .n_marks = emo_mel_marks(marks)};
	EmoAxis of_pitch = {.names = pitch_names, .n_names = 2};
	EmoHeatMap heard = {.values = levels,
						.n_columns = explanation->n_frames,
						.n_rows = EMO_NN_N_MELS,
						.stride = EMO_NN_FRAME_VALUES};
	EmoHeatMap shares = heard;

	if (levels == NULL || smoothed == NULL)
		return env->status;
	smooth_bands(explanation->net.attributions, explanation->n_frames, smoothed);
	for (size_t i = 0; i < n; i++)
		levels[i] = emo_float_of_half(frames[i]) * 4.342944819f; /* dB of nats */
	shares.values = smoothed;
	shares.is_signed = true;
	if (emo_matrix_fit_range(env, &heard) != EMO_OK || emo_matrix_fit_range(env, &shares) != EMO_OK)
		return env->status;
	figure->left = fmax(emo_axis_room(&bands), pitch ? emo_axis_room(&of_pitch) : 0);
	figure->right -= EMO_HEAT_KEY_ROOM - 10;
	if (draw_map(env, figure, &heard, bands, MAP_HEIGHT, false, "dB") != EMO_OK)
		return env->status;
	bands.title = "Attribution";
	if (draw_map(env, figure, &shares, bands, MAP_HEIGHT, !pitch, "nats") != EMO_OK || !pitch)
		return env->status;
	shares.values += EMO_NN_N_MELS;
	shares.n_rows = 2;
	if (emo_matrix_fit_range(env, &shares) != EMO_OK)
		return env->status;
	return draw_map(env, figure, &shares, of_pitch, PITCH_HEIGHT, true, "");
}

EmoStatus
emo_plot_explanation(EmoEnv *env, const EmoModel *model, const EmoExplanation *explanation,
					 const EmoExplanationRow *rows, int n_rows, const uint16_t *frames,
					 const char *title, int width, const char **svg, size_t *length)
{
	const char *winner = model->labels[explanation->winner];
	const char *runner_up = model->labels[explanation->runner_up];
	char own_title[2 * EMO_MAX_LABEL_BYTES + 32], towards[2][EMO_MAX_LABEL_BYTES + 16];
	char ratio[EMO_RATIO_WORDS_SIZE], subtitle[2 * EMO_MAX_LABEL_BYTES + EMO_RATIO_WORDS_SIZE + 32];
	const char *colors[2];
	int *color_numbers = emo_alloc(env, model->n_classes, sizeof(int));
	EmoLegendEntry legend[] = {{towards[0], NULL, EMO_KEY_AREA, 0},
							   {towards[1], NULL, EMO_KEY_AREA, 0}};
	EmoFigure figure;

	if (color_numbers == NULL)
		return env->status;
	emo_emotion_color_numbers(model->labels, model->n_classes, color_numbers);
	colors[0] = legend[0].color = emo_emotion_color(color_numbers[explanation->winner]);
	colors[1] = legend[1].color = emo_emotion_color(color_numbers[explanation->runner_up]);

	snprintf(own_title, sizeof(own_title), "Why %s rather than %s", winner, runner_up);
	snprintf(towards[0], sizeof(towards[0]), "towards %s", winner);
	snprintf(towards[1], sizeof(towards[1]), "towards %s", runner_up);
	if (emo_figure_begin(&figure, env, title != NULL ? title : own_title, width) != EMO_OK)
		return env->status;
	emo_ratio_words(explanation->difference, ratio);
	snprintf(subtitle, sizeof(subtitle), "Together %.1f nats: %s is %s as %s",
			 explanation->difference, winner, ratio, runner_up);
	emo_figure_subtitle(&figure, subtitle);
	emo_figure_legend(&figure, legend, 2);
	draw_bars(&figure, explanation, rows, n_rows, colors);
	if (explanation->net.attributions != NULL &&
		draw_maps(env, &figure, model, explanation, frames) != EMO_OK)
		return env->status;
	return emo_figure_end(&figure,
						  "Bars of contributions; for a net, what it hears over time, and light "
						  "where that speaks for the first emotion, dark for the second.",
						  svg, length);
}
