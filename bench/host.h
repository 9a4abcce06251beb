/*
 * host.h
 *	  What benches of the core share: an environment on the C library, and the time of a core.
 */
#ifndef BENCH_HOST_H
#define BENCH_HOST_H

#include <stdlib.h>
#include <time.h>

#include "core/base/env.h"

static void *
take(void *host, size_t n_bytes)
{
	(void) host;
	return malloc(n_bytes);
}

static void
give_back(void *host, void *block)
{
	(void) host;
	free(block);
}

static bool
never_stops(void *host)
{
	(void) host;
	return false;
}

static EmoEnv
bench_env(void)
{
	return (EmoEnv){.alloc = take, .release = give_back, .should_stop = never_stops};
}

/* Of this process, in seconds. */
static double
cpu_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

#endif
