/*
 * formants.c
 *	  Formants by linear prediction.
 */
#include "core/dsp/formants.h"

#include <math.h>
#include <string.h>

#define RATE    16000
#define N_FFT   512
#define N_BINS  (N_FFT / 2 + 1)
#define BIN_KHZ ((float) RATE / N_FFT / 1000)

/* Two for each of the 8 resonances that a vocal tract has below 8 kHz, and two for the voice. */
#define ORDER 18

/* Noise that is added to each spectrum, as a share of its power: what it takes to invert silence. */
#define WHITE_SHARE 1e-5f
#define LEAST_POWER 1e-10f

/* Bins between which peaks are looked for: 200 Hz, below which is F0, to 4 kHz. */
#define FIRST_BIN 7
#define LAST_BIN  128

/* In kHz.  A flatter peak is the tilt of the voice. */
#define MIN_BANDWIDTH 0.02f
#define MAX_BANDWIDTH 0.8f

/* Where each formant may lie, and where a neutral vowel has it; kHz. */
static const struct
{
	float low, high, neutral;
} ranges[EMO_N_FORMANTS] = {{0.2f, 1.1f, 0.5f}, {0.7f, 2.7f, 1.5f}, {1.7f, 3.8f, 2.6f}};

/* Bins that are looked at, with a neighbour at either end. */
#define FIRST_SEEN (FIRST_BIN - 1)
#define N_SEEN     (LAST_BIN - FIRST_BIN + 3)

/*
 * So few lags and bins are wanted that tables of cosines and sines are faster than Fourier
 * transforms.
 */
struct EmoFormantPlan
{
	const EmoKernels *kernels;
	float *to_lags; /* [ORDER + 1][N_BINS]: from a power spectrum to the autocorrelation */
	float *to_bins; /* [2 N_SEEN][ORDER + 1]: from a filter to the real and imaginary parts */
	float *parts;   /* [2 N_SEEN][16] */
	float *inverse; /* [N_SEEN][16]: power of the inverse filter, low at formants */
};

static void
fill_tables(EmoFormantPlan *plan)
{
	for (int lag = 0; lag <= ORDER; lag++)
		for (int k = 0; k < N_BINS; k++)
		{
			double twice = k == 0 || k == N_BINS - 1 ? 1 : 2;

			plan->to_lags[lag * N_BINS + k] =
				(float) (twice / N_FFT * cos(2 * M_PI * lag * k / N_FFT));
		}
	for (int k = 0; k < N_SEEN; k++)
		for (int lag = 0; lag <= ORDER; lag++)
		{
			double phase = 2 * M_PI * lag * (k + FIRST_SEEN) / N_FFT;

			plan->to_bins[k * (ORDER + 1) + lag] = (float) cos(phase);
			plan->to_bins[(k + N_SEEN) * (ORDER + 1) + lag] = (float) sin(phase);
		}
}

EmoStatus
emo_formants_create(EmoEnv *env, EmoFormantPlan **result)
{
	EmoFormantPlan *plan = emo_alloc_zero(env, 1, sizeof(EmoFormantPlan));

	*result = NULL;
	if (plan == NULL)
		return env->status;
	plan->kernels = emo_kernels();
	plan->to_lags = emo_alloc(env, (ORDER + 1) * N_BINS, sizeof(float));
	plan->to_bins = emo_alloc(env, 2 * N_SEEN * (ORDER + 1), sizeof(float));
	plan->parts = emo_alloc(env, 2 * N_SEEN, EMO_LANES * sizeof(float));
	plan->inverse = emo_alloc(env, N_SEEN, EMO_LANES * sizeof(float));
	if (plan->to_lags == NULL || plan->to_bins == NULL || plan->parts == NULL ||
		plan->inverse == NULL)
		return env->status;
	fill_tables(plan);
	*result = plan;
	return EMO_OK;
}

/*
 * Levinson's recursion on r[0 .. ORDER][16], for the coefficients of the inverse filter
 * a[0 .. ORDER][16], a[0] = 1, whose sum of a[i] x[t - i] is what the past does not tell.
 */
static void
predict(float (*r)[EMO_LANES], float (*a)[EMO_LANES])
{
	float error[EMO_LANES], before[ORDER + 1][EMO_LANES];

	for (int lane = 0; lane < EMO_LANES; lane++)
	{
		r[0][lane] = r[0][lane] * (1 + WHITE_SHARE) + LEAST_POWER;
		error[lane] = r[0][lane];
		a[0][lane] = 1;
	}
	for (int i = 1; i <= ORDER; i++)
	{
		float reflection[EMO_LANES];

		for (int lane = 0; lane < EMO_LANES; lane++)
			reflection[lane] = r[i][lane];
		for (int j = 1; j < i; j++)
			for (int lane = 0; lane < EMO_LANES; lane++)
				reflection[lane] += a[j][lane] * r[i - j][lane];
		for (int lane = 0; lane < EMO_LANES; lane++)
		{
			reflection[lane] = -reflection[lane] / error[lane];
			error[lane] *= 1 - reflection[lane] * reflection[lane];
			error[lane] =
				error[lane] > WHITE_SHARE * r[0][lane] ? error[lane] : WHITE_SHARE * r[0][lane];
		}
		memcpy(before, a, (size_t) i * sizeof(before[0]));
		for (int j = 1; j < i; j++)
			for (int lane = 0; lane < EMO_LANES; lane++)
				a[j][lane] = before[j][lane] + reflection[lane] * before[i - j][lane];
		memcpy(a[i], reflection, sizeof(reflection));
	}
}

/*
 * A formant from the parabola through three bins of the inverse filter's power, the middle one
 * least: near a resonance of width B at f0 it is c + b (f - f0)^2 with c = b (B / 2)^2.
 */
static EmoFormant
at_minimum(const float *middle, float bend, float offset, float khz)
{
	float tilt = middle[EMO_LANES] - middle[-EMO_LANES];
	float least = middle[0] + 0.25f * tilt * offset, bound = 1e-3f * middle[0] + 1e-12f;
	float width;

	/* The least power of a filter that starts with 1 may be tiny, but is not below zero. */
	least = least > bound ? least : bound;
	width = 2 * BIN_KHZ * sqrtf(2 * least / bend);
	width = width < MIN_BANDWIDTH ? MIN_BANDWIDTH : width > MAX_BANDWIDTH ? MAX_BANDWIDTH : width;
	return (EmoFormant){khz, logf(width), -logf(least)};
}

/* The minimum at bin, of a lane that has next formants already, is the first one that it can be. */
static int
take_minimum(const float *middle, int bin, int next, EmoFormant formants[EMO_N_FORMANTS])
{
	float below = middle[-EMO_LANES], above = middle[EMO_LANES];
	float bend = below - 2 * middle[0] + above;
	float offset = -0.5f * (above - below) / bend;
	float khz = ((float) bin + offset) * BIN_KHZ;

	if (next == EMO_N_FORMANTS || !(bend > 0) || khz < ranges[next].low)
		return next;
	while (next < EMO_N_FORMANTS && khz > ranges[next].high)
		next++;
	if (next < EMO_N_FORMANTS)
		formants[next++] = at_minimum(middle, bend, offset, khz);
	return next;
}

/* Formants that weren't found, whose frequency is 0: a neutral vowel's, wide, at the mean level. */
static void
fill_in(const float *inverse, EmoFormant formants[EMO_N_FORMANTS])
{
	float sum = 0;

	if (formants[0].khz > 0 && formants[1].khz > 0 && formants[2].khz > 0)
		return;
	for (int k = 1; k < N_SEEN - 1; k++)
		sum += inverse[k * EMO_LANES];
	for (int i = 0; i < EMO_N_FORMANTS; i++)
		if (formants[i].khz == 0)
			formants[i] = (EmoFormant){ranges[i].neutral, logf(MAX_BANDWIDTH),
									   -logf(sum / (N_SEEN - 2) + 1e-12f)};
}

static void
find_formants(const float *inverse, EmoFormant formants[EMO_LANES][EMO_N_FORMANTS])
{
	int next[EMO_LANES] = {0};

	memset(formants, 0, EMO_LANES * sizeof(formants[0]));
	for (int k = 1; k < N_SEEN - 1; k++)
	{
		const float *middle = inverse + k * EMO_LANES;
		const float *below = middle - EMO_LANES, *above = middle + EMO_LANES;
		int32_t is_least[EMO_LANES], n = 0;

		/* Without branches, so that the compiler looks at several lanes at once. */
		for (int lane = 0; lane < EMO_LANES; lane++)
			is_least[lane] =
				(middle[lane] < below[lane] ? 1 : 0) & (middle[lane] <= above[lane] ? 1 : 0);
		for (int lane = 0; lane < EMO_LANES; lane++)
			n += is_least[lane];
		for (int lane = 0; n > 0 && lane < EMO_LANES; lane++)
			if (is_least[lane])
				next[lane] =
					take_minimum(middle + lane, k + FIRST_SEEN, next[lane], formants[lane]);
	}
	for (int lane = 0; lane < EMO_LANES; lane++)
		fill_in(inverse + lane, formants[lane]);
}

void
emo_formants(EmoFormantPlan *plan, const float *power,
			 EmoFormant formants[EMO_LANES][EMO_N_FORMANTS])
{
	float r[ORDER + 1][EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float a[ORDER + 1][EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	const float *real = plan->parts, *imaginary = plan->parts + N_SEEN * EMO_LANES;
	float *restrict inverse = plan->inverse;

	plan->kernels->multiply(power, N_BINS, -INFINITY, plan->to_lags, ORDER + 1, r[0]);
	predict(r, a);
	plan->kernels->multiply(a[0], ORDER + 1, -INFINITY, plan->to_bins, 2 * N_SEEN, plan->parts);
	for (int i = 0; i < N_SEEN * EMO_LANES; i++)
		inverse[i] = real[i] * real[i] + imaginary[i] * imaginary[i];
	find_formants(inverse, formants);
}
