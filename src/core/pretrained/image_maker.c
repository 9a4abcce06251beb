/*
 * image_maker.c
 *	  From a checkpoint to an image, a block at a time.
 *
 * Work is a list of steps, each of which goes over the rows of one tensor of the checkpoint, as many at a time as make a
 * block.  Where a kernel is normed, a step reads the gains and one sums up squares before the rows are made.
 */
#include "core/pretrained/image_maker.h"

#include <math.h>
#include <string.h>

#include "core/pretrained/numbers.h"
#include "core/pretrained/recipe.h"

/* Numbers of a block, unless a single panel has more: 5 ms of work at most.  Tests have smaller ones. */
#ifndef BLOCK_NUMBERS
#define BLOCK_NUMBERS ((size_t) 256 * 1024)
#endif

typedef enum StepWay
{
	STEP_GAIN,    /* reads the gains of a normed kernel */
	STEP_SQUARES, /* adds up squares for its norms */
	STEP_ROWS,    /* makes rows of the image */
	STEP_SCALES   /* writes the scales of a tensor's rows; there is nothing to read */
} StepWay;

typedef struct Step
{
	StepWay way;
	const EmoEncoderTensor *tensor;
	EmoIngredient ingredient;
	int first_row; /* of the tensor of the image */
} Step;

typedef struct MadeBytes
{
	const uint8_t *bytes;
	size_t n;
} MadeBytes;

struct EmoImageMaker
{
	EmoEncoderConfig config;
	EmoPrecision precision;
	uint64_t length;
	uint64_t n_parameters;

	Step *steps;
	int n_steps;
	int step, row; /* the next row of the current step */

	uint64_t n_written;
	uint8_t *read;   /* a block as it was read */
	float *values;   /* as floats */
	float *turned;   /* with the kernel outside */
	uint8_t *made;   /* bytes of the image, those of a tensor from LEAD_BYTES on */
	float *scales;   /* of the rows of the current tensor */
	double *squares; /* of each place of a normed kernel */
	double *factors; /* of the same: its gain by its norm */
	float *gains;
};

/* Rows of each ingredient; gains and squares of a normed kernel, of which a tensor has one at most; scales. */
#define STEPS_PER_TENSOR (EMO_MAX_INGREDIENTS + 3)

/* Room for what stands before the bytes of a tensor, which are aligned. */
#define LEAD_BYTES (EMO_ENCODER_HEADER_BYTES / EMO_ALIGNMENT * EMO_ALIGNMENT + 2 * EMO_ALIGNMENT)

static void
add_step(EmoImageMaker *maker, StepWay way, const EmoEncoderTensor *tensor,
		 const EmoIngredient *ingredient, int first_row)
{
	maker->steps[maker->n_steps++] = (Step){way, tensor, *ingredient, first_row};
}

static EmoStatus
add_steps(EmoEnv *env, EmoImageMaker *maker, const EmoCheckpoint *checkpoint,
		  const EmoEncoderTensor *tensor)
{
	EmoIngredient ingredients[EMO_MAX_INGREDIENTS];
	int n, row = 0;
	EmoStatus status =
		emo_find_ingredients(env, &maker->config, checkpoint, tensor, ingredients, &n);

	for (int i = 0; i < n && status == EMO_OK; i++)
	{
		const EmoIngredient *ingredient = &ingredients[i];

		if (ingredient->way == EMO_NORMED_KERNEL)
		{
			add_step(maker, STEP_GAIN, tensor, ingredient, 0);
			add_step(maker, STEP_SQUARES, tensor, ingredient, 0);
		}
		add_step(maker, STEP_ROWS, tensor, ingredient, row);
		row += ingredient->rows;
		if (ingredient->tensor != NULL)
			maker->n_parameters += ingredient->tensor->n;
		if (ingredient->gain != NULL)
			maker->n_parameters += ingredient->gain->n;
	}
	if (status == EMO_OK && tensor->precision == EMO_INT8)
		add_step(maker, STEP_SCALES, tensor, &ingredients[0], 0);
	return status;
}

/* Whole panels. */
static int
rows_of_block(const Step *step)
{
	const EmoIngredient *ingredient = &step->ingredient;
	size_t panel = (size_t) step->tensor->panel;
	size_t rows = BLOCK_NUMBERS / ingredient->columns / panel * panel;

	return rows == 0                          ? (int) panel
		   : rows > (size_t) ingredient->rows ? ingredient->rows
											  : (int) rows;
}

static EmoStatus
allocate(EmoEnv *env, EmoImageMaker *maker)
{
	size_t most_numbers = 0, most_rows = 0, most_kernel = 1;

	for (int i = 0; i < maker->n_steps; i++)
	{
		const EmoIngredient *ingredient = &maker->steps[i].ingredient;
		size_t n = (size_t) rows_of_block(&maker->steps[i]) * ingredient->columns;

		if (n > most_numbers)
			most_numbers = n;
		if ((size_t) maker->steps[i].tensor->rows > most_rows)
			most_rows = (size_t) maker->steps[i].tensor->rows;
		if ((size_t) ingredient->kernel > most_kernel)
			most_kernel = (size_t) ingredient->kernel;
	}
	/* Gains are read as a block, and scales are written as one. */
	if (most_numbers < most_kernel)
		most_numbers = most_kernel;
	if (most_numbers < most_rows)
		most_numbers = most_rows;
	if ((maker->read = emo_alloc(env, most_numbers, sizeof(float))) == NULL ||
		(maker->values = emo_alloc(env, most_numbers, sizeof(float))) == NULL ||
		(maker->turned = emo_alloc(env, most_numbers, sizeof(float))) == NULL ||
		(maker->made = emo_alloc(env, most_numbers * sizeof(float) + LEAD_BYTES, 1)) == NULL ||
		(maker->scales = emo_alloc(env, most_rows, sizeof(float))) == NULL ||
		(maker->squares = emo_alloc_zero(env, most_kernel, sizeof(double))) == NULL ||
		(maker->factors = emo_alloc(env, most_kernel, sizeof(double))) == NULL ||
		(maker->gains = emo_alloc(env, most_kernel, sizeof(float))) == NULL)
		return env->status;
	return EMO_OK;
}

EmoStatus
emo_image_maker_create(EmoEnv *env, const EmoEncoderConfig *config, const EmoCheckpoint *checkpoint,
					   EmoPrecision precision, EmoImageMaker **result)
{
	EmoImageMaker *maker = emo_alloc_zero(env, 1, sizeof(EmoImageMaker));
	EmoEncoderWeights *weights = emo_alloc(env, 1, sizeof(EmoEncoderWeights));
	EmoEncoderTensor *tensors;
	int n_tensors;
	EmoStatus status;

	if (maker == NULL || weights == NULL)
		return env->status;
	maker->config = *config;
	maker->precision =
		precision == EMO_OWN_PRECISION ? emo_checkpoint_precision(checkpoint) : precision;
	status = emo_encoder_image_tensors(env, config, maker->precision, weights, &tensors, &n_tensors,
									   &maker->length);
	if (status != EMO_OK)
		return status;
	maker->steps = emo_alloc(env, (size_t) n_tensors * STEPS_PER_TENSOR, sizeof(Step));
	if (maker->steps == NULL)
		return env->status;
	for (int i = 0; i < n_tensors && status == EMO_OK; i++)
		status = add_steps(env, maker, checkpoint, &tensors[i]);
	if (status == EMO_OK)
		status = emo_checkpoint_check_rest(env, checkpoint, config->kind);
	if (status == EMO_OK)
		status = allocate(env, maker);
	*result = maker;
	return status;
}

EmoPrecision
emo_image_maker_precision(const EmoImageMaker *maker)
{
	return maker->precision;
}

uint64_t
emo_image_maker_length(const EmoImageMaker *maker)
{
	return maker->length;
}

uint64_t
emo_image_maker_n_parameters(const EmoImageMaker *maker)
{
	return maker->n_parameters;
}

/* How many rows come next. */
static int
rows_now(const EmoImageMaker *maker)
{
	const Step *step = &maker->steps[maker->step];
	int most = rows_of_block(step), left = step->ingredient.rows - maker->row;

	return left < most ? left : most;
}

bool
emo_image_maker_wants(EmoImageMaker *maker, EmoWantedBytes *wanted)
{
	const Step *step = &maker->steps[maker->step];
	const EmoFileTensor *tensor;
	size_t row_bytes;

	*wanted = (EmoWantedBytes){.into = maker->read};
	if (maker->step == maker->n_steps)
		return false;
	tensor = step->way == STEP_GAIN ? step->ingredient.gain : step->ingredient.tensor;
	if (step->way == STEP_SCALES || tensor == NULL)
		return true;
	wanted->file = tensor->file;
	if (step->way == STEP_GAIN)
	{
		wanted->offset = tensor->begin;
		wanted->n_bytes = (size_t) (tensor->end - tensor->begin);
		return true;
	}
	row_bytes = (size_t) step->ingredient.columns * emo_dtype_bytes(tensor->dtype);
	wanted->offset = tensor->begin + (uint64_t) maker->row * row_bytes;
	wanted->n_bytes = (size_t) rows_now(maker) * row_bytes;
	return true;
}

static EmoStatus
not_finite(EmoEnv *env, const EmoFileTensor *tensor)
{
	return emo_fail(env, EMO_CORRUPTED,
					"tensor \"%s\" of the checkpoint has a number that is not finite",
					tensor->name);
}

static EmoStatus
read_gains(EmoEnv *env, EmoImageMaker *maker, const EmoIngredient *ingredient)
{
	if (!emo_floats_of_numbers(ingredient->gain->dtype, maker->read, (size_t) ingredient->kernel,
							   maker->gains))
		return not_finite(env, ingredient->gain);
	memset(maker->squares, 0, (size_t) ingredient->kernel * sizeof(double));
	return EMO_OK;
}

static EmoStatus
too_large(EmoEnv *env, const EmoImageMaker *maker, const EmoIngredient *ingredient)
{
	emo_fail(env, EMO_INVALID_PARAMETER,
			 "tensor \"%s\" of the checkpoint has a number too large for dtype %s",
			 ingredient->tensor->name, emo_precision_names[maker->precision]);
	emo_set_hint(env, maker->precision == EMO_BF16 ? "Take dtype 'f32'."
												   : "Take dtype 'f32' or 'bf16'.");
	return EMO_INVALID_PARAMETER;
}

/* Floats of the block, in the image's order. */
static EmoStatus
prepare(EmoEnv *env, EmoImageMaker *maker, const EmoIngredient *ingredient, int rows,
		const float **values)
{
	size_t n = (size_t) rows * ingredient->columns;

	*values = maker->values;
	if (ingredient->way == EMO_ALL_ZERO)
	{
		memset(maker->values, 0, n * sizeof(float));
		return EMO_OK;
	}
	if (!emo_floats_of_numbers(ingredient->tensor->dtype, maker->read, n, maker->values))
		return not_finite(env, ingredient->tensor);
	if (ingredient->way != EMO_AS_IT_IS)
	{
		*values = maker->turned;
		/* A kernel of zeros has no norm. */
		return emo_turn_kernels(maker->values, rows, ingredient->columns, ingredient->kernel,
								ingredient->way == EMO_NORMED_KERNEL ? maker->factors : NULL,
								maker->turned)
				   ? EMO_OK
				   : not_finite(env, ingredient->tensor);
	}
	for (size_t i = 0; i < n && ingredient->factor != 1; i++)
		maker->values[i] *= ingredient->factor;
	return EMO_OK;
}

/* n_bytes at LEAD_BYTES, and before them the header or zeros, as they begin at a place in the image. */
static void
make_bytes(EmoImageMaker *maker, uint64_t place, size_t n_bytes, MadeBytes *made)
{
	size_t n_lead = (size_t) (place - maker->n_written);
	uint8_t *begin = maker->made + LEAD_BYTES - n_lead;

	memset(begin, 0, n_lead);
	if (maker->n_written == 0)
		emo_encoder_write_header(&maker->config, maker->precision, maker->length, begin);
	*made = (MadeBytes){begin, n_lead + n_bytes};
}

static EmoStatus
make_rows(EmoEnv *env, EmoImageMaker *maker, const Step *step, int rows, MadeBytes *made)
{
	const EmoEncoderTensor *tensor = step->tensor;
	const EmoIngredient *ingredient = &step->ingredient;
	int first_row = step->first_row + maker->row;
	size_t number_bytes = emo_precision_bytes(tensor->precision);
	const float *values;
	EmoStatus status = prepare(env, maker, ingredient, rows, &values);

	if (status != EMO_OK)
		return status;
	/* What was read isn't needed any more. */
	if (!emo_numbers_of_floats(tensor->precision, values, rows, ingredient->columns, maker->read,
							   maker->scales + first_row))
		return too_large(env, maker, ingredient);
	emo_lay_panels(maker->read, rows, ingredient->columns, tensor->panel, number_bytes,
				   maker->made + LEAD_BYTES);
	make_bytes(maker, first_row == 0 ? tensor->offset : maker->n_written,
			   (size_t) rows * ingredient->columns * number_bytes, made);
	return EMO_OK;
}

static void
make_scales(EmoImageMaker *maker, const EmoEncoderTensor *tensor, MadeBytes *made)
{
	size_t n_bytes = (size_t) tensor->rows * sizeof(float);

	memcpy(maker->made + LEAD_BYTES, maker->scales, n_bytes);
	make_bytes(maker, tensor->scale_offset, n_bytes, made);
}

/* And of the last block, what all numbers are multiplied by. */
static EmoStatus
sum_squares(EmoEnv *env, EmoImageMaker *maker, const EmoIngredient *ingredient, int rows)
{
	size_t n = (size_t) rows * ingredient->columns;
	int kernel = ingredient->kernel;

	if (!emo_floats_of_numbers(ingredient->tensor->dtype, maker->read, n, maker->values))
		return not_finite(env, ingredient->tensor);
	for (size_t i = 0; i < n; i += (size_t) kernel)
		for (int k = 0; k < kernel; k++)
			maker->squares[k] += (double) maker->values[i + k] * maker->values[i + k];
	for (int k = 0; k < kernel && maker->row + rows == ingredient->rows; k++)
		maker->factors[k] = maker->gains[k] / sqrt(maker->squares[k]);
	return EMO_OK;
}

EmoStatus
emo_image_maker_go_on(EmoEnv *env, EmoImageMaker *maker, const void **bytes, size_t *n_bytes)
{
	const Step *step = &maker->steps[maker->step];
	bool goes_over_rows = step->way == STEP_ROWS || step->way == STEP_SQUARES;
	int rows = rows_now(maker);
	MadeBytes made = {maker->made, 0};
	EmoStatus status = emo_check_stop(env);

	if (status != EMO_OK)
		return status;
	if (step->way == STEP_GAIN)
		status = read_gains(env, maker, &step->ingredient);
	else if (step->way == STEP_SQUARES)
		status = sum_squares(env, maker, &step->ingredient, rows);
	else if (step->way == STEP_ROWS)
		status = make_rows(env, maker, step, rows, &made);
	else
		make_scales(maker, step->tensor, &made);
	*bytes = made.bytes;
	*n_bytes = made.n;
	maker->n_written += made.n;
	maker->row += rows;
	if (!goes_over_rows || maker->row == step->ingredient.rows)
	{
		maker->step++;
		maker->row = 0;
	}
	return status;
}
