/*
 * cancellation.c
 *	  What becomes of the channels of a recording when they are added.
 *
 * Measured in cells of a band of 100 Hz and 16 frames, about half a second: the energy of the sum of the
 * channels over the sum of their energies is 1 for channels that have nothing to do with each other, as
 * many as there are channels for equal ones, and 0 for two of opposite phase.  A copy that comes later is a
 * comb: the sum loses every second tooth.
 */
#include "core/audio/cancellation.h"

#include <math.h>
#include <string.h>

#include "core/dsp/fft.h"
#include "core/dsp/spectrum.h"

/* Below is hum and rumble, above hardly any voice. */
#define MIN_HZ  200
#define MAX_HZ  7000
#define BAND_HZ 100
#define N_BANDS ((MAX_HZ - MIN_HZ) / BAND_HZ)

/* Bands that are so much weaker than the strongest, 40 dB, say nothing. */
#define MIN_BAND_SHARE 1e-4

/* The sum of channels has less than this share of their energies: they cancel out. */
#define CANCELLED 0.5

/* Of what comes after the first ones, half a minute, every fourth segment is enough. */
#define N_FIRST_SEGMENTS 64
#define SEGMENT_STRIDE   4

struct EmoCancellation
{
	int n_channels;
	EmoFft *fft;
	int n_fft;
	float *window;        /* [n_fft] */
	int16_t *band;        /* [n_fft / 2 + 1], -1: none */
	float *segment;       /* [n_channels][segment_frames] */
	int segment_frames;   /* frames of the recording in 16 of the transform */
	int segment_filled;   /* of those */
	int64_t n_segments;   /* before this one */
	float *rows, *power;  /* [n_fft][16], [n_fft / 2 + 1][16] */
	double *in_voice;     /* [n_channels] */
	double *own;          /* [N_BANDS], of the segment, all channels one by one */
	double *mixed;        /* [N_BANDS], of the segment, of their sum */
	double *band_total;   /* [N_BANDS], own of all segments */
	double *band_mixed;   /* [N_BANDS], mixed of all segments */
	double *band_cancels; /* [N_BANDS], of segments that cancel out */
};

static void
set_bands(EmoCancellation *cancellation, int sample_rate)
{
	for (int k = 0; k <= cancellation->n_fft / 2; k++)
	{
		double hz = (double) k * sample_rate / cancellation->n_fft;

		cancellation->band[k] =
			hz < MIN_HZ || hz >= MAX_HZ ? -1 : (int16_t) ((hz - MIN_HZ) / BAND_HZ);
	}
}

static EmoStatus
create_spectra(EmoEnv *env, EmoCancellation *cancellation, int sample_rate)
{
	int n = cancellation->n_fft = emo_long_term_frame(sample_rate);

	cancellation->segment_frames = n * EMO_LANES;
	cancellation->window = emo_alloc(env, n, sizeof(float));
	cancellation->band = emo_alloc(env, n / 2 + 1, sizeof(int16_t));
	cancellation->segment = emo_alloc(
		env, (size_t) cancellation->segment_frames * cancellation->n_channels, sizeof(float));
	cancellation->rows = emo_alloc(env, n * EMO_LANES, sizeof(float));
	cancellation->power = emo_alloc(env, (n / 2 + 1) * EMO_LANES, sizeof(float));
	cancellation->in_voice = emo_alloc_zero(env, cancellation->n_channels, sizeof(double));
	cancellation->own = emo_alloc_zero(env, 5 * N_BANDS, sizeof(double));
	if (cancellation->window == NULL || cancellation->band == NULL ||
		cancellation->segment == NULL || cancellation->rows == NULL ||
		cancellation->power == NULL || cancellation->own == NULL || cancellation->in_voice == NULL)
		return env->status;
	cancellation->mixed = cancellation->own + N_BANDS;
	cancellation->band_total = cancellation->mixed + N_BANDS;
	cancellation->band_mixed = cancellation->band_total + N_BANDS;
	cancellation->band_cancels = cancellation->band_mixed + N_BANDS;
	emo_window_fill(EMO_WINDOW_HANN, false, n, cancellation->window);
	set_bands(cancellation, sample_rate);
	return emo_fft_create(env, n, &cancellation->fft);
}

/* To sums[N_BANDS] the energy of the samples in rows; returns all of it. */
static double
add_energy(EmoCancellation *cancellation, double *sums)
{
	double total = 0;

	emo_fft_lanes_power(cancellation->fft, cancellation->rows, 1, cancellation->power);
	for (int k = 0; k <= cancellation->n_fft / 2; k++)
	{
		const float *power = cancellation->power + (size_t) k * EMO_LANES;
		double sum = 0;

		if (cancellation->band[k] < 0)
			continue;
		for (int lane = 0; lane < EMO_LANES; lane++)
			sum += power[lane];
		sums[cancellation->band[k]] += sum;
		total += sum;
	}
	return total;
}

/* To rows the frames of one channel, or those of the sum of all. */
static void
fill_rows(EmoCancellation *cancellation, int first_channel, int n_channels)
{
	size_t n = (size_t) cancellation->n_fft;

	for (size_t i = 0; i < n; i++)
	{
		float *row = cancellation->rows + i * EMO_LANES;

		for (size_t lane = 0; lane < EMO_LANES; lane++)
			row[lane] = 0;
		for (int c = first_channel; c < first_channel + n_channels; c++)
		{
			const float *samples =
				cancellation->segment + (size_t) c * cancellation->segment_frames + i;

			for (size_t lane = 0; lane < EMO_LANES; lane++)
				row[lane] += samples[lane * n];
		}
		for (size_t lane = 0; lane < EMO_LANES; lane++)
			row[lane] *= cancellation->window[i];
	}
}

/* As the two channels of a recording that was mono often are. */
static bool
are_equal(const EmoCancellation *cancellation)
{
	size_t n = (size_t) cancellation->segment_frames;

	for (int c = 1; c < cancellation->n_channels; c++)
		if (memcmp(cancellation->segment, cancellation->segment + (size_t) c * n,
				   n * sizeof(float)) != 0)
			return false;
	return true;
}

/* To own and mixed; equal channels need one transform. */
static void
measure_segment(EmoCancellation *cancellation)
{
	int n_channels = cancellation->n_channels;
	int n_transforms = are_equal(cancellation) ? 1 : n_channels;
	int n_equal = n_channels / n_transforms;

	memset(cancellation->own, 0, N_BANDS * sizeof(double));
	memset(cancellation->mixed, 0, N_BANDS * sizeof(double));
	for (int c = 0; c < n_transforms; c++)
	{
		double energy;

		fill_rows(cancellation, c, 1);
		energy = add_energy(cancellation, cancellation->own);

		for (int k = 0; k < n_equal; k++)
			cancellation->in_voice[c + k] += energy;
	}
	if (n_transforms > 1)
	{
		fill_rows(cancellation, 0, n_channels);
		(void) add_energy(cancellation, cancellation->mixed);
		return;
	}
	for (int b = 0; b < N_BANDS; b++)
	{
		cancellation->mixed[b] = cancellation->own[b] * n_equal * n_equal;
		cancellation->own[b] *= n_equal;
	}
}

static void
end_segment(EmoCancellation *cancellation)
{
	int filled = cancellation->segment_filled;

	cancellation->segment_filled = 0;
	if (filled == 0)
		return;
	for (int c = 0; c < cancellation->n_channels; c++)
		memset(cancellation->segment + (size_t) c * cancellation->segment_frames + filled, 0,
			   (size_t) (cancellation->segment_frames - filled) * sizeof(float));
	measure_segment(cancellation);
	for (int b = 0; b < N_BANDS; b++)
	{
		cancellation->band_total[b] += cancellation->own[b];
		cancellation->band_mixed[b] += cancellation->mixed[b];
		if (cancellation->mixed[b] < CANCELLED * cancellation->own[b])
			cancellation->band_cancels[b] += cancellation->own[b];
	}
}

static bool
is_analysed(int64_t segment)
{
	return segment < N_FIRST_SEGMENTS || segment % SEGMENT_STRIDE == 0;
}

void
emo_cancellation_push(EmoCancellation *cancellation, const float *frames, int64_t n_frames)
{
	while (n_frames > 0)
	{
		int64_t room = cancellation->segment_frames - cancellation->segment_filled;
		int64_t n = n_frames < room ? n_frames : room;
		bool is_needed = is_analysed(cancellation->n_segments);

		for (int c = 0; is_needed && c < cancellation->n_channels; c++)
		{
			float *segment = cancellation->segment + (size_t) c * cancellation->segment_frames +
							 cancellation->segment_filled;

			for (int64_t i = 0; i < n; i++)
				segment[i] = frames[i * cancellation->n_channels + c];
		}
		cancellation->segment_filled += (int) n;
		frames += n * cancellation->n_channels;
		n_frames -= n;
		if (cancellation->segment_filled < cancellation->segment_frames)
			return;
		if (is_needed)
			end_segment(cancellation);
		cancellation->segment_filled = 0;
		cancellation->n_segments++;
	}
}

void
emo_cancellation_finish(EmoCancellation *cancellation, EmoCancellationResult *result)
{
	double strongest = 0, cancelled = 0, mixed = 0;
	int n_bands = 0;

	if (is_analysed(cancellation->n_segments))
		end_segment(cancellation);
	for (int b = 0; b < N_BANDS; b++)
		strongest = fmax(strongest, cancellation->band_total[b]);
	for (int b = 0; b < N_BANDS && strongest > 0; b++)
		if (cancellation->band_total[b] > MIN_BAND_SHARE * strongest)
		{
			cancelled += cancellation->band_cancels[b] / cancellation->band_total[b];
			mixed += cancellation->band_mixed[b] / cancellation->band_total[b];
			n_bands++;
		}
	result->in_voice = cancellation->in_voice;
	result->cancelled_share = n_bands > 0 ? cancelled / n_bands : 0;
	result->sum_over_own = n_bands > 0 ? mixed / n_bands : 1;
}

EmoStatus
emo_cancellation_create(EmoEnv *env, int n_channels, int sample_rate,
						EmoCancellation **cancellation)
{
	EmoCancellation *new = emo_alloc_zero(env, 1, sizeof(EmoCancellation));

	*cancellation = NULL;
	if (new == NULL)
		return EMO_OUT_OF_MEMORY;
	new->n_channels = n_channels;
	if (create_spectra(env, new, sample_rate) != EMO_OK)
	{
		emo_cancellation_destroy(env, new);
		return env->status;
	}
	*cancellation = new;
	return EMO_OK;
}

void
emo_cancellation_destroy(EmoEnv *env, EmoCancellation *cancellation)
{
	if (cancellation == NULL)
		return;
	if (cancellation->fft != NULL)
		emo_fft_destroy(cancellation->fft);
	emo_free(env, cancellation->window);
	emo_free(env, cancellation->band);
	emo_free(env, cancellation->segment);
	emo_free(env, cancellation->rows);
	emo_free(env, cancellation->power);
	emo_free(env, cancellation->own);
	emo_free(env, cancellation->in_voice);
	emo_free(env, cancellation);
}
