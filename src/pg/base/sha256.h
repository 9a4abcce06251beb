/*
 * sha256.h
 *	  SHA-256 of bytes that come piece by piece.
 */
#ifndef EMOSER_SHA256_H
#define EMOSER_SHA256_H

#include "postgres.h"

#include "common/cryptohash.h"
#include "common/sha2.h"

/* Goes with the transaction, whatever becomes of it. */
typedef pg_cryptohash_ctx Sha256;

extern Sha256 *emoser_sha256_begin(void);

/* Looks for a cancel. */
extern void emoser_sha256_add(Sha256 *hash, const void *bytes, uint64 n_bytes);

/* digest[PG_SHA256_DIGEST_LENGTH]; the hash is gone. */
extern void emoser_sha256_end(Sha256 *hash, uint8 *digest);

/* Hexadecimal digits, palloc'd. */
extern char *emoser_sha256_text(const uint8 *digest);

#endif
