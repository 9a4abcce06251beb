/*
 * pitch_group.c
 *	  F0, its change and the voicing strength; how F0 moves within voiced runs; how much of an
 *	  utterance is voiced, and how much of it is pauses.
 *
 * The length of the utterance is left out on purpose: in corpora of acted sentences it tells the
 * sentence.
 */
#include "core/features/groups.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/sort.h"

/* Runs shorter than this have no course. */
#define MIN_RUN_FRAMES 4

/* Frames per second, and per 100 ms. */
#define FRAME_RATE        ((float) EMO_CONTOUR_SAMPLE_RATE / EMO_CONTOUR_HOP)
#define FRAMES_PER_100_MS (FRAME_RATE / 10)

static const double percentiles[] = {0.05, 0.10, 0.25, 0.75, 0.90, 0.95};

#define N_PERCENTILES ((int) (sizeof(percentiles) / sizeof(percentiles[0])))
#define N_EXTREMES    4

static const char *const names[] = {"voiced.share",
									"voiced.run_mean",
									"voiced.run_sd",
									"voiced.runs_per_second",
									"f0.run_slope.mean",
									"f0.run_slope.sd",
									"f0.run_slope.min",
									"f0.run_slope.max",
									"f0.run_range.mean",
									"f0.run_range.sd",
									"f0.run_range.min",
									"f0.run_range.max",
									"f0.run_roughness.mean",
									"f0.run_roughness.sd",
									"f0.run_roughness.min",
									"f0.run_roughness.max",
									"f0.run_level.mean",
									"f0.run_level.sd",
									"f0.run_level.min",
									"f0.run_level.max",
									"f0.run_slope.mean_size",
									"f0.run_level.change",
									"f0.run_slope.last",
									"f0.run_slope.first",
									"f0.min",
									"f0.max",
									"f0.max_position",
									"f0.min_position",
									"f0.p5_to_median",
									"f0.p10_to_median",
									"f0.p25_to_median",
									"f0.p75_to_median",
									"f0.p90_to_median",
									"f0.p95_to_median",
									"active.share",
									"pause.mean",
									"pause.max",
									"pauses_per_second"};

#define N_NAMES    ((int) (sizeof(names) / sizeof(names[0])))
#define N_FEATURES (3 * EMO_N_FUNCTIONALS + N_NAMES)

static void
name_feature(int index, char name[EMO_FEATURE_NAME_SIZE])
{
	static const char *const contours[] = {"f0", "f0.delta", "voicing"};
	int contour = index / EMO_N_FUNCTIONALS;

	if (contour < 3)
		snprintf(name, EMO_FEATURE_NAME_SIZE, "%s.%s", contours[contour],
				 emo_functional_name(index % EMO_N_FUNCTIONALS));
	else
		snprintf(name, EMO_FEATURE_NAME_SIZE, "%s", names[index - 3 * EMO_N_FUNCTIONALS]);
}

/* Statistics of values that come one by one. */
typedef struct Statistics
{
	int64_t n;
	double sum, square_sum;
	float min, max, first, last;
	double size_sum; /* of absolute values */
} Statistics;

static void
add_value(Statistics *statistics, float value)
{
	if (statistics->n++ == 0)
		statistics->min = statistics->max = statistics->first = value;
	statistics->min = fminf(statistics->min, value);
	statistics->max = fmaxf(statistics->max, value);
	statistics->last = value;
	statistics->sum += value;
	statistics->square_sum += (double) value * value;
	statistics->size_sum += fabsf(value);
}

static float
mean_of(const Statistics *statistics)
{
	return statistics->n > 0 ? (float) (statistics->sum / (double) statistics->n) : 0;
}

static float
deviation_of(const Statistics *statistics)
{
	double mean = mean_of(statistics);

	if (statistics->n == 0)
		return 0;
	return (float) sqrt(fmax(statistics->square_sum / (double) statistics->n - mean * mean, 0));
}

/* Mean, sd, min, max; all of them empty for no values. */
static float *
put_statistics(const Statistics *statistics, float empty, float *features)
{
	bool is_empty = statistics->n == 0;

	*features++ = is_empty ? empty : mean_of(statistics);
	*features++ = deviation_of(statistics);
	*features++ = is_empty ? empty : statistics->min;
	*features++ = is_empty ? empty : statistics->max;
	return features;
}

/* What is measured of each run of voiced frames. */
typedef struct Runs
{
	Statistics length_s, slope, range, roughness, level;
} Runs;

static void
measure_run(const float *f0, int64_t n, Runs *runs)
{
	Statistics values = {0};
	double with_time = 0, time_square = 0, roughness = 0;

	add_value(&runs->length_s, (float) n / FRAME_RATE);
	if (n < MIN_RUN_FRAMES)
		return;
	for (int64_t t = 0; t < n; t++)
	{
		double time = (double) t - (double) (n - 1) / 2;

		add_value(&values, f0[t]);
		with_time += f0[t] * time;
		time_square += time * time;
		if (t > 1)
			roughness += fabsf(f0[t] - 2 * f0[t - 1] + f0[t - 2]);
	}
	add_value(&runs->slope, (float) (with_time / time_square * FRAMES_PER_100_MS));
	add_value(&runs->range, values.max - values.min);
	add_value(&runs->roughness, (float) (roughness / (double) (n - 2)));
	add_value(&runs->level, mean_of(&values));
}

static void
measure_runs(const EmoContours *contours, Runs *runs)
{
	int64_t length = 0;

	memset(runs, 0, sizeof(*runs));
	for (int64_t t = 0; t <= contours->n_frames; t++)
	{
		if (t < contours->n_frames && contours->voiced[t])
		{
			length++;
			continue;
		}
		if (length > 0)
			measure_run(contours->f0 + t - length, length, runs);
		length = 0;
	}
}

static float *
put_runs(const EmoContours *contours, float mean_f0, float *features)
{
	Runs runs;
	float duration_s = (float) contours->n_frames / FRAME_RATE;

	measure_runs(contours, &runs);
	*features++ = (float) runs.length_s.sum / duration_s;
	*features++ = mean_of(&runs.length_s);
	*features++ = deviation_of(&runs.length_s);
	*features++ = (float) runs.length_s.n / duration_s;
	features = put_statistics(&runs.slope, 0, features);
	features = put_statistics(&runs.range, 0, features);
	features = put_statistics(&runs.roughness, 0, features);
	features = put_statistics(&runs.level, mean_f0, features);
	*features++ = runs.slope.n > 0 ? (float) (runs.slope.size_sum / (double) runs.slope.n) : 0;
	*features++ = runs.level.last - runs.level.first;
	*features++ = runs.slope.last;
	*features++ = runs.slope.first;
	return features;
}

/* Extremes and percentiles of the n > 0 values of F0, which are left sorted. */
static EmoStatus
put_distribution(EmoEnv *env, float *f0, int64_t n, float *features)
{
	int64_t highest = 0, lowest = 0;
	float median;

	for (int64_t i = 1; i < n; i++)
	{
		highest = f0[i] > f0[highest] ? i : highest;
		lowest = f0[i] < f0[lowest] ? i : lowest;
	}
	*features++ = f0[lowest];
	*features++ = f0[highest];
	*features++ = (float) highest / (float) n;
	*features++ = (float) lowest / (float) n;
	if (emo_sort_floats(env, f0, n) != EMO_OK)
		return env->status;
	median = emo_percentile(f0, n, 0.5);
	for (int i = 0; i < N_PERCENTILES; i++)
		*features++ = emo_percentile(f0, n, percentiles[i]) - median;
	return EMO_OK;
}

static void
put_pauses(const EmoContours *contours, float *features)
{
	Statistics pauses = {0};
	int64_t length = 0, n_active = 0;

	for (int64_t t = 0; t <= contours->n_frames; t++)
	{
		if (t < contours->n_frames && !contours->active[t])
		{
			length++;
			continue;
		}
		n_active += t < contours->n_frames;
		if (length > 0)
			add_value(&pauses, (float) length / FRAME_RATE);
		length = 0;
	}
	features[0] = (float) n_active / (float) contours->n_frames;
	features[1] = mean_of(&pauses);
	features[2] = pauses.max;
	features[3] = (float) pauses.n * FRAME_RATE / (float) contours->n_frames;
}

float
emo_mean_f0(const EmoContours *contours)
{
	double sum = 0;
	int64_t n_voiced = 0;

	for (int64_t t = 0; t < contours->n_frames; t++)
		if (contours->voiced[t])
		{
			sum += contours->f0[t];
			n_voiced++;
		}
	return n_voiced > 0 ? (float) (sum / (double) n_voiced) : EMO_UNVOICED_F0;
}

/* Values of F0 over the voiced frames, or EMO_UNVOICED_F0 alone; at least one. */
static int64_t
gather_f0(const EmoContours *contours, float *values)
{
	int64_t n = 0;

	for (int64_t t = 0; t < contours->n_frames; t++)
		if (contours->voiced[t])
			values[n++] = contours->f0[t];
	if (n == 0)
		values[n++] = EMO_UNVOICED_F0;
	return n;
}

static int64_t
gather_changes(const EmoContours *contours, float *values)
{
	int64_t n = 0;

	for (int64_t t = 1; t < contours->n_frames; t++)
		if (contours->voiced[t] && contours->voiced[t - 1])
			values[n++] = contours->f0[t] - contours->f0[t - 1];
	return n;
}

static int64_t
gather_voicing(const EmoContours *contours, float *values)
{
	int64_t n = 0;

	for (int64_t t = 0; t < contours->n_frames; t++)
		if (contours->active[t])
			values[n++] = contours->voicing[t];
	return n;
}

static EmoStatus
fill(EmoEnv *env, const EmoFeatureInput *input, float *features)
{
	static int64_t (*const gather[])(const EmoContours *, float *) = {gather_f0, gather_changes,
																	  gather_voicing};
	const EmoContours *contours = &input->contours;
	float *values = emo_alloc(env, contours->n_frames, sizeof(float));

	if (values == NULL)
		return env->status;
	for (int i = 0; i < 3; i++, features += EMO_N_FUNCTIONALS)
		if (emo_functionals_of_one(env, values, gather[i](contours, values), features) != EMO_OK)
			return env->status;
	features = put_runs(contours, emo_mean_f0(contours), features);
	if (put_distribution(env, values, gather_f0(contours, values), features) != EMO_OK)
		return env->status;
	put_pauses(contours, features + N_EXTREMES + N_PERCENTILES);
	emo_free(env, values);
	return EMO_OK;
}

const EmoFeatureGroup emo_pitch_group = {N_FEATURES, name_feature, fill};
