/*
 * unit.h
 *	  A small harness for C tests of the core: checks that count, a host environment on malloc.
 *
 * A test program includes this once, runs its cases with RUN() and ends with
 * "return unit_finish();".
 */
#ifndef EMO_UNIT_H
#define EMO_UNIT_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/env.h"

static int unit_passed;
static int unit_failed;

#define CHECK(condition)                                                                           \
	do                                                                                             \
	{                                                                                              \
		if (condition)                                                                             \
			unit_passed++;                                                                         \
		else                                                                                       \
		{                                                                                          \
			unit_failed++;                                                                         \
			printf("%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);                         \
		}                                                                                          \
	} while (0)

/* |actual - expected| <= tolerance; false for NaN. */
#define CHECK_NEAR(actual, expected, tolerance)                                                    \
	do                                                                                             \
	{                                                                                              \
		double actual_ = (actual), expected_ = (expected), tolerance_ = (tolerance);               \
                                                                                                   \
		if (fabs(actual_ - expected_) <= tolerance_)                                               \
			unit_passed++;                                                                         \
		else                                                                                       \
		{                                                                                          \
			unit_failed++;                                                                         \
			printf("%s:%d: failed: %s is %.9g, expected %.9g within %g\n", __FILE__, __LINE__,     \
				   #actual, actual_, expected_, tolerance_);                                       \
		}                                                                                          \
	} while (0)

#define RUN(test)                                                                                  \
	do                                                                                             \
	{                                                                                              \
		UnitHost host_ = {NULL, -1};                                                               \
		EmoEnv env_ = unit_env(&host_);                                                            \
                                                                                                   \
		test(&env_);                                                                               \
		unit_env_end(&host_);                                                                      \
	} while (0)

/* Blocks are chained, so that a test need not free what the core leaves to its host. */
typedef struct UnitBlock
{
	struct UnitBlock *previous, *next;
} UnitBlock;

typedef struct UnitHost
{
	UnitBlock *blocks;
	long allocations_left; /* fail after so many allocations; -1 never */
} UnitHost;

static void *
unit_alloc(void *host_pointer, size_t size)
{
	UnitHost *host = host_pointer;
	UnitBlock *block;

	if (host->allocations_left == 0)
		return NULL;
	if (host->allocations_left > 0)
		host->allocations_left--;
	block = malloc(sizeof(UnitBlock) + size);
	if (block == NULL)
		return NULL;
	block->previous = NULL;
	block->next = host->blocks;
	if (host->blocks != NULL)
		host->blocks->previous = block;
	host->blocks = block;
	return block + 1;
}

static void
unit_release(void *host_pointer, void *memory)
{
	UnitHost *host = host_pointer;
	UnitBlock *block = (UnitBlock *) memory - 1;

	if (block->previous != NULL)
		block->previous->next = block->next;
	else
		host->blocks = block->next;
	if (block->next != NULL)
		block->next->previous = block->previous;
	free(block);
}

static bool
unit_should_stop(void *host_pointer)
{
	(void) host_pointer;
	return false;
}

static EmoEnv
unit_env(UnitHost *host)
{
	EmoEnv env;

	memset(&env, 0, sizeof(env));
	env.alloc = unit_alloc;
	env.release = unit_release;
	env.should_stop = unit_should_stop;
	env.host = host;
	return env;
}

static void
unit_env_end(UnitHost *host)
{
	while (host->blocks != NULL)
		unit_release(host, host->blocks + 1);
}

static int
unit_finish(void)
{
	printf("%d passed, %d failed\n", unit_passed, unit_failed);
	return unit_failed == 0 ? 0 : 1;
}

#endif
