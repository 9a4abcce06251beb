/*
 * sha256.c
 *	  SHA-256 of bytes that come piece by piece.
 */
#include "pg/base/sha256.h"

#include "miscadmin.h"
#include "utils/builtins.h"

/* Hashed between two looks for interrupts: 5 ms without instructions for it. */
#define PIECE_BYTES (1024 * 1024)

static void
check_hashed(bool is_good)
{
	if (!is_good)
		elog(ERROR, "could not compute a SHA-256 hash");
}

Sha256 *
emoser_sha256_begin(void)
{
	Sha256 *hash = pg_cryptohash_create(PG_SHA256);

	check_hashed(hash != NULL && pg_cryptohash_init(hash) >= 0);
	return hash;
}

void
emoser_sha256_add(Sha256 *hash, const void *bytes, uint64 n_bytes)
{
	for (uint64 done = 0; done < n_bytes; done += PIECE_BYTES)
	{
		CHECK_FOR_INTERRUPTS();
		check_hashed(pg_cryptohash_update(hash, (const uint8 *) bytes + done,
										  Min(n_bytes - done, PIECE_BYTES)) >= 0);
	}
}

void
emoser_sha256_end(Sha256 *hash, uint8 *digest)
{
	check_hashed(pg_cryptohash_final(hash, digest, PG_SHA256_DIGEST_LENGTH) >= 0);
	pg_cryptohash_free(hash);
}

char *
emoser_sha256_text(const uint8 *digest)
{
	char *text = palloc(2 * PG_SHA256_DIGEST_LENGTH + 1);

	text[hex_encode((const char *) digest, PG_SHA256_DIGEST_LENGTH, text)] = '\0';
	return text;
}
