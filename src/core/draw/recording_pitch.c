/*
 * recording_pitch.c
 *	  The panel of F0 in pictures of a recording.
 */
#include "core/draw/recording_parts.h"

#include <float.h>
#include <math.h>

#include "core/dsp/pitch.h"

/* What is voiced in a column of frames, and between which F0; false for nothing. */
static bool
voiced_range(const EmoRecordingData *data, int n_columns, int column, double *low, double *high)
{
	int64_t start = emo_column_start(data->n_pitch_frames, n_columns, column);
	int64_t end = emo_column_start(data->n_pitch_frames, n_columns, column + 1);

	*low = DBL_MAX;
	*high = -DBL_MAX;
	for (int64_t t = start; t < end; t++)
		if (emo_pitch_is_known(data->f0_hz[t], data->strength[t]))
		{
			*low = fmin(*low, (double) data->f0_hz[t]);
			*high = fmax(*high, (double) data->f0_hz[t]);
		}
	return *high >= *low;
}

/* Where a column of F0 is, in units of the time axis; the frames begin after the recording does. */
static double
pitch_x(const EmoRecordingDrawing *drawing, const EmoPanel *panel, double column, int n_columns)
{
	const EmoRecordingData *data = drawing->data;
	double end_s = (double) data->n_samples / data->sample_rate;
	double share = n_columns > 1 ? column / (n_columns - 1) : 0.5;
	double last_s = fmax(data->first_pitch_s, end_s - data->first_pitch_s);
	double at_s = data->first_pitch_s + share * (last_s - data->first_pitch_s);

	return fmin(panel->left + panel->width,
				fmax(panel->left, emo_panel_x(panel, at_s / drawing->seconds_per_unit)));
}

static void
add_voiced_runs(EmoRecordingDrawing *drawing, EmoPanel *panel, int n_columns)
{
	EmoSvg *svg = &drawing->figure.svg;
	double low, high;

	emo_svg_add(svg, "<path fill=\"" EMO_VOICED_COLOR "\" d=\"");
	for (int column = 0, start; column < n_columns; column++)
	{
		double x;

		if (!voiced_range(drawing->data, n_columns, column, &low, &high))
			continue;
		start = column;
		while (column + 1 < n_columns &&
			   voiced_range(drawing->data, n_columns, column + 1, &low, &high))
			column++;
		x = pitch_x(drawing, panel, start - 0.5, n_columns);
		emo_svg_add(svg, "M%g %gH%gv%gH%gz", x, panel->top,
					pitch_x(drawing, panel, column + 0.5, n_columns), panel->height, x);
	}
	emo_svg_add(svg, "\"/>\n");
}

static void
add_f0(EmoRecordingDrawing *drawing, EmoPanel *panel, int n_columns)
{
	EmoSvg *svg = &drawing->figure.svg;
	bool each_frame = n_columns == drawing->data->n_pitch_frames, voiced_before = false;
	double low, high;

	emo_svg_add(svg,
				"<path fill=\"none\" stroke=\"" EMO_PITCH_COLOR "\" stroke-width=\"%g\" "
				"stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"",
				each_frame ? 2.5 : 1.0);
	for (int column = 0; column < n_columns; column++)
	{
		bool voiced = voiced_range(drawing->data, n_columns, column, &low, &high);
		double x = pitch_x(drawing, panel, column, n_columns);

		if (voiced && each_frame && voiced_before)
			emo_svg_add(svg, "L%g %g", x, emo_panel_y(panel, low));
		else if (voiced)
			emo_svg_add(svg, "M%g %gL%g %g", x, emo_panel_y(panel, high), x,
						emo_panel_y(panel, low) + 0.1);
		voiced_before = voiced;
	}
	emo_svg_add(svg, "\"/>\n");
}

EmoStatus
emo_draw_pitch(EmoRecordingDrawing *drawing)
{
	const EmoRecordingData *data = drawing->data;
	int n_columns = emo_column_count(data->n_pitch_frames);
	EmoPitchParams params = emo_pitch_default_params();
	EmoAxis y = {.min = DBL_MAX, .max = 0, .title = "F0 (Hz)"};
	EmoPanel panel;
	double low, high;

	for (int column = 0; column < n_columns; column++)
	{
		if (emo_check_stop(drawing->env) != EMO_OK)
			return drawing->env->status;
		if (!voiced_range(data, n_columns, column, &low, &high))
			continue;
		y.min = fmin(y.min, low);
		y.max = fmax(y.max, high);
	}
	if (y.max < y.min)
	{
		y.min = params.min_hz;
		y.max = params.max_hz;
	}
	/* Whole fifties, and never so close that noise fills the panel. */
	y.min = fmax(0, 50 * floor((y.min - 5) / 50));
	y.max = fmax(y.min + 100, 50 * ceil((y.max + 5) / 50));
	panel = emo_recording_panel(drawing, y);
	add_voiced_runs(drawing, &panel, n_columns);
	add_f0(drawing, &panel, n_columns);
	emo_panel_end(&panel);
	return EMO_OK;
}
