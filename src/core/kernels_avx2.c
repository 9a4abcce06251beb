/*
 * kernels_avx2.c
 *	  The kernels for AVX2 with FMA.
 */
#include "kernels.h"

#ifdef __x86_64__

#include <immintrin.h>
#include <stdbool.h>

#define KERNELS               emo_kernels_avx2
#define ISA_NAME              "avx2"
#define WIDTH                 8
#define MULTIPLY_ADD(a, b, c) ((Vector) _mm256_fmadd_ps((a), (b), (c)))
#define MAXIMUM(a, b)         ((Vector) _mm256_max_ps((a), (b)))
#define MINIMUM(a, b)         ((Vector) _mm256_min_ps((a), (b)))
#define SQUARE_ROOT(a)        ((Vector) _mm256_sqrt_ps(a))

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif

#include "kernels_body.h"

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
