/*
 * product_test.c
 *	  Products with matrices of all precisions beside plain sums, of all shapes that blocks are cut into.
 */
#include "unit.h"

#include "encoder_kernels.h"

#include "core/encoder/product.h"
#include "core/encoder/tensors.h"
#include "core/pretrained/numbers.h"

typedef struct Case
{
	int rows, outputs, columns, panel;
	ptrdiff_t x_row; /* less than columns: windows overlap */
	bool add;
} Case;

static const EmoEncoderKernels *kernels;

/* Values with the few digits that all precisions have; the floats that they stand for in floats. */
static EmoMatrix
random_matrix(EmoEnv *env, EmoPrecision precision, int rows, int columns, int panel, float *floats,
			  uint64_t *seed)
{
	size_t n = (size_t) rows * columns;
	uint16_t *halves = emo_alloc(env, n, sizeof(uint16_t));
	int8_t *bytes = emo_alloc(env, n, 1);
	float *scale = emo_alloc(env, rows, sizeof(float));
	const void *values = precision == EMO_F32    ? (const void *) floats
						 : precision == EMO_INT8 ? (const void *) bytes
												 : (const void *) halves;
	EmoMatrix matrix = {.precision = precision, .rows = rows, .columns = columns, .panel = panel};
	float *laid = emo_alloc(env, n, sizeof(float));

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
	emo_lay_panels(values, rows, columns, panel, emo_precision_bytes(precision), laid);
	matrix.values = laid;
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
		random_matrix(env, precision, shape->outputs, shape->columns, shape->panel, weights, &seed);
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
		{1, 1, 1, 1, 1, false},           {1, 7, 3, 1, 3, true},
		{5, 33, 65, 11, 70, false},       {13, 96, 32, 16, 32, true},
		{23, 96, 32, 4, 32, false},       {41, 32, 60, 16, 20, false}, /* windows */
		{2, 80, 1030, 16, 1030, false},                                /* in several depths */
		{190, 160, 1030, 16, 1031, true}, /* in several blocks of rows, too */
		{337, 30, 130, 15, 130, true},
	};
	float *work = emo_alloc(env, EMO_PRODUCT_WORK, sizeof(float));

	for (int which = 0; which < N_NAMES; which++)
	{
		kernels = kernels_named(names[which]);
		for (size_t i = 0; kernels != NULL && i < sizeof(cases) / sizeof(cases[0]); i++)
			for (EmoPrecision precision = EMO_F32; precision < EMO_N_PRECISIONS; precision++)
				check_product(env, &cases[i], precision, work);
	}
	kernels = emo_encoder_kernels();
}

/* Parts of a matrix are matrices. */
static void
test_rows(EmoEnv *env)
{
	uint64_t seed = 3;
	float floats[48 * 5], part_floats[16 * 5];

	for (EmoPrecision precision = EMO_F32; precision < EMO_N_PRECISIONS; precision++)
		for (int panel = 8; panel <= 16; panel *= 2)
		{
			EmoMatrix matrix = random_matrix(env, precision, 48, 5, panel, floats, &seed);
			EmoMatrix part = emo_matrix_rows(&matrix, 16, 16);

			CHECK(part.rows == 16 && part.columns == 5 && part.panel == panel);
			emo_matrix_floats(&part, part_floats);
			CHECK(memcmp(part_floats, floats + 16 * 5, sizeof(part_floats)) == 0);
		}
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
		EmoMatrix matrix = {
			emo_alloc_zero(env, width * width, sizeof(float)), NULL, precision, width, width, 16};

		looks_left = 1000;
		CHECK(emo_product(env, kernels, work, x, width, rows, &matrix, false, y, width) == EMO_OK);
		CHECK(1000 - looks_left >= 30);
		looks_left = 2;
		CHECK(emo_product(env, kernels, work, x, width, rows, &matrix, false, y, width) ==
			  EMO_CANCELED);
	}
}

/* A large number that a long sum is added to is rounded once for each depth, not for each term. */
static void
test_large_addend(EmoEnv *env)
{
	enum
	{
		DEPTH = 500,
		N = 64
	};
	uint64_t seed = 11;
	float *x = emo_alloc(env, N * DEPTH, sizeof(float)), *y = emo_alloc(env, N * N, sizeof(float));
	float *weights = emo_alloc(env, N * DEPTH, sizeof(float));
	float *work = emo_alloc(env, EMO_PRODUCT_WORK, sizeof(float));
	EmoMatrix matrix = random_matrix(env, EMO_F32, N, DEPTH, EMO_PANEL_ROWS, weights, &seed);
	const float addend = 4096;
	double worst = 0;

	for (int i = 0; i < N * DEPTH; i++)
		x[i] = (float) uniform(&seed);
	for (int i = 0; i < N * N; i++)
		y[i] = addend;
	CHECK(emo_product(env, kernels, work, x, DEPTH, N, &matrix, true, y, N) == EMO_OK);
	for (int i = 0; i < N; i++)
		for (int o = 0; o < N; o++)
		{
			double sum = addend;

			for (int j = 0; j < DEPTH; j++)
				sum += (double) x[i * DEPTH + j] * weights[o * DEPTH + j];
			worst = fmax(worst, fabs(y[i * N + o] - sum));
		}
	/* Half of the least step of such numbers, for each depth that this may be taken in. */
	CHECK_NEAR(worst, 0, 3 * 0x1p-12);
}

int
main(void)
{
	kernels = emo_encoder_kernels();
	RUN(test_shapes);
	RUN(test_rows);
	RUN(test_cancel);
	RUN(test_large_addend);
	return unit_finish();
}
