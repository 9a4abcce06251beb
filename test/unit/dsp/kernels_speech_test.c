/*
 * kernels_speech_test.c
 *	  The kernels of kernels_speech.h, of each instruction set, against plain loops in double precision.
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

/* Blocks of frames, one after the other, against each frame and the one before it. */
static void
check_flux(EmoEnv *env, int n)
{
	const float floor = 1e-3f;
	double before[300] = {0}, worst = 0;
	float *history = emo_alloc_zero(env, n + 1, 2 * EMO_LANES * sizeof(float));
	float *flux = emo_alloc(env, EMO_LANES, sizeof(float));

	for (int block = 0; block < 3; block++)
	{
		float *power = random_values(env, n * EMO_LANES);

		for (int i = 0; i < n * EMO_LANES; i++)
			power[i] = i % EMO_LANES == 7 ? 0 : power[i] * power[i];
		kernels->flux(power, n, floor, history, flux);
		for (int lane = 0; lane < EMO_LANES; lane++)
		{
			double sum = floor, square = 0;

			for (int i = 0; i < n; i++)
				sum += sqrt(power[i * EMO_LANES + lane]);
			for (int i = 0; i < n; i++)
			{
				double amplitude = sqrt(power[i * EMO_LANES + lane]) / sum;

				square += (amplitude - before[i]) * (amplitude - before[i]);
				before[i] = amplitude;
			}
			worst = fmax(worst, fabs(flux[lane] - sqrt(square)));
		}
	}
	CHECK_NEAR(worst, 0, 1e-6);
}

static void
test_flux(EmoEnv *env)
{
	check_flux(env, 1);
	check_flux(env, 2);
	check_flux(env, 257);
}

/* Whole numbers, so that sums are exact and the row is too. */
static void
test_rolloff(EmoEnv *env)
{
	enum
	{
		n = 257
	};
	float *power = emo_alloc(env, n, EMO_LANES * sizeof(float));
	float *limit = emo_alloc(env, EMO_LANES, sizeof(float));
	float *row = emo_alloc(env, EMO_LANES, sizeof(float));

	for (int i = 0; i < n * EMO_LANES; i++)
		power[i] = (float) (rand() % 50);
	for (int lane = 0; lane < EMO_LANES; lane++)
		limit[lane] = (float) (lane * 400);
	limit[15] = 1e9f;
	kernels->rolloff(power, n, limit, row);
	for (int lane = 0; lane < EMO_LANES; lane++)
	{
		double sum = power[lane];
		int expected = 0;

		while (expected < n - 1 && sum < limit[lane])
			sum += power[++expected * EMO_LANES + lane];
		CHECK(row[lane] == (float) expected);
	}
	CHECK(row[0] == 0 && row[15] == n - 1);
}

static double
half_way(const double *x)
{
	return (150 * (x[0] + x[1]) - 25 * (x[-1] + x[2]) + 3 * (x[-2] + x[3])) / 256;
}

static void
test_highest_peak(EmoEnv *env)
{
	enum
	{
		n = 60,
		first = 5,
		last = 50
	};
	const float bias = 0.003f;
	float *rows = random_values(env, n * EMO_LANES), *gain = random_values(env, n);
	float *scale = random_values(env, EMO_LANES);
	float *row = random_values(env, EMO_LANES), *height = random_values(env, EMO_LANES);

	for (int i = 0; i < n; i++)
	{
		gain[i] = 1 + gain[i] / 4;
		/* A sine, of which the peaks are known; and what only rises. */
		rows[i * EMO_LANES + 3] = (float) sin(2 * M_PI * (i - 10.3) / 11 + M_PI / 2) / gain[i];
		rows[i * EMO_LANES + 4] = (float) i / gain[i];
	}
	for (int lane = 0; lane < EMO_LANES; lane++)
		scale[lane] = lane == 9 ? 0 : lane == 3 ? 1 : 1 + scale[lane];
	kernels->highest_peak(rows, scale, gain, first, last, bias, row, height);
	for (int lane = 0; lane < EMO_LANES; lane++)
	{
		double best = -1, x[n], place = first, top = 0;

		for (int i = 0; i < n; i++)
			x[i] = (double) scale[lane] * gain[i] * rows[i * EMO_LANES + lane];
		for (int i = first; i <= last; i++)
		{
			double half[5] = {x[i - 1], half_way(x + i - 1), x[i], half_way(x + i), x[i + 1]};
			int k = half[1] > half[2] ? 1 : 2;
			double bend, offset;

			k = half[3] > half[k] ? 3 : k;
			if (x[i] < x[i - 1] || x[i] <= x[i + 1] || half[k] - bias * i <= best)
				continue;
			best = half[k] - bias * i;
			bend = half[k - 1] - 2 * half[k] + half[k + 1];
			offset = bend < 0 ? 0.5 * (half[k - 1] - half[k + 1]) / bend : 0;
			offset = fmin(fmax(offset, -0.5), 0.5);
			place = i + 0.5 * (k - 2 + offset);
			top = half[k] - 0.25 * (half[k - 1] - half[k + 1]) * offset;
		}
		CHECK_NEAR(row[lane], place, 1e-4);
		CHECK_NEAR(height[lane], top, 1e-5);
	}
	CHECK_NEAR(row[3], 10.3, 0.01);
	CHECK_NEAR(height[3], 1, 0.001);
	CHECK(row[4] == first && height[4] == 0 && row[9] == first);
}

static void
test_sum(EmoEnv *env)
{
	const int n = 5000;
	float *samples = random_values(env, n);

	for (int length = 0; length <= n; length = length * 2 + 1)
	{
		double expected = 0;

		for (int i = 0; i < length; i++)
			expected += samples[i];
		/* One float off, as samples of a recording may stand. */
		CHECK_NEAR(kernels->sum(samples, length), expected, 2e-5);
		CHECK_NEAR(kernels->sum(samples + 1, length / 2),
				   kernels->sum(samples, length / 2 + 1) - samples[0], 2e-5);
	}
}

static void
test_measure_step(EmoEnv *env)
{
	const float offset = 0.1f;

	for (int trial = 0; trial < 20; trial++)
	{
		const float *samples = random_values(env, EMO_STEP + 1) + 1;
		double expected = 0;
		float energy;
		int expected_crossings = 0, crossings;

		for (int i = 0; i < EMO_STEP; i++)
		{
			expected += (samples[i] - (double) offset) * (samples[i] - (double) offset);
			expected_crossings += (samples[i] < offset) != (samples[i - 1] < offset);
		}
		kernels->measure_step(samples, offset, &energy, &crossings);
		CHECK_NEAR(energy, expected, 1e-5);
		CHECK(crossings == expected_crossings);
	}
}

static void
test_filter(EmoEnv *env)
{
	const int n_taps = 8;
	const float *taps = random_values(env, n_taps);

	for (int n = 0; n < 70; n += 3)
	{
		/* Nothing outside is read (AddressSanitizer watches) or written. */
		const float *x = random_values(env, n + 2 * n_taps - 1) + n_taps;
		float *out = random_values(env, n + 1), *before = random_values(env, n + 1);
		double worst = 0;

		memcpy(before, out, (n + 1) * sizeof(float));
		kernels->filter(x, n, taps, n_taps, out);
		for (int i = 0; i < n; i++)
		{
			double expected = before[i];

			for (int k = 0; k < n_taps; k++)
				expected += taps[k] * ((double) x[i - 1 - k] + x[i + k]);
			worst = fmax(worst, fabs(out[i] - expected));
		}
		CHECK_NEAR(worst, 0, 1e-6);
		CHECK(out[n] == before[n]);
	}
}

static void
test_elementwise(EmoEnv *env)
{
	for (int n = 0; n < 70; n += 3)
	{
		const float *samples = random_values(env, 2 * n);
		float *even = random_values(env, n + 1), *odd = random_values(env, n + 1);
		float last_even = even[n], last_odd = odd[n];

		kernels->split(samples, n, 0.5f, even, odd);
		for (int i = 0; i < n; i++)
			CHECK(even[i] == 0.5f * samples[2 * i] && odd[i] == samples[2 * i + 1]);
		kernels->shift_and_scale(samples, n, 0.25f, 3, even);
		for (int i = 0; i < n; i++)
			CHECK_NEAR(even[i], 3 * ((double) samples[i] - 0.25), 1e-6);
		CHECK(even[n] == last_even && odd[n] == last_odd);
	}
}

static void
test_add_products(EmoEnv *env)
{
	double x[21], sums[21 * 21];

	(void) env;
	for (int n = 1; n <= 21; n += 5)
	{
		for (int i = 0; i < n * n; i++)
			sums[i] = i;
		for (int i = 0; i < n; i++)
			x[i] = random_value();
		kernels->add_products(x, n, sums);
		for (int i = 0; i < n * n; i++)
			CHECK_NEAR(sums[i], i + x[i / n] * x[i % n], 1e-12);
	}
}

/* Rows that are not aligned, outputs in two groups, with and without what is kept. */
static void
check_convolve(EmoEnv *env, bool with_kept)
{
	enum
	{
		N_IN = 5,
		N_OUT = 2 * EMO_CONVOLVED,
		N_TAPS = 3,
		STRIDE = 37,
		OUT_STRIDE = 19,
		WIDTH = N_TAPS * N_IN + 1
	};
	const int offsets[N_TAPS] = {4, 1, 20};
	const float *input = random_values(env, N_OUT * STRIDE), *weights;
	const float *kept = with_kept ? input + 3 : NULL;
	float *out = random_values(env, N_OUT * OUT_STRIDE), *before;

	weights = random_values(env, N_OUT * WIDTH);
	before = emo_alloc(env, N_OUT * OUT_STRIDE, sizeof(float));
	memcpy(before, out, N_OUT * OUT_STRIDE * sizeof(float));
	kernels->convolve(input, STRIDE, N_IN, offsets, N_TAPS, weights, N_OUT, kept, out, OUT_STRIDE);
	for (int j = 0; j < N_OUT; j++)
	{
		const float *w = weights + j / EMO_CONVOLVED * EMO_CONVOLVED * WIDTH + j % EMO_CONVOLVED;

		for (int lane = 0; lane < EMO_LANES; lane++)
		{
			double sum = w[(WIDTH - 1) * EMO_CONVOLVED];

			for (int tap = 0; tap < N_TAPS; tap++)
				for (int i = 0; i < N_IN; i++)
					sum += w[(tap * N_IN + i) * EMO_CONVOLVED] *
						   fmax(input[i * STRIDE + offsets[tap] + lane], 0);
			if (with_kept)
				sum += kept[j * STRIDE + lane];
			CHECK_NEAR(out[j * OUT_STRIDE + lane], sum, 1e-5);
		}
		for (int after = EMO_LANES; after < OUT_STRIDE; after++)
			CHECK(out[j * OUT_STRIDE + after] == before[j * OUT_STRIDE + after]);
	}
}

static void
test_convolve(EmoEnv *env)
{
	check_convolve(env, false);
	check_convolve(env, true);
}

int
main(void)
{
	srand(1);
	for (int i = 0; i < 3; i++)
	{
		kernels = emo_kernels_named(kernel_names[i]);
		if (kernels == NULL)
			continue;
		RUN(test_flux);
		RUN(test_rolloff);
		RUN(test_highest_peak);
		RUN(test_sum);
		RUN(test_measure_step);
		RUN(test_filter);
		RUN(test_elementwise);
		RUN(test_add_products);
		RUN(test_convolve);
	}
	return unit_finish();
}
