/*
 * kernels_test.c
 *	  All instruction sets: the kernels of encoders beside plain references in double precision, at any length.
 */
#include "unit.h"

#include "encoder_kernels.h"

static void
check_sums(const EmoEncoderKernels *kernels, int n, uint64_t *seed)
{
	float x[N_ROWS * MAX_N + 1], y[N_ROWS * MAX_N], bias[MAX_N], expected[N_ROWS * MAX_N];

	fill(bias, n, 0, 1, seed);
	fill(y, N_ROWS * n, 0, 1, seed);
	for (int form = 0; form < 3; form++)
	{
		fill(x, N_ROWS * n, 0, 1, seed);
		x[N_ROWS * n] = FENCE;
		for (int i = 0; i < N_ROWS * n; i++)
			expected[i] = form == 0   ? x[i] + bias[i % n]
						  : form == 1 ? x[i] + y[i]
									  : x[i] + y[i] + bias[i % n];
		if (form == 0)
			kernels->add_bias(x, bias, N_ROWS, n);
		else
			kernels->add(x, y, form == 1 ? NULL : bias, N_ROWS, n);
		for (int i = 0; i < N_ROWS * n; i++)
			CHECK_NEAR(x[i], expected[i], 4 * FLT_EPSILON);
		CHECK(x[N_ROWS * n] == FENCE);
	}
}

static double
gelu_reference(double v)
{
	return v * erfc(-v / sqrt(2)) / 2;
}

static void
check_gelu(const EmoEncoderKernels *kernels, int n, uint64_t *seed)
{
	float x[N_ROWS * MAX_N + 1], v[N_ROWS * MAX_N], bias[MAX_N];

	for (int with_bias = 0; with_bias < 2; with_bias++)
	{
		fill(x, N_ROWS * n, 0, 4, seed);
		fill(bias, n, 0, 3, seed);
		x[N_ROWS * n] = FENCE;
		for (int i = 0; i < N_ROWS * n; i++)
			v[i] = with_bias ? x[i] + bias[i % n] : x[i];
		kernels->gelu(x, with_bias ? bias : NULL, N_ROWS, n);
		for (int i = 0; i < N_ROWS * n; i++)
			CHECK_NEAR(x[i], gelu_reference(v[i]), 1e-6 * fabs(v[i]));
		CHECK(x[N_ROWS * n] == FENCE);
	}
}

/* Every sixteenth of a power of two that a float can have, of either sign, and close steps where it bends. */
static int
floats_of_all_sizes(float *v)
{
	int n = 0;

	for (double size = 0x1p-149; size < 0x1.fp127; size *= 1.0442737824274138)
	{
		v[n++] = (float) size;
		v[n++] = (float) -size;
	}
	for (int i = -8192; i <= 8192; i++)
		v[n++] = (float) i / 1024;
	v[n++] = FLT_MAX;
	v[n++] = -FLT_MAX;
	v[n++] = 0;
	return n;
}

static void
test_gelu_range(EmoEnv *env)
{
	float *v = emo_alloc(env, 40000, sizeof(float)), *x = emo_alloc(env, 40000, sizeof(float));
	int n = floats_of_all_sizes(v);

	CHECK(n < 40000);
	for (int which = 0; which < N_NAMES; which++)
	{
		const EmoEncoderKernels *kernels = kernels_named(names[which]);
		float odd[] = {NAN, INFINITY};
		double worst = 0;

		if (kernels == NULL)
			continue;
		memcpy(x, v, n * sizeof(float));
		kernels->gelu(x, NULL, 1, n);
		for (int i = 0; i < n; i++)
		{
			CHECK(isfinite(x[i]));
			/* Numbers below the normal ones have fewer digits. */
			worst = fmax(worst, (fabs(x[i] - gelu_reference(v[i])) - 0x1p-149) /
									fmax(fabs(v[i]), FLT_MIN));
			CHECK(v[i] > -5.5f || x[i] == 0);
			CHECK(v[i] < 5.5f || x[i] == v[i]);
		}
		CHECK_NEAR(worst, 0, 3e-7);
		kernels->gelu(odd, NULL, 1, 2);
		CHECK(isnan(odd[0]) && odd[1] == INFINITY);
	}
}

static void
norm_reference(const float *x, const float *scale, const float *shift, double epsilon, int n,
			   double *y)
{
	double mean = 0, variance = 0;

	for (int i = 0; i < n; i++)
		mean += (double) x[i] / n;
	for (int i = 0; i < n; i++)
		variance += (x[i] - mean) * (x[i] - mean) / n;
	for (int i = 0; i < n; i++)
		y[i] = (x[i] - mean) / sqrt(variance + epsilon) * scale[i] + shift[i];
}

static void
check_layer_norm(const EmoEncoderKernels *kernels, int n, uint64_t *seed)
{
	static const double centres[] = {0, -3, 1e4, -1e6}, sizes[] = {1, 1e-3, 1, 30};
	float x[N_ROWS * MAX_N], y[N_ROWS * MAX_N + 1], scale[MAX_N], shift[MAX_N];
	double expected[MAX_N];

	fill(scale, n, 1, 0.5, seed);
	fill(shift, n, 0, 1, seed);
	for (int which = 0; which < 4; which++)
	{
		fill(x, N_ROWS * n, centres[which], sizes[which], seed);
		y[N_ROWS * n] = FENCE;
		kernels->layer_norm(x, scale, shift, 1e-5f, N_ROWS, n, y);
		CHECK(y[N_ROWS * n] == FENCE);
		for (int i = 0; i < N_ROWS; i++)
		{
			norm_reference(x + i * n, scale, shift, (double) 1e-5f, n, expected);
			for (int j = 0; j < n; j++)
				CHECK_NEAR(y[i * n + j], expected[j], 2e-6);
		}
		/* In place, the same. */
		kernels->layer_norm(x, scale, shift, 1e-5f, N_ROWS, n, x);
		CHECK(memcmp(x, y, N_ROWS * n * sizeof(float)) == 0);
	}
}

/* A row of ones about a mean whose square a float can't tell from its neighbours, and a row without a variance. */
static void
test_norm_of_long_rows(EmoEnv *env)
{
	enum
	{
		n = 4096
	};
	float *x = emo_alloc(env, n, sizeof(float)), *y = emo_alloc(env, n, sizeof(float));
	float *scale = emo_alloc(env, n, sizeof(float)), *shift = emo_alloc_zero(env, n, sizeof(float));
	double *expected = emo_alloc(env, n, sizeof(double));
	uint64_t seed = 5;

	for (int i = 0; i < n; i++)
		scale[i] = 1;
	for (int which = 0; which < N_NAMES; which++)
	{
		const EmoEncoderKernels *kernels = kernels_named(names[which]);

		if (kernels == NULL)
			continue;
		fill(x, n, 1e5, 1, &seed);
		kernels->layer_norm(x, scale, shift, 1e-5f, 1, n, y);
		norm_reference(x, scale, shift, (double) 1e-5f, n, expected);
		for (int i = 0; i < n; i++)
			CHECK_NEAR(y[i], expected[i], 2e-6);
		for (int i = 0; i < n; i++)
			x[i] = 12345.678f;
		kernels->layer_norm(x, scale, shift, 1e-5f, 1, n, y);
		for (int i = 0; i < n; i++)
			CHECK_NEAR(y[i], 0, 1e-6);
	}
}

/* Keys in two parts: the weights of the first, scaled, and those of the second are what softmax makes of all. */
static void
check_weigh(const EmoEncoderKernels *kernels, int n, uint64_t *seed)
{
	static const double centres[] = {0, 1e3, -3e4}, sizes[] = {1, 30, 200};
	float x[MAX_N * EMO_PANEL_ROWS + 1], before[MAX_N * EMO_PANEL_ROWS];

	for (int which = 0; which < 3; which++)
		for (int n_first = 1; n_first <= n; n_first += 5)
		{
			float most[EMO_PANEL_ROWS], sum[EMO_PANEL_ROWS] = {0}, factor[EMO_PANEL_ROWS];

			fill(x, n * EMO_PANEL_ROWS, centres[which], sizes[which], seed);
			x[n * EMO_PANEL_ROWS] = FENCE;
			memcpy(before, x, n * EMO_PANEL_ROWS * sizeof(float));
			for (int q = 0; q < EMO_PANEL_ROWS; q++)
				most[q] = -INFINITY;
			kernels->weigh(x, n_first, most, sum, factor);
			for (int q = 0; q < EMO_PANEL_ROWS; q++)
				CHECK(factor[q] == 0);
			kernels->weigh(x + n_first * EMO_PANEL_ROWS, n - n_first, most, sum, factor);
			kernels->scale_columns(x, factor, n_first);
			CHECK(x[n * EMO_PANEL_ROWS] == FENCE);
			for (int q = 0; q < EMO_PANEL_ROWS; q++)
			{
				double largest = -INFINITY, total = 0;

				for (int i = 0; i < n; i++)
					largest = fmax(largest, before[i * EMO_PANEL_ROWS + q]);
				for (int i = 0; i < n; i++)
					total += exp(before[i * EMO_PANEL_ROWS + q] - largest);
				CHECK(most[q] == (float) largest);
				CHECK_NEAR(sum[q], total, 1e-6 * total);
				for (int i = 0; i < n; i++)
				{
					double expected = exp(before[i * EMO_PANEL_ROWS + q] - largest);

					/* What is below the normal numbers is 0. */
					CHECK_NEAR(x[i * EMO_PANEL_ROWS + q], expected,
							   1e-6 * expected + 2 * (double) FLT_MIN);
				}
			}
		}
}

/* The steps of e^x over all of its range. */
static void
test_weights_range(EmoEnv *env)
{
	enum
	{
		n = 50001
	};
	float *x = emo_alloc(env, n * EMO_PANEL_ROWS, sizeof(float));

	for (int which = 0; which < N_NAMES; which++)
	{
		const EmoEncoderKernels *kernels = kernels_named(names[which]);
		float most[EMO_PANEL_ROWS] = {0}, sum[EMO_PANEL_ROWS] = {0}, factor[EMO_PANEL_ROWS];
		double worst = 0;

		if (kernels == NULL)
			continue;
		for (int i = 0; i < n * EMO_PANEL_ROWS; i++)
			x[i] = -(float) (i / EMO_PANEL_ROWS) * 0.002f - (float) (i % EMO_PANEL_ROWS) * 0.0001f;
		kernels->weigh(x, n, most, sum, factor);
		for (int i = 0; i < n * EMO_PANEL_ROWS; i++)
		{
			double v =
				-(float) (i / EMO_PANEL_ROWS) * 0.002f - (float) (i % EMO_PANEL_ROWS) * 0.0001f;
			double expected = exp(v);

			if (v > -87.3)
				worst = fmax(worst, fabs(x[i] - expected) / expected);
			else
				CHECK(x[i] == 0);
		}
		CHECK_NEAR(worst, 0, 4e-7);
		CHECK(factor[0] == 1);
	}
}

static void
check_distance_bias(const EmoEncoderKernels *kernels, int n, uint64_t *seed)
{
	float x[MAX_N * EMO_PANEL_ROWS + 1], expected[MAX_N * EMO_PANEL_ROWS];
	float gate[EMO_PANEL_ROWS], bias[MAX_N + EMO_PANEL_ROWS];

	fill(x, n * EMO_PANEL_ROWS, 0, 1, seed);
	fill(gate, EMO_PANEL_ROWS, 0, 1, seed);
	fill(bias, MAX_N + EMO_PANEL_ROWS, 0, 1, seed);
	x[n * EMO_PANEL_ROWS] = FENCE;
	for (int i = 0; i < n; i++)
		for (int q = 0; q < EMO_PANEL_ROWS; q++)
			expected[i * EMO_PANEL_ROWS + q] =
				x[i * EMO_PANEL_ROWS + q] + gate[q] * bias[n - 1 + q - i];
	kernels->add_distance_bias(x, gate, bias + n - 1, n);
	for (int i = 0; i < n * EMO_PANEL_ROWS; i++)
		CHECK_NEAR(x[i], expected[i], 4 * FLT_EPSILON);
	CHECK(x[n * EMO_PANEL_ROWS] == FENCE);
}

static void
test_sums(EmoEnv *env)
{
	(void) env;
	at_all_lengths(check_sums);
}

static void
test_gelu(EmoEnv *env)
{
	(void) env;
	at_all_lengths(check_gelu);
}

static void
test_layer_norm(EmoEnv *env)
{
	(void) env;
	at_all_lengths(check_layer_norm);
}

static void
test_weights(EmoEnv *env)
{
	(void) env;
	at_all_lengths(check_weigh);
}

static void
test_distance_bias(EmoEnv *env)
{
	(void) env;
	at_all_lengths(check_distance_bias);
}

int
main(void)
{
	RUN(test_sums);
	RUN(test_gelu);
	RUN(test_gelu_range);
	RUN(test_layer_norm);
	RUN(test_norm_of_long_rows);
	RUN(test_weights);
	RUN(test_weights_range);
	RUN(test_distance_bias);
	return unit_finish();
}
