/*
 * fuzz_encoder.h
 *	  Inputs of encoder.c, which says what they are.
 */
#ifndef EMO_FUZZ_ENCODER_H
#define EMO_FUZZ_ENCODER_H

#include "core/base/bytes.h"
#include "encoders.h"

static void
fuzz_write_u16(EmoWriter *writer, size_t value)
{
	emo_write_u8(writer, (uint8_t) value);
	emo_write_u8(writer, (uint8_t) (value >> 8));
}

static EmoWriter
fuzz_checkpoint_input(EmoEnv *env, const TestEncoder *encoder)
{
	EmoWriter writer = {emo_alloc(env, 3 * ENCODER_FILE_BYTES, 1), 0};

	emo_write_u8(&writer, 'C');
	fuzz_write_u16(&writer, encoder->config_text.n);
	fuzz_write_u16(&writer, encoder->preprocessor_text.n);
	emo_write_bytes(&writer, encoder->config_text.bytes, encoder->config_text.n);
	emo_write_bytes(&writer, encoder->preprocessor_text.bytes, encoder->preprocessor_text.n);
	emo_write_bytes(&writer, encoder->weights_file.bytes, encoder->weights_file.n);
	return writer;
}

static EmoWriter
fuzz_image_input(EmoEnv *env, const TestEncoder *encoder)
{
	EmoWriter writer = {emo_alloc(env, encoder->n_image + 1, 1), 0};

	emo_write_u8(&writer, 'I');
	emo_write_bytes(&writer, encoder->image, encoder->n_image);
	return writer;
}

#endif
