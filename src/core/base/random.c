/*
 * random.c
 *	  Seeded random numbers.
 */
#include "core/base/random.h"

#include <math.h>

void
emo_random_seed(EmoRandom *random, uint64_t seed)
{
	for (int i = 0; i < 4; i++)
	{
		uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));

		z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
		random->state[i] = z ^ (z >> 31);
	}
}

static uint64_t
rotate_left(uint64_t x, int bits)
{
	return (x << bits) | (x >> (64 - bits));
}

uint64_t
emo_random_bits(EmoRandom *random)
{
	uint64_t *s = random->state;
	uint64_t result = rotate_left(s[0] + s[3], 23) + s[0];
	uint64_t shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rotate_left(s[3], 45);
	return result;
}

double
emo_random_uniform(EmoRandom *random)
{
	/* The upper 53 bits fill a double's mantissa. */
	return (double) (emo_random_bits(random) >> 11) * 0x1p-53;
}

/* Irwin & Hall 1927: the sum of four uniform numbers, each 16 bits of one draw. */
float
emo_random_noise(EmoRandom *random)
{
	const float mean = 4 * 65535 / 2.0f, deviation = 37837.227f; /* sqrt(4 (2^32 - 1) / 12) */
	uint64_t bits = emo_random_bits(random);
	int32_t sum = (int32_t) (bits & 0xffff) + (int32_t) (bits >> 16 & 0xffff) +
				  (int32_t) (bits >> 32 & 0xffff) + (int32_t) (bits >> 48);

	return ((float) sum - mean) / deviation;
}

double
emo_random_normal(EmoRandom *random)
{
	double radius = sqrt(-2 * log(1 - emo_random_uniform(random)));

	return radius * cos(2 * M_PI * emo_random_uniform(random));
}
