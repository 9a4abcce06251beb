/*
 * product.c
 *	  Rows of activations times a matrix of weights.
 *
 * A library's product packs the weights anew each time, which takes as long as a tenth of the product where there are
 * few rows, and knows neither weights of half precision nor windows that overlap.  Here weights lie as they are
 * needed, and are made floats a panel at a time, in the first-level cache.
 */
#include "core/encoder/product.h"

#include "core/base/half.h"
#include "core/encoder/tensors.h"

/* Multiply-adds between two looks for a cancel: 4 ms at 10 GFLOP/s, the least that a processor of today does. */
#define OPERATIONS_PER_LOOK ((int64_t) 20 * 1000 * 1000)

EmoMatrix
emo_matrix_rows(const EmoMatrix *matrix, int first, int n)
{
	EmoMatrix rows = *matrix;

	rows.values = (const char *) matrix->values +
				  (size_t) first * matrix->columns * emo_precision_bytes(matrix->precision);
	rows.scale = matrix->scale == NULL ? NULL : matrix->scale + first;
	rows.rows = n;
	return rows;
}

static float
value_at(const EmoMatrix *matrix, int row, int column)
{
	int panel = matrix->panel;
	size_t place = ((size_t) (row / panel) * matrix->columns + column) * panel + row % panel;
	union
	{
		uint32_t bits;
		float value;
	} single;

	switch (matrix->precision)
	{
		case EMO_F16:
			return emo_float_of_half(((const uint16_t *) matrix->values)[place]);
		case EMO_BF16:
			single.bits = (uint32_t) ((const uint16_t *) matrix->values)[place] << 16;
			return single.value;
		case EMO_INT8:
			return matrix->scale[row] * ((const int8_t *) matrix->values)[place];
		default:
			return ((const float *) matrix->values)[place];
	}
}

void
emo_matrix_floats(const EmoMatrix *matrix, float *floats)
{
	for (int row = 0; row < matrix->rows; row++)
		for (int column = 0; column < matrix->columns; column++)
			*floats++ = value_at(matrix, row, column);
}

static const char *
panel_place(const EmoMatrix *matrix, int row, int column)
{
	return (const char *) matrix->values +
		   ((size_t) row * matrix->columns + (size_t) column * EMO_PANEL_ROWS) *
			   emo_precision_bytes(matrix->precision);
}

/* EMO_PANEL_ROWS rows from row, depth columns from column, as floats [depth][EMO_PANEL_ROWS]: where they lie, or in work. */
static const float *
panel_floats(const EmoEncoderKernels *kernels, const EmoMatrix *matrix, int row, int column,
			 int depth, float *work)
{
	const void *place = panel_place(matrix, row, column);
	int n_rows = matrix->rows - row < EMO_PANEL_ROWS ? matrix->rows - row : EMO_PANEL_ROWS;

	if (matrix->panel != EMO_PANEL_ROWS)
	{
		for (int p = 0; p < depth; p++)
			for (int i = 0; i < EMO_PANEL_ROWS; i++)
				work[p * EMO_PANEL_ROWS + i] =
					i < n_rows ? value_at(matrix, row + i, column + p) : 0;
		return work;
	}
	switch (matrix->precision)
	{
		case EMO_F16:
			kernels->float_of_f16(place, (size_t) depth * EMO_PANEL_ROWS, work);
			return work;
		case EMO_BF16:
			kernels->float_of_bf16(place, (size_t) depth * EMO_PANEL_ROWS, work);
			return work;
		case EMO_INT8:
			kernels->float_of_int8(place, matrix->scale + row, depth, work);
			return work;
		default:
			return place;
	}
}

/* The least number of equal parts of which none is larger than most: how large they are, a multiple of step. */
static int
equal_parts(int n, int most, int step)
{
	int n_parts = (n + most - 1) / most, size = (n + n_parts - 1) / n_parts;

	return (size + step - 1) / step * step;
}

typedef struct Part
{
	int rows, column, depth;
	const float *x;
	ptrdiff_t x_row;
	bool add;
	float *y;
	ptrdiff_t y_row;
} Part;

/* Some rows, some columns of the matrix. */
static EmoStatus
multiply_part(EmoEnv *env, const EmoEncoderKernels *kernels, float *work, const EmoMatrix *matrix,
			  const Part *part)
{
	float *packed = work, *floats = work + EMO_PRODUCT_ROWS * EMO_PRODUCT_DEPTH;
	int64_t operations = (int64_t) part->rows * part->depth * EMO_PANEL_ROWS;
	int64_t n_done = OPERATIONS_PER_LOOK;
	int n_lines = (int) ((part->depth * EMO_PANEL_ROWS * emo_precision_bytes(matrix->precision) +
						  EMO_ALIGNMENT - 1) /
						 EMO_ALIGNMENT);

	kernels->pack_rows(part->x, part->x_row, part->rows, part->depth, packed);
	for (int row = 0; row < matrix->rows; row += EMO_PANEL_ROWS, n_done += operations)
	{
		int left = matrix->rows - row;
		EmoPanelProduct product = {
			.packed = packed,
			.rows = part->rows,
			.depth = part->depth,
			.outputs = left < EMO_PANEL_ROWS ? left : EMO_PANEL_ROWS,
			.add = part->add,
			.y = part->y + row,
			.y_row = part->y_row,
			.next = left <= EMO_PANEL_ROWS || matrix->panel != EMO_PANEL_ROWS
						? NULL
						: panel_place(matrix, row + EMO_PANEL_ROWS, part->column),
			.next_lines = n_lines,
		};

		if (n_done >= OPERATIONS_PER_LOOK)
		{
			if (emo_check_stop(env) != EMO_OK)
				return env->status;
			n_done = 0;
		}
		product.panel = panel_floats(kernels, matrix, row, part->column, part->depth, floats);
		kernels->multiply_panel(&product);
	}
	return EMO_OK;
}

EmoStatus
emo_product(EmoEnv *env, const EmoEncoderKernels *kernels, float *work, const float *x,
			ptrdiff_t x_row, int rows, const EmoMatrix *matrix, bool add, float *y, ptrdiff_t y_row)
{
	int most_rows = equal_parts(rows, EMO_PRODUCT_ROWS, kernels->tile_rows);
	int most_depth = equal_parts(matrix->columns, EMO_PRODUCT_DEPTH, 1);

	for (int row = 0; row < rows; row += most_rows)
		for (int column = 0; column < matrix->columns; column += most_depth)
		{
			int columns_left = matrix->columns - column;
			Part part = {
				.rows = rows - row < most_rows ? rows - row : most_rows,
				.column = column,
				.depth = columns_left < most_depth ? columns_left : most_depth,
				.x = x + row * x_row + column,
				.x_row = x_row,
				.add = add || column > 0,
				.y = y + row * y_row,
				.y_row = y_row,
			};

			if (multiply_part(env, kernels, work, matrix, &part) != EMO_OK)
				return env->status;
		}
	return EMO_OK;
}
