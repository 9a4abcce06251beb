/*
 * kernels_avx512.c
 *	  The kernels of encoders for AVX-512.
 */
#include "core/encoder/kernels.h"

#define EMO_SIMD_AVX512
#define EMO_SIMD_BODY "core/encoder/kernels_body.h"
#define KERNELS       emo_encoder_kernels_avx512
#include "core/base/simd.h"
