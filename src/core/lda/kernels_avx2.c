/*
 * kernels_avx2.c
 *	  The kernels of lda for AVX2 with FMA.
 */
#include "core/lda/kernels.h"

#define EMO_SIMD_AVX2
#define EMO_SIMD_BODY "core/lda/kernels_body.h"
#define KERNELS       emo_lda_kernels_avx2
#include "core/base/simd.h"
