/*
 * digest.c
 *	  SHA-256 of the utterances of a training set.
 */
#include "pg/source/digest.h"

#include "common/cryptohash.h"
#include "miscadmin.h"
#include "utils/builtins.h"
/* Until PostgreSQL 15 part of postgres.h. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#include "core/audio/reader.h"

/* Hashed between two looks for interrupts. */
#define DIGEST_PIECE_BYTES (1024 * 1024)

#define HASH_HEX_SIZE      (2 * EMO_HASH_LENGTH + 1)

/* In pieces: an hour of recording takes a third of a second. */
static bool
digest_part(pg_cryptohash_ctx *hash, const void *bytes, uint64 length)
{
	for (uint64 done = 0; done < length; done += DIGEST_PIECE_BYTES)
	{
		CHECK_FOR_INTERRUPTS();
		if (pg_cryptohash_update(hash, (const uint8 *) bytes + done,
								 Min(length - done, DIGEST_PIECE_BYTES)) < 0)
			return false;
	}
	return true;
}

static void
check_digested(bool is_good)
{
	if (!is_good)
		elog(ERROR, "could not compute a SHA-256 hash");
}

void
emoser_digest_bytes(const void *bytes, uint64 n_bytes, const char *suffix, uint8 *digest)
{
	pg_cryptohash_ctx *hash = pg_cryptohash_create(PG_SHA256);
	bool is_good = hash != NULL && pg_cryptohash_init(hash) >= 0 &&
				   digest_part(hash, bytes, n_bytes) && digest_part(hash, suffix, strlen(suffix)) &&
				   pg_cryptohash_final(hash, digest, PG_SHA256_DIGEST_LENGTH) >= 0;

	pg_cryptohash_free(hash);
	check_digested(is_good);
}

void
emoser_digest_utterance(const struct varlena *content, int channel, const char *label,
						const char *speaker, uint8 *digest)
{
	pg_cryptohash_ctx *hash = pg_cryptohash_create(PG_SHA256);
	char channel_text[MAXINT8LEN + 1] = "";
	const void *parts[] = {VARDATA_ANY(content), label, speaker, channel_text};
	uint64 lengths[] = {VARSIZE_ANY_EXHDR(content), strlen(label), strlen(speaker), 0};
	/* What is mixed has the digest that it had before channels could be chosen. */
	int n_parts = channel == EMO_MIXED ? 3 : 4;
	bool is_good = hash != NULL && pg_cryptohash_init(hash) >= 0;

	lengths[3] = (uint64) snprintf(channel_text, sizeof(channel_text), "%d", channel);
	for (int i = 0; i < n_parts; i++)
		is_good =
			is_good &&
			pg_cryptohash_update(hash, (const uint8 *) &lengths[i], sizeof(lengths[i])) >= 0 &&
			digest_part(hash, parts[i], lengths[i]);
	is_good = is_good && pg_cryptohash_final(hash, digest, PG_SHA256_DIGEST_LENGTH) >= 0;
	pg_cryptohash_free(hash);
	check_digested(is_good);
}

char *
emoser_data_hash(const EmoHashSum *sum)
{
	char *hexadecimal = palloc(HASH_HEX_SIZE);

	hex_encode((const char *) sum->bytes, EMO_HASH_LENGTH, hexadecimal);
	hexadecimal[HASH_HEX_SIZE - 1] = '\0';
	return hexadecimal;
}
