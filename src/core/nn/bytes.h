/*
 * bytes.h
 *	  Nets and checkpoints as bytes: little-endian, checked (for the net's own files).
 */
#ifndef EMO_NN_BYTES_H
#define EMO_NN_BYTES_H

#include "core/base/env.h"
#include "core/nn/architecture.h"

/* Magic, uint32 format version, uint32 CRC-32C of all that follows. */
#define EMO_NN_MAGIC_BYTES  8
#define EMO_NN_HEADER_BYTES (EMO_NN_MAGIC_BYTES + 4 + 4)

/* Writes to bytes, or counts only where bytes is NULL. */
typedef struct EmoNnWriter
{
	uint8_t *bytes;
	size_t n;
} EmoNnWriter;

extern void emo_nn_write_u32(EmoNnWriter *writer, uint32_t value);
extern void emo_nn_write_u64(EmoNnWriter *writer, uint64_t value);
extern void emo_nn_write_double(EmoNnWriter *writer, double value);
extern void emo_nn_write_floats(EmoNnWriter *writer, const float *values, size_t n);
extern void emo_nn_write_architecture(EmoNnWriter *writer, const EmoNnArchitecture *architecture);

/* Reads zeros once the bytes are at their end, and says so. */
typedef struct EmoNnReader
{
	const uint8_t *bytes;
	size_t n_left;
	bool ended; /* more was asked for than there was */
} EmoNnReader;

extern uint32_t emo_nn_read_u32(EmoNnReader *reader);
extern uint64_t emo_nn_read_u64(EmoNnReader *reader);
extern double emo_nn_read_double(EmoNnReader *reader);
extern void emo_nn_read_floats(EmoNnReader *reader, float *values, size_t n);

/* Not checked: see emo_nn_check_architecture(); n_blocks is within its array. */
extern void emo_nn_read_architecture(EmoNnReader *reader, EmoNnArchitecture *architecture);

/* The header, once the rest is written. */
extern void emo_nn_seal(uint8_t *bytes, size_t n_bytes, const char *magic, uint32_t version);

/* Checks the header and puts the reader behind it.  EMO_CORRUPTED. */
extern EmoStatus emo_nn_open(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, const char *magic,
							 uint32_t version, const char *what, EmoNnReader *reader);

extern bool emo_nn_all_finite(const float *values, size_t n);

#endif
