/*
 * kernels_test.c
 *	  Each kernel of each instruction set against plain loops in double precision.
 */
#include "unit.h"

#include "core/dsp/kernels.h"

static const char *const kernel_names[] = {"avx512", "avx2", "baseline"};
static const EmoKernels *kernels;

static float
random_value(void)
{
	return (float) rand() / (float) RAND_MAX - 0.5f;
}

static float *
random_values(EmoEnv *env, int n)
{
	float *values = emo_alloc(env, n, sizeof(float));

	for (int i = 0; i < n; i++)
		values[i] = random_value();
	return values;
}

static void
check_frame(EmoEnv *env, int length, int hop, float preemphasis)
{
	int n_samples = 1 + (EMO_LANES - 1) * hop + length;
	float *samples = random_values(env, n_samples);
	float *window = random_values(env, length);
	float *rows = emo_alloc(env, length, EMO_LANES * sizeof(float));
	double worst = 0;

	/* samples[0] is the one before; nothing may be read past the end (AddressSanitizer watches). */
	kernels->frame(samples + 1, hop, window, length, preemphasis, rows);
	for (int i = 0; i < length; i++)
		for (int lane = 0; lane < EMO_LANES; lane++)
		{
			const float *x = samples + 1 + lane * hop + i;
			double expected = window[i] * (x[0] - (double) preemphasis * x[-1]);

			worst = fmax(worst, fabs(rows[i * EMO_LANES + lane] - expected));
		}
	CHECK_NEAR(worst, 0, 1e-7);
}

static void
test_frame(EmoEnv *env)
{
	for (int length = 1; length < 20; length += 3)
	{
		check_frame(env, length, 7, 0);
		check_frame(env, length, 1, 0.97f);
	}
	check_frame(env, 400, 160, 0);
	check_frame(env, 401, 500, 0.97f);
}

static void
test_log(EmoEnv *env)
{
	enum
	{
		n = 4000
	};
	float *rows = emo_alloc(env, n, EMO_LANES * sizeof(float));
	float maximum[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	double worst = 0, worst_near_one = 0;
	float inputs[n];

	/* All magnitudes of normal floats, then around one, where the logarithm vanishes. */
	for (int i = 0; i < n; i++)
	{
		inputs[i] =
			i < n / 2 ? (float) pow(2, -126 + 253.0 * i / (n / 2)) : 1 + (i - 3 * n / 4) * 1e-4f;
		for (int lane = 0; lane < EMO_LANES; lane++)
			rows[i * EMO_LANES + lane] = inputs[i];
	}
	for (int lane = 0; lane < EMO_LANES; lane++)
		maximum[lane] = lane == 3 ? 1000 : -1000;
	kernels->log_rows(rows, n, 1.2e-38f, 1, maximum);
	for (int i = 0; i < n; i++)
	{
		double expected = log(fmax(inputs[i], 1.2e-38));
		double error = fabs(rows[i * EMO_LANES + 5] - expected);

		if (i < n / 2)
			worst = fmax(worst, error / fmax(fabs(expected), 1));
		else if (expected != 0)
			worst_near_one = fmax(worst_near_one, error / fabs(expected));
	}
	CHECK_NEAR(worst, 0, 3e-7);
	CHECK_NEAR(worst_near_one, 0, 1e-6);
	CHECK(maximum[3] == 1000 && fabs(maximum[4] - log(pow(2, -126 + 253.0 * 1999 / 2000))) < 1e-4);

	rows[0] = 0;
	rows[1] = -1;
	kernels->log_rows(rows, 1, 1e-10f, 10, maximum);
	CHECK_NEAR(rows[0], 10 * log(1e-10), 1e-4);
	CHECK_NEAR(rows[1], 10 * log(1e-10), 1e-4);
}

static void
check_multiply(EmoEnv *env, int n_in, int n_out, float floor)
{
	float *rows = random_values(env, n_in * EMO_LANES);
	float *matrix = random_values(env, n_in * n_out);
	float *out = random_values(env, (n_out + 1) * EMO_LANES);
	float after = out[n_out * EMO_LANES];
	double worst = 0;

	kernels->multiply(rows, n_in, floor, matrix, n_out, out);
	for (int j = 0; j < n_out; j++)
		for (int lane = 0; lane < EMO_LANES; lane++)
		{
			double expected = 0;

			for (int i = 0; i < n_in; i++)
				expected += (double) matrix[j * n_in + i] * fmax(rows[i * EMO_LANES + lane], floor);
			worst = fmax(worst, fabs(out[j * EMO_LANES + lane] - expected));
		}
	CHECK_NEAR(worst, 0, 2e-6);
	CHECK(out[n_out * EMO_LANES] == after);
}

static void
test_multiply(EmoEnv *env)
{
	for (int n_out = 1; n_out < 10; n_out++)
		check_multiply(env, 3 * n_out, n_out, -0.2f);
	check_multiply(env, 40, 13, -INFINITY);
}

static void
test_weighted_sum(EmoEnv *env)
{
	float *rows = random_values(env, 9 * EMO_LANES);
	float *weights = random_values(env, 9);
	float *out = random_values(env, EMO_LANES);

	for (int n = 0; n < 9; n++)
	{
		double expected[EMO_LANES] = {0}, worst = 0;

		kernels->weighted_sum(rows, weights, n, out);
		for (int i = 0; i < n * EMO_LANES; i++)
			expected[i % EMO_LANES] += (double) weights[i / EMO_LANES] * rows[i];
		for (int lane = 0; lane < EMO_LANES; lane++)
			worst = fmax(worst, fabs(out[lane] - expected[lane]));
		CHECK_NEAR(worst, 0, 1e-6);
	}
}

int
main(void)
{
	srand(1);
	CHECK(emo_kernels_named("baseline") != NULL && emo_kernels_named("mmx") == NULL);
	for (int i = 0; i < 3; i++)
	{
		kernels = emo_kernels_named(kernel_names[i]);
		if (kernels == NULL)
			continue;
		CHECK(strcmp(kernels->name, kernel_names[i]) == 0);
		RUN(test_frame);
		RUN(test_log);
		RUN(test_multiply);
		RUN(test_weighted_sum);
	}
	return unit_finish();
}
