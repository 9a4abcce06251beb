/*
 * encoders.h
 *	  The encoders of test/encoders for tests: their files, and images made of them.
 */
#ifndef EMO_TEST_ENCODERS_H
#define EMO_TEST_ENCODERS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/encoder/image.h"
#include "core/pretrained/config.h"
#include "core/pretrained/image_maker.h"

/* Of all files here; nothing is larger. */
#define ENCODER_FILE_BYTES ((size_t) 1 << 20)

typedef struct FileBytes
{
	char *bytes;
	size_t n;
} FileBytes;

/* A checkpoint as bytes, and what is made of it; all memory is env's. */
typedef struct TestEncoder
{
	FileBytes config_text, preprocessor_text, weights_file;
	EmoCheckpoint checkpoint;
	EmoPrecision precision;
	uint8_t *image;
	uint64_t n_image;
	uint64_t n_parameters;

	EmoEncoderConfig config;
	EmoEncoderWeights weights; /* in the image */
} TestEncoder;

/* A file of test/encoders/NAME. */
static inline FileBytes
encoder_file(EmoEnv *env, const char *name, const char *file_name)
{
	char path[512];
	FILE *file;
	FileBytes result = {emo_alloc(env, ENCODER_FILE_BYTES, 1), 0};

	snprintf(path, sizeof(path), ROOT_DIRECTORY "/test/encoders/%s/%s", name, file_name);
	file = fopen(path, "rb");
	if (file == NULL || result.bytes == NULL)
	{
		printf("can't read %s\n", path);
		exit(1);
	}
	result.n = fread(result.bytes, 1, ENCODER_FILE_BYTES, file);
	fclose(file);
	return result;
}

static inline EmoStatus
read_test_config(EmoEnv *env, TestEncoder *encoder)
{
	EmoJson config, preprocessor;
	bool has_preprocessor = encoder->preprocessor_text.bytes != NULL;
	EmoStatus status = emo_json_check(env, "config.json", encoder->config_text.bytes,
									  encoder->config_text.n, &config);

	if (status == EMO_OK && has_preprocessor)
		status = emo_json_check(env, "preprocessor_config.json", encoder->preprocessor_text.bytes,
								encoder->preprocessor_text.n, &preprocessor);
	if (status != EMO_OK)
		return status;
	return emo_read_encoder_config(env, config, has_preprocessor ? &preprocessor : NULL,
								   &encoder->config);
}

/* Of a file in memory, as a host does it that has it somewhere else. */
static inline EmoStatus
read_test_checkpoint(EmoEnv *env, TestEncoder *encoder)
{
	const char *bytes = encoder->weights_file.bytes;
	uint8_t first[EMO_SAFETENSORS_LENGTH_BYTES] = {0};
	EmoSafetensors file;
	uint64_t n_header;
	EmoStatus status;

	memcpy(first, bytes,
		   encoder->weights_file.n < sizeof(first) ? encoder->weights_file.n : sizeof(first));
	status = emo_safetensors_header_length(env, "model.safetensors", first, encoder->weights_file.n,
										   &n_header);
	if (status == EMO_OK)
		status = emo_safetensors_read_header(env, "model.safetensors", bytes + sizeof(first),
											 n_header, encoder->weights_file.n, &file);
	return status == EMO_OK
			   ? emo_checkpoint_create(env, &file, 1, encoder->config.kind, &encoder->checkpoint)
			   : status;
}

static inline EmoStatus
make_test_image(EmoEnv *env, EmoPrecision precision, TestEncoder *encoder)
{
	EmoImageMaker *maker;
	EmoWantedBytes wanted;
	uint64_t n = 0;
	EmoStatus status =
		emo_image_maker_create(env, &encoder->config, &encoder->checkpoint, precision, &maker);

	if (status != EMO_OK)
		return status;
	encoder->precision = emo_image_maker_precision(maker);
	encoder->n_image = emo_image_maker_length(maker);
	encoder->n_parameters = emo_image_maker_n_parameters(maker);
	encoder->image = emo_alloc(env, encoder->n_image, 1);
	if (encoder->image == NULL)
		return env->status;
	while (emo_image_maker_wants(maker, &wanted))
	{
		const void *made;
		size_t n_made;

		memcpy(wanted.into, encoder->weights_file.bytes + wanted.offset, wanted.n_bytes);
		if ((status = emo_image_maker_go_on(env, maker, &made, &n_made)) != EMO_OK)
			return status;
		if (n_made > encoder->n_image - n)
			return emo_fail(env, EMO_CORRUPTED, "image is longer than it should be");
		memcpy(encoder->image + n, made, n_made);
		n += n_made;
	}
	if (n != encoder->n_image)
		return emo_fail(env, EMO_CORRUPTED, "image is shorter than it should be");
	return EMO_OK;
}

/* From files to weights that lie in an image. */
static inline EmoStatus
open_test_encoder(EmoEnv *env, EmoPrecision precision, TestEncoder *encoder)
{
	EmoStatus status;

	if ((status = read_test_config(env, encoder)) != EMO_OK ||
		(status = read_test_checkpoint(env, encoder)) != EMO_OK ||
		(status = make_test_image(env, precision, encoder)) != EMO_OK)
		return status;
	return emo_encoder_open_image(env, encoder->image, encoder->n_image, &encoder->config,
								  &encoder->weights);
}

/* test/encoders/NAME; EMO_OWN_PRECISION is that of the checkpoint. */
static inline EmoStatus
test_encoder(EmoEnv *env, const char *name, EmoPrecision precision, TestEncoder *encoder)
{
	memset(encoder, 0, sizeof(*encoder));
	encoder->config_text = encoder_file(env, name, "config.json");
	encoder->preprocessor_text = encoder_file(env, name, "preprocessor_config.json");
	encoder->weights_file = encoder_file(env, name, "model.safetensors");
	return open_test_encoder(env, precision, encoder);
}

#endif
