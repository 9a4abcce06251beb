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

/* Mean 0, variance 1; within +-9. */
extern double emo_random_normal(EmoRandom *random);

#endif
