/*
 * crosstalk.c
 *	  Speech of one channel that is only another one leaking in.
 */
#include "core/dsp/crosstalk.h"

#include <math.h>
#include <string.h>

#include "core/base/sort.h"

/* A leak is quieter than its source by at least so much: 3 dB. */
#define LEAST_LOSS 2.0f

/* The source is looked for in so much before each frame, and a little after: channels may be shifted. */
#define MAX_DELAY_FRAMES 40
#define MAX_LEAD_FRAMES  4

/*
 * Channels are correlated at 4 kHz, which has most of the energy of speech: a quarter of the samples, and
 * a sixteenth of the products.
 */
#define DECIMATION      4
#define DECIMATED_FRAME (EMO_LEVEL_FRAME / DECIMATION)
#define N_DELAYS        ((MAX_DELAY_FRAMES + MAX_LEAD_FRAMES) * DECIMATED_FRAME)

/* In blocks of 160 ms, of which so many are enough. */
#define BLOCK_FRAMES  16
#define BLOCK_SAMPLES (BLOCK_FRAMES * DECIMATED_FRAME)
#define MAX_BLOCKS    24
#define MIN_BLOCKS    2

/*
 * Of the quieter channel's amplitude, so much has to follow from the louder one.  Two people who speak at
 * once reach 0.2 by accident in a few blocks; a leak, also one through a telephone's codec, has 0.6 to 1.
 */
#define LEAST_CORRELATION 0.4

/* What is louder than the leak by so much is the channel's own voice: 6 dB. */
#define OWN_RATIO 4.0f

/* Energies are compared over 70 ms, over which a path's gain varies less. */
#define SMOOTH_FRAMES 3

/* Rooms go on sounding: what leaks falls by 0.6 dB in a frame, which is a second from -60 dB. */
#define DECAY 0.87f

/* Runs of a channel's own voice below this are accidents of the measure. */
#define MIN_OWN_FRAMES 10

typedef struct Path
{
	int delay_frames; /* may be negative */
	float gain;       /* of energies */
} Path;

/* The mean energy of the frames around each. */
static EmoStatus
smooth(EmoEnv *env, const EmoLevels *levels, float *smoothed)
{
	double sum = 0;
	int64_t n = levels->n_frames;

	if (emo_check_stop(env) != EMO_OK)
		return env->status;
	for (int64_t t = -SMOOTH_FRAMES; t < n; t++)
	{
		if (t + SMOOTH_FRAMES < n)
			sum += (double) levels->energy[t + SMOOTH_FRAMES];
		if (t > SMOOTH_FRAMES)
			sum -= (double) levels->energy[t - SMOOTH_FRAMES - 1];
		if (t >= 0)
			smoothed[t] = (float) fmax(0, sum / (2 * SMOOTH_FRAMES + 1));
	}
	return EMO_OK;
}

/* The highest of the source's energies that a leak at frame t may have come from. */
static float
loudest_before(const float *energy, int64_t n_frames, int64_t t)
{
	int64_t first = t < MAX_DELAY_FRAMES ? 0 : t - MAX_DELAY_FRAMES;
	int64_t last = t + MAX_LEAD_FRAMES < n_frames ? t + MAX_LEAD_FRAMES : n_frames - 1;
	float highest = 0;

	for (int64_t i = first; i <= last; i++)
		highest = energy[i] > highest ? energy[i] : highest;
	return highest;
}

/* Frames of a channel that may be a leak of another; false: there are hardly any. */
static EmoStatus
find_suspects(EmoEnv *env, const EmoChannelActivity *channel, const float *own, const float *source,
			  bool *suspect, int64_t *n_suspects)
{
	int64_t n_frames = channel->levels.n_frames;

	*n_suspects = 0;
	for (int64_t t = 0; t < n_frames; t++)
	{
		if (t % 1024 == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		suspect[t] =
			channel->speaks[t] && loudest_before(source, n_frames, t) > LEAST_LOSS * own[t];
		*n_suspects += suspect[t];
	}
	return EMO_OK;
}

/* Samples at a quarter of the rate, zeros outside of the channel; each the mean of four. */
static void
decimate(const EmoChannelActivity *channel, int64_t first_frame, int n, float *out)
{
	int64_t first = first_frame * EMO_LEVEL_FRAME;

	for (int i = 0; i < n; i++)
	{
		int64_t at = first + (int64_t) i * DECIMATION;

		out[i] = 0;
		if (at < 0 || at + DECIMATION > channel->n_samples)
			continue;
		for (int k = 0; k < DECIMATION; k++)
			out[i] += channel->samples[at + k];
	}
}

/* Sums over blocks for each delay: of products, and of squares of the source. */
typedef struct Correlation
{
	float products[N_DELAYS + 1];
	float source_squares[N_DELAYS + 1];
	double squares;
	int n_blocks;
} Correlation;

static void
correlate_block(const EmoChannelActivity *channel, const EmoChannelActivity *source, int64_t frame,
				Correlation *sums)
{
	float x[BLOCK_SAMPLES], y[BLOCK_SAMPLES + N_DELAYS];
	float products[N_DELAYS + 1] = {0};
	double energy = 0, running = 0;
	float scale;

	decimate(channel, frame, BLOCK_SAMPLES, x);
	decimate(source, frame - MAX_DELAY_FRAMES, BLOCK_SAMPLES + N_DELAYS, y);
	for (int i = 0; i < BLOCK_SAMPLES; i++)
		energy += (double) (x[i] * x[i]);
	if (energy <= 0)
		return;
	/* Each block counts alike, however loud. */
	scale = (float) (1 / energy);
	for (int i = 0; i < BLOCK_SAMPLES; i++)
		for (int delay = 0; delay <= N_DELAYS; delay++)
			products[delay] += x[i] * y[i + delay];
	for (int i = 0; i < BLOCK_SAMPLES; i++)
		running += (double) (y[i] * y[i]);
	for (int delay = 0; delay <= N_DELAYS; delay++)
	{
		sums->products[delay] += scale * products[delay];
		sums->source_squares[delay] += scale * (float) running;
		if (delay < N_DELAYS)
			running += (double) (y[delay + BLOCK_SAMPLES] * y[delay + BLOCK_SAMPLES]) -
					   (double) (y[delay] * y[delay]);
	}
	sums->squares += 1;
	sums->n_blocks++;
}

/* Blocks that are suspect throughout, evenly spread over the recording. */
static EmoStatus
correlate(EmoEnv *env, const EmoChannelActivity *channel, const EmoChannelActivity *source,
		  const bool *suspect, int64_t n_suspects, Correlation *sums)
{
	int64_t n_frames = channel->levels.n_frames;
	int64_t every = n_suspects / (BLOCK_FRAMES * MAX_BLOCKS) + 1;
	int64_t n_found = 0;
	int run = 0;

	for (int64_t t = 0; t < n_frames; t++)
	{
		run = suspect[t] ? run + 1 : 0;
		if (run < BLOCK_FRAMES)
			continue;
		run = 0;
		if (n_found++ % every != 0)
			continue;
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		correlate_block(channel, source, t - BLOCK_FRAMES + 1, sums);
	}
	return EMO_OK;
}

/* The delay of the highest correlation, in frames. */
static double
best_delay(const Correlation *sums, int *delay_frames)
{
	double best = 0;

	for (int delay = 0; delay <= N_DELAYS; delay++)
	{
		double square = (double) sums->source_squares[delay];
		double correlation =
			square > 0 ? fabs((double) sums->products[delay]) / sqrt(square * sums->squares) : 0;

		if (correlation <= best)
			continue;
		best = correlation;
		*delay_frames = (int) lround((double) MAX_DELAY_FRAMES - (double) delay / DECIMATED_FRAME);
	}
	return best;
}

static float
energy_at(const float *energy, int64_t n_frames, int64_t t)
{
	return t < 0 || t >= n_frames ? 0 : energy[t];
}

/* The path's gain: the median over suspect frames. */
static EmoStatus
measure_gain(EmoEnv *env, const float *own, const float *source, int64_t n_frames,
			 const bool *suspect, int64_t n_suspects, Path *path)
{
	float *ratios = emo_alloc(env, (size_t) n_suspects, sizeof(float));
	int64_t n = 0;

	if (ratios == NULL)
		return env->status;
	for (int64_t t = 0; t < n_frames; t++)
	{
		float from = energy_at(source, n_frames, t - path->delay_frames);

		if (suspect[t] && from > LEAST_LOSS * own[t])
			ratios[n++] = own[t] / from;
	}
	if (n > 0 && emo_sort_floats(env, ratios, n) != EMO_OK)
		return env->status;
	path->gain = n == 0 ? 0 : ratios[n / 2];
	emo_free(env, ratios);
	return EMO_OK;
}

/* A path from a source into a channel; gain 0: none. */
static EmoStatus
find_path(EmoEnv *env, const EmoChannelActivity *channel, const EmoChannelActivity *source,
		  const float *own, const float *from, bool *suspect, Path *path)
{
	int64_t n_suspects;
	Correlation *sums;

	*path = (Path){0};
	if (find_suspects(env, channel, own, from, suspect, &n_suspects) != EMO_OK)
		return env->status;
	if (n_suspects < MIN_BLOCKS * BLOCK_FRAMES)
		return EMO_OK;
	sums = emo_alloc_zero(env, 1, sizeof(Correlation));
	if (sums == NULL || correlate(env, channel, source, suspect, n_suspects, sums) != EMO_OK)
		return env->status;
	if (sums->n_blocks >= MIN_BLOCKS &&
		best_delay(sums, &path->delay_frames) >= LEAST_CORRELATION &&
		measure_gain(env, own, from, channel->levels.n_frames, suspect, n_suspects, path) != EMO_OK)
		return env->status;
	emo_free(env, sums);
	return EMO_OK;
}

/* Frames that are no louder than what comes over the path. */
static void
mark_leaks(const float *own, const float *source, int64_t n_frames, const Path *path, bool *leaks)
{
	float leak = 0;

	for (int64_t t = 0; t < n_frames; t++)
	{
		float highest = 0;

		for (int64_t i = t - path->delay_frames - 1; i <= t - path->delay_frames + 1; i++)
			highest = fmaxf(highest, energy_at(source, n_frames, i));
		leak = fmaxf(path->gain * highest, DECAY * leak);
		leaks[t] = leaks[t] || own[t] < OWN_RATIO * leak;
	}
}

/* What is left of a channel's speech; beside leaks, short rests are leaks too. */
static void
drop_leaks(EmoChannelActivity *channel, const bool *leaks)
{
	int64_t n_frames = channel->levels.n_frames;

	for (int64_t first = 0; first < n_frames; first++)
	{
		int64_t end = first;
		bool beside_leak = first > 0 && leaks[first - 1];

		while (end < n_frames && channel->speaks[end] && !leaks[end])
			end++;
		beside_leak = beside_leak || (end < n_frames && leaks[end]);
		if (beside_leak && end - first < MIN_OWN_FRAMES)
			memset(channel->speaks + first, false, (size_t) (end - first) * sizeof(bool));
		if (end > first)
			first = end;
		if (first < n_frames && leaks[first])
			channel->speaks[first] = false;
	}
}

EmoStatus
emo_remove_crosstalk(EmoEnv *env, EmoChannelActivity *channels, int n_channels)
{
	int64_t n_frames = channels[0].levels.n_frames;
	float **smoothed = emo_alloc(env, (size_t) n_channels, sizeof(float *));
	bool **leaks = emo_alloc(env, (size_t) n_channels, sizeof(bool *));
	bool *suspect = emo_alloc(env, (size_t) n_frames, sizeof(bool));

	if (smoothed == NULL || leaks == NULL || suspect == NULL)
		return env->status;
	for (int c = 0; c < n_channels; c++)
	{
		smoothed[c] = emo_alloc(env, (size_t) n_frames, sizeof(float));
		leaks[c] = emo_alloc_zero(env, (size_t) n_frames, sizeof(bool));
		if (smoothed[c] == NULL || leaks[c] == NULL ||
			smooth(env, &channels[c].levels, smoothed[c]) != EMO_OK)
			return env->status;
	}
	for (int c = 0; c < n_channels; c++)
		for (int source = 0; source < n_channels; source++)
		{
			Path path;

			if (source == c)
				continue;
			if (find_path(env, &channels[c], &channels[source], smoothed[c], smoothed[source],
						  suspect, &path) != EMO_OK)
				return env->status;
			if (path.gain > 0)
				mark_leaks(smoothed[c], smoothed[source], n_frames, &path, leaks[c]);
		}
	for (int c = 0; c < n_channels; c++)
		drop_leaks(&channels[c], leaks[c]);
	for (int c = 0; c < n_channels; c++)
	{
		emo_free(env, smoothed[c]);
		emo_free(env, leaks[c]);
	}
	emo_free(env, smoothed);
	emo_free(env, leaks);
	emo_free(env, suspect);
	return EMO_OK;
}
