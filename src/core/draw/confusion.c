/*
 * confusion.c
 *	  Confusion matrices: what was taken for what.
 */
#include "core/draw/confusion.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/metrics.h"
#include "core/draw/dark.h"
#include "core/draw/ticks.h"

/* Larger matrices have shades alone, for the size of the picture. */
#define MAX_NUMBERED    20

#define MIN_CELL_HEIGHT 14.0
#define MAX_CELL_HEIGHT 52.0

/* Smaller cells have no room for both numbers, or for one. */
#define TWO_LINES_HEIGHT 38.0
#define TEXT_HEIGHT      16.0

/* Degrees. */
#define SLANT 40.0

typedef struct Matrix
{
	const char *const *labels;
	int n;
	const int64_t *counts;
	double left, top, cell_width, cell_height;
	EmoFigure figure;
} Matrix;

static int64_t
row_sum(const Matrix *matrix, int row)
{
	int64_t sum = 0;

	for (int column = 0; column < matrix->n; column++)
		sum += matrix->counts[row * matrix->n + column];
	return sum;
}

static double
share_of(const Matrix *matrix, int row, int column, int64_t sum)
{
	return sum > 0 ? (double) matrix->counts[row * matrix->n + column] / (double) sum : 0;
}

static void
add_shades(Matrix *matrix, int row, int64_t sum)
{
	EmoSvg *svg = &matrix->figure.svg;

	emo_svg_add(svg, "<g fill=\"" EMO_SHADE "\">");
	for (int column = 0; column < matrix->n; column++)
		if (matrix->counts[row * matrix->n + column] > 0)
			emo_svg_add(svg, "<path opacity=\"%g\" d=\"M%g %gh%gv%gh%gz\"/>",
						share_of(matrix, row, column, sum),
						matrix->left + column * matrix->cell_width,
						matrix->top + row * matrix->cell_height, matrix->cell_width,
						matrix->cell_height, -matrix->cell_width);
	emo_svg_add(svg, "</g>");
}

/* Where there is room for them. */
static void
add_numbers(Matrix *matrix, int row, int column, int64_t sum)
{
	EmoFigure *figure = &matrix->figure;
	int64_t count = matrix->counts[row * matrix->n + column];
	double share = share_of(matrix, row, column, sum);
	double x = matrix->left + (column + 0.5) * matrix->cell_width;
	double y = matrix->top + (row + 0.5) * matrix->cell_height;
	const char *ink = emo_ink_on_share(EMO_SHADE, share);
	char number[32], percent[EMO_NUMBER_BYTES + 4];

	snprintf(number, sizeof(number), "%lld", (long long) count);
	emo_format_number(100 * share, 1, percent);
	strcat(percent, " %");
	if (count == 0 || matrix->n > MAX_NUMBERED || matrix->cell_height < TEXT_HEIGHT ||
		emo_text_width(number, EMO_PLOT_FONT_SIZE - 1) > matrix->cell_width)
		return;
	if (matrix->cell_height < TWO_LINES_HEIGHT ||
		emo_text_width(percent, EMO_PLOT_FONT_SIZE - 1) > matrix->cell_width)
	{
		emo_add_text(figure, x, y + 5, EMO_ANCHOR_MIDDLE, EMO_PLOT_FONT_SIZE - 1, ink,
					 matrix->cell_width, number);
		return;
	}
	emo_add_text(figure, x, y - 2, EMO_ANCHOR_MIDDLE, EMO_PLOT_FONT_SIZE + 1, ink,
				 matrix->cell_width, number);
	emo_add_text(figure, x, y + 14, EMO_ANCHOR_MIDDLE, EMO_PLOT_FONT_SIZE - 1, ink,
				 matrix->cell_width, percent);
}

static double
widest_label(const Matrix *matrix)
{
	double widest = 0;

	for (int i = 0; i < matrix->n; i++)
		widest = fmax(widest, emo_text_width(matrix->labels[i], EMO_PLOT_FONT_SIZE));
	return widest;
}

/* Predicted labels above their columns, slanted where they are wider. */
static double
column_labels_room(const Matrix *matrix, bool *slanted)
{
	double widest = widest_label(matrix);

	*slanted = widest > matrix->cell_width - 3;
	/* sin(40 degrees) of at most that much text */
	return *slanted ? 12 + 0.643 * fmin(widest, 150) : 20;
}

static void
add_column_label(Matrix *matrix, int column, bool slanted)
{
	EmoFigure *figure = &matrix->figure;
	double x = matrix->left + (column + 0.5) * matrix->cell_width, y = matrix->top - 7;

	if (!slanted)
	{
		emo_add_text(figure, x, y, EMO_ANCHOR_MIDDLE, EMO_PLOT_FONT_SIZE, EMO_PLOT_TEXT,
					 matrix->cell_width, matrix->labels[column]);
		return;
	}
	emo_svg_add(&figure->svg, "<g transform=\"rotate(%g %g %g)\">", -SLANT, x, y);
	emo_add_text(figure, x, y, EMO_ANCHOR_START, EMO_PLOT_FONT_SIZE, EMO_PLOT_TEXT, 150,
				 matrix->labels[column]);
	emo_svg_add(&figure->svg, "</g>");
}

static void
add_titles(Matrix *matrix, double title_y)
{
	EmoFigure *figure = &matrix->figure;
	double middle = matrix->top + matrix->n * matrix->cell_height / 2;

	emo_svg_add(&figure->svg, "<g font-weight=\"600\">");
	emo_add_text(figure, matrix->left + matrix->n * matrix->cell_width / 2, title_y,
				 EMO_ANCHOR_MIDDLE, EMO_PLOT_FONT_SIZE, EMO_PLOT_TEXT, 200, "Predicted");
	emo_svg_add(&figure->svg, "<g transform=\"rotate(-90 20 %g)\">", middle);
	emo_add_text(figure, 20, middle, EMO_ANCHOR_MIDDLE, EMO_PLOT_FONT_SIZE, EMO_PLOT_TEXT, 200,
				 "Actual");
	emo_svg_add(&figure->svg, "</g></g>\n");
}

static void
add_grid(Matrix *matrix)
{
	double width = matrix->n * matrix->cell_width, height = matrix->n * matrix->cell_height;

	emo_svg_add(&matrix->figure.svg, "<path fill=\"none\" stroke=\"" EMO_PLOT_AXIS "\" d=\"");
	for (int i = 0; i <= matrix->n; i++)
		emo_svg_add(&matrix->figure.svg, "M%g %gh%gM%g %gv%g", matrix->left,
					matrix->top + i * matrix->cell_height, width,
					matrix->left + i * matrix->cell_width, matrix->top, height);
	emo_svg_add(&matrix->figure.svg, "\"/>\n");
}

static EmoStatus
draw(EmoEnv *env, Matrix *matrix)
{
	EmoFigure *figure = &matrix->figure;
	EmoAxis rows = {.names = matrix->labels, .n_names = matrix->n, .title = "Actual"};
	double title_y = figure->y + 12;
	bool slanted;

	matrix->left = fmin(emo_axis_room(&rows), figure->width / 2);
	matrix->cell_width = (figure->width - 20 - matrix->left) / matrix->n;
	matrix->cell_height = fmax(MIN_CELL_HEIGHT, fmin(MAX_CELL_HEIGHT, 0.72 * matrix->cell_width));
	matrix->top = title_y + 6 + column_labels_room(matrix, &slanted);
	if (slanted)
	{
		/* The last label leans out to the right, by the cosine of its slant. */
		double overhang = 0.766 * fmin(150, widest_label(matrix)) + 10 - matrix->cell_width / 2;

		matrix->cell_width = (figure->width - fmax(20, overhang) - matrix->left) / matrix->n;
		matrix->cell_height =
			fmax(MIN_CELL_HEIGHT, fmin(MAX_CELL_HEIGHT, 0.72 * matrix->cell_width));
	}
	add_titles(matrix, title_y);
	for (int row = 0; row < matrix->n; row++)
	{
		int64_t sum = row_sum(matrix, row);

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		add_column_label(matrix, row, slanted);
		emo_add_text(figure, matrix->left - 7, matrix->top + (row + 0.5) * matrix->cell_height + 5,
					 EMO_ANCHOR_END, EMO_PLOT_FONT_SIZE, EMO_PLOT_TEXT, matrix->left - 36,
					 matrix->labels[row]);
		add_shades(matrix, row, sum);
		for (int column = 0; column < matrix->n; column++)
			add_numbers(matrix, row, column, sum);
		emo_svg_add(&figure->svg, "\n");
	}
	add_grid(matrix);
	figure->y = matrix->top + matrix->n * matrix->cell_height + 10;
	return EMO_OK;
}

EmoStatus
emo_plot_confusion(EmoEnv *env, const char *title, const char *warning, const char *const *labels,
				   int n, const int64_t *counts, int width, const char **svg, size_t *length)
{
	Matrix matrix = {.labels = labels, .n = n, .counts = counts};
	double uar, war, macro_f1;
	char subtitle[160], uar_text[EMO_NUMBER_BYTES], war_text[EMO_NUMBER_BYTES];
	int64_t total = 0;

	if (n > EMO_PLOT_MAX_NAMES)
	{
		emo_fail(env, EMO_LIMIT_EXCEEDED, "more than %d labels in a picture", EMO_PLOT_MAX_NAMES);
		return env->status;
	}
	if (emo_figure_begin(&matrix.figure, env, title, width) != EMO_OK)
		return env->status;
	for (int i = 0; i < n * n; i++)
		total += counts[i];
	emo_confusion_metrics(counts, n, &uar, &war, &macro_f1);
	emo_format_number(100 * uar, 0.1, uar_text);
	emo_format_number(100 * war, 0.1, war_text);
	snprintf(subtitle, sizeof(subtitle),
			 "%lld utterances, UAR %.10s %%, accuracy %.10s %%; shade: share of row",
			 (long long) total, uar_text, war_text);
	emo_figure_warning(&matrix.figure, warning);
	emo_figure_subtitle(&matrix.figure, subtitle);
	if (draw(env, &matrix) != EMO_OK)
		return env->status;
	return emo_figure_end(&matrix.figure,
						  "A row for each actual label, a column for each predicted one.", svg,
						  length);
}
