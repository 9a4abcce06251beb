/*
 * kernels.c
 *	  Which of the compiled kernels of lda this processor runs.
 */
#include "core/lda/kernels.h"

#include <stddef.h>

#include "core/base/cpu.h"

static const EmoLdaKernels *const kernels[EMO_N_ISAS] = EMO_FOR_EACH_ISA(emo_lda_kernels);

const EmoLdaKernels *
emo_lda_kernels(void)
{
	return kernels[emo_isa()];
}

const EmoLdaKernels *
emo_lda_kernels_named(const char *name)
{
	int isa = emo_isa_named(name);

	return isa < 0 ? NULL : kernels[isa];
}
