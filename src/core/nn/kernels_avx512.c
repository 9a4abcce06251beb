/*
 * kernels_avx512.c
 *	  The kernels of nets for AVX-512.
 */
#include "core/nn/kernels.h"

#define EMO_SIMD_AVX512
#define EMO_SIMD_BODY "core/nn/kernels_body.h"
#define KERNELS       emo_nn_kernels_avx512
#include "core/base/simd.h"
