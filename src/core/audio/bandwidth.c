/*
 * bandwidth.c
 *	  Up to which frequency a recording has sound.
 *
 * From the long-term spectrum (Welch 1967: a mean over windowed frames, here without overlap) of all
 * channels.  As where corpora are sorted (Bakhturina et al. 2021, Hi-Fi TTS) it is the highest
 * frequency whose level isn't too far below the strongest one.  They take 50 dB, which loses quiet
 * sibilants; more leaves the noise behind an edge in, so that edges are looked for, too: speech falls
 * by slopes, lines and codecs by steps.
 */
#include "core/audio/bandwidth.h"

#include <math.h>
#include <string.h>

#include "core/dsp/fft.h"
#include "core/dsp/spectrum.h"

/* Levels are means over so much; smaller than any edge is steep. */
#define BAND_HZ 100

/* Rounding to 16 bits with triangular dither is noise of half a step, -96.3 dBFS; and 6 dB for chance. */
#define FLOOR_POWER (4 * 0.25 / (32768.0 * 32768.0))

/*
 * Of the strongest level, 70 dB, by differences of neighbouring samples, so that neither hum nor the
 * slope of voices counts.  Resamplers leave less.
 */
#define MIN_SHARE 1e-7

/*
 * An edge: within so many Hz all falls by 20 dB, and stays there.  The lowest band of a line ends at
 * 3.4 kHz (ITU-T G.712); below there are gaps between formants.
 */
#define MIN_EDGE_HZ   3000
#define EDGE_BELOW_HZ 300
#define EDGE_WIDTH_HZ 250
#define EDGE_SHARE    0.01

/* Where it has fallen by 10 dB the band ends. */
#define EDGE_FOOT_SHARE 0.1

/*
 * Means are those of 16 groups, to which frames go in turn, and the third highest counts: a click or
 * two, which have all frequencies, make no call wide.  Of fewer frames it is in proportion.
 */
#define FRAMES_PER_RANK 6

/* Of what comes after the first blocks of 16 frames, some 15 s, every fourth is enough. */
#define N_FIRST_BLOCKS 32
#define BLOCK_STRIDE   4

struct EmoBandwidth
{
	int n_channels;
	int sample_rate;
	int n_fft;
	EmoFft *fft;
	float *window;      /* [n_fft] */
	float *rows;        /* [n_channels][n_fft][16]: 16 frames, one after the other */
	int n_filled;       /* samples of each channel in rows */
	int64_t n_blocks;   /* of 16 frames, before this one */
	int64_t n_analysed; /* of those */
	float *power;       /* [n_fft / 2 + 1][16] */
	double *sums;       /* [n_fft / 2 + 1][16], of the powers of all frames and channels */
	double floor;       /* what a frame has in each bin of dither */
	double *levels;     /* [2][n_fft / 2 + 1] */
};

static EmoStatus
create_spectra(EmoEnv *env, EmoBandwidth *bandwidth)
{
	int n = bandwidth->n_fft = emo_long_term_frame(bandwidth->sample_rate);

	bandwidth->window = emo_alloc(env, n, sizeof(float));
	bandwidth->rows =
		emo_alloc_zero(env, (size_t) bandwidth->n_channels * n, EMO_LANES * sizeof(float));
	bandwidth->power = emo_alloc(env, n / 2 + 1, EMO_LANES * sizeof(float));
	bandwidth->levels = emo_alloc(env, n / 2 + 1, 2 * sizeof(double));
	bandwidth->sums = emo_alloc_zero(env, n / 2 + 1, EMO_LANES * sizeof(double));
	if (bandwidth->window == NULL || bandwidth->rows == NULL || bandwidth->power == NULL ||
		bandwidth->sums == NULL || bandwidth->levels == NULL)
		return env->status;
	emo_window_fill(EMO_WINDOW_HANN, false, n, bandwidth->window);
	return emo_fft_create(env, n, &bandwidth->fft);
}

EmoStatus
emo_bandwidth_create(EmoEnv *env, int n_channels, int sample_rate, EmoBandwidth **bandwidth)
{
	EmoBandwidth *new = emo_alloc_zero(env, 1, sizeof(EmoBandwidth));

	*bandwidth = NULL;
	if (new == NULL)
		return EMO_OUT_OF_MEMORY;
	new->n_channels = n_channels;
	new->sample_rate = sample_rate;
	if (create_spectra(env, new) != EMO_OK)
	{
		emo_bandwidth_destroy(env, new);
		return env->status;
	}
	*bandwidth = new;
	return EMO_OK;
}

void
emo_bandwidth_destroy(EmoEnv *env, EmoBandwidth *bandwidth)
{
	if (bandwidth == NULL)
		return;
	emo_fft_destroy(bandwidth->fft);
	emo_free(env, bandwidth->window);
	emo_free(env, bandwidth->rows);
	emo_free(env, bandwidth->power);
	emo_free(env, bandwidth->sums);
	emo_free(env, bandwidth->levels);
	emo_free(env, bandwidth);
}

/* Of the first n_lanes frames in rows, which are overwritten. */
static void
add_frames(EmoBandwidth *bandwidth, int n_lanes)
{
	int n = bandwidth->n_fft;

	for (int c = 0; c < bandwidth->n_channels; c++)
	{
		float *rows = bandwidth->rows + (size_t) c * n * EMO_LANES;

		for (int i = 0; i < n; i++)
			for (int lane = 0; lane < EMO_LANES; lane++)
				rows[i * EMO_LANES + lane] *= bandwidth->window[i];
		emo_fft_lanes_power(bandwidth->fft, rows, 1, bandwidth->power);
		for (int k = 0; k <= n / 2; k++)
			for (int lane = 0; lane < EMO_LANES; lane++)
				bandwidth->sums[k * EMO_LANES + lane] +=
					lane < n_lanes ? bandwidth->power[k * EMO_LANES + lane] : 0;
	}
}

static bool
is_analysed(int64_t block)
{
	return block < N_FIRST_BLOCKS || block % BLOCK_STRIDE == 0;
}

void
emo_bandwidth_push(EmoBandwidth *bandwidth, const float *frames, int64_t n_frames)
{
	int n = bandwidth->n_fft, n_channels = bandwidth->n_channels;

	while (n_frames > 0)
	{
		int lane = bandwidth->n_filled / n, first = bandwidth->n_filled % n;
		int n_taken = n_frames < n - first ? (int) n_frames : n - first;

		for (int c = 0; is_analysed(bandwidth->n_blocks) && c < n_channels; c++)
		{
			float *rows = bandwidth->rows + ((size_t) c * n + first) * EMO_LANES + lane;

			for (int i = 0; i < n_taken; i++)
				rows[i * EMO_LANES] = frames[i * n_channels + c];
		}
		bandwidth->n_filled += n_taken;
		frames += (ptrdiff_t) n_taken * n_channels;
		n_frames -= n_taken;
		if (bandwidth->n_filled < n * EMO_LANES)
			continue;
		if (is_analysed(bandwidth->n_blocks))
		{
			add_frames(bandwidth, EMO_LANES);
			bandwidth->n_analysed++;
		}
		bandwidth->n_filled = 0;
		bandwidth->n_blocks++;
	}
}

/* The whole frames of a last block; of a recording that has none, all of it under a window of its length. */
static int
add_rest(EmoBandwidth *bandwidth)
{
	int n_lanes = bandwidth->n_filled / bandwidth->n_fft;

	if (n_lanes == 0 && bandwidth->n_blocks == 0)
	{
		emo_window_fill(EMO_WINDOW_HANN, false, bandwidth->n_filled, bandwidth->window);
		memset(bandwidth->window + bandwidth->n_filled, 0,
			   (size_t) (bandwidth->n_fft - bandwidth->n_filled) * sizeof(float));
		n_lanes = 1;
	}
	if (!is_analysed(bandwidth->n_blocks))
		n_lanes = 0;
	if (n_lanes > 0)
		add_frames(bandwidth, n_lanes);
	return n_lanes;
}

/* values[rank], were they sorted from the highest. */
static double
ranked(double *values, int n, int rank)
{
	for (int i = 0; i <= rank; i++)
		for (int j = i + 1; j < n; j++)
			if (values[j] > values[i])
			{
				double higher = values[j];

				values[j] = values[i];
				values[i] = higher;
			}
	return values[rank];
}

/* To levels[n_fft / 2 + 1] what a frame has in each bin, groups of frames being one value. */
static void
join_groups(const EmoBandwidth *bandwidth, int n_last_lanes, double *levels)
{
	int n_groups = bandwidth->n_analysed > 0 ? EMO_LANES : n_last_lanes;
	int rank = n_groups / FRAMES_PER_RANK;

	for (int k = 0; k <= bandwidth->n_fft / 2; k++)
	{
		double groups[EMO_LANES];

		for (int lane = 0; lane < n_groups; lane++)
			groups[lane] = bandwidth->sums[k * EMO_LANES + lane] /
						   (double) (bandwidth->n_analysed + (lane < n_last_lanes));
		levels[k] = ranked(groups, n_groups, rank);
	}
}

static int
bins(const EmoBandwidth *bandwidth, double hz)
{
	return (int) lround(hz * bandwidth->n_fft / bandwidth->sample_rate);
}

static double
mean(const double *values, int first, int end)
{
	double sum = 0;

	for (int i = first; i < end; i++)
		sum += values[i];
	return sum / (end - first);
}

static void
smooth(const EmoBandwidth *bandwidth, const double *levels, double *smoothed)
{
	int n_bins = bandwidth->n_fft / 2 + 1, half = bins(bandwidth, BAND_HZ / 2.0);

	for (int k = 0; k < n_bins; k++)
		smoothed[k] =
			mean(levels, k > half ? k - half : 0, k + half < n_bins ? k + half + 1 : n_bins);
}

static void
set_floor(EmoBandwidth *bandwidth)
{
	double energy = 0;

	for (int i = 0; i < bandwidth->n_fft; i++)
		energy += (double) bandwidth->window[i] * bandwidth->window[i];
	bandwidth->floor = FLOOR_POWER * energy * bandwidth->n_channels;
}

/* The level of differences of samples. */
static double
emphasised(const EmoBandwidth *bandwidth, const double *levels, int k)
{
	double sine = sin(M_PI * k / bandwidth->n_fft);

	return levels[k] * sine * sine;
}

/* The highest bin that isn't too far below the strongest; -1: none. */
static int
highest_loud_bin(const EmoBandwidth *bandwidth, const double *levels)
{
	double strongest = 0;
	int k = bandwidth->n_fft / 2;

	for (int i = 0; i <= k; i++)
		strongest = fmax(strongest, emphasised(bandwidth, levels, i));
	while (k >= 0 && (levels[k] <= bandwidth->floor ||
					  emphasised(bandwidth, levels, k) < MIN_SHARE * strongest))
		k--;
	return k;
}

/* The lowest edge below bin end, or else end.  highest has room for levels. */
static int
lowest_edge(const EmoBandwidth *bandwidth, const double *levels, int end, double *highest)
{
	int width = bins(bandwidth, EDGE_WIDTH_HZ), before = bins(bandwidth, EDGE_BELOW_HZ);

	/* Of all levels from k on. */
	for (int k = bandwidth->n_fft / 2; k >= 0; k--)
		highest[k] = k == bandwidth->n_fft / 2 ? levels[k] : fmax(levels[k], highest[k + 1]);
	for (int k = bins(bandwidth, MIN_EDGE_HZ); k + width <= end; k++)
	{
		double below = mean(levels, k - before, k);
		int foot = k + width;

		if (highest[foot] >= EDGE_SHARE * below)
			continue;
		while (highest[foot - 1] < EDGE_FOOT_SHARE * below)
			foot--;
		return foot - 1;
	}
	return end;
}

double
emo_bandwidth_finish(EmoBandwidth *bandwidth)
{
	int n_bins = bandwidth->n_fft / 2 + 1, last;
	double *levels = bandwidth->levels, *smoothed = levels + n_bins;

	if (bandwidth->n_blocks == 0 && bandwidth->n_filled == 0)
		return NAN;
	join_groups(bandwidth, add_rest(bandwidth), levels);
	smooth(bandwidth, levels, smoothed);
	set_floor(bandwidth);
	last = highest_loud_bin(bandwidth, smoothed);
	if (last < 0)
		return NAN;
	last = lowest_edge(bandwidth, smoothed, last, levels);
	return (double) last * bandwidth->sample_rate / bandwidth->n_fft;
}
