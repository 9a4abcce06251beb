/*
 * kernels_avx512.c
 *	  The kernels of nets for AVX-512.
 */
#include "core/nn/kernels.h"

#ifdef __x86_64__

#include <immintrin.h>

#define KERNELS               emo_nn_kernels_avx512
#define ISA_NAME              "avx512"
#define WIDTH                 16
#define TILE_VECTORS          4
#define TILE_ROWS             7

#define MULTIPLY_ADD(a, b, c) ((Vector) _mm512_fmadd_ps((__m512) (a), (__m512) (b), (__m512) (c)))
#define MAXIMUM(a, b)         ((Vector) _mm512_max_ps((__m512) (a), (__m512) (b)))

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq")
#endif

#include "core/nn/kernels_body.h"

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
