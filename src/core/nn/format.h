/*
 * format.h
 *	  Nets and checkpoints as bytes: little-endian, checked (for the net's own files).
 */
#ifndef EMO_NN_FORMAT_H
#define EMO_NN_FORMAT_H

#include "core/base/bytes.h"
#include "core/nn/architecture.h"

/* Magic, uint32 format version, uint32 CRC-32C of all that follows. */
#define EMO_NN_MAGIC_BYTES  8
#define EMO_NN_HEADER_BYTES (EMO_NN_MAGIC_BYTES + 4 + 4)

extern void emo_nn_write_architecture(EmoWriter *writer, const EmoNnArchitecture *architecture);

/* Not checked: see emo_nn_check_architecture(); n_blocks is within its array. */
extern void emo_nn_read_architecture(EmoReader *reader, EmoNnArchitecture *architecture);

/* The header, once the rest is written. */
extern void emo_nn_seal(uint8_t *bytes, size_t n_bytes, const char *magic, uint32_t version);

/*
 * Checks the header and puts the reader behind it; *version becomes that of the bytes, 1 .. newest.
 * EMO_CORRUPTED.
 */
extern EmoStatus emo_nn_check_header(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
									 const char *magic, uint32_t newest, const char *what,
									 EmoReader *reader, uint32_t *version);

#endif
