/*
 * recording_parts.c
 *	  Pictures of a recording: its waveform, spectrogram, MFCC and F0 over time.
 */
#include "core/draw/recording_parts.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/draw/ticks.h"
#include "core/dsp/mel.h"

#define SINGLE_HEIGHT  240.0
#define STACKED_HEIGHT 118.0

/* Longer recordings count in minutes. */
#define MINUTES_FROM_S 180.0

/* MFCC are drawn in deviations from their means, so many up and down. */
#define MFCC_MAX_Z     2.5

#define WAVEFORM_COLOR EMO_PLOT_BLUE

EmoPanel
emo_recording_panel(EmoRecordingDrawing *drawing, EmoAxis y)
{
	EmoPanel panel = {.x = drawing->time, .y = y};

	emo_panel_begin(&panel, &drawing->figure, drawing->height);
	return panel;
}

/* The line through all samples, where they are few. */
static void
add_samples(EmoPanel *panel, const EmoRecordingData *data)
{
	EmoSvg *svg = &panel->figure->svg;

	for (int64_t i = 0; i < data->n_samples; i++)
		emo_svg_add(svg, "%s%g %g", i == 0 ? "M" : "L",
					panel->left + panel->width * ((double) i + 0.5) / (double) data->n_samples,
					emo_panel_y(panel, data->samples[i]));
}

/*
 * The outline of the least and largest samples of each column: along the largest ones, and back
 * along the least.  (As a stroke for each column, renderers take a hundred times as long.)
 */
static EmoStatus
add_envelope(EmoEnv *env, EmoPanel *panel, const EmoRecordingData *data)
{
	int n_columns = emo_column_count(data->n_samples);
	float *lows = emo_alloc(env, 2 * (size_t) n_columns, sizeof(float)), *highs = lows + n_columns;
	double step = panel->width / n_columns, thickness = 0.3;

	if (lows == NULL ||
		emo_envelope(env, data->samples, data->n_samples, n_columns, lows, highs) != EMO_OK)
		return env->status;
	for (int column = 0; column < n_columns; column++)
		emo_svg_add(&panel->figure->svg, "%s%g %g", column == 0 ? "M" : "L",
					panel->left + step * (column + 0.5),
					emo_panel_y(panel, highs[column]) - thickness);
	for (int column = n_columns - 1; column >= 0; column--)
		emo_svg_add(&panel->figure->svg, "L%g %g", panel->left + step * (column + 0.5),
					emo_panel_y(panel, lows[column]) + thickness);
	emo_svg_add(&panel->figure->svg, "z");
	emo_free(env, lows);
	return EMO_OK;
}

static EmoStatus
draw_waveform(EmoRecordingDrawing *drawing)
{
	const EmoRecordingData *data = drawing->data;
	EmoAxis y = {.title = "Amplitude"};
	EmoPanel panel;
	float peak = 0.001f; /* of float, see draw_mel() */
	bool few = data->n_samples <= EMO_MAX_COLUMNS;

	for (int64_t i = 0; i < data->n_samples; i++)
		peak = fmaxf(peak, fabsf(data->samples[i]));
	y.min = -1.08 * (double) peak;
	y.max = 1.08 * (double) peak;
	panel = emo_recording_panel(drawing, y);
	emo_svg_add(&drawing->figure.svg, "<path %s d=\"",
				few ? "fill=\"none\" stroke=\"" WAVEFORM_COLOR "\" stroke-width=\"1.2\""
					: "fill=\"" WAVEFORM_COLOR "\"");
	if (few)
		add_samples(&panel, data);
	else if (add_envelope(drawing->env, &panel, data) != EMO_OK)
		return drawing->env->status;
	emo_svg_add(&drawing->figure.svg, "\"/>\n");
	emo_panel_end(&panel);
	return EMO_OK;
}

/* means[n_columns][n_values] of frames[n_frames][n_values]. */
static EmoStatus
mean_columns(EmoEnv *env, const float *frames, int64_t n_frames, int n_values, int n_columns,
			 float **means)
{
	*means = emo_alloc_zero(env, (size_t) n_columns * (size_t) n_values, sizeof(float));
	if (*means == NULL)
		return env->status;
	for (int column = 0; column < n_columns; column++)
	{
		int64_t start = emo_column_start(n_frames, n_columns, column);
		int64_t end = emo_column_start(n_frames, n_columns, column + 1);
		float *mean = *means + (size_t) column * (size_t) n_values;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int64_t t = start; t < end; t++)
			for (int v = 0; v < n_values; v++)
				mean[v] += frames[t * n_values + v];
		for (int v = 0; v < n_values; v++)
			mean[v] /= (float) (end - start);
	}
	return EMO_OK;
}

/* The pixel of value v, whose range is low .. high; the first value is the lowest row. */
static void
set_pixels(uint8_t *pixels, const float *means, int n_columns, int n_values, int v, double low,
		   double high)
{
	uint8_t *row = pixels + (size_t) (n_values - 1 - v) * (size_t) n_columns;
	double scale = high > low ? 255 / (high - low) : 0;

	for (int column = 0; column < n_columns; column++)
	{
		double amount =
			((double) means[(size_t) column * (size_t) n_values + (size_t) v] - low) * scale;

		row[column] = (uint8_t) lround(fmin(255, fmax(0, amount)));
	}
}

static void
format_db(double value, char text[EMO_NUMBER_BYTES])
{
	emo_format_number(value, 1, text);
	strcat(text, " dB");
}

static EmoStatus
draw_mel(EmoRecordingDrawing *drawing)
{
	static const struct
	{
		double hz;
		const char *label;
	} lines[] = {{250, "0.25"}, {500, "0.5"}, {1000, "1"}, {2000, "2"}, {4000, "4"}};
	const EmoRecordingData *data = drawing->data;
	double top_mel = emo_hz_to_mel(EMO_MEL_SLANEY, data->sample_rate / 2.0);
	EmoMark marks[5];
	EmoAxis y = {.max = data->n_mels, .title = "Frequency (kHz)", .marks = marks, .no_grid = true};
	int n_columns = emo_column_count(data->n_frames);
	size_t n_pixels = (size_t) n_columns * (size_t) data->n_mels;
	uint8_t *pixels = emo_alloc(drawing->env, n_pixels, 1);
	float *means;
	/* Of float, as the values are: gcc 12 breaks down over such extremes in double, on aarch64. */
	float low = FLT_MAX, high = -FLT_MAX;
	char low_text[EMO_NUMBER_BYTES], high_text[EMO_NUMBER_BYTES];
	EmoPanel panel;

	if (pixels == NULL || mean_columns(drawing->env, data->mel, data->n_frames, data->n_mels,
									   n_columns, &means) != EMO_OK)
		return drawing->env->status;
	for (size_t i = 0; i < n_pixels; i++)
	{
		low = fminf(low, means[i]);
		high = fmaxf(high, means[i]);
	}
	for (int v = 0; v < data->n_mels; v++)
		set_pixels(pixels, means, n_columns, data->n_mels, v, low, high);
	/* Band m (from 0) of n has its middle at (m + 1) / (n + 1) of the scale, and at row m + 1/2. */
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		marks[y.n_marks++] = (EmoMark){
			emo_hz_to_mel(EMO_MEL_SLANEY, lines[i].hz) / top_mel * (data->n_mels + 1) - 0.5,
			lines[i].label};
	panel = emo_recording_panel(drawing, y);
	emo_panel_heat(&panel, pixels, n_columns, data->n_mels);
	format_db(low, low_text);
	format_db(high, high_text);
	emo_panel_heat_key(&panel, low_text, high_text, "");
	emo_panel_end(&panel);
	return EMO_OK;
}

static EmoStatus
draw_mfcc(EmoRecordingDrawing *drawing)
{
	static const EmoMark marks[] = {{0.5, "0"}, {3.5, "3"}, {6.5, "6"}, {9.5, "9"}, {12.5, "12"}};
	const EmoRecordingData *data = drawing->data;
	int n_columns = emo_column_count(data->n_frames), n = data->n_mfcc;
	EmoAxis y = {.max = n, .title = "MFCC", .marks = marks, .no_grid = true};
	uint8_t *pixels = emo_alloc(drawing->env, (size_t) n_columns * (size_t) n, 1);
	float *means;
	EmoPanel panel;

	while (y.n_marks < (int) (sizeof(marks) / sizeof(marks[0])) && marks[y.n_marks].at < n)
		y.n_marks++;
	if (pixels == NULL ||
		mean_columns(drawing->env, data->mfcc, data->n_frames, n, n_columns, &means) != EMO_OK)
		return drawing->env->status;
	for (int v = 0; v < n; v++)
	{
		double sum = 0, squares = 0, mean, deviation;

		for (int column = 0; column < n_columns; column++)
		{
			double value = means[column * n + v];

			sum += value;
			squares += value * value;
		}
		mean = sum / n_columns;
		deviation = sqrt(fmax(1e-6, squares / n_columns - mean * mean));
		set_pixels(pixels, means, n_columns, n, v, mean - MFCC_MAX_Z * deviation,
				   mean + MFCC_MAX_Z * deviation);
	}
	panel = emo_recording_panel(drawing, y);
	emo_panel_heat(&panel, pixels, n_columns, n);
	emo_panel_heat_key(&panel, "-2.5 SD", "+2.5 SD", "mean");
	emo_panel_end(&panel);
	return EMO_OK;
}

typedef EmoStatus (*DrawPart)(EmoRecordingDrawing *drawing);

static const struct
{
	EmoRecordingPart part;
	DrawPart draw;
	const char *title; /* of a picture of this part alone */
} all_parts[] = {{EMO_PART_WAVEFORM, draw_waveform, "Waveform"},
				 {EMO_PART_MEL, draw_mel, "Mel spectrogram"},
				 {EMO_PART_MFCC, draw_mfcc, "Mel-frequency cepstral coefficients (MFCC)"},
				 {EMO_PART_PITCH, emo_draw_pitch, "Fundamental frequency (F0)"}};

#define N_PARTS ((int) (sizeof(all_parts) / sizeof(all_parts[0])))

static const char *
default_title(int parts)
{
	for (int i = 0; i < N_PARTS; i++)
		if (parts == (int) all_parts[i].part)
			return all_parts[i].title;
	return "Recording: waveform, mel spectrogram, MFCC, F0";
}

static void
set_time_axis(EmoRecordingDrawing *drawing)
{
	double duration_s = (double) drawing->data->n_samples / drawing->data->sample_rate;
	bool in_minutes = duration_s > MINUTES_FROM_S;

	drawing->seconds_per_unit = in_minutes ? 60 : 1;
	drawing->time.max = duration_s / drawing->seconds_per_unit;
	drawing->time.title = in_minutes ? "Time (min)" : "Time (s)";
}

EmoStatus
emo_plot_recording(EmoEnv *env, const EmoRecordingData *data, int parts, const char *title,
				   int width, const char **svg, size_t *length)
{
	/* The widest labels of y axes: "-0.02", "0.25" with their title. */
	EmoAxis widest = {.min = -0.25, .max = 0.25, .title = ""};
	EmoLegendEntry pitch_legend[] = {{"F0 where voiced", EMO_PITCH_COLOR, EMO_KEY_LINE, 0},
									 {"voiced", EMO_VOICED_COLOR, EMO_KEY_AREA, 0}};
	bool is_single = (parts & (parts - 1)) == 0;
	EmoRecordingDrawing drawing = {.env = env, .data = data};
	EmoFigure *figure = &drawing.figure;

	if (emo_figure_begin(figure, env, title != NULL ? title : default_title(parts), width) !=
		EMO_OK)
		return env->status;
	set_time_axis(&drawing);
	drawing.height = is_single ? SINGLE_HEIGHT : STACKED_HEIGHT;
	if (parts & EMO_PART_PITCH)
		emo_figure_legend(figure, pitch_legend, 2);
	figure->left = emo_axis_room(&widest);
	if (parts & (EMO_PART_MEL | EMO_PART_MFCC))
		figure->right -= EMO_HEAT_KEY_ROOM - 10;
	for (int i = 0; i < N_PARTS; i++)
	{
		if ((parts & (int) all_parts[i].part) == 0)
			continue;
		drawing.time.no_labels = parts >= 2 * (int) all_parts[i].part;
		if (all_parts[i].draw(&drawing) != EMO_OK)
			return env->status;
	}
	return emo_figure_end(figure, "Drawn over time, from left to right.", svg, length);
}
