/*
 * hash_sum.c
 *	  Sums of hashes of 256 bits, modulo 2^256.
 */
#include "core/base/hash_sum.h"

void
emo_hash_sum_add(EmoHashSum *sum, const uint8_t *hash)
{
	unsigned carry = 0;

	for (int i = EMO_HASH_LENGTH - 1; i >= 0; i--)
	{
		carry += (unsigned) sum->bytes[i] + hash[i];
		sum->bytes[i] = (uint8_t) carry;
		carry >>= 8;
	}
}

void
emo_hash_sum_subtract(EmoHashSum *sum, const uint8_t *hash)
{
	int borrow = 0;

	for (int i = EMO_HASH_LENGTH - 1; i >= 0; i--)
	{
		int difference = (int) sum->bytes[i] - hash[i] - borrow;

		sum->bytes[i] = (uint8_t) (difference & 0xff);
		borrow = difference < 0;
	}
}
