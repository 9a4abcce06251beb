/*
 * simd.h
 *	  One dialect of vectors for all kernels, and the way to compile kernels for an instruction set.
 *
 * Kernels are written once, in a body x_body.h, in the words below.  For each instruction set there
 * is a file x_avx512.c, x_avx2.c or x_baseline.c, which says
 *
 *	#define EMO_SIMD_AVX2				(EMO_SIMD_AVX512; none for the baseline)
 *	#define EMO_SIMD_BODY "core/dsp/kernels_body.h"
 *	#define KERNELS		  emo_kernels_avx2
 *	#include "core/base/simd.h"
 *
 * and the table of function pointers that the body defines as KERNELS is chosen by base/cpu.h.  The
 * baseline is the compiler's default (SSE2 on x86-64, NEON on arm64); off x86-64 the others are
 * empty.  No include guard: this is included once per file.
 *
 *	ISA_NAME			the instruction set's name, a string
 *	WIDTH				floats per vector: 4, 8 or 16
 *	Vector, IntVector, UnsignedVector
 *						WIDTH floats or integers of 32 bits; operators and casts as in GNU C.
 *						Comparisons give an IntVector of 0 and -1.
 *	splat(x)			all x
 *	load(p), store(p, v)
 *						from and to any address
 *	MULTIPLY_ADD(a, b, c), MAXIMUM(a, b), MINIMUM(a, b), SQUARE_ROOT(a)
 *						the extremes give b when a is NaN; MULTIPLY_ADD rounds once but in the baseline
 *	select_where(condition, yes, no)
 *	LOAD_QUADS(p, step)	four floats each from p, p + step, ...
 *	INTERLEAVE_LOW, INTERLEAVE_HIGH(a, b)
 *						of each quad a0 b0 a1 b1 and a2 b2 a3 b3
 *	JOIN_LOW, JOIN_HIGH(a, b)
 *						of each quad a0 a1 b0 b1 and a2 a3 b2 b3
 */
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(EMO_SIMD_AVX512)
#define ISA_NAME "avx512"
#define WIDTH    16
#elif defined(EMO_SIMD_AVX2)
#define ISA_NAME "avx2"
#define WIDTH    8
#else
#define EMO_SIMD_BASELINE
#define ISA_NAME "baseline"
#define WIDTH    4
#endif

#if defined(__x86_64__) || defined(EMO_SIMD_BASELINE)

#ifdef __x86_64__
#include <immintrin.h>
#endif

/* What follows may use the instruction set; it ends at the end of this file. */
#if defined(EMO_SIMD_AVX512) && defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,fma"))), apply_to = function)
#elif defined(EMO_SIMD_AVX512)
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,fma")
#elif defined(EMO_SIMD_AVX2) && defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#elif defined(EMO_SIMD_AVX2)
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif

#define INLINE static inline __attribute__((always_inline, unused))

typedef float Vector __attribute__((vector_size(WIDTH * sizeof(float)), may_alias));
typedef float UnalignedVector
	__attribute__((vector_size(WIDTH * sizeof(float)), may_alias, aligned(sizeof(float))));
typedef int32_t IntVector __attribute__((vector_size(WIDTH * sizeof(int32_t)), may_alias));
typedef uint32_t UnsignedVector __attribute__((vector_size(WIDTH * sizeof(uint32_t)), may_alias));

INLINE Vector
splat(float value)
{
	return value - (Vector){0};
}

INLINE Vector
load(const float *p)
{
	return (Vector) * (const UnalignedVector *) p;
}

INLINE void
store(float *p, Vector value)
{
	*(UnalignedVector *) p = (UnalignedVector) value;
}

INLINE Vector
select_where(IntVector condition, Vector yes, Vector no)
{
	return (Vector) ((condition & (IntVector) yes) | (~condition & (IntVector) no));
}

#if defined(EMO_SIMD_AVX512)

#define MULTIPLY_ADD(a, b, c) ((Vector) _mm512_fmadd_ps((__m512) (a), (__m512) (b), (__m512) (c)))
#define MAXIMUM(a, b)         ((Vector) _mm512_max_ps((__m512) (a), (__m512) (b)))
#define MINIMUM(a, b)         ((Vector) _mm512_min_ps((__m512) (a), (__m512) (b)))
#define SQUARE_ROOT(a)        ((Vector) _mm512_sqrt_ps((__m512) (a)))
#define INTERLEAVE_LOW(a, b)  ((Vector) _mm512_unpacklo_ps((a), (b)))
#define INTERLEAVE_HIGH(a, b) ((Vector) _mm512_unpackhi_ps((a), (b)))
#define JOIN_LOW(a, b)        ((Vector) _mm512_shuffle_ps((a), (b), _MM_SHUFFLE(1, 0, 1, 0)))
#define JOIN_HIGH(a, b)       ((Vector) _mm512_shuffle_ps((a), (b), _MM_SHUFFLE(3, 2, 3, 2)))

INLINE Vector
LOAD_QUADS(const float *p, ptrdiff_t step)
{
	__m512 x = _mm512_castps128_ps512(_mm_loadu_ps(p));

	x = _mm512_insertf32x4(x, _mm_loadu_ps(p + step), 1);
	x = _mm512_insertf32x4(x, _mm_loadu_ps(p + 2 * step), 2);
	return (Vector) _mm512_insertf32x4(x, _mm_loadu_ps(p + 3 * step), 3);
}

#elif defined(EMO_SIMD_AVX2)

#define MULTIPLY_ADD(a, b, c) ((Vector) _mm256_fmadd_ps((__m256) (a), (__m256) (b), (__m256) (c)))
#define MAXIMUM(a, b)         ((Vector) _mm256_max_ps((__m256) (a), (__m256) (b)))
#define MINIMUM(a, b)         ((Vector) _mm256_min_ps((__m256) (a), (__m256) (b)))
#define SQUARE_ROOT(a)        ((Vector) _mm256_sqrt_ps((__m256) (a)))
#define INTERLEAVE_LOW(a, b)  ((Vector) _mm256_unpacklo_ps((a), (b)))
#define INTERLEAVE_HIGH(a, b) ((Vector) _mm256_unpackhi_ps((a), (b)))
#define JOIN_LOW(a, b)        ((Vector) _mm256_shuffle_ps((a), (b), _MM_SHUFFLE(1, 0, 1, 0)))
#define JOIN_HIGH(a, b)       ((Vector) _mm256_shuffle_ps((a), (b), _MM_SHUFFLE(3, 2, 3, 2)))

INLINE Vector
LOAD_QUADS(const float *p, ptrdiff_t step)
{
	return (Vector) _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(p)),
										 _mm_loadu_ps(p + step), 1);
}

#else

#ifdef __clang__
#define SHUFFLE(a, b, i, j, k, l) __builtin_shufflevector((a), (b), i, j, k, l)
#else
#define SHUFFLE(a, b, i, j, k, l) __builtin_shuffle((a), (b), (IntVector){i, j, k, l})
#endif

#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#define MAXIMUM(a, b)         select_where((a) > (b), (a), (b))
#define MINIMUM(a, b)         select_where((a) < (b), (a), (b))
#define SQUARE_ROOT(a)        ((Vector){sqrtf((a)[0]), sqrtf((a)[1]), sqrtf((a)[2]), sqrtf((a)[3])})
#define INTERLEAVE_LOW(a, b)  SHUFFLE(a, b, 0, 4, 1, 5)
#define INTERLEAVE_HIGH(a, b) SHUFFLE(a, b, 2, 6, 3, 7)
#define JOIN_LOW(a, b)        SHUFFLE(a, b, 0, 1, 4, 5)
#define JOIN_HIGH(a, b)       SHUFFLE(a, b, 2, 3, 6, 7)
#define LOAD_QUADS(p, step)   ((void) (step), load(p))

#endif

#include EMO_SIMD_BODY

#if !defined(EMO_SIMD_BASELINE) && defined(__clang__)
#pragma clang attribute pop
#elif !defined(EMO_SIMD_BASELINE)
#pragma GCC pop_options
#endif

#endif
