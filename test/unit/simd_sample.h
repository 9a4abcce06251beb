/*
 * simd_sample.h
 *	  A body for base/simd.h with one of its words.  No include guard: this is a body.
 */
static void
multiply_add(const float *a, const float *b, const float *c, float *sums)
{
	store(sums, MULTIPLY_ADD(load(a), load(b), load(c)));
}
