/*
 * state_pack_test.c
 *	  Packed training states: what comes back, how few bytes they are, and bytes that are none.
 */
#include "unit.h"

#include "core/base/bytes.h"
#include "core/base/random.h"
#include "core/lda/state_pack.h"

/* Where the checksum stands, and what it is of. */
#define CHECKSUM_AT  12
#define CHECKED_FROM 16

static EmoFlatState *
make_state(EmoEnv *env, int n_features, int n_rows, int n_degraded, int amplitude, size_t *n_bytes)
{
	static const char *const names[] = {"joy", "fear", "\xC3\xA4rger"};
	int16_t q[64];
	uint8_t hash[EMO_HASH_LENGTH] = {1, 2, 3};
	EmoTrainingState *state;
	EmoFlatState *flat;
	EmoRandom random;

	emo_random_seed(&random, 7);
	CHECK(emo_state_new(env, n_features, 0x0123456789abcdefu, &state) == EMO_OK);
	for (int row = 0; row < n_rows + n_degraded; row++)
	{
		for (int i = 0; i < n_features; i++)
			q[i] = (int16_t) ((emo_random_uniform(&random) - 0.5) * amplitude);
		CHECK(emo_state_add(env, state, row < n_rows ? EMO_STATE_PLAIN : EMO_STATE_DEGRADED,
							names[row % 3], q, hash) == EMO_OK);
	}
	CHECK(emo_state_finish(env, state, n_bytes) == EMO_OK);
	flat = emo_alloc_zero(env, 1, *n_bytes);
	emo_state_write(state, flat);
	emo_state_free(env, state);
	return flat;
}

static uint8_t *
pack(EmoEnv *env, const EmoFlatState *flat, size_t *n_packed)
{
	size_t written;
	uint8_t *packed;

	CHECK(emo_state_pack(env, flat, NULL, n_packed) == EMO_OK);
	packed = emo_alloc(env, 1, *n_packed);
	CHECK(emo_state_pack(env, flat, packed, &written) == EMO_OK);
	CHECK(written == *n_packed);
	return packed;
}

/* Both forms, one and two parts, none; numbers of one byte to seven. */
static void
test_round_trips(EmoEnv *env)
{
	static const int rows[][2] = {{0, 0}, {1, 0}, {5, 3}, {40, 3}, {0, 40}, {300, 300}};

	for (int n_features = 1; n_features <= 25; n_features += 6)
		for (int i = 0; i < 6; i++)
			for (int amplitude = 1; amplitude <= 2 * EMO_STATE_MAX_Q; amplitude *= 32)
			{
				size_t n_bytes, n_packed;
				EmoFlatState *back;
				EmoFlatState *flat =
					make_state(env, n_features, rows[i][0], rows[i][1], amplitude, &n_bytes);
				uint8_t *packed = pack(env, flat, &n_packed);

				CHECK(n_packed <= n_bytes + 64);
				CHECK(emo_state_unpack(env, packed, n_packed, false, &back) == EMO_OK);
				CHECK(memcmp(back, flat, n_bytes) == 0);
				CHECK(emo_state_unpack(env, packed, n_packed, true, &back) == EMO_OK);
				back->checksum = flat->checksum;
				CHECK(memcmp(back, flat, n_bytes) == 0);
				/* Cut short, or with something behind. */
				for (size_t n = 0; n < n_packed && n < 300; n++)
					CHECK(emo_state_unpack(env, packed, n, false, &back) == EMO_CORRUPTED);
				emo_free(env, packed);
				emo_free(env, flat);
			}
}

static void
seal(uint8_t *packed, size_t n_packed)
{
	emo_put_little_endian(packed + CHECKSUM_AT, 4,
						  emo_crc32c(packed + CHECKED_FROM, n_packed - CHECKED_FROM));
}

/* A byte changed is seen by the checksum; with a new one, it is refused or another state, of which these are the bytes. */
static void
test_changed_bytes(EmoEnv *env)
{
	for (int i = 0; i < 2; i++)
	{
		size_t n_bytes, n_packed, n_again;
		EmoFlatState *back;
		uint8_t *packed =
			pack(env, make_state(env, 4, i == 0 ? 4 : 50, i, 3000, &n_bytes), &n_packed);
		uint8_t *damaged = emo_alloc(env, 1, n_packed);

		for (size_t at = 0; at < n_packed; at++)
			for (int flip = 1; flip < 256; flip *= 2)
			{
				memcpy(damaged, packed, n_packed);
				damaged[at] ^= (uint8_t) flip;
				CHECK(emo_state_unpack(env, damaged, n_packed, false, &back) == EMO_CORRUPTED);
				seal(damaged, n_packed);
				if (emo_state_unpack(env, damaged, n_packed, false, &back) == EMO_OK)
				{
					uint8_t *again = pack(env, back, &n_again);

					CHECK(n_again == n_packed && memcmp(again, damaged, n_packed) == 0);
				}
				else
					CHECK(env->status == EMO_CORRUPTED && env->detail[0] != '\0');
			}
	}
}

/* Few bytes that speak of many don't make it allocate them. */
static void
test_claims(EmoEnv *env)
{
	size_t n_bytes, n_packed;
	EmoFlatState *back;
	uint8_t *packed = pack(env, make_state(env, 4, 50, 0, 3000, &n_bytes), &n_packed);

	emo_put_little_endian(packed + CHECKED_FROM, 4, EMO_STATE_MAX_FEATURES);
	seal(packed, n_packed);
	CHECK(emo_state_unpack(env, packed, n_packed, false, &back) == EMO_CORRUPTED);
	CHECK(strcmp(env->detail, "It is too short.") == 0);
}

int
main(void)
{
	RUN(test_round_trips);
	RUN(test_changed_bytes);
	RUN(test_claims);
	return unit_finish();
}
