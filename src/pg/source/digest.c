/*
 * digest.c
 *	  SHA-256 of the utterances of a training set.
 */
#include "pg/source/digest.h"

#include "utils/builtins.h"
/* Until PostgreSQL 15 part of postgres.h. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#include "core/audio/reader.h"
#include "pg/base/sha256.h"

void
emoser_digest_bytes(const void *bytes, uint64 n_bytes, const char *suffix, uint8 *digest)
{
	Sha256 *hash = emoser_sha256_begin();

	emoser_sha256_add(hash, bytes, n_bytes);
	emoser_sha256_add(hash, suffix, strlen(suffix));
	emoser_sha256_end(hash, digest);
}

void
emoser_digest_utterance(const struct varlena *content, int channel, const char *label,
						const char *speaker, uint8 *digest)
{
	Sha256 *hash = emoser_sha256_begin();
	char channel_text[MAXINT8LEN + 1] = "";
	const void *parts[] = {VARDATA_ANY(content), label, speaker, channel_text};
	uint64 lengths[] = {VARSIZE_ANY_EXHDR(content), strlen(label), strlen(speaker), 0};
	/* What is mixed has the digest that it had before channels could be chosen. */
	int n_parts = channel == EMO_MIXED ? 3 : 4;

	lengths[3] = (uint64) snprintf(channel_text, sizeof(channel_text), "%d", channel);
	for (int i = 0; i < n_parts; i++)
	{
		emoser_sha256_add(hash, &lengths[i], sizeof(lengths[i]));
		emoser_sha256_add(hash, parts[i], lengths[i]);
	}
	emoser_sha256_end(hash, digest);
}

char *
emoser_data_hash(const EmoHashSum *sum)
{
	return emoser_sha256_text(sum->bytes);
}
