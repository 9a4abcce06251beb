/*
 * kernels_baseline.c
 *	  The kernels of lda for the compiler's default instruction set.
 */
#include "core/lda/kernels.h"

#define EMO_SIMD_BODY "core/lda/kernels_body.h"
#define KERNELS       emo_lda_kernels_baseline
#include "core/base/simd.h"
