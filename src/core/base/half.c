/*
 * half.c
 *	  Half precision numbers (IEEE 754 binary16).
 */
#include "core/base/half.h"

#define LARGEST_HALF 65504.0f

/* 2^112: the difference of the exponents' biases. */
#define REBIAS 0x1p112f

typedef union Single
{
	float value;
	uint32_t bits;
} Single;

uint16_t
emo_half_of_float(float value)
{
	Single single = {value}, magnitude;
	uint16_t sign = (uint16_t) (single.bits >> 16 & 0x8000);

	magnitude.bits = single.bits & 0x7fffffff;
	/* Written so that NaN becomes the largest too. */
	if (!(magnitude.value < LARGEST_HALF))
		return sign | 0x7bff;
	/* Below the normal range, adding 0.5 leaves the half's bits in the lowest places, rounded. */
	if (magnitude.value < 0x1p-14f)
	{
		magnitude.value += 0.5f;
		return sign | (uint16_t) (magnitude.bits - 0x3f000000);
	}
	magnitude.bits += 0xfff + (magnitude.bits >> 13 & 1);
	return sign | (uint16_t) ((magnitude.bits >> 13) - (112 << 10));
}

float
emo_float_of_half(uint16_t half)
{
	Single single = {.bits = (uint32_t) (half & 0x7fff) << 13};

	single.value *= REBIAS;
	single.bits |= (uint32_t) (half & 0x8000) << 16;
	return single.value;
}
