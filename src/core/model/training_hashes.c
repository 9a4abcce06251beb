/*
 * training_hashes.c
 *	  Hashes of what a model was trained on, as a section that travels with it.
 */
#include "core/model/training_hashes.h"

#include <string.h>

#include "core/base/bytes.h"

/* Looked at between two looks for a cancel. */
#define CHECKED_AT_ONCE 100000

void
emo_training_hashes_header(uint8_t *header, int kind, uint64_t n)
{
	emo_put_little_endian(header, 4, (uint64_t) kind);
	emo_put_little_endian(header + 4, 4, 0);
	emo_put_little_endian(header + 8, 8, n);
}

static EmoStatus
check_order(EmoEnv *env, const uint8_t *hashes, size_t n)
{
	for (size_t i = 1; i < n; i++)
	{
		const uint8_t *hash = hashes + i * EMO_TRAINING_HASH_BYTES;

		if (i % CHECKED_AT_ONCE == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (memcmp(hash - EMO_TRAINING_HASH_BYTES, hash, EMO_TRAINING_HASH_BYTES) >= 0)
			return emo_model_file_damaged(env, "Its hashes are not in order.");
	}
	return EMO_OK;
}

EmoStatus
emo_read_training_hashes(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
						 EmoTrainingHashes *hashes)
{
	EmoReader in = {.bytes = bytes, .n_left = n_bytes};
	uint32_t next_kind = 0;

	memset(hashes, 0, sizeof(*hashes));
	while (in.n_left > 0)
	{
		uint32_t kind = emo_read_u32(&in), reserved = emo_read_u32(&in);
		uint64_t n = emo_read_u64(&in);

		if (in.ended || kind < next_kind || kind >= EMO_TRAINING_HASH_KINDS || reserved != 0)
			return emo_model_file_damaged(env, "A kind of its hashes is out of range.");
		if (n < 1 || n > in.n_left / EMO_TRAINING_HASH_BYTES)
			return emo_model_file_damaged(env, "The number of its hashes is out of range.");
		hashes->n[kind] = (size_t) n;
		hashes->of[kind] = emo_read_bytes(&in, (size_t) n * EMO_TRAINING_HASH_BYTES);
		if (check_order(env, hashes->of[kind], hashes->n[kind]) != EMO_OK)
			return env->status;
		next_kind = kind + 1;
	}
	return EMO_OK;
}
