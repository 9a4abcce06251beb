/*
 * notes_test.c
 *	  Notes in the bytes of a model: there and back, skipped by readers, any damage refused.
 */
#include "model_sample.h"

#include "core/model/format.h"
#include "core/model/notes.h"

static const char notes[] = "{\"name\": \"Ärger\", \"source\": \"SELECT 1\"}";

static uint8_t *
model_bytes(EmoEnv *env, size_t *n_bytes)
{
	EmoModel model = trained_model(env);
	uint8_t *bytes;

	CHECK(emo_model_serialize(env, &model, &bytes, n_bytes) == EMO_OK);
	return bytes;
}

static void
test_round_trip(EmoEnv *env)
{
	size_t n_bytes, n_noted, n_plain;
	uint8_t *bytes = model_bytes(env, &n_bytes), *noted, *plain;
	char *found;
	EmoModel *model;

	CHECK(emo_model_add_notes(env, bytes, n_bytes, notes, &noted, &n_noted) == EMO_OK);
	CHECK(n_noted == n_bytes + EMO_SECTION_HEADER_BYTES + strlen(notes));
	CHECK(emo_model_deserialize(env, noted, n_noted, &model) == EMO_OK);
	CHECK(strcmp(model->labels[1], "Überraschung") == 0);
	CHECK(emo_model_split_notes(env, noted, n_noted, &plain, &n_plain, &found) == EMO_OK);
	CHECK(found != NULL && strcmp(found, notes) == 0);
	CHECK(n_plain == n_bytes && memcmp(plain, bytes, n_bytes) == 0);
	CHECK(emo_model_split_notes(env, bytes, n_bytes, &plain, &n_plain, &found) == EMO_OK);
	CHECK(found == NULL && n_plain == n_bytes && memcmp(plain, bytes, n_bytes) == 0);
	CHECK(emo_model_add_notes(env, bytes, n_bytes, "", &noted, &n_noted) == EMO_OK);
	CHECK(emo_model_split_notes(env, noted, n_noted, &plain, &n_plain, &found) == EMO_OK);
	CHECK(found != NULL && found[0] == '\0');
	CHECK(emo_model_add_notes(env, bytes, EMO_MAX_MODEL_BYTES - 1, notes, &noted, &n_noted) ==
		  EMO_LIMIT_EXCEEDED);
}

/* Memory of exactly this size, so that the sanitizer sees a read past its end. */
static EmoStatus
split_copy(EmoEnv *env, const uint8_t *bytes, size_t n_bytes)
{
	uint8_t *copy = malloc(n_bytes > 0 ? n_bytes : 1), *plain;
	size_t n_plain;
	char *found;
	EmoStatus status;

	if (n_bytes > 0)
		memcpy(copy, bytes, n_bytes);
	status = emo_model_split_notes(env, copy, n_bytes, &plain, &n_plain, &found);
	free(copy);
	if (status == EMO_OK)
		CHECK(n_plain <= n_bytes && n_plain >= EMO_HEADER_BYTES);
	else
		CHECK(status == EMO_CORRUPTED && env->detail[0] != '\0');
	unit_env_end(env->host);
	return status;
}

static void
renew(uint8_t *bytes, size_t n_bytes)
{
	uint32_t crc = emo_crc32c(bytes + EMO_HEADER_BYTES, n_bytes - EMO_HEADER_BYTES);

	for (int i = 0; i < 8; i++)
		bytes[16 + i] = (uint8_t) ((uint64_t) n_bytes >> 8 * i);
	for (int i = 0; i < 4; i++)
		bytes[12 + i] = (uint8_t) (crc >> 8 * i);
}

static uint8_t *
noted_bytes(EmoEnv *env, size_t *n_noted)
{
	size_t n_bytes;
	uint8_t *bytes = model_bytes(env, &n_bytes), *noted, *copy;

	CHECK(emo_model_add_notes(env, bytes, n_bytes, notes, &noted, n_noted) == EMO_OK);
	copy = malloc(2 * *n_noted);
	memcpy(copy, noted, *n_noted);
	unit_env_end(env->host);
	return copy;
}

static void
test_damage(EmoEnv *env)
{
	size_t n_bytes;
	uint8_t *bytes = noted_bytes(env, &n_bytes);

	for (size_t i = 0; i < n_bytes; i++)
	{
		/* The format version is looked at by readers of models. */
		if (i >= 8 && i < 12)
			continue;
		bytes[i] ^= 0x10;
		CHECK(split_copy(env, bytes, n_bytes) == EMO_CORRUPTED);
		bytes[i] ^= 0x10;
	}
	for (size_t length = 0; length < n_bytes; length++)
		CHECK(split_copy(env, bytes, length) == EMO_CORRUPTED);
	free(bytes);
}

static void
test_two_notes(EmoEnv *env)
{
	size_t n_bytes, n_notes = EMO_SECTION_HEADER_BYTES + strlen(notes);
	uint8_t *bytes = noted_bytes(env, &n_bytes);

	memcpy(bytes + n_bytes, bytes + n_bytes - n_notes, n_notes);
	n_bytes += n_notes;
	renew(bytes, n_bytes);
	CHECK(split_copy(env, bytes, n_bytes) == EMO_CORRUPTED);
	CHECK(strcmp(env->detail, "A section is there twice.") == 0);
	free(bytes);
}

/* Any bytes with a right checksum end in notes taken out or an error. */
static void
test_hostile_bytes(EmoEnv *env)
{
	static const uint8_t values[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
	size_t n_bytes;
	uint8_t *bytes = noted_bytes(env, &n_bytes);
	int n_refused = 0, n_accepted = 0;

	for (size_t i = EMO_HEADER_BYTES; i < n_bytes; i++)
	{
		uint8_t kept = bytes[i];

		for (size_t v = 0; v < sizeof(values); v++)
		{
			bytes[i] = values[v];
			renew(bytes, n_bytes);
			if (split_copy(env, bytes, n_bytes) == EMO_OK)
				n_accepted++;
			else
				n_refused++;
		}
		bytes[i] = kept;
	}
	for (size_t length = EMO_HEADER_BYTES; length < n_bytes; length++)
	{
		renew(bytes, length);
		(void) split_copy(env, bytes, length);
	}
	CHECK(n_refused > 200 && n_accepted > 200);
	free(bytes);
}

int
main(void)
{
	RUN(test_round_trip);
	RUN(test_damage);
	RUN(test_two_notes);
	RUN(test_hostile_bytes);
	return unit_finish();
}
