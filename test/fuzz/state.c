/*
 * state.c
 *	  Training states and states of profiles as bytes: what is taken merges, can be taken out again and
 *	  fitted, and is written as it came.
 */
#include "fuzz.h"

#include "mutate.h"

#include "core/base/training_set.h"
#include "core/lda/profile.h"
#include "core/lda/state_pack.h"

#define MEMORY_ROOM ((size_t) 256 << 20)

/* Fitting more takes the most of the time. */
#define MAX_FITTED_FEATURES 64

/* The first byte says what the others are. */
enum
{
	PACKED,
	FLAT,
	PROFILE,
	N_KINDS
};

/* Where the checksum of packed states stands. */
#define PACKED_CHECKSUM 12
#define PACKED_CHECKED  16

static EmoFlatState *
flatten(EmoEnv *env, EmoTrainingState *state)
{
	EmoFlatState *flat;
	size_t n_bytes;

	PROMISE(emo_state_finish(env, state, &n_bytes) == EMO_OK);
	flat = emo_alloc(env, 1, n_bytes);
	emo_state_write(state, flat);
	PROMISE(emo_state_check(env, flat, n_bytes) == EMO_OK);
	return flat;
}

static bool
equal(const EmoFlatState *a, const EmoFlatState *b)
{
	size_t first = sizeof(a->host_word);

	return a->n_bytes == b->n_bytes &&
		   memcmp((const char *) a + first, (const char *) b + first, a->n_bytes - first) == 0;
}

static void
fit(EmoEnv *env, const EmoFlatState *flat)
{
	EmoLdaOptions options = emo_lda_default_options();
	EmoStateTerm term = {flat, 1};
	EmoStateFit fit;

	if (emo_lda_fit_state(env, &term, 1, &options, 0.5, NULL, NULL, &fit) == EMO_OK)
		PROMISE(fit.head.n_classes == flat->n_classes);
	else
		/* Sums that are in range need not be those of any rows. */
		PROMISE(env->status == EMO_BAD_DATA);
}

static void
use(EmoEnv *env, const EmoFlatState *flat)
{
	EmoTrainingState *state, *empty;
	EmoStatus status;

	PROMISE(emo_state_new(env, flat->n_features, flat->scale_id, &state) == EMO_OK);
	PROMISE(emo_state_new(env, flat->n_features, flat->scale_id, &empty) == EMO_OK);
	PROMISE(emo_state_merge(env, state, flat) == EMO_OK);
	PROMISE(equal(flat, flatten(env, state)));
	status = emo_state_merge(env, state, flat);
	if (status == EMO_OK)
	{
		PROMISE(emo_state_subtract(env, state, flat) == EMO_OK);
		PROMISE(emo_state_subtract(env, state, flat) == EMO_OK);
		PROMISE(equal(flatten(env, state), flatten(env, empty)));
	}
	else
		PROMISE(status == EMO_LIMIT_EXCEEDED);
	if (flat->n_features <= MAX_FITTED_FEATURES)
		fit(env, flat);
}

static void
check_packed(EmoEnv *env, FuzzHost *host, const uint8_t *data, size_t size, bool is_disturbed)
{
	EmoFlatState *flat;
	EmoStatus status = emo_state_unpack(env, data, size, false, &flat);
	uint8_t *again;
	size_t n_bytes;

	if (status != EMO_OK)
	{
		PROMISE(is_disturbed || status == EMO_CORRUPTED);
		fuzz_check_failure(env, status, is_disturbed);
		return;
	}
	host->allocations_left = host->checks_left = -1;
	PROMISE(emo_state_check(env, flat, flat->n_bytes) == EMO_OK);
	again = emo_alloc(env, 1, size);
	PROMISE(emo_state_pack(env, flat, NULL, &n_bytes) == EMO_OK && n_bytes == size);
	PROMISE(emo_state_pack(env, flat, again, &n_bytes) == EMO_OK);
	PROMISE(memcmp(again, data, size) == 0);
	use(env, flat);
}

static void
check_flat(EmoEnv *env, FuzzHost *host, const EmoFlatState *flat, size_t size, bool is_disturbed)
{
	EmoStatus status = emo_state_check(env, flat, size);

	if (status != EMO_OK)
	{
		PROMISE(is_disturbed || status == EMO_CORRUPTED);
		fuzz_check_failure(env, status, is_disturbed);
		return;
	}
	host->allocations_left = host->checks_left = -1;
	use(env, flat);
}

static void
check_profile(EmoEnv *env, EmoProfileState *state, size_t size)
{
	EmoStatus status = emo_profile_check(env, state, size);
	EmoProfileState *sum;
	float *mean, *deviation;

	if (status != EMO_OK)
	{
		PROMISE(status == EMO_CORRUPTED);
		fuzz_check_failure(env, status, false);
		return;
	}
	mean = emo_alloc(env, state->n_features, sizeof(float));
	deviation = emo_alloc(env, state->n_features, sizeof(float));
	emo_profile_finish(state, mean, deviation);
	for (int i = 0; i < state->n_features; i++)
		PROMISE(isfinite(mean[i]) && deviation[i] >= 0 && isfinite(deviation[i]));
	sum = emo_alloc(env, 1, size);
	emo_profile_init(sum, state->n_features);
	sum->host_word = state->host_word;
	PROMISE(emo_profile_merge(env, sum, state) == EMO_OK);
	PROMISE(memcmp(sum, state, size) == 0);
	PROMISE(emo_profile_subtract(env, sum, state) == EMO_OK);
	emo_profile_init(state, state->n_features);
	sum->host_word = 0;
	PROMISE(memcmp(sum, state, size) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t hash = fuzz_hash(data, size);
	FuzzHost host;
	EmoEnv env = fuzz_begin(&host, MEMORY_ROOM);
	uint8_t *bytes;

	if (size == 0)
		return 0;
	/* At a multiple of 8, and with its own end. */
	bytes = emo_alloc(&env, 1, size - 1);
	memcpy(bytes, data + 1, size - 1);
	if (data[0] % N_KINDS == PROFILE)
		check_profile(&env, (EmoProfileState *) bytes, size - 1);
	else
	{
		bool is_disturbed = fuzz_disturb(&host, hash);

		if (data[0] % N_KINDS == PACKED)
			check_packed(&env, &host, bytes, size - 1, is_disturbed);
		else
			check_flat(&env, &host, (const EmoFlatState *) bytes, size - 1, is_disturbed);
	}
	fuzz_end(&host);
	return 0;
}

/* Lengths and checksums are right again. */
static void
correct(uint8_t *bytes, size_t size, int kind)
{
	if (kind == PACKED && size > PACKED_CHECKED)
		emo_put_little_endian(bytes + PACKED_CHECKSUM, 4,
							  emo_crc32c(bytes + PACKED_CHECKED, size - PACKED_CHECKED));
	if (kind == FLAT && size >= sizeof(EmoFlatState))
	{
		uint64_t n_bytes = size;
		uint32_t checksum;

		memcpy(bytes + offsetof(EmoFlatState, n_bytes), &n_bytes, sizeof(n_bytes));
		checksum =
			emo_crc32c(bytes + offsetof(EmoFlatState, magic), size - offsetof(EmoFlatState, magic));
		memcpy(bytes + offsetof(EmoFlatState, checksum), &checksum, sizeof(checksum));
	}
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	uint32_t random = seed | 1;

	if (size < 2)
		return LLVMFuzzerMutate(data, size, max_size);
	switch (mutate_random(&random) % 4)
	{
		case 0:
			mutate_size(data + 1, size - 1, &random);
			break;
		case 1:
			size = mutate_repeat(data, size, max_size, &random);
			break;
		default:
			size = LLVMFuzzerMutate(data, size, max_size);
	}
	if (size > 1 && mutate_random(&random) % 8 != 0)
		correct(data + 1, size - 1, data[0] % N_KINDS);
	return size;
}
