/*
 * formants.c
 *	  Formants by linear prediction.
 */
#include "core/dsp/formants.h"

#include <math.h>
#include <string.h>

#include "core/dsp/fft.h"

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

struct EmoFormantPlan
{
	EmoFft *fft;
	float *autocorrelation; /* [N_BINS][16] */
	float *work;            /* [N_FFT][16] */
	float *inverse;         /* [N_BINS][16]: power of the inverse filter, low at formants */
};

EmoStatus
emo_formants_create(EmoEnv *env, EmoFormantPlan **result)
{
	EmoFormantPlan *plan = emo_alloc_zero(env, 1, sizeof(EmoFormantPlan));

	*result = NULL;
	if (plan == NULL)
		return env->status;
	plan->autocorrelation = emo_alloc(env, N_BINS, EMO_LANES * sizeof(float));
	plan->work = emo_alloc(env, N_FFT, EMO_LANES * sizeof(float));
	plan->inverse = emo_alloc(env, N_BINS, EMO_LANES * sizeof(float));
	if (plan->autocorrelation == NULL || plan->work == NULL || plan->inverse == NULL ||
		emo_fft_create(env, N_FFT, &plan->fft) != EMO_OK)
		return env->status;
	*result = plan;
	return EMO_OK;
}

void
emo_formants_destroy(EmoFormantPlan *plan)
{
	if (plan != NULL)
		emo_fft_destroy(plan->fft);
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
at_minimum(float below, float middle, float above, int bin)
{
	float bend = below - 2 * middle + above, tilt = above - below;
	float offset = bend > 0 ? -0.5f * tilt / bend : 0;
	float least = middle + 0.25f * tilt * offset;
	float width;

	/* The least power of a filter that starts with 1 may be tiny, but is not below zero. */
	least = fmaxf(least, 1e-3f * middle + 1e-12f);
	width = bend > 0 ? 2 * BIN_KHZ * sqrtf(2 * least / bend) : MAX_BANDWIDTH;
	width = fminf(fmaxf(width, MIN_BANDWIDTH), MAX_BANDWIDTH);
	return (EmoFormant){((float) bin + offset) * BIN_KHZ, logf(width), -logf(least)};
}

/* The peaks of a lane in the order of frequency, each taken for the first formant it can be. */
static void
find_formants(const float *inverse, EmoFormant formants[EMO_N_FORMANTS])
{
	int next = 0;
	float sum = 0;

	for (int k = FIRST_BIN; k <= LAST_BIN && next < EMO_N_FORMANTS; k++)
	{
		float below = inverse[(k - 1) * EMO_LANES], middle = inverse[k * EMO_LANES];
		float above = inverse[(k + 1) * EMO_LANES];
		EmoFormant peak;

		if (!(middle < below && middle <= above))
			continue;
		peak = at_minimum(below, middle, above, k);
		if (peak.khz < ranges[next].low)
			continue;
		for (; next < EMO_N_FORMANTS && peak.khz > ranges[next].high; next++)
			formants[next].khz = 0;
		if (next < EMO_N_FORMANTS)
			formants[next++] = peak;
	}
	for (; next < EMO_N_FORMANTS; next++)
		formants[next].khz = 0;
	for (int k = FIRST_BIN; k <= LAST_BIN; k++)
		sum += inverse[k * EMO_LANES];
	for (int i = 0; i < EMO_N_FORMANTS; i++)
		if (formants[i].khz == 0)
			formants[i] = (EmoFormant){ranges[i].neutral, logf(MAX_BANDWIDTH),
									   -logf(sum / (LAST_BIN - FIRST_BIN + 1) + 1e-12f)};
}

void
emo_formants(EmoFormantPlan *plan, const float *power,
			 EmoFormant formants[EMO_LANES][EMO_N_FORMANTS])
{
	float a[ORDER + 1][EMO_LANES];

	emo_fft_lanes_autocorrelation(plan->fft, power, plan->work, plan->autocorrelation);
	predict((float(*)[EMO_LANES]) plan->autocorrelation, a);
	memcpy(plan->work, a, sizeof(a));
	memset(plan->work + (ORDER + 1) * EMO_LANES, 0,
		   (N_FFT - ORDER - 1) * EMO_LANES * sizeof(float));
	emo_fft_lanes_power(plan->fft, plan->work, 1, plan->inverse);
	for (int lane = 0; lane < EMO_LANES; lane++)
		find_formants(plan->inverse + lane, formants[lane]);
}
