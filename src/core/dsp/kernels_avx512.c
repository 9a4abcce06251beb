/*
 * kernels_avx512.c
 *	  The kernels for AVX-512.
 */
#include "core/dsp/kernels.h"

#define EMO_SIMD_AVX512
#define EMO_SIMD_BODY "core/dsp/kernels_body.h"
#define KERNELS       emo_kernels_avx512
#include "core/base/simd.h"
