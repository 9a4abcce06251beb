/*
 * kernels_avx2.c
 *	  The kernels of encoders for AVX2 with FMA and F16C.
 */
#include "core/encoder/kernels.h"

#define EMO_SIMD_AVX2
#define EMO_SIMD_BODY "core/encoder/kernels_body.h"
#define KERNELS       emo_encoder_kernels_avx2
#include "core/base/simd.h"
