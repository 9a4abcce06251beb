/*
 * fft.c
 *	  Discrete Fourier transforms of 16 real frames at once.
 *
 * An even number n of real samples x is taken as n/2 complex values z[m] = x[2m] + i x[2m+1]: as
 * the rows of the lanes layout are, without moving anything.  Their transform gives that of x by
 * the usual symmetries (kernels_fft.h, real_result()).
 */
#include "core/dsp/fft.h"

#include <fftw3.h>
#include <math.h>
#include <string.h>

struct EmoFft
{
	int n;
	const EmoKernels *kernels;

	/* Even n. */
	float *pass_twiddles; /* powers of two: of each radix-4 pass, largest first */
	float *real_twiddles; /* [n/4+1][2] */
	int32_t *position;    /* [n/2]: where the complex transform leaves its results */

	/* Other sizes than powers of two. */
	fftwf_plan foreign;
	float *spectrum; /* odd n: [n/2+1][2][16] */
};

static bool
is_power_of_two(int n)
{
	return (n & (n - 1)) == 0;
}

/* exp(-2 pi i k / n), rounded once. */
static void
set_root(float *root, double k, double n)
{
	root[0] = (float) cos(2 * M_PI * k / n);
	root[1] = (float) -sin(2 * M_PI * k / n);
}

/* The passes of sizes n, n/4, ... above 4, each with n/4 triples: together below n/3 triples. */
static EmoStatus
make_pass_twiddles(EmoEnv *env, EmoFft *fft, int n)
{
	float *twiddle = emo_alloc(env, n, 2 * sizeof(float));

	fft->pass_twiddles = twiddle;
	if (twiddle == NULL)
		return env->status;
	for (; n > 4; n /= 4)
		for (int j = 0; j < n / 4; j++)
			for (int q = 1; q < 4; q++, twiddle += 2)
				set_root(twiddle, (double) j * q, n);
	return EMO_OK;
}

/* Where decimation in frequency of n values leaves result k: the digits of k in reverse. */
static int
reversed(int k, int n)
{
	int place = 0;

	for (; n > 2; n /= 4, k /= 4)
		place += k % 4 * (n / 4);
	return place + (n == 2 ? k : 0);
}

static EmoStatus
prepare_power_of_two(EmoEnv *env, EmoFft *fft)
{
	int half = fft->n / 2;

	for (int k = 0; k < half; k++)
		fft->position[k] = reversed(k, half);
	return make_pass_twiddles(env, fft, half);
}

/* FFTW plans with "estimate": no measuring, so that equal inputs always give equal results. */
static EmoStatus
prepare_foreign(EmoEnv *env, EmoFft *fft)
{
	const int row = EMO_LANES;
	fftwf_iodim lanes = {.n = EMO_LANES, .is = 1, .os = 1};
	float *rows = emo_alloc(env, fft->n, EMO_LANES * sizeof(float));

	if (rows == NULL)
		return env->status;
	if (fft->n % 2 == 0)
	{
		fftwf_iodim size = {.n = fft->n / 2, .is = 2 * row, .os = 2 * row};

		for (int k = 0; k < fft->n / 2; k++)
			fft->position[k] = k;
		fft->foreign = fftwf_plan_guru_split_dft(1, &size, 1, &lanes, rows, rows + row, rows,
												 rows + row, FFTW_ESTIMATE);
	}
	else
	{
		fftwf_iodim size = {.n = fft->n, .is = row, .os = 2 * row};

		fft->spectrum = emo_alloc(env, fft->n / 2 + 1, 2 * EMO_LANES * sizeof(float));
		if (fft->spectrum == NULL)
			return env->status;
		fft->foreign =
			fftwf_plan_guru_split_dft_r2c(1, &size, 1, &lanes, rows, fft->spectrum,
										  fft->spectrum + row, FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
	}
	emo_free(env, rows);
	if (fft->foreign == NULL)
		return emo_fail(env, EMO_OUT_OF_MEMORY, "could not plan a Fourier transform of %d samples",
						fft->n);
	return EMO_OK;
}

EmoStatus
emo_fft_create(EmoEnv *env, int n, EmoFft **result)
{
	EmoFft *fft = emo_alloc_zero(env, 1, sizeof(EmoFft));

	*result = NULL;
	if (fft == NULL)
		return env->status;
	if (n < EMO_FFT_MIN_SIZE || n > EMO_FFT_MAX_SIZE)
		return emo_fail(env, EMO_INVALID_PARAMETER, "invalid Fourier transform size %d", n);
	fft->n = n;
	fft->kernels = emo_kernels();
	fft->real_twiddles = emo_alloc(env, n / 4 + 1, 2 * sizeof(float));
	fft->position = emo_alloc(env, n / 2, sizeof(int32_t));
	if (fft->real_twiddles == NULL || fft->position == NULL)
		return env->status;
	for (int k = 0; k <= n / 4; k++)
		set_root(fft->real_twiddles + 2 * k, k, n);
	if ((is_power_of_two(n) ? prepare_power_of_two : prepare_foreign)(env, fft) != EMO_OK)
		return env->status;
	*result = fft;
	return EMO_OK;
}

void
emo_fft_destroy(EmoFft *fft)
{
	if (fft != NULL && fft->foreign != NULL)
	{
		fftwf_destroy_plan(fft->foreign);
		fft->foreign = NULL;
	}
}

void
emo_fft_set_kernels(EmoFft *fft, const EmoKernels *kernels)
{
	fft->kernels = kernels;
}

static void
transform_pairs(EmoFft *fft, float *rows)
{
	if (fft->foreign == NULL)
		fft->kernels->complex_fft(rows, fft->n / 2, fft->pass_twiddles);
	else
		fftwf_execute_split_dft(fft->foreign, rows, rows + EMO_LANES, rows, rows + EMO_LANES);
}

static void
transform_odd(EmoFft *fft, float *rows)
{
	fftwf_execute_split_dft_r2c(fft->foreign, rows, fft->spectrum, fft->spectrum + EMO_LANES);
}

void
emo_fft_lanes_power(EmoFft *fft, float *rows, float scale, float *power)
{
	if (fft->n % 2 == 0)
	{
		transform_pairs(fft, rows);
		fft->kernels->real_power(rows, fft->position, fft->n / 2, fft->real_twiddles, scale, power);
		return;
	}
	transform_odd(fft, rows);
	for (int k = 0; k <= fft->n / 2; k++)
	{
		const float *re = fft->spectrum + (ptrdiff_t) k * 2 * EMO_LANES, *im = re + EMO_LANES;

		for (int lane = 0; lane < EMO_LANES; lane++)
			power[k * EMO_LANES + lane] = scale * (re[lane] * re[lane] + im[lane] * im[lane]);
	}
}

void
emo_fft_lanes_autocorrelation(EmoFft *fft, const float *power, float *work, float *out)
{
	const size_t row_bytes = EMO_LANES * sizeof(float);
	int n = fft->n;
	float scale = 1.0f / (float) n;

	/* The forward and the inverse transform of a real and even sequence are the same. */
	for (int k = 0; k < n; k++)
		memcpy(work + (size_t) k * EMO_LANES, power + (size_t) (k <= n / 2 ? k : n - k) * EMO_LANES,
			   row_bytes);
	if (n % 2 == 0)
	{
		transform_pairs(fft, work);
		fft->kernels->real_part(work, fft->position, n / 2, fft->real_twiddles, scale, out);
		return;
	}
	transform_odd(fft, work);
	for (int k = 0; k <= n / 2; k++)
		for (int lane = 0; lane < EMO_LANES; lane++)
			out[k * EMO_LANES + lane] = scale * fft->spectrum[k * 2 * EMO_LANES + lane];
}
