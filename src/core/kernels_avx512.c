/*
 * kernels_avx512.c
 *	  The kernels for AVX-512.
 */
#include "kernels.h"

#ifdef __x86_64__

#include <immintrin.h>
#include <stdbool.h>

#define KERNELS               emo_kernels_avx512
#define ISA_NAME              "avx512"
#define WIDTH                 16
#define MULTIPLY_ADD(a, b, c) ((Vector) _mm512_fmadd_ps((a), (b), (c)))
#define MAXIMUM(a, b)         ((Vector) _mm512_max_ps((a), (b)))
#define MINIMUM(a, b)         ((Vector) _mm512_min_ps((a), (b)))
#define SQUARE_ROOT(a)        ((Vector) _mm512_sqrt_ps(a))

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,fma")
#endif

#include "kernels_body.h"

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
