/*
 * format.c
 *	  Nets and checkpoints as bytes.
 */
#include "core/nn/format.h"

#include <string.h>

void
emo_nn_write_architecture(EmoWriter *writer, const EmoNnArchitecture *architecture)
{
	emo_write_padded(writer, architecture->name, sizeof(architecture->name));
	emo_write_u32(writer, architecture->input);
	emo_write_u32(writer, (uint32_t) architecture->n_coefficients);
	emo_write_u32(writer, architecture->pitch);
	emo_write_u32(writer, architecture->pooling);
	emo_write_u32(writer, (uint32_t) architecture->n_heads);
	emo_write_double(writer, architecture->head_dropout);
	emo_write_u32(writer, (uint32_t) architecture->n_blocks);
	for (int i = 0; i < architecture->n_blocks; i++)
	{
		const EmoNnBlock *block = &architecture->blocks[i];

		emo_write_u32(writer, block->kind);
		emo_write_u32(writer, (uint32_t) block->channels);
		for (int axis = 0; axis < 2; axis++)
		{
			emo_write_u32(writer, (uint32_t) block->kernel[axis]);
			emo_write_u32(writer, (uint32_t) block->stride[axis]);
			emo_write_u32(writer, (uint32_t) block->dilation[axis]);
			emo_write_u32(writer, (uint32_t) block->padding[axis]);
			emo_write_u32(writer, (uint32_t) block->max_pool[axis]);
		}
		emo_write_u32(writer, block->batch_norm);
		emo_write_u32(writer, block->relu);
		emo_write_u32(writer, block->residual);
		emo_write_double(writer, block->dropout);
	}
}

static void
read_name(EmoReader *reader, char name[sizeof(((EmoNnArchitecture *) NULL)->name)])
{
	size_t size = sizeof(((EmoNnArchitecture *) NULL)->name);

	for (size_t i = 0; i < size; i++)
		name[i] = (char) emo_read_u8(reader);
	name[size - 1] = '\0';
	/* Names are shown to people. */
	for (size_t i = 0; name[i] != '\0'; i++)
		if (name[i] < ' ' || name[i] > '~')
			name[i] = '?';
}

static void
read_block(EmoReader *reader, EmoNnBlock *block)
{
	block->kind = (EmoNnConvKind) emo_read_u32(reader);
	block->channels = (int) emo_read_u32(reader);
	for (int axis = 0; axis < 2; axis++)
	{
		block->kernel[axis] = (int) emo_read_u32(reader);
		block->stride[axis] = (int) emo_read_u32(reader);
		block->dilation[axis] = (int) emo_read_u32(reader);
		block->padding[axis] = (int) emo_read_u32(reader);
		block->max_pool[axis] = (int) emo_read_u32(reader);
	}
	block->batch_norm = emo_read_u32(reader) != 0;
	block->relu = emo_read_u32(reader) != 0;
	block->residual = emo_read_u32(reader) != 0;
	block->dropout = emo_read_double(reader);
}

void
emo_nn_read_architecture(EmoReader *reader, EmoNnArchitecture *architecture)
{
	uint32_t n_blocks;

	memset(architecture, 0, sizeof(*architecture));
	read_name(reader, architecture->name);
	architecture->input = (EmoNnInputKind) emo_read_u32(reader);
	architecture->n_coefficients = (int) emo_read_u32(reader);
	architecture->pitch = emo_read_u32(reader) != 0;
	architecture->pooling = (EmoNnPooling) emo_read_u32(reader);
	architecture->n_heads = (int) emo_read_u32(reader);
	architecture->head_dropout = emo_read_double(reader);
	n_blocks = emo_read_u32(reader);
	if (n_blocks > EMO_NN_MAX_BLOCKS)
	{
		reader->ended = true;
		return;
	}
	architecture->n_blocks = (int) n_blocks;
	for (int i = 0; i < architecture->n_blocks; i++)
		read_block(reader, &architecture->blocks[i]);
}

void
emo_nn_seal(uint8_t *bytes, size_t n_bytes, const char *magic, uint32_t version)
{
	EmoWriter writer = {bytes, EMO_NN_MAGIC_BYTES};

	memcpy(bytes, magic, EMO_NN_MAGIC_BYTES);
	emo_write_u32(&writer, version);
	emo_write_u32(&writer, emo_crc32c(bytes + EMO_NN_HEADER_BYTES, n_bytes - EMO_NN_HEADER_BYTES));
}

EmoStatus
emo_nn_check_header(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, const char *magic,
					uint32_t newest, const char *what, EmoReader *reader, uint32_t *version)
{
	EmoReader header = {bytes + EMO_NN_MAGIC_BYTES, 8, false};
	uint32_t checksum;

	if (n_bytes < EMO_NN_HEADER_BYTES || memcmp(bytes, magic, EMO_NN_MAGIC_BYTES) != 0)
		return emo_fail(env, EMO_CORRUPTED, "these bytes are not a %s", what);
	*version = emo_read_u32(&header);
	if (*version < 1 || *version > newest)
	{
		emo_fail(env, EMO_CORRUPTED, "format version %u of the %s is not supported", *version,
				 what);
		if (newest == 1)
			emo_set_detail(env, "Supported is version 1.");
		else
			emo_set_detail(env, "Supported are versions 1 to %u.", newest);
		return env->status;
	}
	checksum = emo_read_u32(&header);
	reader->bytes = bytes + EMO_NN_HEADER_BYTES;
	reader->n_left = n_bytes - EMO_NN_HEADER_BYTES;
	reader->ended = false;
	if (emo_crc32c(reader->bytes, reader->n_left) != checksum)
		return emo_fail(env, EMO_CORRUPTED, "%s is damaged: its checksum does not match", what);
	return EMO_OK;
}
