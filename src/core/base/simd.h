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
 *						the extremes give b when a is NaN; MULTIPLY_ADD rounds once, whatever that takes
 *	FAST_MULTIPLY_ADD(a, b, c)
 *						the same, but rounds twice where rounding once is no instruction
 *	select_where(condition, yes, no)
 *	LOAD_QUADS(p, step)	four floats each from p, p + step, ...
 *	INTERLEAVE_LOW, INTERLEAVE_HIGH(a, b)
 *						of each quad a0 b0 a1 b1 and a2 b2 a3 b3
 *	JOIN_LOW, JOIN_HIGH(a, b)
 *						of each quad a0 a1 b0 b1 and a2 a3 b2 b3
 *	NARROW_WIDTH		floats per vector where the order of sums has 8 lanes: WIDTH, but at most 8
 *	NarrowVector, NarrowIntVector, NARROW_MULTIPLY_ADD(a, b, c)
 *
 * All sets give the same bits where a body keeps to these words but FAST_MULTIPLY_ADD, and where no sum
 * goes over lanes in an order that depends on WIDTH.
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
#pragma clang attribute push(__attribute__((target("avx512dq,avx512bw,fma"))), apply_to = function)
#elif defined(EMO_SIMD_AVX512)
#pragma GCC push_options
#pragma GCC target("avx512dq,avx512bw,fma")
#elif defined(EMO_SIMD_AVX2) && defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#elif defined(EMO_SIMD_AVX2)
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c")
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

#define NARROW_WIDTH          8

typedef float NarrowVector __attribute__((vector_size(NARROW_WIDTH * sizeof(float)), may_alias));
typedef int32_t NarrowIntVector
	__attribute__((vector_size(NARROW_WIDTH * sizeof(int32_t)), may_alias));

#define NARROW_MULTIPLY_ADD(a, b, c)                                                               \
	((NarrowVector) _mm256_fmadd_ps((__m256) (a), (__m256) (b), (__m256) (c)))

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

#if defined(__aarch64__)

#include <arm_neon.h>

#define MULTIPLY_ADD(a, b, c)                                                                      \
	((Vector) vfmaq_f32((float32x4_t) (c), (float32x4_t) (a), (float32x4_t) (b)))
#define FAST_MULTIPLY_ADD MULTIPLY_ADD
#define SQUARE_ROOT(a)    ((Vector) vsqrtq_f32((float32x4_t) (a)))

#elif defined(__SSE2__)

#include "core/base/simd_sse2.h"

#define FAST_MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#define SQUARE_ROOT(a)             ((Vector) _mm_sqrt_ps((__m128) (a)))

#else

#define MULTIPLY_ADD(a, b, c)                                                                      \
	((Vector){fmaf((a)[0], (b)[0], (c)[0]), fmaf((a)[1], (b)[1], (c)[1]),                          \
			  fmaf((a)[2], (b)[2], (c)[2]), fmaf((a)[3], (b)[3], (c)[3])})
#define FAST_MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#define SQUARE_ROOT(a)             ((Vector){sqrtf((a)[0]), sqrtf((a)[1]), sqrtf((a)[2]), sqrtf((a)[3])})

#endif

#define MAXIMUM(a, b)         select_where((a) > (b), (a), (b))
#define MINIMUM(a, b)         select_where((a) < (b), (a), (b))
#define INTERLEAVE_LOW(a, b)  SHUFFLE(a, b, 0, 4, 1, 5)
#define INTERLEAVE_HIGH(a, b) SHUFFLE(a, b, 2, 6, 3, 7)
#define JOIN_LOW(a, b)        SHUFFLE(a, b, 0, 1, 4, 5)
#define JOIN_HIGH(a, b)       SHUFFLE(a, b, 2, 3, 6, 7)
#define LOAD_QUADS(p, step)   ((void) (step), load(p))

#endif

#ifndef NARROW_WIDTH
#define NARROW_WIDTH        WIDTH
#define NarrowVector        Vector
#define NarrowIntVector     IntVector
#define NARROW_MULTIPLY_ADD MULTIPLY_ADD
#endif

/* Instruction sets that fuse have nothing faster. */
#ifndef FAST_MULTIPLY_ADD
#define FAST_MULTIPLY_ADD MULTIPLY_ADD
#endif

#include EMO_SIMD_BODY

#if !defined(EMO_SIMD_BASELINE) && defined(__clang__)
#pragma clang attribute pop
#elif !defined(EMO_SIMD_BASELINE)
#pragma GCC pop_options
#endif

#endif
