/*
 * kernels.c
 *	  Which of the compiled kernels this processor runs.
 */
#include "core/nn/kernels.h"

#include <string.h>

#include "core/dsp/kernels.h"

const EmoNnKernels *
emo_nn_kernels_named(const char *name)
{
	if (emo_kernels_named(name) == NULL)
		return NULL;
#ifdef __x86_64__
	if (strcmp(name, "avx512") == 0)
		return &emo_nn_kernels_avx512;
	if (strcmp(name, "avx2") == 0)
		return &emo_nn_kernels_avx2;
#endif
	return &emo_nn_kernels_baseline;
}

const EmoNnKernels *
emo_nn_kernels(void)
{
	return emo_nn_kernels_named(emo_kernels()->name);
}
