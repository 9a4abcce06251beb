/*
 * number_line.c
 *	  Integers as few bytes.
 */
#include "core/base/number_line.h"

/* Bytes that the number takes as two's complement. */
static int
width_of(int64_t value)
{
	uint64_t size = (uint64_t) (value < 0 ? ~value : value);

	return size == 0 ? 1 : (64 - __builtin_clzll(size)) / 8 + 1;
}

static int
width_of_line(const int64_t *values, size_t n)
{
	uint64_t sizes = 0;

	for (size_t i = 0; i < n; i++)
		sizes |= (uint64_t) (values[i] ^ values[i] >> 63);
	return width_of((int64_t) sizes);
}

static inline void
put_numbers(uint8_t *bytes, const int64_t *values, size_t n, int width)
{
	for (size_t i = 0; i < n; i++)
		for (int b = 0; b < width; b++)
			bytes[i * width + b] = (uint8_t) ((uint64_t) values[i] >> 8 * b);
}

static inline void
get_numbers(const uint8_t *bytes, int64_t *values, size_t n, int width)
{
	int unused_bits = 64 - 8 * width;

	for (size_t i = 0; i < n; i++)
	{
		uint64_t value = 0;

		for (int b = 0; b < width; b++)
			value |= (uint64_t) bytes[i * width + b] << 8 * b;
		values[i] = (int64_t) (value << unused_bits) >> unused_bits;
	}
}

/* Loops of a constant width are several times as fast. */
#define FOR_WIDTH(width, CALL)                                                                     \
	switch (width)                                                                                 \
	{                                                                                              \
		case 1:                                                                                    \
			CALL(1);                                                                               \
			break;                                                                                 \
		case 2:                                                                                    \
			CALL(2);                                                                               \
			break;                                                                                 \
		case 3:                                                                                    \
			CALL(3);                                                                               \
			break;                                                                                 \
		case 4:                                                                                    \
			CALL(4);                                                                               \
			break;                                                                                 \
		case 5:                                                                                    \
			CALL(5);                                                                               \
			break;                                                                                 \
		case 6:                                                                                    \
			CALL(6);                                                                               \
			break;                                                                                 \
		case 7:                                                                                    \
			CALL(7);                                                                               \
			break;                                                                                 \
		default:                                                                                   \
			CALL(8);                                                                               \
	}

void
emo_write_line(EmoWriter *writer, const int64_t *values, size_t n)
{
	int width = width_of_line(values, n);

	emo_write_u8(writer, (uint8_t) width);
	if (writer->bytes != NULL)
	{
		uint8_t *at = writer->bytes + writer->n;

#define PUT(w) put_numbers(at, values, n, w)
		FOR_WIDTH(width, PUT)
	}
	writer->n += n * width;
}

bool
emo_read_line(EmoReader *reader, int64_t *values, size_t n)
{
	int width = emo_read_u8(reader);
	const uint8_t *at;

	if (width < 1 || width > 8 || (at = emo_read_bytes(reader, n * width)) == NULL)
		return false;
#define GET(w) get_numbers(at, values, n, w)
	FOR_WIDTH(width, GET)
	/* Others are the same numbers in other bytes. */
	return width == width_of_line(values, n);
}
