/*
 * loudness_group.c
 *	  How loud a recording is, and how its loudness moves, whatever its level.
 */
#include "core/features/groups.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/sort.h"

#define FRAME_RATE ((float) EMO_CONTOUR_SAMPLE_RATE / EMO_CONTOUR_HOP)

/* Below the loudness of anything audible at an RMS of 1: it bounds logarithms. */
#define FLOOR 0.1f

/* Rises and falls by less than this share of the mean loudness are ripples. */
#define LEAST_RISE 0.1f

static const char *const names[] = {
	/* Of the recording as it is: ln. */
	"loudness.level_mean", "loudness.level_p20", "loudness.level_p50", "loudness.level_p80",
	"loudness.level_p95", "loudness.level_rise", "loudness.level_fall",
	/* Relative to the mean loudness. */
	"loudness.p20", "loudness.p50", "loudness.p80", "loudness.p95", "loudness.sd",
	"loudness.rise.mean", "loudness.rise.sd", "loudness.fall.mean", "loudness.fall.sd",
	"loudness.peaks_per_second"};

#define N_FEATURES    ((int) (sizeof(names) / sizeof(names[0])))

#define N_PERCENTILES 4
static const double percentiles[N_PERCENTILES] = {0.20, 0.50, 0.80, 0.95};

static void
name_feature(int index, char name[EMO_FEATURE_NAME_SIZE])
{
	snprintf(name, EMO_FEATURE_NAME_SIZE, "%s", names[index]);
}

/* Slopes per second of stretches between extremes. */
typedef struct Slopes
{
	int64_t n;
	double sum, square_sum;
} Slopes;

static void
add_slope(Slopes *slopes, float change, int64_t n_frames)
{
	double slope = change * FRAME_RATE / (float) n_frames;

	slopes->n++;
	slopes->sum += slope;
	slopes->square_sum += slope * slope;
}

static float
mean_of(const Slopes *slopes)
{
	return slopes->n > 0 ? (float) (slopes->sum / (double) slopes->n) : 0;
}

static float
deviation_of(const Slopes *slopes)
{
	double mean = mean_of(slopes);

	return slopes->n > 0
			   ? (float) sqrt(fmax(slopes->square_sum / (double) slopes->n - mean * mean, 0))
			   : 0;
}

/* Mean of three frames, the ends repeated, relative to unit. */
static void
smooth(const float *loudness, int64_t n, float unit, float *smoothed)
{
	for (int64_t t = 0; t < n; t++)
		smoothed[t] =
			(loudness[t > 0 ? t - 1 : 0] + loudness[t] + loudness[t + 1 < n ? t + 1 : n - 1]) /
			(3 * unit);
}

/*
 * Go from extreme to extreme; one counts when the contour has left it by least on the other side.
 */
static int64_t
find_slopes(const float *x, int64_t n, float least, Slopes *rises, Slopes *falls)
{
	int64_t extreme = 0, before = 0, n_peaks = 0;
	int direction = 0;

	for (int64_t t = 1; t < n; t++)
	{
		if (direction == 0)
		{
			if (fabsf(x[t] - x[0]) < least)
				continue;
			direction = x[t] > x[0] ? 1 : -1;
			extreme = t;
			continue;
		}
		if ((x[t] - x[extreme]) * (float) direction >= 0)
			extreme = t;
		else if ((x[extreme] - x[t]) * (float) direction >= least)
		{
			add_slope(direction > 0 ? rises : falls, x[extreme] - x[before], extreme - before);
			n_peaks += direction > 0;
			before = extreme;
			extreme = t;
			direction = -direction;
		}
	}
	return n_peaks;
}

static EmoStatus
fill(EmoEnv *env, const EmoFeatureInput *input, float *features)
{
	const EmoContours *contours = &input->contours;
	int64_t n = contours->n_frames, n_peaks;
	float *x = emo_alloc(env, n, sizeof(float));
	float level, mean;
	double sum = 0, square_sum = 0;
	Slopes rises = {0}, falls = {0};

	if (x == NULL)
		return env->status;
	for (int64_t t = 0; t < n; t++)
	{
		sum += contours->loudness[t];
		square_sum += (double) contours->loudness[t] * contours->loudness[t];
	}
	mean = (float) (sum / (double) n) + FLOOR;
	/* The fourth root of a power is the square root of an amplitude. */
	level = logf(mean) - 0.5f * contours->log_gain;
	smooth(contours->loudness, n, mean, x);
	n_peaks = find_slopes(x, n, LEAST_RISE, &rises, &falls);
	memcpy(x, contours->loudness, n * sizeof(float));
	if (emo_sort_floats(env, x, n) != EMO_OK)
		return env->status;
	features[0] = level;
	for (int i = 0; i < N_PERCENTILES; i++)
	{
		float relative = logf((emo_percentile(x, n, percentiles[i]) + FLOOR) / mean);

		features[1 + i] = level + relative;
		features[7 + i] = relative;
	}
	features[5] = level + logf(mean_of(&rises) + FLOOR);
	features[6] = level + logf(-mean_of(&falls) + FLOOR);
	features[11] =
		(float) sqrt(fmax(square_sum / (double) n - sum / (double) n * sum / (double) n, 0)) / mean;
	features[12] = mean_of(&rises);
	features[13] = deviation_of(&rises);
	features[14] = mean_of(&falls);
	features[15] = deviation_of(&falls);
	features[16] = (float) n_peaks * FRAME_RATE / (float) n;
	emo_free(env, x);
	return EMO_OK;
}

const EmoFeatureGroup emo_loudness_group = {N_FEATURES, name_feature, fill};
