/*
 * matrix.c
 *	  Numbers over time and something else as a heat map in a panel.
 */
#include "core/draw/matrix.h"

#include <math.h>

#include "core/base/sort.h"
#include "core/draw/ticks.h"
#include "core/dsp/contours.h"
#include "core/dsp/mel.h"

/* More can't be told apart on a screen. */
#define MAX_COLUMNS 800

/* Share of the values beyond either end of the colours. */
#define BEYOND 0.005

EmoStatus
emo_matrix_fit_range(EmoEnv *env, EmoHeatMap *matrix)
{
	size_t n = (size_t) matrix->n_columns * (size_t) matrix->n_rows, i = 0;
	float *sorted = emo_alloc(env, n, sizeof(float));

	if (sorted == NULL)
		return env->status;
	for (int column = 0; column < matrix->n_columns; column++)
		for (int row = 0; row < matrix->n_rows; row++)
		{
			float value = matrix->values[(ptrdiff_t) column * matrix->stride + row];

			value = isfinite(value) ? value : 0;
			sorted[i++] = matrix->is_signed ? fabsf(value) : value;
		}
	if (emo_sort_floats(env, sorted, n) != EMO_OK)
		return env->status;
	matrix->high = emo_percentile(sorted, n, 1 - BEYOND);
	matrix->low = matrix->is_signed ? -matrix->high : emo_percentile(sorted, n, BEYOND);
	if (!(matrix->high > matrix->low))
	{
		matrix->low -= 1;
		matrix->high += 1;
	}
	emo_free(env, sorted);
	return EMO_OK;
}

EmoStatus
emo_panel_matrix(EmoEnv *env, EmoPanel *panel, const EmoHeatMap *matrix)
{
	int width = matrix->n_columns < MAX_COLUMNS ? matrix->n_columns : MAX_COLUMNS;
	uint8_t *pixels = emo_alloc(env, (size_t) width * (size_t) matrix->n_rows, 1);

	if (pixels == NULL)
		return env->status;
	for (int column = 0; column < width; column++)
	{
		int first = (int) ((int64_t) matrix->n_columns * column / width);
		int end = (int) ((int64_t) matrix->n_columns * (column + 1) / width);

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int row = 0; row < matrix->n_rows; row++)
		{
			double sum = 0, share;

			for (int i = first; i < end; i++)
				sum += matrix->values[(ptrdiff_t) i * matrix->stride + row];
			share = (sum / (end - first) - matrix->low) / ((double) matrix->high - matrix->low);
			share = isfinite(share) ? fmin(1, fmax(0, share)) : 0;
			pixels[(ptrdiff_t) (matrix->n_rows - 1 - row) * width + column] =
				(uint8_t) lround(255 * share);
		}
	}
	if (matrix->is_signed)
		emo_panel_signed_heat(panel, pixels, width, matrix->n_rows);
	else
		emo_panel_heat(panel, pixels, width, matrix->n_rows);
	emo_free(env, pixels);
	return EMO_OK;
}

void
emo_panel_matrix_key(EmoPanel *panel, const EmoHeatMap *matrix, const char *unit)
{
	double step = pow(10, floor(log10(((double) matrix->high - matrix->low) / 10)));
	char low[EMO_NUMBER_BYTES], high[EMO_NUMBER_BYTES];

	emo_format_number(matrix->low, step, low);
	emo_format_number(matrix->high, step, high);
	if (matrix->is_signed)
		emo_panel_signed_heat_key(panel, low, high, unit);
	else
		emo_panel_heat_key(panel, low, high, unit);
}

int
emo_mel_marks(EmoMark marks[EMO_MEL_MARKS])
{
	static const struct
	{
		double hz;
		const char *label;
	} lines[EMO_MEL_MARKS] = {
		{250, "250 Hz"}, {500, "500 Hz"}, {1000, "1 kHz"}, {2000, "2 kHz"}, {4000, "4 kHz"}};
	double low = emo_hz_to_mel(emo_speech_mels.scale, emo_speech_mels.fmin);
	double step = (emo_hz_to_mel(emo_speech_mels.scale, emo_speech_mels.fmax) - low) /
				  (emo_speech_mels.n_mels + 1);

	/* The middle of band m is at m + 0.5. */
	for (int i = 0; i < EMO_MEL_MARKS; i++)
		marks[i] = (EmoMark){(emo_hz_to_mel(emo_speech_mels.scale, lines[i].hz) - low) / step - 0.5,
							 lines[i].label};
	return EMO_MEL_MARKS;
}
