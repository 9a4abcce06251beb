/*
 * bytes.c
 *	  Nets and checkpoints as bytes.
 */
#include "core/nn/bytes.h"

#include <math.h>
#include <string.h>

#include "core/model/format.h"

static void
write_number(EmoNnWriter *writer, uint64_t value, int n_bytes)
{
	if (writer->bytes != NULL)
		for (int i = 0; i < n_bytes; i++)
			writer->bytes[writer->n + i] = (uint8_t) (value >> 8 * i);
	writer->n += n_bytes;
}

static uint64_t
read_number(EmoNnReader *reader, int n_bytes)
{
	uint64_t value = 0;

	if (reader->n_left < (size_t) n_bytes)
	{
		reader->ended = true;
		return 0;
	}
	for (int i = 0; i < n_bytes; i++)
		value |= (uint64_t) reader->bytes[i] << 8 * i;
	reader->bytes += n_bytes;
	reader->n_left -= n_bytes;
	return value;
}

void
emo_nn_write_u32(EmoNnWriter *writer, uint32_t value)
{
	write_number(writer, value, 4);
}

void
emo_nn_write_u64(EmoNnWriter *writer, uint64_t value)
{
	write_number(writer, value, 8);
}

void
emo_nn_write_double(EmoNnWriter *writer, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	write_number(writer, bits, 8);
}

void
emo_nn_write_floats(EmoNnWriter *writer, const float *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		uint32_t bits;

		memcpy(&bits, &values[i], sizeof(bits));
		write_number(writer, bits, 4);
	}
}

uint32_t
emo_nn_read_u32(EmoNnReader *reader)
{
	return (uint32_t) read_number(reader, 4);
}

uint64_t
emo_nn_read_u64(EmoNnReader *reader)
{
	return read_number(reader, 8);
}

double
emo_nn_read_double(EmoNnReader *reader)
{
	uint64_t bits = read_number(reader, 8);
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

void
emo_nn_read_floats(EmoNnReader *reader, float *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		uint32_t bits = emo_nn_read_u32(reader);

		memcpy(&values[i], &bits, sizeof(bits));
	}
}

void
emo_nn_write_architecture(EmoNnWriter *writer, const EmoNnArchitecture *architecture)
{
	if (writer->bytes != NULL)
	{
		memset(writer->bytes + writer->n, 0, sizeof(architecture->name));
		memcpy(writer->bytes + writer->n, architecture->name,
			   strnlen(architecture->name, sizeof(architecture->name) - 1));
	}
	writer->n += sizeof(architecture->name);
	emo_nn_write_u32(writer, architecture->input);
	emo_nn_write_u32(writer, (uint32_t) architecture->n_coefficients);
	emo_nn_write_u32(writer, architecture->pitch);
	emo_nn_write_u32(writer, architecture->pooling);
	emo_nn_write_u32(writer, (uint32_t) architecture->n_heads);
	emo_nn_write_double(writer, architecture->head_dropout);
	emo_nn_write_u32(writer, (uint32_t) architecture->n_blocks);
	for (int i = 0; i < architecture->n_blocks; i++)
	{
		const EmoNnBlock *block = &architecture->blocks[i];

		emo_nn_write_u32(writer, block->kind);
		emo_nn_write_u32(writer, (uint32_t) block->channels);
		for (int axis = 0; axis < 2; axis++)
		{
			emo_nn_write_u32(writer, (uint32_t) block->kernel[axis]);
			emo_nn_write_u32(writer, (uint32_t) block->stride[axis]);
			emo_nn_write_u32(writer, (uint32_t) block->dilation[axis]);
			emo_nn_write_u32(writer, (uint32_t) block->padding[axis]);
			emo_nn_write_u32(writer, (uint32_t) block->max_pool[axis]);
		}
		emo_nn_write_u32(writer, block->batch_norm);
		emo_nn_write_u32(writer, block->relu);
		emo_nn_write_u32(writer, block->residual);
		emo_nn_write_double(writer, block->dropout);
	}
}

static void
read_name(EmoNnReader *reader, char name[sizeof(((EmoNnArchitecture *) NULL)->name)])
{
	size_t size = sizeof(((EmoNnArchitecture *) NULL)->name);

	for (size_t i = 0; i < size; i++)
		name[i] = (char) read_number(reader, 1);
	name[size - 1] = '\0';
	/* Names are shown to people. */
	for (size_t i = 0; name[i] != '\0'; i++)
		if (name[i] < ' ' || name[i] > '~')
			name[i] = '?';
}

static void
read_block(EmoNnReader *reader, EmoNnBlock *block)
{
	block->kind = (EmoNnConvKind) emo_nn_read_u32(reader);
	block->channels = (int) emo_nn_read_u32(reader);
	for (int axis = 0; axis < 2; axis++)
	{
		block->kernel[axis] = (int) emo_nn_read_u32(reader);
		block->stride[axis] = (int) emo_nn_read_u32(reader);
		block->dilation[axis] = (int) emo_nn_read_u32(reader);
		block->padding[axis] = (int) emo_nn_read_u32(reader);
		block->max_pool[axis] = (int) emo_nn_read_u32(reader);
	}
	block->batch_norm = emo_nn_read_u32(reader) != 0;
	block->relu = emo_nn_read_u32(reader) != 0;
	block->residual = emo_nn_read_u32(reader) != 0;
	block->dropout = emo_nn_read_double(reader);
}

void
emo_nn_read_architecture(EmoNnReader *reader, EmoNnArchitecture *architecture)
{
	uint32_t n_blocks;

	memset(architecture, 0, sizeof(*architecture));
	read_name(reader, architecture->name);
	architecture->input = (EmoNnInputKind) emo_nn_read_u32(reader);
	architecture->n_coefficients = (int) emo_nn_read_u32(reader);
	architecture->pitch = emo_nn_read_u32(reader) != 0;
	architecture->pooling = (EmoNnPooling) emo_nn_read_u32(reader);
	architecture->n_heads = (int) emo_nn_read_u32(reader);
	architecture->head_dropout = emo_nn_read_double(reader);
	n_blocks = emo_nn_read_u32(reader);
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
	EmoNnWriter writer = {bytes, EMO_NN_MAGIC_BYTES};

	memcpy(bytes, magic, EMO_NN_MAGIC_BYTES);
	emo_nn_write_u32(&writer, version);
	emo_nn_write_u32(&writer,
					 emo_crc32c(bytes + EMO_NN_HEADER_BYTES, n_bytes - EMO_NN_HEADER_BYTES));
}

EmoStatus
emo_nn_open(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, const char *magic, uint32_t version,
			const char *what, EmoNnReader *reader)
{
	EmoNnReader header = {bytes + EMO_NN_MAGIC_BYTES, 8, false};
	uint32_t found, checksum;

	if (n_bytes < EMO_NN_HEADER_BYTES || memcmp(bytes, magic, EMO_NN_MAGIC_BYTES) != 0)
		return emo_fail(env, EMO_CORRUPTED, "these bytes are not a %s", what);
	found = emo_nn_read_u32(&header);
	if (found != version)
	{
		emo_fail(env, EMO_CORRUPTED, "format version %u of the %s is not supported", found, what);
		emo_set_detail(env, "Supported is version %u.", version);
		return env->status;
	}
	checksum = emo_nn_read_u32(&header);
	reader->bytes = bytes + EMO_NN_HEADER_BYTES;
	reader->n_left = n_bytes - EMO_NN_HEADER_BYTES;
	reader->ended = false;
	if (emo_crc32c(reader->bytes, reader->n_left) != checksum)
		return emo_fail(env, EMO_CORRUPTED, "%s is damaged: its checksum does not match", what);
	return EMO_OK;
}

bool
emo_nn_all_finite(const float *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(values[i]))
			return false;
	return true;
}
