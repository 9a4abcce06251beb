/*
 * kernels_avx2.c
 *	  The kernels for AVX2 with FMA.
 */
#include "core/dsp/kernels.h"

#ifdef __x86_64__

#include <float.h>
#include <immintrin.h>
#include <stdbool.h>

#define KERNELS               emo_kernels_avx2
#define ISA_NAME              "avx2"
#define WIDTH                 8

#define MULTIPLY_ADD(a, b, c) ((Vector) _mm256_fmadd_ps((a), (b), (c)))
#define MAXIMUM(a, b)         ((Vector) _mm256_max_ps((a), (b)))
#define MINIMUM(a, b)         ((Vector) _mm256_min_ps((a), (b)))
#define SQUARE_ROOT(a)        ((Vector) _mm256_sqrt_ps(a))
#define INTERLEAVE_LOW(a, b)  ((Vector) _mm256_unpacklo_ps((a), (b)))
#define INTERLEAVE_HIGH(a, b) ((Vector) _mm256_unpackhi_ps((a), (b)))
#define JOIN_LOW(a, b)        ((Vector) _mm256_shuffle_ps((a), (b), _MM_SHUFFLE(1, 0, 1, 0)))
#define JOIN_HIGH(a, b)       ((Vector) _mm256_shuffle_ps((a), (b), _MM_SHUFFLE(3, 2, 3, 2)))
#define LOAD_QUADS(p, step)   ((Vector) load_8((p), (step)))

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif

static inline __attribute__((always_inline)) __m256
load_8(const float *p, ptrdiff_t step)
{
	return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(p)), _mm_loadu_ps(p + step), 1);
}

#include "core/dsp/kernels_body.h"

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
