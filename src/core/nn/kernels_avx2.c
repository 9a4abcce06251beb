/*
 * kernels_avx2.c
 *	  The kernels of nets for AVX2 with FMA.
 */
#include "core/nn/kernels.h"

#ifdef __x86_64__

#include <immintrin.h>

#define KERNELS               emo_nn_kernels_avx2
#define ISA_NAME              "avx2"
#define WIDTH                 8
#define TILE_VECTORS          2
#define TILE_ROWS             6

#define MULTIPLY_ADD(a, b, c) ((Vector) _mm256_fmadd_ps((__m256) (a), (__m256) (b), (__m256) (c)))
#define MAXIMUM(a, b)         ((Vector) _mm256_max_ps((__m256) (a), (__m256) (b)))

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif

#include "core/nn/kernels_body.h"

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
