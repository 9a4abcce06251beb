/*
 * product.c
 *	  Rows of activations times a matrix of weights, block by block, so that none takes long.
 */
#include "core/encoder/product.h"

#include <cblas.h>

/* Multiply-adds between two looks for a cancel: 10 ms at 40 GFLOP/s, which takes AVX2; 3 ms on the processors of today. */
#define BLOCK_OPERATIONS ((int64_t) 160 * 1000 * 1000)

/* Fewer rows of either factor than this are slower than the sum of their parts. */
#define LEAST_ROWS 64

static size_t
value_bytes(EmoPrecision precision)
{
	return precision == EMO_F32 ? sizeof(float) : precision == EMO_INT8 ? 1 : sizeof(uint16_t);
}

EmoMatrix
emo_matrix_rows(const EmoMatrix *matrix, int first, int n)
{
	EmoMatrix rows = *matrix;

	rows.values = (const char *) matrix->values +
				  (size_t) first * matrix->columns * value_bytes(matrix->precision);
	rows.scale = matrix->scale == NULL ? NULL : matrix->scale + first;
	rows.rows = n;
	return rows;
}

const float *
emo_matrix_floats(const EmoEncoderKernels *kernels, const EmoMatrix *matrix, float *work)
{
	size_t n = (size_t) matrix->rows * matrix->columns;

	switch (matrix->precision)
	{
		case EMO_F16:
			kernels->float_of_f16(matrix->values, n, work);
			return work;
		case EMO_BF16:
			kernels->float_of_bf16(matrix->values, n, work);
			return work;
		case EMO_INT8:
			kernels->float_of_int8(matrix->values, matrix->scale, matrix->rows, matrix->columns,
								   work);
			return work;
		default:
			return matrix->values;
	}
}

/*
 * cblas_sgemm() knows no rows that overlap, so that such a row is taken in parts that don't: y of a stride's worth of
 * inputs, and what the next adds to it.
 */
static void
multiply(const float *x, ptrdiff_t x_row, int rows, const float *weights, int n_outputs,
		 int columns, bool add, float *y, ptrdiff_t y_row)
{
	int part;

	for (int done = 0; done < columns; done += part)
	{
		part = columns - done < x_row ? columns - done : (int) x_row;
		cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, rows, n_outputs, part, 1, x + done,
					(int) x_row, weights + done, columns, add || done > 0 ? 1 : 0, y, (int) y_row);
	}
}

/* Between 1 and n, and a multiple of LEAST_ROWS where it is more than that. */
static int
bounded(int64_t wanted, int n)
{
	if (wanted > LEAST_ROWS)
		wanted -= wanted % LEAST_ROWS;
	return wanted > n ? n : wanted < 1 ? 1 : (int) wanted;
}

EmoStatus
emo_product(EmoEnv *env, const EmoEncoderKernels *kernels, float *work, const float *x,
			ptrdiff_t x_row, int rows, const EmoMatrix *matrix, bool add, float *y, ptrdiff_t y_row)
{
	int columns = matrix->columns;
	int64_t wide = matrix->precision == EMO_F32 ? matrix->rows : EMO_PRODUCT_WORK / columns;
	int n_outputs, n_inputs;

	for (int output = 0; output < matrix->rows; output += n_outputs)
	{
		EmoMatrix part;
		const float *weights;

		n_outputs = bounded(wide, matrix->rows - output);
		part = emo_matrix_rows(matrix, output, n_outputs);
		weights = emo_matrix_floats(kernels, &part, work);
		for (int input = 0; input < rows; input += n_inputs)
		{
			n_inputs = bounded(BLOCK_OPERATIONS / ((int64_t) n_outputs * columns), rows - input);
			if (emo_check_stop(env) != EMO_OK)
				return env->status;
			multiply(x + input * x_row, x_row, n_inputs, weights, n_outputs, columns, add,
					 y + input * y_row + output, y_row);
		}
	}
	return EMO_OK;
}
