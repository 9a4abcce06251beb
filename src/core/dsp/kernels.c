/*
 * kernels.c
 *	  Which of the compiled kernels this processor runs.
 */
#include "core/dsp/kernels.h"

#include <stdbool.h>
#include <string.h>

#ifdef __x86_64__

static bool
has_avx512(void)
{
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
}

static bool
has_avx2(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

const EmoKernels *
emo_kernels(void)
{
	return has_avx512() ? &emo_kernels_avx512
		   : has_avx2() ? &emo_kernels_avx2
						: &emo_kernels_baseline;
}

const EmoKernels *
emo_kernels_named(const char *name)
{
	if (strcmp(name, "avx512") == 0)
		return has_avx512() ? &emo_kernels_avx512 : NULL;
	if (strcmp(name, "avx2") == 0)
		return has_avx2() ? &emo_kernels_avx2 : NULL;
	return strcmp(name, "baseline") == 0 ? &emo_kernels_baseline : NULL;
}

#else

const EmoKernels *
emo_kernels(void)
{
	return &emo_kernels_baseline;
}

const EmoKernels *
emo_kernels_named(const char *name)
{
	return strcmp(name, "baseline") == 0 ? &emo_kernels_baseline : NULL;
}

#endif
