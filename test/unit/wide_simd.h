/*
 * wide_simd.h
 *	  Vectors of 16 floats, as AVX-512 has them, in plain C for any processor: what hangs on the width of
 *	  vectors shows on machines without AVX-512.
 *
 * The words are those of base/simd.h; FAST_MULTIPLY_ADD, which has other bits, isn't among them.
 */
#ifndef EMO_WIDE_SIMD_H
#define EMO_WIDE_SIMD_H

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#define ISA_NAME     "wide"
#define WIDTH        16
#define NARROW_WIDTH 8
#define INLINE       static inline __attribute__((always_inline, unused))

typedef float Vector __attribute__((vector_size(64), may_alias));
typedef float UnalignedVector __attribute__((vector_size(64), may_alias, aligned(4)));
typedef int32_t IntVector __attribute__((vector_size(64), may_alias));
typedef uint32_t UnsignedVector __attribute__((vector_size(64), may_alias));
typedef float NarrowVector __attribute__((vector_size(32), may_alias));
typedef int32_t NarrowIntVector __attribute__((vector_size(32), may_alias));

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

INLINE Vector
MULTIPLY_ADD(Vector a, Vector b, Vector c)
{
	for (int i = 0; i < WIDTH; i++)
		c[i] = fmaf(a[i], b[i], c[i]);
	return c;
}

INLINE NarrowVector
NARROW_MULTIPLY_ADD(NarrowVector a, NarrowVector b, NarrowVector c)
{
	for (int i = 0; i < NARROW_WIDTH; i++)
		c[i] = fmaf(a[i], b[i], c[i]);
	return c;
}

INLINE Vector
SQUARE_ROOT(Vector a)
{
	for (int i = 0; i < WIDTH; i++)
		a[i] = sqrtf(a[i]);
	return a;
}

#define MAXIMUM(a, b) select_where((a) > (b), (a), (b))
#define MINIMUM(a, b) select_where((a) < (b), (a), (b))

/* Four places from each quad of a and b. */
INLINE Vector
of_quads(Vector a, Vector b, const int *places)
{
	Vector result = {0};

	for (int i = 0; i < WIDTH; i++)
	{
		int place = places[i % 4], quad = i / 4 * 4;

		result[i] = place < 4 ? a[quad + place] : b[quad + place - 4];
	}
	return result;
}

#define INTERLEAVE_LOW(a, b)  of_quads(a, b, (const int[]){0, 4, 1, 5})
#define INTERLEAVE_HIGH(a, b) of_quads(a, b, (const int[]){2, 6, 3, 7})
#define JOIN_LOW(a, b)        of_quads(a, b, (const int[]){0, 1, 4, 5})
#define JOIN_HIGH(a, b)       of_quads(a, b, (const int[]){2, 3, 6, 7})

INLINE Vector
LOAD_QUADS(const float *p, ptrdiff_t step)
{
	Vector result = {0};

	for (int i = 0; i < WIDTH; i++)
		result[i] = p[i / 4 * step + i % 4];
	return result;
}

#endif
