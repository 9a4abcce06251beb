/*
 * hash_sum_test.c
 *	  Sums of hashes: carries, any order, and back.
 */
#include "unit.h"

#include "core/base/hash_sum.h"

#define N_HASHES 100

static void
random_hash(uint8_t *hash)
{
	for (int i = 0; i < EMO_HASH_LENGTH; i++)
		hash[i] = (uint8_t) rand();
}

static void
test_carries(EmoEnv *env)
{
	EmoHashSum sum = {{0}};
	uint8_t ones[EMO_HASH_LENGTH], one[EMO_HASH_LENGTH] = {0};

	(void) env;
	memset(ones, 0xff, sizeof(ones));
	one[EMO_HASH_LENGTH - 1] = 1;
	emo_hash_sum_add(&sum, ones);
	CHECK(memcmp(sum.bytes, ones, sizeof(ones)) == 0);
	emo_hash_sum_add(&sum, ones);
	CHECK(sum.bytes[0] == 0xff && sum.bytes[EMO_HASH_LENGTH - 1] == 0xfe);
	emo_hash_sum_add(&sum, one);
	emo_hash_sum_add(&sum, one);
	for (int i = 0; i < EMO_HASH_LENGTH; i++)
		CHECK(sum.bytes[i] == 0);
	emo_hash_sum_subtract(&sum, one);
	CHECK(memcmp(sum.bytes, ones, sizeof(ones)) == 0);
}

/* Against sums of 16 bits at a time, whose carries are kept to the end. */
static void
test_orders(EmoEnv *env)
{
	static uint8_t hashes[N_HASHES][EMO_HASH_LENGTH];
	uint64_t plain[EMO_HASH_LENGTH / 2] = {0}, carry = 0;
	EmoHashSum forward = {{0}}, backward = {{0}}, halves[2] = {{{0}}};

	(void) env;
	for (int h = 0; h < N_HASHES; h++)
	{
		random_hash(hashes[h]);
		for (int i = 0; i < EMO_HASH_LENGTH / 2; i++)
			plain[i] += (uint64_t) (hashes[h][2 * i] << 8 | hashes[h][2 * i + 1]);
		emo_hash_sum_add(&forward, hashes[h]);
		emo_hash_sum_add(&halves[h % 2], hashes[h]);
	}
	for (int i = EMO_HASH_LENGTH / 2 - 1; i >= 0; i--)
	{
		carry += plain[i];
		CHECK((uint16_t) carry == (forward.bytes[2 * i] << 8 | forward.bytes[2 * i + 1]));
		carry >>= 16;
	}
	for (int h = N_HASHES - 1; h >= 0; h--)
		emo_hash_sum_add(&backward, hashes[h]);
	CHECK(memcmp(&backward, &forward, sizeof(forward)) == 0);
	emo_hash_sum_add(&halves[0], halves[1].bytes);
	CHECK(memcmp(&halves[0], &forward, sizeof(forward)) == 0);
	for (int h = 1; h < N_HASHES; h++)
		emo_hash_sum_subtract(&forward, hashes[h]);
	CHECK(memcmp(forward.bytes, hashes[0], EMO_HASH_LENGTH) == 0);
}

int
main(void)
{
	RUN(test_carries);
	RUN(test_orders);
	return unit_finish();
}
