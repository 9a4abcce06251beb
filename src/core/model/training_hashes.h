/*
 * training_hashes.h
 *	  Hashes of what a model was trained on, as a section that travels with it: of each kind that there
 *	  is, by its number in ascending order, uint32 kind, uint32 0, uint64 n, then n hashes of 8 bytes, in ascending
 *	  order of their bytes and without repetitions.
 */
#ifndef EMO_MODEL_TRAINING_HASHES_H
#define EMO_MODEL_TRAINING_HASHES_H

#include "core/model/sections.h"

#define EMO_TRAINING_HASH_BYTES        8
#define EMO_TRAINING_HASH_KINDS        3
#define EMO_TRAINING_HASH_HEADER_BYTES 16

/* Hashes of each kind, [n] of EMO_TRAINING_HASH_BYTES each, in the bytes of the section. */
typedef struct EmoTrainingHashes
{
	const uint8_t *of[EMO_TRAINING_HASH_KINDS];
	size_t n[EMO_TRAINING_HASH_KINDS];
} EmoTrainingHashes;

/* What stands before the hashes of a kind: header[EMO_TRAINING_HASH_HEADER_BYTES]. */
extern void emo_training_hashes_header(uint8_t *header, int kind, uint64_t n);

/* Any bytes are safe; EMO_CORRUPTED unless they are such a section. */
extern EmoStatus emo_read_training_hashes(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
										  EmoTrainingHashes *hashes);

#endif
