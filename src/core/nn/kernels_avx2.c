/*
 * kernels_avx2.c
 *	  The kernels of nets for AVX2 with FMA.
 */
#include "core/nn/kernels.h"

#define EMO_SIMD_AVX2
#define EMO_SIMD_BODY "core/nn/kernels_body.h"
#define KERNELS       emo_nn_kernels_avx2
#include "core/base/simd.h"
