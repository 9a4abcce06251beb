/*
 * harmonics.c
 *	  What the harmonics of voiced frames tell of the voice.
 */
#include "core/dsp/harmonics.h"

#include <math.h>
#include <string.h>

#include "core/dsp/fft.h"

#define RATE   8000
#define N_FFT  512
#define N_BINS (N_FFT / 2 + 1)
#define BIN_HZ ((float) RATE / N_FFT)

/* 10 / ln 10 */
#define DB_OF_LN 4.34294482f

/* Far below the power of anything audible in a recording of RMS 1. */
#define POWER_FLOOR 1e-4f

/* A harmonic is looked for so far, as a share of F0, from where it should be. */
#define HARMONIC_REACH 0.2f

/* Hz: where the third formant of most voices is. */
#define THIRD_FORMANT_LOW  2000
#define THIRD_FORMANT_HIGH 3500

/*
 * Quefrencies in samples: the peak is looked for from 2 to 16.6 ms, 500 to 60 Hz, and the regression
 * goes from 1 ms, below which is the envelope, to the same end (Hillenbrand, Cleveland & Erickson
 * 1994, "Acoustic correlates of breathy vocal quality").
 */
#define FIRST_PEAK 16
#define FIRST_LINE 8
#define LAST       133

struct EmoHarmonicPlan
{
	EmoFft *fft;
	const EmoKernels *kernels;
	float *level; /* [N_BINS][16], dB; then the cepstrum */
	float *work;  /* [N_FFT][16] */
};

EmoStatus
emo_harmonics_create(EmoEnv *env, EmoHarmonicPlan **result)
{
	EmoHarmonicPlan *plan = emo_alloc_zero(env, 1, sizeof(EmoHarmonicPlan));

	*result = NULL;
	if (plan == NULL)
		return env->status;
	plan->kernels = emo_kernels();
	plan->level = emo_alloc(env, N_BINS, EMO_LANES * sizeof(float));
	plan->work = emo_alloc(env, N_FFT, EMO_LANES * sizeof(float));
	if (plan->level == NULL || plan->work == NULL ||
		emo_fft_create(env, N_FFT, &plan->fft) != EMO_OK)
		return env->status;
	*result = plan;
	return EMO_OK;
}

void
emo_harmonics_destroy(EmoHarmonicPlan *plan)
{
	if (plan != NULL)
		emo_fft_destroy(plan->fft);
}

/* The highest level of a lane from low to high Hz, at least one bin. */
static float
highest_level(const float *level, float low_hz, float high_hz)
{
	int first = (int) ceilf(low_hz / BIN_HZ), last = (int) (high_hz / BIN_HZ);
	float highest;

	last = last < N_BINS - 1 ? last : N_BINS - 1;
	first = first < last ? first : last;
	highest = level[first * EMO_LANES];
	for (int k = first + 1; k <= last; k++)
		highest = fmaxf(highest, level[k * EMO_LANES]);
	return highest;
}

static float
harmonic_level(const float *level, float hz, float f0_hz)
{
	return highest_level(level, hz - HARMONIC_REACH * f0_hz, hz + HARMONIC_REACH * f0_hz);
}

static float
peak_prominence(const float *cepstrum)
{
	const int n = LAST - FIRST_LINE + 1;
	const float middle = 0.5f * (FIRST_LINE + LAST);
	float sum = 0, with_place = 0, places = 0;
	int peak = FIRST_PEAK;

	for (int i = FIRST_LINE; i <= LAST; i++)
	{
		float c = cepstrum[i * EMO_LANES], place = (float) i - middle;

		sum += c;
		with_place += c * place;
		places += place * place;
		if (i >= FIRST_PEAK && c > cepstrum[peak * EMO_LANES])
			peak = i;
	}
	return cepstrum[peak * EMO_LANES] -
		   (sum / (float) n + with_place / places * ((float) peak - middle));
}

void
emo_harmonics(EmoHarmonicPlan *plan, const float *power, const float *f0_hz,
			  EmoHarmonics *harmonics)
{
	float maximum[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT))) = {0};

	memcpy(plan->level, power, N_BINS * EMO_LANES * sizeof(float));
	plan->kernels->log_rows(plan->level, N_BINS, POWER_FLOOR, DB_OF_LN, maximum);
	for (int lane = 0; lane < EMO_LANES; lane++)
	{
		float first = harmonic_level(plan->level + lane, f0_hz[lane], f0_hz[lane]);

		harmonics[lane].first_to_second =
			first - harmonic_level(plan->level + lane, 2 * f0_hz[lane], f0_hz[lane]);
		harmonics[lane].first_to_third_formant =
			first - highest_level(plan->level + lane, THIRD_FORMANT_LOW, THIRD_FORMANT_HIGH);
	}
	emo_fft_lanes_autocorrelation(plan->fft, plan->level, plan->work, plan->level);
	for (int lane = 0; lane < EMO_LANES; lane++)
		harmonics[lane].cepstral_peak = peak_prominence(plan->level + lane);
}
