/*
 * kernels_avx512.c
 *	  The kernels for AVX-512.
 */
#include "core/dsp/kernels.h"

#ifdef __x86_64__

#include <float.h>
#include <immintrin.h>
#include <stdbool.h>

#define KERNELS               emo_kernels_avx512
#define ISA_NAME              "avx512"
#define WIDTH                 16

#define MULTIPLY_ADD(a, b, c) ((Vector) _mm512_fmadd_ps((a), (b), (c)))
#define MAXIMUM(a, b)         ((Vector) _mm512_max_ps((a), (b)))
#define MINIMUM(a, b)         ((Vector) _mm512_min_ps((a), (b)))
#define SQUARE_ROOT(a)        ((Vector) _mm512_sqrt_ps(a))
#define INTERLEAVE_LOW(a, b)  ((Vector) _mm512_unpacklo_ps((a), (b)))
#define INTERLEAVE_HIGH(a, b) ((Vector) _mm512_unpackhi_ps((a), (b)))
#define JOIN_LOW(a, b)        ((Vector) _mm512_shuffle_ps((a), (b), _MM_SHUFFLE(1, 0, 1, 0)))
#define JOIN_HIGH(a, b)       ((Vector) _mm512_shuffle_ps((a), (b), _MM_SHUFFLE(3, 2, 3, 2)))
#define LOAD_QUADS(p, step)   ((Vector) load_16((p), (step)))

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,fma")
#endif

static inline __attribute__((always_inline)) __m512
load_16(const float *p, ptrdiff_t step)
{
	__m512 x = _mm512_castps128_ps512(_mm_loadu_ps(p));

	x = _mm512_insertf32x4(x, _mm_loadu_ps(p + step), 1);
	x = _mm512_insertf32x4(x, _mm_loadu_ps(p + 2 * step), 2);
	return _mm512_insertf32x4(x, _mm_loadu_ps(p + 3 * step), 3);
}

#include "core/dsp/kernels_body.h"

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
