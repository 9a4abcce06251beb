/*
 * cpu.c
 *	  Which instruction sets this processor runs.
 */
#include "core/base/cpu.h"

#include <stdbool.h>
#include <string.h>

#ifdef __x86_64__
#include <cpuid.h>

/* Not all compilers' __builtin_cpu_supports() know its name. */
static bool
has_f16c(void)
{
	unsigned int eax, ebx, ecx, edx;

	return __get_cpuid(1, &eax, &ebx, &ecx, &edx) && (ecx & bit_F16C) != 0;
}
#endif

static bool
runs(EmoIsa isa)
{
	switch (isa)
	{
#ifdef __x86_64__
		case EMO_ISA_AVX512:
			return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
				   __builtin_cpu_supports("avx512bw");
		case EMO_ISA_AVX2:
			return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c();
#endif
		default:
			return isa == EMO_ISA_BASELINE;
	}
}

EmoIsa
emo_isa(void)
{
	EmoIsa isa = EMO_N_ISAS - 1;

	while (!runs(isa))
		isa--;
	return isa;
}

int
emo_isa_named(const char *name)
{
	static const char *const names[EMO_N_ISAS] = {"baseline", "avx2", "avx512"};

	for (int isa = 0; isa < EMO_N_ISAS; isa++)
		if (strcmp(names[isa], name) == 0)
			return runs((EmoIsa) isa) ? isa : -1;
	return -1;
}
