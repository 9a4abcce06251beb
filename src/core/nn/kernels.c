/*
 * kernels.c
 *	  Which of the compiled kernels of nets this processor runs.
 */
#include "core/nn/kernels.h"

#include <stddef.h>

#include "core/base/cpu.h"

static const EmoNnKernels *const kernels[EMO_N_ISAS] = EMO_FOR_EACH_ISA(emo_nn_kernels);

const EmoNnKernels *
emo_nn_kernels(void)
{
	return kernels[emo_isa()];
}

const EmoNnKernels *
emo_nn_kernels_named(const char *name)
{
	int isa = emo_isa_named(name);

	return isa < 0 ? NULL : kernels[isa];
}
