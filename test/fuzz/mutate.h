/*
 * mutate.h
 *	  Changes that parsers stumble over, beside those of libFuzzer.
 */
#ifndef EMO_FUZZ_MUTATE_H
#define EMO_FUZZ_MUTATE_H

#include "fuzz.h"

#include "core/base/bytes.h"

/* xorshift32 (Marsaglia 2003); the state must not be 0. */
static inline uint32_t
mutate_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Put a size somewhere that is none, or nearly one, in either byte order. */
static inline void
mutate_size(uint8_t *data, size_t size, uint32_t *random)
{
	static const uint64_t sizes[] = {
		0,         1,          UINT64_MAX, (uint64_t) -4, (uint64_t) -8, (uint64_t) -12,
		INT32_MAX, 0x80000000, 0x10000,    UINT32_MAX,    INT64_MAX,     1u << 30};
	int n_bytes = 2 << mutate_random(random) % 3;
	uint64_t value;
	size_t at;

	if (size < (size_t) n_bytes)
		return;
	at = mutate_random(random) % (size - n_bytes + 1);
	value = sizes[mutate_random(random) % (sizeof(sizes) / sizeof(sizes[0]))];
	if (mutate_random(random) % 3 == 0)
		value = size + mutate_random(random) % 17 - 8;
	if (mutate_random(random) % 2 == 0)
		emo_put_little_endian(data + at, n_bytes, value);
	else
		emo_put_big_endian(data + at, n_bytes, value);
}

/* Repeat a stretch of the bytes elsewhere, as chunks and pages that come twice. */
static inline size_t
mutate_repeat(uint8_t *data, size_t size, size_t max_size, uint32_t *random)
{
	size_t from, to, length;

	if (size < 2 || size >= max_size)
		return size;
	from = mutate_random(random) % size;
	length = 1 + mutate_random(random) % (size - from);
	if (length > max_size - size)
		length = max_size - size;
	to = mutate_random(random) % (size + 1);
	uint8_t *copy = malloc(length);

	memcpy(copy, data + from, length);
	memmove(data + to + length, data + to, size - to);
	memcpy(data + to, copy, length);
	free(copy);
	return size + length;
}

static inline size_t
mutate(uint8_t *data, size_t size, size_t max_size, uint32_t *random)
{
	switch (mutate_random(random) % 8)
	{
		case 0:
			mutate_size(data, size, random);
			return size;
		case 1:
			return mutate_repeat(data, size, max_size, random);
		default:
			return LLVMFuzzerMutate(data, size, max_size);
	}
}

#endif
