/*
 * image_test.c
 *	  Images of small checkpoints that transformers has written, beside another reader of them.
 */
#include "unit.h"

#include "core/encoder/tensors.h"
#include "encoders.h"
#include "tiny_encoders.h"

static const char *const all_names[] = {"hubert_base",         "hubert_emotion",   "hubert_large",
										"hubert_plain",        "wav2vec2_base",    "wav2vec2_large",
										"wav2vec2_dimensions", "wav2vec2_emotion", "wav2vec2_f16",
										"wav2vec2_weighted",   "wavlm_base",       "wavlm_bf16",
										"wavlm_emotion",       "wavlm_large",      "whisper",
										"whisper_f16",         "whisper_emotion"};

#define N_NAMES (sizeof(all_names) / sizeof(all_names[0]))

/* Of numbers that are folded or scaled: single precision beside double. */
#define FOLDED_ERROR 3e-7

/* By how much a number differs at most from what it was made of: half a step of its precision. */
static double
rounding(EmoPrecision precision, double value, double scale)
{
	switch (precision)
	{
		case EMO_F16:
			return fabs(value) * 0x1p-11 + 0x1p-25;
		case EMO_BF16:
			return fabs(value) * 0x1p-8;
		case EMO_INT8:
			return scale * 0.50001;
		default:
			return 0;
	}
}

static double
matrix_value(const EmoMatrix *matrix, int row, int column)
{
	int panel = matrix->panel, in_panel = row % panel;
	size_t i = (size_t) (row - in_panel) * matrix->columns + (size_t) column * panel + in_panel;
	uint32_t bits;
	float value;

	switch (matrix->precision)
	{
		case EMO_F16:
			return tiny_half(((const uint16_t *) matrix->values)[i]);
		case EMO_BF16:
			bits = (uint32_t) ((const uint16_t *) matrix->values)[i] << 16;
			memcpy(&value, &bits, sizeof(value));
			return value;
		case EMO_INT8:
			return (double) ((const int8_t *) matrix->values)[i] * matrix->scale[row];
		default:
			return ((const float *) matrix->values)[i];
	}
}

/* What a list of tensors points at, in other weights of the same kind. */
#define IN(weights, member, list_weights)                                                          \
	((const void *) ((const char *) (weights) +                                                    \
					 ((const char *) (member) - (const char *) (list_weights))))

static bool
is_matrix_right(const EmoMatrix *actual, const EmoMatrix *expected, EmoPrecision precision)
{
	if (actual->precision != precision || actual->rows != expected->rows ||
		actual->columns != expected->columns || actual->rows % actual->panel != 0 ||
		(uintptr_t) actual->values % EMO_ALIGNMENT != 0 ||
		(actual->scale != NULL) != (precision == EMO_INT8))
		return false;
	for (int row = 0; row < actual->rows; row++)
		for (int column = 0; column < actual->columns; column++)
		{
			double value = matrix_value(expected, row, column);
			double scale = actual->scale != NULL ? actual->scale[row] : 0;
			double error = fabs(matrix_value(actual, row, column) - value);

			if (!(error <= rounding(precision, value, scale) + FOLDED_ERROR * fabs(value)))
				return false;
		}
	return true;
}

static bool
are_values_right(const float *actual, const float *expected, size_t n)
{
	if ((uintptr_t) actual % EMO_ALIGNMENT != 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!(fabs((double) actual[i] - expected[i]) <= FOLDED_ERROR * fabs(expected[i])))
			return false;
	return true;
}

static void
compare(EmoEnv *env, const char *name, const TestEncoder *encoder, const TinyEncoder *tiny)
{
	EmoEncoderWeights *list_weights = emo_alloc(env, 1, sizeof(EmoEncoderWeights));
	EmoEncoderTensor *tensors;
	int n_tensors;
	uint64_t end;

	CHECK(memcmp(&encoder->config, &tiny->config, sizeof(tiny->config)) == 0);
	CHECK(emo_encoder_tensors(env, &encoder->config, encoder->precision, EMO_ENCODER_HEADER_BYTES,
							  list_weights, &tensors, &n_tensors, &end) == EMO_OK);
	CHECK(end == encoder->n_image);
	for (int i = 0; i < n_tensors; i++)
	{
		const EmoEncoderTensor *tensor = &tensors[i];
		bool is_right;

		if (tensor->matrix != NULL)
			is_right = is_matrix_right(IN(&encoder->weights, tensor->matrix, list_weights),
									   IN(&tiny->weights, tensor->matrix, list_weights),
									   tensor->precision);
		else
			is_right = are_values_right(
				*(const float *const *) IN(&encoder->weights, tensor->values, list_weights),
				*(const float *const *) IN(&tiny->weights, tensor->values, list_weights),
				(size_t) tensor->rows * tensor->columns);
		CHECK(is_right);
		if (!is_right)
			printf("%s: part %d of %d\n", name, (int) tensor->part, tensor->index);
	}
}

static EmoPrecision
stored_precision(const char *name)
{
	if (strstr(name, "f16") == NULL)
		return strcmp(name, "hubert_emotion") == 0 ? EMO_BF16 : EMO_F32;
	return strstr(name, "bf16") != NULL ? EMO_BF16 : EMO_F16;
}

/* Every checkpoint becomes an image of each precision, with the numbers that another reader finds. */
static void
test_all(EmoEnv *env)
{
	for (size_t i = 0; i < N_NAMES; i++)
	{
		const TinyEncoder *tiny = tiny_encoder(env, all_names[i]);

		for (int precision = 0; precision <= EMO_OWN_PRECISION; precision++)
		{
			TestEncoder encoder;
			EmoStatus status = test_encoder(env, all_names[i], precision, &encoder);

			CHECK(status == EMO_OK);
			if (status != EMO_OK)
			{
				printf("%s: %s: %s\n", all_names[i], env->message, env->detail);
				continue;
			}
			CHECK((int) encoder.precision == (precision == EMO_OWN_PRECISION
												  ? (int) stored_precision(all_names[i])
												  : precision));
			compare(env, all_names[i], &encoder, tiny);
		}
	}
}

/* Bytes between tensors are zero, so that equal encoders have equal images. */
static void
test_gaps(EmoEnv *env)
{
	TestEncoder encoder;
	EmoEncoderWeights weights;
	EmoEncoderTensor *tensors;
	int n_tensors, n_gaps = 0;
	uint64_t end = EMO_ENCODER_HEADER_BYTES, length;

	CHECK(test_encoder(env, "wavlm_base", EMO_INT8, &encoder) == EMO_OK);
	CHECK(emo_encoder_image_tensors(env, &encoder.config, EMO_INT8, &weights, &tensors, &n_tensors,
									&length) == EMO_OK);
	for (int i = 0; i < n_tensors; i++)
	{
		uint64_t n = (uint64_t) tensors[i].rows * tensors[i].columns;

		for (; end < tensors[i].offset; end++, n_gaps++)
			CHECK(encoder.image[end] == 0);
		end += n * emo_precision_bytes(tensors[i].precision);
		if (tensors[i].precision != EMO_INT8)
			continue;
		for (; end < tensors[i].scale_offset; end++, n_gaps++)
			CHECK(encoder.image[end] == 0);
		end += (uint64_t) tensors[i].rows * sizeof(float);
	}
	CHECK(n_gaps > 100 && end == length);
}

/* An image that is cut short, or whose header says something else, is not opened; nothing crashes. */
static void
test_damaged_image(EmoEnv *env)
{
	TestEncoder encoder;
	EmoEncoderConfig config;
	EmoEncoderWeights weights;

	CHECK(test_encoder(env, "whisper", EMO_F16, &encoder) == EMO_OK);
	for (uint64_t n = 0; n < encoder.n_image; n += n < EMO_ENCODER_HEADER_BYTES ? 1 : 977)
	{
		CHECK(emo_encoder_open_image(env, encoder.image, n, &config, &weights) == EMO_CORRUPTED);
		CHECK(env->detail[0] != '\0');
	}
	/* All fields but those of other kinds of encoders, and those that only weigh something. */
	for (size_t i = 0; i < EMO_ENCODER_HEADER_BYTES; i += 4)
	{
		uint32_t before, changed = 0x7FFFFFFF;
		EmoStatus status;

		memcpy(&before, encoder.image + i, sizeof(before));
		memcpy(encoder.image + i, &changed, sizeof(changed));
		status = emo_encoder_open_image(env, encoder.image, encoder.n_image, &config, &weights);
		CHECK(status == EMO_CORRUPTED || (status == EMO_OK && before == 0));
		memcpy(encoder.image + i, &before, sizeof(before));
	}
	CHECK(emo_encoder_open_image(env, encoder.image, encoder.n_image, &config, &weights) == EMO_OK);
}

int
main(void)
{
	RUN(test_all);
	RUN(test_gaps);
	RUN(test_damaged_image);
	return unit_finish();
}
