/*
 * bytes.h
 *	  Numbers as bytes: little-endian readers and writers, checksums, and what is valid UTF-8.
 *
 * Floats are IEEE 754, so that what is written is the same on every platform.
 */
#ifndef EMO_BYTES_H
#define EMO_BYTES_H

#include "core/base/env.h"

/* Writes to bytes, or counts only where bytes is NULL. */
typedef struct EmoWriter
{
	uint8_t *bytes;
	size_t n;
} EmoWriter;

extern void emo_write_bytes(EmoWriter *writer, const void *bytes, size_t n_bytes);
extern void emo_write_u8(EmoWriter *writer, uint8_t value);
extern void emo_write_u32(EmoWriter *writer, uint32_t value);
extern void emo_write_u64(EmoWriter *writer, uint64_t value);
extern void emo_write_double(EmoWriter *writer, double value);
extern void emo_write_floats(EmoWriter *writer, const float *values, size_t n);

/* size bytes with the text's at the beginning, at most size - 1, and zeros behind. */
extern void emo_write_padded(EmoWriter *writer, const char *text, size_t size);

/* Reads zeros once the bytes are at their end, and says so. */
typedef struct EmoReader
{
	const uint8_t *bytes;
	size_t n_left;
	bool ended; /* more was to be read than there was */
} EmoReader;

/* The next n_bytes, or NULL if there are fewer. */
extern const uint8_t *emo_read_bytes(EmoReader *reader, size_t n_bytes);
extern uint8_t emo_read_u8(EmoReader *reader);
extern uint32_t emo_read_u32(EmoReader *reader);
extern uint64_t emo_read_u64(EmoReader *reader);
extern float emo_read_float(EmoReader *reader);
extern double emo_read_double(EmoReader *reader);
extern void emo_read_floats(EmoReader *reader, float *values, size_t n);

/* A number of 1 to 8 bytes anywhere, for formats of others. */
extern uint64_t emo_get_little_endian(const uint8_t *bytes, int n_bytes);
extern uint64_t emo_get_big_endian(const uint8_t *bytes, int n_bytes);
extern uint64_t emo_get_number(const uint8_t *bytes, int n_bytes, bool big_endian);
extern void emo_put_little_endian(uint8_t *bytes, int n_bytes, uint64_t value);
extern void emo_put_big_endian(uint8_t *bytes, int n_bytes, uint64_t value);

/* CRC-32C (Castagnoli), as in RFC 3720, appendix B.4. */
extern uint32_t emo_crc32c(const uint8_t *bytes, size_t n_bytes);

/* The same of what crc is that of (0: of nothing) and then these bytes. */
extern uint32_t emo_crc32c_more(uint32_t crc, const uint8_t *bytes, size_t n_bytes);

/* RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF; and no zero byte. */
extern bool emo_is_utf8(const char *text, size_t n_bytes);

#endif
