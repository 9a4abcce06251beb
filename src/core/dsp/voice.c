/*
 * voice.c
 *	  How a voice sounds, frame by frame.
 */
#include "core/dsp/voice.h"

#include <math.h>
#include <string.h>

/* Of the spectra of contours.c. */
#define N_BINS 257
#define BIN_HZ 31.25

/* Bins up to 500 Hz and up to 1500 Hz, for slopes of the spectrum; bin 0 is DC. */
#define LOW_SLOPE_END 17
#define N_SLOPE_BINS  49

/* Below the power of anything audible in a recording of RMS 1. */
#define POWER_FLOOR 1e-5f
#define PEAK_FLOOR  1e-4f

/*
 * A voicing is the share of a frame's power that is periodic; so near to 0 and 1 its ratio to the rest is
 * not to be told.
 */
#define LEAST_SHARE 0.001f

struct EmoVoicePlan
{
	const EmoKernels *kernels;
	EmoFormantPlan *formants;
	float *power; /* [N_BINS][16] of the frames that wait */
	int n_waiting;
	float *row[EMO_LANES];
};

EmoStatus
emo_voice_create(EmoEnv *env, EmoVoicePlan **result)
{
	EmoVoicePlan *plan = emo_alloc_zero(env, 1, sizeof(EmoVoicePlan));

	*result = NULL;
	if (plan == NULL ||
		(plan->power = emo_alloc_zero(env, N_BINS, EMO_LANES * sizeof(float))) == NULL ||
		emo_formants_create(env, &plan->formants) != EMO_OK)
		return env->status;
	plan->kernels = emo_kernels();
	*result = plan;
	return EMO_OK;
}

void
emo_voice_of_harmonics(float voicing, const EmoHarmonics *harmonics, float *row)
{
	float share = fminf(fmaxf(voicing, LEAST_SHARE), 1 - LEAST_SHARE);

	row[EMO_HARMONICITY] = 10 * log10f(share / (1 - share));
	row[EMO_CEPSTRAL_PEAK] = harmonics->cepstral_peak;
	row[EMO_FIRST_TO_SECOND] = harmonics->first_to_second;
	row[EMO_FIRST_TO_THIRD_FORMANT] = harmonics->first_to_third_formant;
}

/* Slopes of the regression lines of level[first .. end - 1][16], per kHz. */
static void
slope_of_levels(float (*level)[EMO_LANES], int first, int end, float *slope)
{
	const float middle = 0.5f * (float) (first + end - 1);
	float places = 0;

	memset(slope, 0, EMO_LANES * sizeof(float));
	for (int k = first; k < end; k++)
	{
		float place = (float) k - middle;

		places += place * place;
		for (int lane = 0; lane < EMO_LANES; lane++)
			slope[lane] += place * level[k][lane];
	}
	for (int lane = 0; lane < EMO_LANES; lane++)
		slope[lane] /= places * (float) (BIN_HZ / 1000);
}

static void
highest_power(const float *power, double low_hz, double high_hz, float *highest)
{
	int end = (int) ceil(high_hz / BIN_HZ);

	memset(highest, 0, EMO_LANES * sizeof(float));
	for (int k = (int) ceil(low_hz / BIN_HZ); k < end; k++)
		for (int lane = 0; lane < EMO_LANES; lane++)
		{
			float x = power[(size_t) k * EMO_LANES + lane];

			highest[lane] = x > highest[lane] ? x : highest[lane];
		}
}

static void
put_formants(const EmoFormant *formants, float *row)
{
	for (int i = 0; i < EMO_N_FORMANTS; i++)
	{
		row[EMO_FORMANT_1 + i] = formants[i].khz;
		row[EMO_BANDWIDTH_1 + i] = formants[i].log_bandwidth;
	}
	row[EMO_LEVEL_2] = formants[1].level - formants[0].level;
	row[EMO_LEVEL_3] = formants[2].level - formants[0].level;
}

/* All that wait. */
static void
measure(EmoVoicePlan *plan)
{
	float level[N_SLOPE_BINS][EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float maximum[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT))) = {0};
	float low_slope[EMO_LANES], middle_slope[EMO_LANES], low[EMO_LANES], high[EMO_LANES];
	EmoFormant formants[EMO_LANES][EMO_N_FORMANTS];

	emo_formants(plan->formants, plan->power, formants);
	memcpy(level, plan->power, sizeof(level));
	plan->kernels->log_rows(level[0], N_SLOPE_BINS, POWER_FLOOR, 1, maximum);
	slope_of_levels(level, 1, LOW_SLOPE_END, low_slope);
	slope_of_levels(level, LOW_SLOPE_END, N_SLOPE_BINS, middle_slope);
	highest_power(plan->power, 0, 2000, low);
	highest_power(plan->power, 2000, 5000, high);
	for (int lane = 0; lane < plan->n_waiting; lane++)
	{
		float *row = plan->row[lane];

		put_formants(formants[lane], row);
		row[EMO_LOW_SLOPE] = low_slope[lane];
		row[EMO_MIDDLE_SLOPE] = middle_slope[lane];
		row[EMO_HAMMARBERG] = logf((low[lane] + PEAK_FLOOR) / (high[lane] + PEAK_FLOOR));
	}
	plan->n_waiting = 0;
}

void
emo_voice_begin(EmoVoicePlan *plan)
{
	plan->n_waiting = 0;
}

void
emo_voice_add(EmoVoicePlan *plan, const float *column, float *row)
{
	int lane = plan->n_waiting++;

	for (int k = 0; k < N_BINS; k++)
		plan->power[k * EMO_LANES + lane] = column[k * EMO_LANES];
	plan->row[lane] = row;
	if (plan->n_waiting == EMO_LANES)
		measure(plan);
}

void
emo_voice_end(EmoVoicePlan *plan)
{
	if (plan->n_waiting > 0)
		measure(plan);
}
