/*
 * digest.h
 *	  SHA-256 of the utterances of a training set.
 */
#ifndef EMOSER_TRAINING_DIGEST_H
#define EMOSER_TRAINING_DIGEST_H

#include "postgres.h"

#include "common/sha2.h"

#include "core/base/hash_sum.h"

#define EMOSER_DIGEST_LENGTH PG_SHA256_DIGEST_LENGTH

StaticAssertDecl(EMOSER_DIGEST_LENGTH == EMO_HASH_LENGTH, "digests can be added up");

/*
 * Of content, label and speaker, each with its length before, and of the channel unless that is EMO_MIXED:
 * digest[EMOSER_DIGEST_LENGTH].
 */
extern void emoser_digest_utterance(const struct varlena *content, int channel, const char *label,
									const char *speaker, uint8 *digest);

/* Of bytes, and then of those of a text. */
extern void emoser_digest_bytes(const void *bytes, uint64 n_bytes, const char *suffix,
								uint8 *digest);

/*
 * The data_hash of a training: the sum of the digests of its utterances in hexadecimal, palloc'd.  It is the
 * same in whatever order, by whatever worker and on whatever machine they were added.
 */
extern char *emoser_data_hash(const EmoHashSum *sum);

#endif
