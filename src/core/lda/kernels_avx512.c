/*
 * kernels_avx512.c
 *	  The kernels of lda for AVX-512.
 */
#include "core/lda/kernels.h"

#define EMO_SIMD_AVX512
#define EMO_SIMD_BODY "core/lda/kernels_body.h"
#define KERNELS       emo_lda_kernels_avx512
#include "core/base/simd.h"
