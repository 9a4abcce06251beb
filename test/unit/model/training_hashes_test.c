/*
 * training_hashes_test.c
 *	  Hashes of a training in the bytes of a model: there and back beside notes, any damage refused.
 */
#include "model_sample.h"

#include "core/model/format.h"
#include "core/model/notes.h"
#include "core/model/training_hashes.h"

static const char hashes_of_audio[] = "aaaaaaaabbbbbbbbbbbbbbbcccccccccc"; /* [4], and the zero */
static const char hashes_of_speakers[] = "\0\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff";

static size_t
put_kind(uint8_t *section, int kind, const char *hashes, size_t n)
{
	emo_training_hashes_header(section, kind, n);
	memcpy(section + EMO_TRAINING_HASH_HEADER_BYTES, hashes, n * EMO_TRAINING_HASH_BYTES);
	return EMO_TRAINING_HASH_HEADER_BYTES + n * EMO_TRAINING_HASH_BYTES;
}

/* section[128] of two kinds. */
static size_t
put_section(uint8_t *section)
{
	size_t n = put_kind(section, 0, hashes_of_audio, 4);

	return n + put_kind(section + n, 2, hashes_of_speakers, 2);
}

static void
test_round_trip(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	uint8_t section[128], *bytes, *hashed, *noted, *unnoted, *plain;
	size_t n_section = put_section(section), n_bytes, n_hashed, n_noted, n_unnoted, n_plain;
	const uint8_t *found;
	size_t n_found;
	EmoTrainingHashes hashes;
	EmoModel *again;
	char *notes;

	CHECK(emo_model_serialize(env, &model, &bytes, &n_bytes) == EMO_OK);
	CHECK(emo_model_attach(env, bytes, n_bytes, EMO_SECTION_TRAINING_HASHES, section, n_section,
						   &hashed, &n_hashed) == EMO_OK);
	CHECK(emo_model_add_notes(env, hashed, n_hashed, "{}", &noted, &n_noted) == EMO_OK);
	/* Readers of models skip both. */
	CHECK(emo_model_deserialize(env, noted, n_noted, &again) == EMO_OK);
	CHECK(emo_model_split_notes(env, noted, n_noted, &unnoted, &n_unnoted, &notes) == EMO_OK);
	CHECK(n_unnoted == n_hashed && memcmp(unnoted, hashed, n_hashed) == 0);
	CHECK(emo_model_detach(env, unnoted, n_unnoted, EMO_SECTION_TRAINING_HASHES, &plain, &n_plain,
						   &found, &n_found) == EMO_OK);
	CHECK(n_plain == n_bytes && memcmp(plain, bytes, n_bytes) == 0);
	CHECK(emo_read_training_hashes(env, found, n_found, &hashes) == EMO_OK);
	CHECK(hashes.n[0] == 4 && hashes.n[1] == 0 && hashes.n[2] == 2);
	CHECK(memcmp(hashes.of[0], hashes_of_audio, 32) == 0 && hashes.of[1] == NULL);
	CHECK(memcmp(hashes.of[2], hashes_of_speakers, 16) == 0);
	CHECK(emo_model_detach(env, bytes, n_bytes, EMO_SECTION_TRAINING_HASHES, &plain, &n_plain,
						   &found, &n_found) == EMO_OK);
	CHECK(found == NULL && n_found == 0);
}

/* In memory of exactly this size, so that the sanitizer sees a read past its end. */
static EmoStatus
read_copy(EmoEnv *env, const uint8_t *section, size_t n)
{
	uint8_t *copy = malloc(n > 0 ? n : 1);
	EmoTrainingHashes hashes;
	EmoStatus status;

	memcpy(copy, section, n);
	status = emo_read_training_hashes(env, copy, n, &hashes);
	free(copy);
	return status;
}

static void
test_refusals(EmoEnv *env)
{
	uint8_t section[128];
	size_t n = put_section(section);

	CHECK(read_copy(env, section, 0) == EMO_OK && read_copy(env, section, n) == EMO_OK);
	for (size_t length = 1; length < n; length++)
		if (length != EMO_TRAINING_HASH_HEADER_BYTES + 32)
			CHECK(read_copy(env, section, length) == EMO_CORRUPTED);
	(void) put_kind(section, 0, "bbbbbbbbaaaaaaaabbbbbbbccccccccc", 4);
	CHECK(read_copy(env, section, n) == EMO_CORRUPTED);
	CHECK(strcmp(env->detail, "Its hashes are not in order.") == 0);
	(void) put_kind(section, 0, "aaaaaaaaaaaaaaaabbbbbbbccccccccc", 4);
	CHECK(read_copy(env, section, n) == EMO_CORRUPTED);
	(void) put_section(section);
	emo_training_hashes_header(section, 2, 4);
	CHECK(read_copy(env, section, n) == EMO_CORRUPTED);
	emo_training_hashes_header(section, 3, 4);
	CHECK(read_copy(env, section, n) == EMO_CORRUPTED);
	emo_training_hashes_header(section, 0, UINT64_MAX / 8 + 2);
	CHECK(read_copy(env, section, n) == EMO_CORRUPTED);
	emo_training_hashes_header(section, 0, 0);
	CHECK(read_copy(env, section, n) == EMO_CORRUPTED);
}

int
main(void)
{
	RUN(test_round_trip);
	RUN(test_refusals);
	return unit_finish();
}
