/*
 * kernels_avx2.c
 *	  The kernels for AVX2 with FMA.
 */
#include "core/dsp/kernels.h"

#define EMO_SIMD_AVX2
#define EMO_SIMD_BODY "core/dsp/kernels_body.h"
#define KERNELS       emo_kernels_avx2
#include "core/base/simd.h"
