/*
 * simd_sse2.h
 *	  The part of simd.h for processors of the x86-64 baseline: MULTIPLY_ADD, for which they have no
 *	  instruction, with the bits that others get from theirs.
 *
 * Decisions hang on these bits: which of two peaks is the higher, which frame is active, where a
 * percentile lies.  Were they rounded in two steps here, one recording in hundreds would have features
 * that differ by more than rounding.
 */

/*
 * a b + c, the product exact in double precision and the sum rounded to odd: of the two doubles about
 * the exact sum the one whose last bit is 1.  A second rounding, to single precision, then gives what
 * one rounding would have (Boldo & Melquiond 2008, "Emulation of a FMA and correctly rounded sums").
 */
INLINE __m128d
sum_to_odd(__m128d product, __m128d c)
{
	__m128d sum = product + c, of_c = sum - product;
	__m128d error = (product - (sum - of_c)) + (c - of_c);
	__m128d zero = _mm_setzero_pd(), above = _mm_cmpgt_pd(error, zero);
	__m128i inexact = _mm_castpd_si128(_mm_or_pd(above, _mm_cmplt_pd(error, zero)));
	__m128i bits = _mm_castpd_si128(sum);
	/* Away from 0 or towards it, by one in the last place, if that place is 0. */
	__m128i outwards = _mm_castpd_si128(_mm_xor_pd(above, _mm_cmplt_pd(sum, zero)));
	__m128i step = _mm_sub_epi64(_mm_setzero_si128(), _mm_or_si128(outwards, _mm_set1_epi64x(1)));
	__m128i is_even = _mm_sub_epi64(_mm_and_si128(bits, _mm_set1_epi64x(1)), _mm_set1_epi64x(1));

	return _mm_castsi128_pd(
		_mm_add_epi64(bits, _mm_and_si128(step, _mm_and_si128(inexact, is_even))));
}

INLINE __m128d
low_half(Vector x)
{
	return _mm_cvtps_pd((__m128) x);
}

INLINE __m128d
high_half(Vector x)
{
	return _mm_cvtps_pd(_mm_movehl_ps((__m128) x, (__m128) x));
}

INLINE Vector
join_halves(__m128d low, __m128d high)
{
	return (Vector) _mm_movelh_ps(_mm_cvtpd_ps(low), _mm_cvtpd_ps(high));
}

static __attribute__((noinline, cold, unused)) Vector
multiply_add_carefully(Vector a, Vector b, Vector c)
{
	return join_halves(sum_to_odd(low_half(a) * low_half(b), low_half(c)),
					   sum_to_odd(high_half(a) * high_half(b), high_half(c)));
}

/*
 * Two roundings differ from one only where the first ends half-way between two floats: with 1 and 28
 * zeros for the bits that a float hasn't got.  (Where the result is subnormal for a float it has fewer
 * bits; those values, below 1e-38, are not looked after.)
 */
INLINE Vector
MULTIPLY_ADD(Vector a, Vector b, Vector c)
{
	__m128d low = low_half(a) * low_half(b) + low_half(c);
	__m128d high = high_half(a) * high_half(b) + high_half(c);
	__m128i low_words = _mm_castps_si128(
		_mm_shuffle_ps(_mm_castpd_ps(low), _mm_castpd_ps(high), _MM_SHUFFLE(2, 0, 2, 0)));
	__m128i half_way = _mm_cmpeq_epi32(_mm_and_si128(low_words, _mm_set1_epi32(0x1fffffff)),
									   _mm_set1_epi32(0x10000000));

	if (__builtin_expect(_mm_movemask_epi8(half_way) != 0, 0))
		return multiply_add_carefully(a, b, c);
	return join_halves(low, high);
}
