/*
 * kernels.c
 *	  Which of the compiled kernels this processor runs.
 */
#include "core/dsp/kernels.h"

#include <stddef.h>

#include "core/base/cpu.h"

static const EmoKernels *const kernels[EMO_N_ISAS] = EMO_FOR_EACH_ISA(emo_kernels);

const EmoKernels *
emo_kernels(void)
{
	return kernels[emo_isa()];
}

const EmoKernels *
emo_kernels_named(const char *name)
{
	int isa = emo_isa_named(name);

	return isa < 0 ? NULL : kernels[isa];
}
