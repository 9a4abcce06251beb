/*
 * blas.c
 *	  Set OpenBLAS up for a server process.
 *
 * OpenBLAS knows processors by their model numbers and takes its oldest kernels ("Prescott", SSE3)
 * for one that is newer than itself, which costs a factor of three or more.  The variable
 * OPENBLAS_CORETYPE overrides that, but is read when the library is loaded; so the choice is made
 * again where it was wrong.  The functions for it are those that the library calls at load and
 * unload; where a build hides them the slow kernels stay.
 */
#include "core/base/blas.h"

#include <cblas.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

extern char *openblas_get_corename(void);

#if defined(__x86_64__)
static const char *
fitting_kernels(void)
{
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
		__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
		__builtin_cpu_supports("avx512vl"))
		return "SkylakeX";
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		return "Haswell";
	return NULL;
}

static void
choose_kernels(void)
{
	const char *fitting = fitting_kernels();
	void (*init)(void) = (void (*)(void)) dlsym(RTLD_DEFAULT, "gotoblas_dynamic_init");
	void (*quit)(void) = (void (*)(void)) dlsym(RTLD_DEFAULT, "gotoblas_dynamic_quit");

	/* Only the serial build: others have threads that use the kernels meanwhile. */
	if (openblas_get_parallel() != OPENBLAS_SEQUENTIAL || fitting == NULL || init == NULL ||
		quit == NULL || getenv("OPENBLAS_CORETYPE") != NULL ||
		strcmp(openblas_get_corename(), "Prescott") != 0)
		return;
	setenv("OPENBLAS_CORETYPE", fitting, 1);
	quit();
	init();
	unsetenv("OPENBLAS_CORETYPE");
}
#else
static void
choose_kernels(void)
{
}
#endif

void
emo_blas_init(void)
{
	choose_kernels();
	openblas_set_num_threads(1);
}
