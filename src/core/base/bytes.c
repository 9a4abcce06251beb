/*
 * bytes.c
 *	  Numbers as bytes.
 */
#include "core/base/bytes.h"

#include <string.h>

/* What compilers turn into a load. */
static uint32_t
get_u32(const uint8_t *b)
{
	return b[0] | (uint32_t) b[1] << 8 | (uint32_t) b[2] << 16 | (uint32_t) b[3] << 24;
}

uint64_t
emo_get_little_endian(const uint8_t *bytes, int n_bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < n_bytes; i++)
		value |= (uint64_t) bytes[i] << 8 * i;
	return value;
}

uint64_t
emo_get_big_endian(const uint8_t *bytes, int n_bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < n_bytes; i++)
		value = value << 8 | bytes[i];
	return value;
}

uint64_t
emo_get_number(const uint8_t *bytes, int n_bytes, bool big_endian)
{
	return big_endian ? emo_get_big_endian(bytes, n_bytes) : emo_get_little_endian(bytes, n_bytes);
}

void
emo_put_little_endian(uint8_t *bytes, int n_bytes, uint64_t value)
{
	for (int i = 0; i < n_bytes; i++)
		bytes[i] = (uint8_t) (value >> 8 * i);
}

void
emo_put_big_endian(uint8_t *bytes, int n_bytes, uint64_t value)
{
	for (int i = 0; i < n_bytes; i++)
		bytes[i] = (uint8_t) (value >> 8 * (n_bytes - 1 - i));
}

static void
write_number(EmoWriter *writer, uint64_t value, int n_bytes)
{
	if (writer->bytes != NULL)
		emo_put_little_endian(writer->bytes + writer->n, n_bytes, value);
	writer->n += n_bytes;
}

void
emo_write_bytes(EmoWriter *writer, const void *bytes, size_t n_bytes)
{
	if (writer->bytes != NULL && n_bytes > 0)
		memcpy(writer->bytes + writer->n, bytes, n_bytes);
	writer->n += n_bytes;
}

void
emo_write_u8(EmoWriter *writer, uint8_t value)
{
	write_number(writer, value, 1);
}

void
emo_write_u32(EmoWriter *writer, uint32_t value)
{
	write_number(writer, value, 4);
}

void
emo_write_u64(EmoWriter *writer, uint64_t value)
{
	write_number(writer, value, 8);
}

void
emo_write_double(EmoWriter *writer, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	write_number(writer, bits, 8);
}

void
emo_write_floats(EmoWriter *writer, const float *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		uint32_t bits;

		memcpy(&bits, &values[i], sizeof(bits));
		write_number(writer, bits, 4);
	}
}

void
emo_write_padded(EmoWriter *writer, const char *text, size_t size)
{
	size_t length = strnlen(text, size - 1);

	if (writer->bytes != NULL)
		memset(writer->bytes + writer->n + length, 0, size - length);
	emo_write_bytes(writer, text, length);
	writer->n += size - length;
}

const uint8_t *
emo_read_bytes(EmoReader *reader, size_t n_bytes)
{
	const uint8_t *bytes = reader->bytes;

	if (reader->n_left < n_bytes)
	{
		reader->ended = true;
		return NULL;
	}
	reader->bytes += n_bytes;
	reader->n_left -= n_bytes;
	return bytes;
}

static uint64_t
read_number(EmoReader *reader, int n_bytes)
{
	const uint8_t *bytes = emo_read_bytes(reader, n_bytes);

	return bytes == NULL ? 0 : emo_get_little_endian(bytes, n_bytes);
}

uint8_t
emo_read_u8(EmoReader *reader)
{
	return (uint8_t) read_number(reader, 1);
}

uint32_t
emo_read_u32(EmoReader *reader)
{
	return (uint32_t) read_number(reader, 4);
}

uint64_t
emo_read_u64(EmoReader *reader)
{
	return read_number(reader, 8);
}

float
emo_read_float(EmoReader *reader)
{
	uint32_t bits = emo_read_u32(reader);
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

double
emo_read_double(EmoReader *reader)
{
	uint64_t bits = emo_read_u64(reader);
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

void
emo_read_floats(EmoReader *reader, float *values, size_t n)
{
	const uint8_t *bytes = emo_read_bytes(reader, 4 * n);

	for (size_t i = 0; i < n; i++)
	{
		uint32_t bits = bytes == NULL ? 0 : get_u32(bytes + 4 * i);

		memcpy(&values[i], &bits, sizeof(bits));
	}
}

/* The reflected polynomial of CRC-32C. */
#define CRC_POLYNOMIAL 0x82F63B78u

/*
 * table[0] has the remainders of a byte, table[k] those of a byte that is k bytes earlier, so that eight bytes
 * are eight independent looks (Kounavis & Berry 2005, "A systematic approach to building high performance
 * software-based CRC generators").
 */
static void
make_crc_tables(uint32_t table[8][256])
{
	for (uint32_t i = 0; i < 256; i++)
	{
		table[0][i] = i;
		for (int bit = 0; bit < 8; bit++)
			table[0][i] = (table[0][i] >> 1) ^ (table[0][i] & 1 ? CRC_POLYNOMIAL : 0);
	}
	for (int k = 1; k < 8; k++)
		for (int i = 0; i < 256; i++)
			table[k][i] = table[0][table[k - 1][i] & 0xFF] ^ (table[k - 1][i] >> 8);
}

uint32_t
emo_crc32c_more(uint32_t crc, const uint8_t *bytes, size_t n_bytes)
{
	uint32_t table[8][256];
	size_t i = 0;

	make_crc_tables(table);
	crc = ~crc;
	for (; i + 8 <= n_bytes; i += 8)
	{
		uint32_t first = crc ^ get_u32(bytes + i);
		uint32_t second = get_u32(bytes + i + 4);

		crc = table[7][first & 0xFF] ^ table[6][first >> 8 & 0xFF] ^ table[5][first >> 16 & 0xFF] ^
			  table[4][first >> 24] ^ table[3][second & 0xFF] ^ table[2][second >> 8 & 0xFF] ^
			  table[1][second >> 16 & 0xFF] ^ table[0][second >> 24];
	}
	for (; i < n_bytes; i++)
		crc = table[0][(crc ^ bytes[i]) & 0xFF] ^ (crc >> 8);
	return ~crc;
}

uint32_t
emo_crc32c(const uint8_t *bytes, size_t n_bytes)
{
	return emo_crc32c_more(0, bytes, n_bytes);
}

bool
emo_is_utf8(const char *text, size_t n_bytes)
{
	const uint8_t *bytes = (const uint8_t *) text;

	for (size_t i = 0; i < n_bytes;)
	{
		int n_more = bytes[i] < 0x80 ? 0 : bytes[i] < 0xE0 ? 1 : bytes[i] < 0xF0 ? 2 : 3;
		uint32_t code = bytes[i] & (n_more == 0 ? 0x7F : 0x3F >> n_more);
		static const uint32_t smallest[] = {1, 0x80, 0x800, 0x10000};

		if ((bytes[i] >= 0x80 && bytes[i] < 0xC2) || bytes[i] > 0xF4 ||
			n_bytes - i <= (size_t) n_more)
			return false;
		for (int k = 1; k <= n_more; k++)
		{
			if ((bytes[i + k] & 0xC0) != 0x80)
				return false;
			code = code << 6 | (bytes[i + k] & 0x3F);
		}
		if (code < smallest[n_more] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
			return false;
		i += n_more + 1;
	}
	return true;
}
