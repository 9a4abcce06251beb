/*
 * random.h
 *	  Seeded random numbers: the same seed gives the same numbers on every machine.
 */
#ifndef EMO_RANDOM_H
#define EMO_RANDOM_H

#include <stdint.h>

/* xoshiro256++ (Blackman & Vigna 2019), seeded through splitmix64. */
typedef struct EmoRandom
{
	uint64_t state[4];
} EmoRandom;

extern void emo_random_seed(EmoRandom *random, uint64_t seed);

/* All 2^64 values. */
extern uint64_t emo_random_bits(EmoRandom *random);

/* 0 <= x < 1. */
extern double emo_random_uniform(EmoRandom *random);

/*
 * White noise of mean 0 and variance 1, nearly normal: kurtosis 2.7, within +-3.47.  Each bin of a
 * spectrum adds up hundreds of samples and is as good as normal.
 */
extern float emo_random_noise(EmoRandom *random);

/* Normal, of mean 0 and variance 1; within +-9 (Box & Muller 1958, one of the pair). */
extern double emo_random_normal(EmoRandom *random);

#endif
