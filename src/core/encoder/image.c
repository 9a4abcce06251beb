/*
 * image.c
 *	  An encoder as bytes: header, length, and weights where they lie.
 */
#include "core/encoder/image.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/encoder/tensors.h"

#define MAGIC       "EMOENCOD"
#define MAGIC_BYTES 8
#define VERSION     1

/* A config is nothing but numbers of 32 bits. */
#define CONFIG_WORDS (sizeof(EmoEncoderConfig) / sizeof(uint32_t))
_Static_assert(sizeof(EmoEncoderConfig) % sizeof(uint32_t) == 0, "a config has odd fields");
_Static_assert(EMO_ENCODER_HEADER_BYTES == MAGIC_BYTES + 2 * 4 + 8 + sizeof(EmoEncoderConfig),
			   "the header has another length");

const char *const emo_precision_names[EMO_N_PRECISIONS] = {"f32", "f16", "bf16", "int8"};

/* The tensors are computed with as they lie. */
static EmoStatus
check_byte_order(EmoEnv *env)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	(void) env;
	return EMO_OK;
#else
	return emo_fail(env, EMO_UNSUPPORTED,
					"pre-trained encoders are not supported on big-endian processors");
#endif
}

EmoStatus
emo_encoder_image_tensors(EmoEnv *env, const EmoEncoderConfig *config, EmoPrecision precision,
						  EmoEncoderWeights *weights, EmoEncoderTensor **tensors, int *n_tensors,
						  uint64_t *length)
{
	EmoStatus status = check_byte_order(env);

	if (status == EMO_OK)
		status = emo_encoder_check_config(env, config);
	if (status == EMO_OK)
		status = emo_encoder_tensors(env, config, precision, EMO_ENCODER_HEADER_BYTES, weights,
									 tensors, n_tensors, length);
	if (status != EMO_OK || *length <= EMO_ENCODER_MAX_IMAGE_BYTES)
		return status;
	emo_fail(env, EMO_LIMIT_EXCEEDED, "encoder is too large");
	emo_set_detail(env, "It would take %llu MB, and must not take more than %llu.",
				   (unsigned long long) (*length >> 20),
				   (unsigned long long) (EMO_ENCODER_MAX_IMAGE_BYTES >> 20));
	return env->status;
}

void
emo_encoder_write_header(const EmoEncoderConfig *config, EmoPrecision precision, uint64_t length,
						 uint8_t header[EMO_ENCODER_HEADER_BYTES])
{
	EmoWriter writer = {header, 0};
	uint32_t words[CONFIG_WORDS];

	memcpy(words, config, sizeof(words));
	emo_write_bytes(&writer, MAGIC, MAGIC_BYTES);
	emo_write_u32(&writer, VERSION);
	emo_write_u32(&writer, precision);
	emo_write_u64(&writer, length);
	for (size_t i = 0; i < CONFIG_WORDS; i++)
		emo_write_u32(&writer, words[i]);
}

static EmoStatus
damaged(EmoEnv *env, const char *detail)
{
	emo_fail(env, EMO_CORRUPTED, "image of the encoder is damaged");
	emo_set_detail(env, "%s", detail);
	return EMO_CORRUPTED;
}

static EmoStatus
read_header(EmoEnv *env, const void *image, uint64_t n_bytes, EmoEncoderConfig *config,
			EmoPrecision *precision)
{
	EmoReader reader = {image, n_bytes, false};
	const uint8_t *magic = emo_read_bytes(&reader, MAGIC_BYTES);
	uint32_t version = emo_read_u32(&reader);
	uint32_t precision_number = emo_read_u32(&reader);
	uint64_t length = emo_read_u64(&reader);
	uint32_t words[CONFIG_WORDS];

	if (magic == NULL || memcmp(magic, MAGIC, MAGIC_BYTES) != 0)
		return damaged(env, "It doesn't begin like one.");
	if (version != VERSION)
		return damaged(env, "Its format version is unknown.");
	if (precision_number >= EMO_N_PRECISIONS)
		return damaged(env, "Its precision is unknown.");
	for (size_t i = 0; i < CONFIG_WORDS; i++)
		words[i] = emo_read_u32(&reader);
	if (reader.ended || length != n_bytes)
		return damaged(env, "It has another length than it says.");
	memcpy(config, words, sizeof(words));
	*precision = (EmoPrecision) precision_number;
	return EMO_OK;
}

static void
point_at(const EmoEncoderTensor *tensor, const char *image)
{
	const void *values = image + tensor->offset;

	if (tensor->matrix == NULL)
		*tensor->values = values;
	else
		*tensor->matrix = (EmoMatrix){.values = values,
									  .scale = tensor->precision == EMO_INT8
												   ? (const void *) (image + tensor->scale_offset)
												   : NULL,
									  .precision = tensor->precision,
									  .rows = tensor->rows,
									  .columns = tensor->columns,
									  .panel = tensor->panel};
}

EmoStatus
emo_encoder_open_image(EmoEnv *env, const void *image, uint64_t n_bytes, EmoEncoderConfig *config,
					   EmoEncoderWeights *weights)
{
	EmoPrecision precision;
	EmoEncoderTensor *tensors;
	int n_tensors;
	uint64_t length;
	EmoStatus status = read_header(env, image, n_bytes, config, &precision);

	if (status == EMO_OK)
		status = emo_encoder_image_tensors(env, config, precision, weights, &tensors, &n_tensors,
										   &length);
	if (status != EMO_OK)
		return status;
	if (length == n_bytes)
		for (int i = 0; i < n_tensors; i++)
			point_at(&tensors[i], image);
	else
		status = damaged(env, "It has another length than its config needs.");
	emo_free(env, tensors);
	return status;
}
