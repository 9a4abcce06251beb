/*
 * simd_test.c
 *	  MULTIPLY_ADD of the baseline rounds once, as fmaf() does.
 */
#include "unit.h"

#define EMO_SIMD_BODY "simd_sample.h"
#include "core/base/simd.h"

/* Prints the first that differs. */
static long
count_differences(const float *a, const float *b, const float *c, int n)
{
	long n_different = 0;

	for (int i = 0; i < n; i += WIDTH)
	{
		float sums[WIDTH];

		multiply_add(a + i, b + i, c + i, sums);
		for (int lane = 0; lane < WIDTH; lane++)
		{
			float expected = fmaf(a[i + lane], b[i + lane], c[i + lane]);

			if (memcmp(&expected, sums + lane, sizeof(float)) == 0 ||
				(isnan(expected) && isnan(sums[lane])))
				continue;
			if (n_different++ == 0)
				printf("%a * %a + %a is %a, not %a\n", a[i + lane], b[i + lane], c[i + lane],
					   expected, sums[lane]);
		}
	}
	return n_different;
}

/* A sign, so many bits of mantissa, and an exponent of -range to range. */
static float
random_float(int n_bits, int range)
{
	float mantissa = (float) ((1 << (n_bits - 1)) + rand() % (1 << (n_bits - 1)));

	return ldexpf(rand() % 2 ? mantissa : -mantissa, rand() % (2 * range + 1) - range - n_bits);
}

/* With few bits sums lie half-way between floats often, and by a little beside that. */
static void
test_random(EmoEnv *env)
{
	enum
	{
		n = 4096
	};
	float *a = emo_alloc(env, n, sizeof(float)), *b = emo_alloc(env, n, sizeof(float));
	float *c = emo_alloc(env, n, sizeof(float));

	for (int round = 0; round < 300; round++)
	{
		int n_bits = 2 + round % 23, range = 1 + round % 40;

		for (int i = 0; i < n; i++)
		{
			a[i] = random_float(n_bits, range);
			b[i] = random_float(2 + rand() % 23, range);
			c[i] = random_float(2 + rand() % 23, range);
		}
		CHECK(count_differences(a, b, c, n) == 0);
	}
}

/*
 * 1 + 2^-24 is half-way from 1 to the next float, and what the product adds to it or takes from it is
 * lost in a double: rounded twice, all of these sums would be even.
 */
static void
test_half_way(EmoEnv *env)
{
	const float tie = 1 + 0x1p-23f, least = 0x1p-60f;
	const float a[] = {least, -least, least, -least, tie, -tie, 0x1.000002p0f, 3};
	const float b[] = {least, least, -least, -least, least, least, 0x1.fffffep-1f, 0x1p-25f};
	float c[8], sums[4];

	(void) env;
	for (int i = 0; i < 8; i++)
		c[i] = i % 2 ? 0x1.000004p0f : 1;
	CHECK(count_differences(a, b, c, 8) == 0);

	/* 2^-24 + 2^-24 2^-40 exactly, over 1. */
	for (int i = 0; i < 4; i++)
		c[i] = i < 2 ? 1 : 0x1.000002p0f;
	multiply_add(
		(const float[]){0x1.000002p-24f, 0x1.fffffep-25f, 0x1.000002p-24f, 0x1.fffffep-25f},
		(const float[]){1, 1, 1, 1}, c, sums);
	CHECK(sums[0] == 0x1.000002p0f && sums[1] == 1);
	CHECK(sums[2] == 0x1.000004p0f && sums[3] == 0x1.000002p0f);
}

/* The double sum is exactly half-way, the true one 2^-80 beside it. */
static void
test_double_rounding(EmoEnv *env)
{
	const float beside = 0x1p-40f;
	const float a[] = {0x1.000002p0f, -0x1.000002p0f, beside, -beside};
	const float b[] = {0x1.000002p-24f, 0x1.000002p-24f, beside, beside};
	const float c[] = {1, -1, 0x1.000002p0f, 0x1.000002p0f};

	(void) env;
	CHECK(count_differences(a, b, c, 4) == 0);
	for (int i = -60; i <= 60; i++)
		for (int j = -60; j <= 60; j++)
		{
			/* (2^12 + 1) (2^12 - 1) = 2^24 - 1, and the like: products that nearly are powers of 2. */
			float x[] = {4097, 4097, -4097, 4099}, y[] = {4095, 4097, 4095, 4093};
			float z[] = {1, -1, 1, 1};

			for (int lane = 0; lane < 4; lane++)
			{
				x[lane] = ldexpf(x[lane], i);
				z[lane] = ldexpf(z[lane] * (float) (16777215 - lane), j);
			}
			CHECK(count_differences(x, y, z, 4) == 0);
		}
}

static void
test_special(EmoEnv *env)
{
	static const float values[] = {
		0.0f,    -0.0f,     1, -1,       INFINITY, -INFINITY,      NAN,      FLT_MAX, -FLT_MAX,
		FLT_MIN, 0x1p-100f, 3, 1.0f / 3, 0x1p127f, 0x1.fffffep-1f, -0x1p-24f};
	enum
	{
		n = sizeof(values) / sizeof(values[0])
	};

	(void) env;
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			for (int k = 0; k < n; k += 4)
			{
				float a[4], b[4];

				for (int lane = 0; lane < 4; lane++)
				{
					a[lane] = values[i];
					b[lane] = values[j];
				}
				CHECK(count_differences(a, b, values + k, 4) == 0);
			}
}

int
main(void)
{
	srand(1);
	RUN(test_random);
	RUN(test_half_way);
	RUN(test_double_rounding);
	RUN(test_special);
	return unit_finish();
}
