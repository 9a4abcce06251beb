/*
 * periods.c
 *	  Jitter and shimmer.
 */
#include "core/dsp/periods.h"

#include <math.h>

#define RATE 16000
#define HOP  160

/* A frame's own samples, those nearest to its centre: from t * HOP + OWN_START on, HOP of them. */
#define OWN_START 120

/* A peak is looked for within so much of a period from where it is due. */
#define REACH 0.2f

/* Shorter runs have no two periods to compare. */
#define MIN_PERIODS 3

/* What differs by more from its neighbour is no period, or one in which another peak was taken. */
#define MAX_PERIOD_RATIO 1.3f
#define MAX_HEIGHT_RATIO 1.6f

/* Samples at the begin of a run that tell on which side of zero its peaks are. */
#define SIDE_SAMPLES 4000

/* Periods between two looks at whether to stop. */
#define PERIODS_PER_STOP_CHECK 256

typedef struct Peak
{
	double at; /* in samples */
	float height;
} Peak;

typedef struct Sums
{
	int64_t n;
	double length, length_square, height, height_square;
} Sums;

/* The highest of sign * samples[first .. last], between samples; both have neighbours. */
static Peak
highest(const float *samples, float sign, int64_t first, int64_t last)
{
	int64_t best = first;
	float below, middle, above, bend, offset;

	for (int64_t i = first + 1; i <= last; i++)
		best = sign * samples[i] > sign * samples[best] ? i : best;
	below = sign * samples[best - 1];
	middle = sign * samples[best];
	above = sign * samples[best + 1];
	bend = below - 2 * middle + above;
	offset = bend < 0 ? fminf(fmaxf(0.5f * (below - above) / bend, -0.5f), 0.5f) : 0;
	return (Peak){(double) best + offset, middle - 0.25f * (below - above) * offset};
}

static void
add_pair(float length, float before, float height, float height_before, Sums *sums)
{
	float by_length = fabsf(length - before) / (0.5f * (length + before));
	float by_height = fabsf(height - height_before) / (0.5f * (height + height_before));

	sums->n++;
	sums->length += by_length;
	sums->length_square += (double) by_length * by_length;
	sums->height += by_height;
	sums->height_square += (double) by_height * by_height;
}

static bool
are_alike(float a, float b, float max_ratio)
{
	return a > 0 && b > 0 && a < max_ratio * b && b < max_ratio * a;
}

/* Peaks stand out on one side of zero: 1 or -1. */
static float
side_of_peaks(const float *samples, int64_t n_samples)
{
	double cubes = 0;

	for (int64_t i = 0; i < n_samples && i < SIDE_SAMPLES; i++)
		cubes += (double) (samples[i] * samples[i] * samples[i]);
	return cubes < 0 ? -1 : 1;
}

static float
period_at(const float *f0_hz, int64_t n_frames, double at)
{
	int64_t frame = ((int64_t) at - OWN_START) / HOP;

	return RATE / f0_hz[frame < 0 ? 0 : frame < n_frames ? frame : n_frames - 1];
}

/* The periods of a run of voiced frames, samples[start .. end - 1]. */
static EmoStatus
follow_run(EmoEnv *env, const float *samples, int64_t start, int64_t end, const float *f0_hz,
		   int64_t n_frames, Sums *sums)
{
	float period = period_at(f0_hz, n_frames, (double) start);
	float length_before = 0, sign;
	Peak before = {0, 0}, last;

	if ((float) (end - start) < MIN_PERIODS * period)
		return EMO_OK;
	sign = side_of_peaks(samples + start, end - start);
	last = highest(samples, sign, start, start + (int64_t) period);
	for (int64_t n = 0;; n++)
	{
		int64_t first, beyond;
		float length;
		Peak peak;

		if (n % PERIODS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		period = period_at(f0_hz, n_frames, last.at);
		first = (int64_t) (last.at + (1 - REACH) * period);
		beyond = (int64_t) (last.at + (1 + REACH) * period) + 1;
		if (beyond >= end)
			return EMO_OK;
		peak = highest(samples, sign, first, beyond);
		length = (float) (peak.at - last.at);
		if (are_alike(length, length_before, MAX_PERIOD_RATIO) &&
			are_alike(peak.height, last.height, MAX_HEIGHT_RATIO) &&
			are_alike(last.height, before.height, MAX_HEIGHT_RATIO))
			add_pair(length, length_before, peak.height, last.height, sums);
		before = last;
		last = peak;
		length_before = length;
	}
}

static float
deviation_of(double sum, double square_sum, int64_t n)
{
	double mean = sum / (double) n;

	return (float) sqrt(fmax(square_sum / (double) n - mean * mean, 0));
}

EmoStatus
emo_measure_periods(EmoEnv *env, const float *samples, int64_t n_samples, const float *f0_hz,
					const bool *voiced, int64_t n_frames, EmoPeriods *periods)
{
	Sums sums = {0};
	int64_t length = 0;

	*periods = (EmoPeriods){0};
	for (int64_t t = 0; t <= n_frames; t++)
	{
		int64_t start = (t - length) * HOP + OWN_START, end = t * HOP + OWN_START;

		if (t < n_frames && voiced[t])
		{
			length++;
			continue;
		}
		end = end < n_samples - 1 ? end : n_samples - 1;
		if (length > 0 && follow_run(env, samples, start, end, f0_hz, n_frames, &sums) != EMO_OK)
			return env->status;
		length = 0;
	}
	if (sums.n == 0)
		return EMO_OK;
	periods->n = sums.n;
	periods->jitter = (float) (sums.length / (double) sums.n);
	periods->shimmer = (float) (sums.height / (double) sums.n);
	periods->jitter_deviation = deviation_of(sums.length, sums.length_square, sums.n);
	periods->shimmer_deviation = deviation_of(sums.height, sums.height_square, sums.n);
	return EMO_OK;
}
