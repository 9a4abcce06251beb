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
	float *level; /* [N_BINS][16]: power of the frames that wait, then dB, then the cepstrum */
	float *work;  /* [N_FFT][16] */
	int n_waiting;
	float f0_hz[EMO_LANES];
	EmoHarmonics *result[EMO_LANES];
};

EmoStatus
emo_harmonics_create(EmoEnv *env, EmoHarmonicPlan **result)
{
	EmoHarmonicPlan *plan = emo_alloc_zero(env, 1, sizeof(EmoHarmonicPlan));

	*result = NULL;
	if (plan == NULL)
		return env->status;
	plan->kernels = emo_kernels();
	plan->level = emo_alloc_zero(env, N_BINS, EMO_LANES * sizeof(float));
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
		highest = level[k * EMO_LANES] > highest ? level[k * EMO_LANES] : highest;
	return highest;
}

static float
harmonic_level(const float *level, float hz, float f0_hz)
{
	return highest_level(level, hz - HARMONIC_REACH * f0_hz, hz + HARMONIC_REACH * f0_hz);
}

/* The highest levels of all lanes from low to high Hz. */
static void
highest_levels(const float *level, double low_hz, double high_hz, float *highest)
{
	int first = (int) ceil(low_hz / BIN_HZ), last = (int) (high_hz / BIN_HZ);

	memcpy(highest, level + first * EMO_LANES, EMO_LANES * sizeof(float));
	for (int k = first + 1; k <= last; k++)
		for (int lane = 0; lane < EMO_LANES; lane++)
		{
			float x = level[k * EMO_LANES + lane];

			highest[lane] = x > highest[lane] ? x : highest[lane];
		}
}

/* Of all lanes: the cepstral peak above the regression line at its place. */
static void
measure_prominence(const float *cepstrum, EmoHarmonics *harmonics)
{
	const float n = LAST - FIRST_LINE + 1, middle = 0.5f * (FIRST_LINE + LAST);
	float sum[EMO_LANES] = {0}, with_place[EMO_LANES] = {0}, places = 0;
	float peak[EMO_LANES], place_of_peak[EMO_LANES] = {0};

	for (int lane = 0; lane < EMO_LANES; lane++)
		peak[lane] = -INFINITY;
	for (int i = FIRST_LINE; i <= LAST; i++)
	{
		const float *row = cepstrum + i * EMO_LANES;
		float place = (float) i - middle;

		places += place * place;
		for (int lane = 0; lane < EMO_LANES; lane++)
		{
			sum[lane] += row[lane];
			with_place[lane] += row[lane] * place;
		}
		for (int lane = 0; i >= FIRST_PEAK && lane < EMO_LANES; lane++)
		{
			place_of_peak[lane] = row[lane] > peak[lane] ? place : place_of_peak[lane];
			peak[lane] = row[lane] > peak[lane] ? row[lane] : peak[lane];
		}
	}
	for (int lane = 0; lane < EMO_LANES; lane++)
		harmonics[lane].cepstral_peak =
			peak[lane] - (sum[lane] / n + with_place[lane] / places * place_of_peak[lane]);
}

/* All that wait. */
static void
measure(EmoHarmonicPlan *plan)
{
	float maximum[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT))) = {0};
	float third_formant[EMO_LANES];
	EmoHarmonics harmonics[EMO_LANES];

	plan->kernels->log_rows(plan->level, N_BINS, POWER_FLOOR, DB_OF_LN, maximum);
	highest_levels(plan->level, THIRD_FORMANT_LOW, THIRD_FORMANT_HIGH, third_formant);
	for (int lane = 0; lane < plan->n_waiting; lane++)
	{
		const float *level = plan->level + lane;
		float f0_hz = plan->f0_hz[lane], first = harmonic_level(level, f0_hz, f0_hz);

		harmonics[lane].first_to_second = first - harmonic_level(level, 2 * f0_hz, f0_hz);
		harmonics[lane].first_to_third_formant = first - third_formant[lane];
	}
	emo_fft_lanes_autocorrelation(plan->fft, plan->level, plan->work, plan->level);
	measure_prominence(plan->level, harmonics);
	for (int lane = 0; lane < plan->n_waiting; lane++)
		*plan->result[lane] = harmonics[lane];
	plan->n_waiting = 0;
}

void
emo_harmonics_begin(EmoHarmonicPlan *plan)
{
	if (plan != NULL)
		plan->n_waiting = 0;
}

void
emo_harmonics_add(EmoHarmonicPlan *plan, const float *column, float f0_hz, EmoHarmonics *harmonics)
{
	int lane = plan->n_waiting++;

	for (int k = 0; k < N_BINS; k++)
		plan->level[k * EMO_LANES + lane] = column[k * EMO_LANES];
	plan->f0_hz[lane] = f0_hz;
	plan->result[lane] = harmonics;
	if (plan->n_waiting == EMO_LANES)
		measure(plan);
}

void
emo_harmonics_end(EmoHarmonicPlan *plan)
{
	if (plan != NULL && plan->n_waiting > 0)
		measure(plan);
}
