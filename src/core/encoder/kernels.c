/*
 * kernels.c
 *	  Which of the compiled kernels of encoders this processor runs.
 */
#include "core/encoder/kernels.h"

#include "core/base/cpu.h"

static const EmoEncoderKernels *const kernels[EMO_N_ISAS] = EMO_FOR_EACH_ISA(emo_encoder_kernels);

const EmoEncoderKernels *
emo_encoder_kernels(void)
{
	return kernels[emo_isa()];
}

const EmoEncoderKernels *
emo_encoder_kernels_named(const char *name)
{
	int isa = emo_isa_named(name);

	return isa < 0 ? NULL : kernels[isa];
}
