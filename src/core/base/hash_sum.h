/*
 * hash_sum.h
 *	  Sums of hashes of 256 bits, modulo 2^256: a hash of many things, whatever their order, of which
 *	  those of parts are added and taken out again.
 */
#ifndef EMO_HASH_SUM_H
#define EMO_HASH_SUM_H

#include <stdint.h>

#define EMO_HASH_LENGTH 32

/* A number, the most significant byte first, so that sums are flat bytes; that of nothing is zeros. */
typedef struct EmoHashSum
{
	uint8_t bytes[EMO_HASH_LENGTH];
} EmoHashSum;

/* A hash, or another sum, as bytes[EMO_HASH_LENGTH]. */
extern void emo_hash_sum_add(EmoHashSum *sum, const uint8_t *hash);
extern void emo_hash_sum_subtract(EmoHashSum *sum, const uint8_t *hash);

#endif
