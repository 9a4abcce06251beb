/*
 * conversions_test.c
 *	  All instruction sets: numbers of all precisions of weights become the floats that they are.
 */
#include "unit.h"

#include "encoder_kernels.h"

/* By its definition: sign, exponent, fraction. */
static double
half_reference(uint16_t half)
{
	int exponent = half >> 10 & 31, fraction = half & 1023;
	double magnitude = exponent == 31  ? (fraction == 0 ? (double) INFINITY : (double) NAN)
					   : exponent == 0 ? ldexp(fraction, -24)
									   : ldexp(1024 + fraction, exponent - 25);

	return half & 0x8000 ? -magnitude : magnitude;
}

static bool
same_number(double a, double b)
{
	return isnan(a) ? isnan(b) : a == b && signbit(a) == signbit(b);
}

/* All that there are. */
static void
test_halves(EmoEnv *env)
{
	enum
	{
		n = 65536
	};
	uint16_t *x = emo_alloc(env, n, sizeof(uint16_t));
	float *y = emo_alloc(env, n, sizeof(float));

	for (int i = 0; i < n; i++)
		x[i] = (uint16_t) i;
	for (int which = 0; which < N_NAMES; which++)
	{
		const EmoEncoderKernels *kernels = kernels_named(names[which]);
		int wrong = 0;

		if (kernels == NULL)
			continue;
		kernels->float_of_f16(x, n, y);
		for (int i = 0; i < n; i++)
			wrong += !same_number(y[i], half_reference((uint16_t) i));
		CHECK(wrong == 0);
		kernels->float_of_bf16(x, n, y);
		for (int i = 0; i < n; i++)
		{
			uint32_t bits = (uint32_t) i << 16;

			wrong += memcmp(&y[i], &bits, sizeof(bits)) != 0;
		}
		CHECK(wrong == 0);
	}
}

static void
check_conversions(const EmoEncoderKernels *kernels, int n, uint64_t *seed)
{
	uint16_t halves[MAX_N] = {0};
	int8_t bytes[MAX_N * EMO_PANEL_ROWS] = {0};
	float scale[EMO_PANEL_ROWS], y[MAX_N * EMO_PANEL_ROWS + 1];

	for (int i = 0; i < n; i++)
		halves[i] = (uint16_t) (0x3c00 + 512 * uniform(seed));
	y[n] = FENCE;
	kernels->float_of_f16(halves, n, y);
	for (int i = 0; i < n; i++)
		CHECK(y[i] == (float) half_reference(halves[i]));
	kernels->float_of_bf16(halves, n, y);
	for (int i = 0; i < n; i++)
	{
		uint32_t bits = (uint32_t) halves[i] << 16;

		CHECK(memcmp(&y[i], &bits, sizeof(bits)) == 0);
	}
	CHECK(y[n] == FENCE);

	fill(scale, EMO_PANEL_ROWS, 1, 0.9, seed);
	for (int i = 0; i < n * EMO_PANEL_ROWS; i++)
		bytes[i] = (int8_t) lrint(127 * uniform(seed));
	bytes[0] = -128;
	y[n * EMO_PANEL_ROWS] = FENCE;
	kernels->float_of_int8(bytes, scale, n, y);
	for (int i = 0; i < n * EMO_PANEL_ROWS; i++)
		CHECK(y[i] == scale[i % EMO_PANEL_ROWS] * bytes[i]);
	CHECK(y[n * EMO_PANEL_ROWS] == FENCE);
}

static void
test_conversions(EmoEnv *env)
{
	(void) env;
	at_all_lengths(check_conversions);
}

int
main(void)
{
	RUN(test_halves);
	RUN(test_conversions);
	return unit_finish();
}
