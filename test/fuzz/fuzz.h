/*
 * fuzz.h
 *	  What all targets share: a host whose memory has an end, and what to do when a promise is broken.
 *
 * A target is a file with LLVMFuzzerTestOneInput(), which takes any bytes, and, where random bytes
 * would not get far, LLVMFuzzerCustomMutator().  See README.md.
 */
#ifndef EMO_FUZZ_H
#define EMO_FUZZ_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/env.h"

/* Of libFuzzer, or of standalone.c. */
extern size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* Of a target. */
extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
									  unsigned int seed);

/* End here, as a crash that libFuzzer keeps the input of. */
#define PROMISE(condition)                                                                         \
	do                                                                                             \
	{                                                                                              \
		if (!(condition))                                                                          \
		{                                                                                          \
			fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #condition);        \
			abort();                                                                               \
		}                                                                                          \
	} while (0)

typedef struct FuzzBlock
{
	struct FuzzBlock *previous, *next;
	size_t size;
} FuzzBlock;

/* Blocks are malloc's own, so that AddressSanitizer knows their ends. */
typedef struct FuzzHost
{
	FuzzBlock *blocks;
	size_t room;           /* bytes that may still be taken */
	long allocations_left; /* fail after so many; -1: never */
	long checks_left;      /* the user wants to stop after so many questions; -1: never */
} FuzzHost;

static void *
fuzz_alloc(void *host_pointer, size_t size)
{
	FuzzHost *host = host_pointer;
	FuzzBlock *block;

	if (host->allocations_left == 0)
		return NULL;
	if (host->allocations_left > 0)
		host->allocations_left--;
	/* Small inputs must not take much, whatever they say of themselves. */
	PROMISE(size <= host->room);
	block = malloc(sizeof(FuzzBlock) + size);
	PROMISE(block != NULL);
	*block = (FuzzBlock){.next = host->blocks, .size = size};
	host->room -= size;
	if (host->blocks != NULL)
		host->blocks->previous = block;
	host->blocks = block;
	return block + 1;
}

static void
fuzz_release(void *host_pointer, void *memory)
{
	FuzzHost *host = host_pointer;
	FuzzBlock *block = (FuzzBlock *) memory - 1;

	if (block->previous != NULL)
		block->previous->next = block->next;
	else
		host->blocks = block->next;
	if (block->next != NULL)
		block->next->previous = block->previous;
	host->room += block->size;
	free(block);
}

static bool
fuzz_should_stop(void *host_pointer)
{
	FuzzHost *host = host_pointer;

	if (host->checks_left > 0)
		host->checks_left--;
	return host->checks_left == 0;
}

static inline EmoEnv
fuzz_begin(FuzzHost *host, size_t room)
{
	*host = (FuzzHost){.room = room, .allocations_left = -1, .checks_left = -1};
	return (EmoEnv){.alloc = fuzz_alloc,
					.release = fuzz_release,
					.should_stop = fuzz_should_stop,
					.host = host};
}

static inline void
fuzz_end(FuzzHost *host)
{
	while (host->blocks != NULL)
		fuzz_release(host, host->blocks + 1);
}

/* A number that depends on the input alone (FNV-1a): for choices that must be the same again. */
static inline uint32_t
fuzz_hash(const uint8_t *data, size_t size)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * 16777619u;
	return hash ^ hash >> 15;
}

/*
 * For some inputs the host has no memory from some allocation on, or wants to stop: true if so, and
 * then EMO_OUT_OF_MEMORY or EMO_CANCELED are right answers.
 */
static inline bool
fuzz_disturb(FuzzHost *host, uint32_t hash)
{
	if (hash % 16 == 0)
		host->allocations_left = hash / 16 % 24;
	else if (hash % 16 == 1)
		host->checks_left = 1 + hash / 16 % 24;
	return hash % 16 < 2;
}

/* What every failure says. */
static inline void
fuzz_check_failure(const EmoEnv *env, EmoStatus status, bool is_disturbed)
{
	PROMISE(status != EMO_OK && env->status == status && env->message[0] != '\0');
	if (status == EMO_OUT_OF_MEMORY || status == EMO_CANCELED)
		PROMISE(is_disturbed);
}

#endif
