/*
 * state_pack.h
 *	  Flat training states as few bytes, to be stored and sent: the same ones on every machine.
 *
 * The bytes (little-endian):
 *
 *	  header   magic "EMOSTATE", uint32 format version, uint32 CRC-32C of all that follows; uint32
 *	           features, classes, bytes of labels; uint64 scale; the data hash; for each part uint64
 *	           rows, uint8 form (EmoStateForm)
 *	  labels   each with a zero behind
 *	  parts    those with rows: uint64 class_rows[classes]; rows as int16, or sums as numbers of as many
 *	           bytes as the largest of their line has: uint8 width, then so many bytes for each.  Lines
 *	           are the sums of each class, the diagonal of the triangle, and the rest of each of its rows
 */
#ifndef EMO_LDA_STATE_PACK_H
#define EMO_LDA_STATE_PACK_H

#include "core/lda/state.h"

#define EMO_STATE_PACK_VERSION 1

/* Of a state that a host stores as one value. */
#define EMO_MAX_PACKED_STATE_BYTES ((size_t) 1024 * 1024 * 1024 - 64)

/* Write a valid flat state to bytes, or count only where bytes is NULL; *n_bytes is how many there are.  EMO_CANCELED. */
extern EmoStatus emo_state_pack(EmoEnv *env, const EmoFlatState *flat, uint8_t *bytes,
								size_t *n_bytes);

/*
 * The flat state of some bytes, allocated from env.  Any bytes are safe: EMO_CORRUPTED unless they are
 * those of a whole, undamaged state of a known format.  Bytes of which is_known says that they were
 * checked before are only held against their checksum (and get none of the flat form).
 */
extern EmoStatus emo_state_unpack(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, bool is_known,
								  EmoFlatState **flat);

#endif
