/*
 * digest.h
 *	  SHA-256 of the utterances of a training set.
 */
#ifndef EMOSER_TRAINING_DIGEST_H
#define EMOSER_TRAINING_DIGEST_H

#include "postgres.h"

#include "common/sha2.h"

#define EMOSER_DIGEST_LENGTH PG_SHA256_DIGEST_LENGTH

/*
 * Of content, label and speaker, each with its length before, and of the channel unless that is EMO_MIXED:
 * digest[EMOSER_DIGEST_LENGTH].
 */
extern void emoser_digest_utterance(const struct varlena *content, int channel, const char *label,
									const char *speaker, uint8 *digest);

/*
 * Hexadecimal digest of n digests, each of which is the first thing in an item of item_size bytes;
 * palloc'd.
 */
extern char *emoser_hash_digests(const void *items, Size item_size, int64 n);

#endif
