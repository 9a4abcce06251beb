/*
 * content_hashes.c
 *	  What a model remembers of the recordings that it was trained on.
 */
#include "pg/source/content_hashes.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#include "core/audio/reader.h"
#include "core/base/bytes.h"
#include "pg/source/digest.h"

const char *const emoser_hash_kind_names[EMOSER_N_HASH_KINDS] = {"audio", "features", "speaker"};

static uint64
hash_of(const void *bytes, uint64 n_bytes, const char *suffix)
{
	uint8 digest[EMOSER_DIGEST_LENGTH];

	emoser_digest_bytes(bytes, n_bytes, suffix, digest);
	return emo_get_big_endian(digest, EMOSER_HASH_BYTES);
}

uint64
emoser_hash_recording(const struct varlena *audio, int channel)
{
	char suffix[MAXINT8LEN + 1] = "";

	if (channel != EMO_MIXED)
		snprintf(suffix, sizeof(suffix), "%d", channel);
	return hash_of(VARDATA_ANY(audio), VARSIZE_ANY_EXHDR(audio), suffix);
}

uint64
emoser_hash_features(const float *features, int n)
{
	EmoWriter writer = {palloc(Max(n, 1) * sizeof(float)), 0};
	uint64 hash;

	emo_write_floats(&writer, features, n);
	hash = hash_of(writer.bytes, writer.n, "");
	pfree(writer.bytes);
	return hash;
}

uint64
emoser_hash_name(const char *name)
{
	const char *utf8 = pg_server_to_any(name, (int) strlen(name), PG_UTF8);

	return hash_of(utf8, strlen(utf8), "");
}

TrainingHashes *
emoser_new_training_hashes(void)
{
	TrainingHashes *hashes = palloc(sizeof(TrainingHashes));

	for (int kind = 0; kind < EMOSER_N_HASH_KINDS; kind++)
		hashes->of[kind] = emoser_hash_sort_new();
	return hashes;
}

void
emoser_remember(TrainingHashes *hashes, HashKind kind, uint64 hash)
{
	emoser_hash_sort_add(hashes->of[kind], hash);
}

void
emoser_remember_content(TrainingHashes *hashes, const ContentHashes *content)
{
	for (int kind = 0; kind < EMOSER_N_CONTENT_KINDS; kind++)
		if (content->is_known[kind])
			emoser_remember(hashes, kind, content->of[kind]);
}
