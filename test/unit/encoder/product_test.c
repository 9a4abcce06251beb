/*
 * product_test.c
 *	  Products with matrices of all precisions beside plain sums, of all shapes that blocks are cut into.
 */
#include "unit.h"

#include "core/encoder/product.h"

/* -1 .. 1 */
static double
uniform(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (double) (int64_t) *seed / 0x1p63;
}

typedef struct Case
{
	int rows, outputs, columns;
	ptrdiff_t x_row; /* less than columns: windows overlap */
	bool add;
} Case;

static const EmoEncoderKernels *kernels;

/* Values with the few digits that all precisions have; the floats that they stand for in floats. */
static EmoMatrix
random_matrix(EmoEnv *env, EmoPrecision precision, int rows, int columns, float *floats,
			  uint64_t *seed)
{
	size_t n = (size_t) rows * columns;
	uint16_t *halves = emo_alloc(env, n, sizeof(uint16_t));
	int8_t *bytes = emo_alloc(env, n, 1);
	float *scale = emo_alloc(env, rows, sizeof(float));
	EmoMatrix matrix = {.precision = precision, .rows = rows, .columns = columns};

	for (int i = 0; i < rows; i++)
		scale[i] = (float) (1.5 + uniform(seed)) / 127;
	for (size_t i = 0; i < n; i++)
	{
		bytes[i] = (int8_t) lrint(127 * uniform(seed));
		halves[i] = (uint16_t) ((precision == EMO_F16 ? 0x3800 : 0x3f00) +
								(uniform(seed) < 0 ? 0x8000 : 0) + 100 * fabs(uniform(seed)));
		floats[i] = precision == EMO_INT8 ? scale[i / columns] * bytes[i] : (float) uniform(seed);
	}
	if (precision == EMO_F16)
		kernels->float_of_f16(halves, n, floats);
	if (precision == EMO_BF16)
		kernels->float_of_bf16(halves, n, floats);
	matrix.scale = precision == EMO_INT8 ? scale : NULL;
	matrix.values = precision == EMO_F32    ? (const void *) floats
					: precision == EMO_INT8 ? (const void *) bytes
											: (const void *) halves;
	return matrix;
}

static void
check_product(EmoEnv *env, const Case *shape, EmoPrecision precision, float *work)
{
	uint64_t seed = 7;
	ptrdiff_t y_row = shape->outputs + 3;
	size_t n_x = (size_t) (shape->rows - 1) * shape->x_row + shape->columns;
	float *x = emo_alloc(env, n_x, sizeof(float));
	float *y = emo_alloc(env, (size_t) shape->rows * y_row, sizeof(float));
	float *before = emo_alloc(env, (size_t) shape->rows * y_row, sizeof(float));
	float *weights = emo_alloc(env, (size_t) shape->outputs * shape->columns, sizeof(float));
	EmoMatrix matrix =
		random_matrix(env, precision, shape->outputs, shape->columns, weights, &seed);
	int wrong = 0;

	for (size_t i = 0; i < n_x; i++)
		x[i] = (float) uniform(&seed);
	for (size_t i = 0; i < (size_t) shape->rows * y_row; i++)
		before[i] = y[i] = (float) uniform(&seed);
	CHECK(emo_product(env, kernels, work, x, shape->x_row, shape->rows, &matrix, shape->add, y,
					  y_row) == EMO_OK);
	for (int i = 0; i < shape->rows; i++)
	{
		const float *row = x + i * shape->x_row;

		for (int o = 0; o < shape->outputs; o++)
		{
			const float *weight = weights + (size_t) o * shape->columns;
			double sum = shape->add ? before[i * y_row + o] : 0, size = 1;

			for (int j = 0; j < shape->columns; j++)
			{
				sum += (double) row[j] * weight[j];
				size += fabs((double) row[j] * weight[j]);
			}
			wrong += !(fabs(y[i * y_row + o] - sum) <= 1e-6 * size);
		}
		for (int o = shape->outputs; o < y_row; o++)
			wrong += y[i * y_row + o] != before[i * y_row + o];
	}
	CHECK(wrong == 0);
	emo_free(env, weights);
	emo_free(env, before);
	emo_free(env, y);
	emo_free(env, x);
}

static void
test_shapes(EmoEnv *env)
{
	static const Case cases[] = {
		{1, 1, 1, 1, false},          {1, 7, 3, 3, true},          {5, 33, 65, 70, false},
		{13, 96, 32, 32, true},       {40, 20, 30, 20, false}, /* windows */
		{2, 513, 1030, 1030, false},                           /* converted in several blocks */
		{190, 1100, 800, 800, false}, {190, 1100, 800, 800, true},
	};
	float *work = emo_alloc(env, EMO_PRODUCT_WORK, sizeof(float));

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (EmoPrecision precision = EMO_F32; precision < EMO_N_PRECISIONS; precision++)
			check_product(env, &cases[i], precision, work);
}

static void
test_rows(EmoEnv *env)
{
	static const float values[] = {1, 2, 3, 4, 5, 6}, scale[] = {1, 2, 3};
	static const int8_t bytes[] = {1, 2, 3, 4, 5, 6};
	EmoMatrix floats = {values, NULL, EMO_F32, 3, 2}, scaled = {bytes, scale, EMO_INT8, 3, 2};
	EmoMatrix part = emo_matrix_rows(&floats, 1, 2);

	(void) env;
	CHECK(part.values == values + 2 && part.rows == 2 && part.columns == 2 && part.scale == NULL);
	part = emo_matrix_rows(&scaled, 2, 1);
	CHECK(part.values == bytes + 4 && part.scale == scale + 2 && part.rows == 1);
}

static int looks_left;

static bool
stops_after_some_looks(void *host)
{
	(void) host;
	return looks_left-- == 0;
}

/* Between two looks lies no more than what takes a slow processor some ten milliseconds. */
static void
test_cancel(EmoEnv *env)
{
	enum
	{
		rows = 600,
		width = 1024
	};
	float *work = emo_alloc(env, EMO_PRODUCT_WORK, sizeof(float));
	float *x = emo_alloc_zero(env, rows * width, sizeof(float));
	float *y = emo_alloc(env, rows * width, sizeof(float));

	env->should_stop = stops_after_some_looks;
	for (EmoPrecision precision = EMO_F32; precision <= EMO_F16; precision++)
	{
		EmoMatrix matrix = {emo_alloc_zero(env, width * width, sizeof(float)), NULL, precision,
							width, width};

		looks_left = 1000;
		CHECK(emo_product(env, kernels, work, x, width, rows, &matrix, false, y, width) == EMO_OK);
		CHECK(1000 - looks_left >= 3);
		looks_left = 2;
		CHECK(emo_product(env, kernels, work, x, width, rows, &matrix, false, y, width) ==
			  EMO_CANCELED);
	}
}

int
main(void)
{
	kernels = emo_encoder_kernels();
	RUN(test_shapes);
	RUN(test_rows);
	RUN(test_cancel);
	return unit_finish();
}
