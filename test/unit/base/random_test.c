/*
 * random_test.c
 *	  Random numbers: known bits, and moments and tails of the distributions.
 */
#include "unit.h"

#include "core/base/random.h"

enum
{
	N = 1000000
};

/*
 * splitmix64's first values for seed 0 as its authors publish them, and xoshiro256++'s first three
 * from that state: s0 + s3 rotated by 23, plus s0.
 */
static void
test_known_bits(EmoEnv *env)
{
	static const uint64_t state[4] = {UINT64_C(0xe220a8397b1dcdaf), UINT64_C(0x6e789e6aa1b965f4),
									  UINT64_C(0x06c45d188009454f), UINT64_C(0xf88bb8a8724c81ec)};
	static const uint64_t expected[3] = {UINT64_C(0x53175d61490b23df), UINT64_C(0x61da6f3dc380d507),
										 UINT64_C(0x5c0fdf91ec9a7bfc)};
	EmoRandom random;

	(void) env;
	emo_random_seed(&random, 0);
	CHECK(memcmp(random.state, state, sizeof(state)) == 0);
	for (int i = 0; i < 3; i++)
		CHECK(emo_random_bits(&random) == expected[i]);
}

static void
test_seeds(EmoEnv *env)
{
	EmoRandom a, b, c;
	int n_equal = 0;

	(void) env;
	emo_random_seed(&a, 7);
	emo_random_seed(&b, 7);
	emo_random_seed(&c, 8);
	for (int i = 0; i < 1000; i++)
	{
		double x = emo_random_noise(&a);

		CHECK(x == emo_random_noise(&b));
		n_equal += x == emo_random_noise(&c);
	}
	CHECK(n_equal < 5);
}

/* Tolerances are five standard errors. */
static void
test_uniform(EmoEnv *env)
{
	EmoRandom random;
	double sum = 0, square = 0, low = 1, high = 0;

	(void) env;
	emo_random_seed(&random, 1);
	for (int i = 0; i < N; i++)
	{
		double x = emo_random_uniform(&random);

		sum += x;
		square += (x - 0.5) * (x - 0.5);
		low = fmin(low, x);
		high = fmax(high, x);
	}
	CHECK_NEAR(sum / N, 0.5, 5 * sqrt(1.0 / 12 / N));
	CHECK_NEAR(square / N, 1.0 / 12, 5 * sqrt(1.0 / 180 / N));
	CHECK(low >= 0 && low < 1e-4 && high < 1 && high > 1 - 1e-4);
}

/* Moments, that samples don't depend on those before them, and the distribution of sums of 400. */
static void
test_noise(EmoEnv *env)
{
	EmoRandom random;
	double moments[5] = {0}, before = 0, with_before = 0, largest = 0, sum = 0;
	int beyond[4] = {0};

	(void) env;
	emo_random_seed(&random, 2);
	for (int i = 0; i < N; i++)
	{
		double x = emo_random_noise(&random);

		for (int power = 1; power < 5; power++)
			moments[power] += pow(x, power) / N;
		with_before += x * before / N;
		before = x;
		largest = fmax(largest, fabs(x));
		sum += x / 20;
		if (i % 400 < 399)
			continue;
		for (int limit = 1; limit < 4; limit++)
			beyond[limit] += fabs(sum) > limit;
		sum = 0;
	}
	CHECK_NEAR(moments[1], 0, 5 * sqrt(1.0 / N));
	CHECK_NEAR(moments[2], 1, 5 * sqrt(1.7 / N));
	CHECK_NEAR(moments[3], 0, 5 * sqrt(12.0 / N));
	CHECK_NEAR(moments[4], 2.7, 5 * sqrt(60.0 / N));
	CHECK_NEAR(with_before, 0, 5 * sqrt(1.0 / N));
	CHECK(largest > 3 && largest < 3.47);
	for (int limit = 1; limit < 4; limit++)
	{
		double share = erfc(limit / sqrt(2));

		CHECK_NEAR(beyond[limit] / (N / 400.0), share, 5 * sqrt(share * (1 - share) / (N / 400.0)));
	}
}

/* Mean, variance and kurtosis of a normal distribution. */
static void
test_normal(EmoEnv *env)
{
	enum
	{
		N = 200000
	};
	EmoRandom random;
	double sum = 0, second = 0, fourth = 0;

	(void) env;
	emo_random_seed(&random, 5);
	for (int i = 0; i < N; i++)
	{
		double x = emo_random_normal(&random);

		sum += x;
		second += x * x;
		fourth += x * x * x * x;
	}
	CHECK_NEAR(sum / N, 0, 0.02);
	CHECK_NEAR(second / N, 1, 0.02);
	CHECK_NEAR(fourth / N, 3, 0.15);
}

int
main(void)
{
	RUN(test_known_bits);
	RUN(test_seeds);
	RUN(test_uniform);
	RUN(test_noise);
	RUN(test_normal);
	return unit_finish();
}
