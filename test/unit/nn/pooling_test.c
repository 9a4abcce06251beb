/*
 * pooling_test.c
 *	  Pooling over time: what it gives, and its gradient against central differences.
 */
#include "core/base/random.h"
#include "core/nn/loss.h"
#include "core/nn/pooling.h"
#include "unit.h"

#define FEATURES 16
#define HEADS    3
#define MAX_ROWS 40
#define POOLED   (2 * HEADS * FEATURES)

static void
fill(EmoRandom *random, int n, float *values)
{
	for (int i = 0; i < n; i++)
		values[i] = (float) emo_random_normal(random);
}

/* The same in double, straight from the definition; returns the weighted sum of what comes out. */
static double
naive_pool(const double *x, int rows, const double *attention, const float *share, double *pooled)
{
	double sum = 0;

	for (int h = 0; h < HEADS; h++)
	{
		double weights[MAX_ROWS], total = 0;

		for (int t = 0; t < rows; t++)
		{
			double score = 0;

			for (int d = 0; attention != NULL && d < FEATURES; d++)
				score += x[t * FEATURES + d] * attention[d * HEADS + h];
			total += weights[t] = exp(score);
		}
		for (int d = 0; d < FEATURES; d++)
		{
			double mean = 0, variance = 0;

			for (int t = 0; t < rows; t++)
				mean += weights[t] / total * x[t * FEATURES + d];
			for (int t = 0; t < rows; t++)
				variance += weights[t] / total * pow(x[t * FEATURES + d] - mean, 2);
			pooled[h * FEATURES + d] = mean;
			pooled[(HEADS + h) * FEATURES + d] = sqrt(variance + 1e-5);
		}
	}
	for (int i = 0; i < POOLED; i++)
		sum += share[i] * pooled[i];
	return sum;
}

static void
check_pool(EmoEnv *env, int rows, bool attends)
{
	float x[MAX_ROWS * FEATURES], attention[FEATURES * HEADS], share[POOLED];
	float weights[MAX_ROWS * HEADS], pooled[POOLED], work[FEATURES + MAX_ROWS];
	float d_x[MAX_ROWS * FEATURES], d_attention[FEATURES * HEADS] = {0};
	double exact[MAX_ROWS * FEATURES], exact_attention[FEATURES * HEADS], expected[POOLED];
	EmoRandom random;

	emo_random_seed(&random, rows);
	fill(&random, rows * FEATURES, x);
	fill(&random, FEATURES * HEADS, attention);
	fill(&random, POOLED, share);
	for (int i = 0; i < rows * FEATURES; i++)
		exact[i] = x[i];
	for (int i = 0; i < FEATURES * HEADS; i++)
		exact_attention[i] = attention[i];
	emo_nn_pool(env, x, rows, FEATURES, HEADS, attends ? attention : NULL, weights, pooled);
	naive_pool(exact, rows, attends ? exact_attention : NULL, share, expected);
	for (int i = 0; i < POOLED; i++)
		CHECK_NEAR(pooled[i], expected[i], 2e-5);
	emo_nn_pool_gradient(env, x, rows, FEATURES, HEADS, attends ? attention : NULL, weights, pooled,
						 share, work, d_x, attends ? d_attention : NULL);
	for (int i = 0; i < rows * FEATURES + (attends ? FEATURES * HEADS : 0); i++)
	{
		bool of_x = i < rows * FEATURES;
		double *at = of_x ? &exact[i] : &exact_attention[i - rows * FEATURES];
		double value = *at, sums[2], actual = of_x ? d_x[i] : d_attention[i - rows * FEATURES];

		for (int side = 0; side < 2; side++)
		{
			*at = value + (side == 0 ? 1e-5 : -1e-5);
			sums[side] = naive_pool(exact, rows, attends ? exact_attention : NULL, share, expected);
		}
		*at = value;
		/* With one row deviations are 0, and roots of nearly nothing are steep in double too. */
		if (rows > 1)
			CHECK_NEAR(actual, (sums[0] - sums[1]) / 2e-5, 1e-3);
		else
			CHECK_NEAR(actual, (sums[0] - sums[1]) / 2e-5, 1e-2);
	}
}

static void
test_pooling(EmoEnv *env)
{
	static const int lengths[] = {1, 2, 7, 40};

	for (int i = 0; i < 4; i++)
	{
		check_pool(env, lengths[i], true);
		check_pool(env, lengths[i], false);
	}
}

/* Scores so large that exp() overflows. */
static void
test_attention_of_large_values(EmoEnv *env)
{
	float x[2 * FEATURES], attention[FEATURES], weights[2], pooled[2 * FEATURES];

	for (int d = 0; d < FEATURES; d++)
	{
		x[d] = 1e4f;
		x[FEATURES + d] = -1e4f;
		attention[d] = 1;
	}
	emo_nn_pool(env, x, 2, FEATURES, 1, attention, weights, pooled);
	CHECK(weights[0] == 1 && weights[1] == 0);
	CHECK(pooled[0] == 1e4f);
}

static void
test_cross_entropy(EmoEnv *env)
{
	static const float scores[] = {1, -2, 0.5f, 300, -300, 0};
	float targets[6] = {0}, gradient[6];
	double loss;

	(void) env;
	emo_nn_add_target(0, 3, 0.75, 0.1, 2, targets);
	emo_nn_add_target(2, 3, 0.25, 0.1, 4, targets);
	CHECK_NEAR(targets[0], 0.75 * 2 * (0.9 + 0.1 / 3) + 0.25 * 4 * 0.1 / 3, 1e-6);
	emo_nn_add_target(1, 3, 1, 0, 1, targets + 3);
	loss = emo_nn_cross_entropy(scores, targets, 2, 3, gradient);
	CHECK(isfinite(loss) && loss > 100);
	for (int i = 0; i < 6; i++)
	{
		float moved[6], unused[6];
		double losses[2];

		for (int side = 0; side < 2; side++)
		{
			memcpy(moved, scores, sizeof(scores));
			moved[i] += side == 0 ? 0.0625f : -0.0625f;
			losses[side] = emo_nn_cross_entropy(moved, targets, 2, 3, unused);
		}
		/* The second example's loss is some hundred, of which single precision keeps 1e-5. */
		CHECK_NEAR(gradient[i], (losses[0] - losses[1]) / 0.125, 5e-4);
	}
}

int
main(void)
{
	RUN(test_pooling);
	RUN(test_attention_of_large_values);
	RUN(test_cross_entropy);
	return unit_finish();
}
