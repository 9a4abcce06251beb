/*
 * fft_test.c
 *	  The transforms of 16 frames against direct sums in double precision, for every kernel.
 */
#include "unit.h"

#include "core/dsp/fft.h"

static const char *const kernel_names[] = {"avx512", "avx2", "baseline"};

/* Powers of two with every shape of the last pass, even and odd other sizes. */
static const int sizes[] = {16, 32, 64, 128, 512, 1024, 4096, 18, 100, 400, 882, 17, 75, 441};

/* Of the size under test. */
static double cosine[4096], sine[4096];

static float *
random_rows(EmoEnv *env, int n)
{
	float *rows = emo_alloc(env, n, EMO_LANES * sizeof(float));

	for (int i = 0; i < n * EMO_LANES; i++)
		rows[i] = (float) rand() / (float) RAND_MAX - 0.5f;
	return rows;
}

static double
direct_power(const float *rows, int n, int lane, int k)
{
	double re = 0, im = 0;

	for (int i = 0; i < n; i++)
	{
		re += rows[i * EMO_LANES + lane] * cosine[(long) i * k % n];
		im -= rows[i * EMO_LANES + lane] * sine[(long) i * k % n];
	}
	return re * re + im * im;
}

static double
direct_autocorrelation(const float *power, int n, int lane, int t)
{
	double sum = 0;

	for (int k = 0; k < n; k++)
		sum += power[(k <= n / 2 ? k : n - k) * EMO_LANES + lane] * cosine[(long) k * t % n];
	return sum / n;
}

/* Sums of n values of variance 1/12: errors are judged against that power. */
static void
check_size(EmoEnv *env, EmoFft *fft, int n)
{
	float *rows = random_rows(env, n);
	float *copy = emo_alloc(env, n, EMO_LANES * sizeof(float));
	float *power = emo_alloc(env, n / 2 + 1, EMO_LANES * sizeof(float));
	float *lags = emo_alloc(env, n / 2 + 1, EMO_LANES * sizeof(float));
	double worst_power = 0, worst_lag = 0;

	for (int i = 0; i < n; i++)
	{
		cosine[i] = cos(2 * M_PI * i / n);
		sine[i] = sin(2 * M_PI * i / n);
	}
	memcpy(copy, rows, n * EMO_LANES * sizeof(float));
	emo_fft_lanes_power(fft, copy, 2, power);
	emo_fft_lanes_autocorrelation(fft, power, copy, lags);
	for (int lane = 0; lane < EMO_LANES; lane += 5)
	{
		/* All bins of small transforms; of large ones a sample with both ends and the middle. */
		int step = n < 1024 ? 1 : n / 64;

		for (int k = 0; k <= n / 2; k += step)
		{
			double power_error = power[k * EMO_LANES + lane] - 2 * direct_power(rows, n, lane, k);
			double lag_error =
				lags[k * EMO_LANES + lane] - direct_autocorrelation(power, n, lane, k);

			worst_power = fmax(worst_power, fabs(power_error) / (n / 6.0));
			worst_lag = fmax(worst_lag, fabs(lag_error) / (n / 6.0));
		}
	}
	CHECK_NEAR(worst_power, 0, 1e-5);
	CHECK_NEAR(worst_lag, 0, 1e-5);
	emo_free(env, rows);
	emo_free(env, copy);
	emo_free(env, power);
	emo_free(env, lags);
}

static void
test_against_direct_sums(EmoEnv *env)
{
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
	{
		EmoFft *fft;

		CHECK(emo_fft_create(env, sizes[i], &fft) == EMO_OK);
		for (int j = 0; j < 3; j++)
		{
			const EmoKernels *kernels = emo_kernels_named(kernel_names[j]);

			if (kernels == NULL)
				continue;
			emo_fft_set_kernels(fft, kernels);
			check_size(env, fft, sizes[i]);
		}
		emo_fft_destroy(fft);
	}
}

/* A cosine of bin 5: power (n/2)^2 there, nothing elsewhere. */
static void
test_largest_size(EmoEnv *env)
{
	int n = EMO_FFT_MAX_SIZE;
	float *rows = emo_alloc(env, n, EMO_LANES * sizeof(float));
	float *power = emo_alloc(env, n / 2 + 1, EMO_LANES * sizeof(float));
	double elsewhere = 0;
	EmoFft *fft;

	for (int i = 0; i < n * EMO_LANES; i++)
		rows[i] = (float) cos(2 * M_PI * 5 * (i / EMO_LANES) / n);
	CHECK(emo_fft_create(env, n, &fft) == EMO_OK);
	emo_fft_lanes_power(fft, rows, 4.0f / n / n, power);
	for (int i = 0; i < (n / 2 + 1) * EMO_LANES; i++)
	{
		if (i / EMO_LANES == 5)
			CHECK_NEAR(power[i], 1, 1e-5);
		else
			elsewhere = fmax(elsewhere, power[i]);
	}
	CHECK_NEAR(elsewhere, 0, 1e-9);
	emo_fft_destroy(fft);
}

static void
test_refusals(EmoEnv *env)
{
	EmoFft *fft;

	CHECK(emo_fft_create(env, EMO_FFT_MIN_SIZE - 1, &fft) == EMO_INVALID_PARAMETER && fft == NULL);
	CHECK(emo_fft_create(env, EMO_FFT_MAX_SIZE + 1, &fft) == EMO_INVALID_PARAMETER && fft == NULL);
	for (int left = 0; left < 4; left++)
	{
		((UnitHost *) env->host)->allocations_left = left;
		if (emo_fft_create(env, 441, &fft) == EMO_OK)
			emo_fft_destroy(fft);
		else
			CHECK(env->status == EMO_OUT_OF_MEMORY && fft == NULL);
	}
}

int
main(void)
{
	srand(1);
	RUN(test_against_direct_sums);
	RUN(test_largest_size);
	RUN(test_refusals);
	return unit_finish();
}
