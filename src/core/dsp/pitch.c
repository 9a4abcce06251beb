/*
 * pitch.c
 *	  Fundamental frequency by normalised autocorrelation.
 */
#include "core/dsp/pitch.h"

#include <math.h>
#include <string.h>

#include "core/dsp/activity.h"
#include "core/dsp/spectrum.h"

/* F0 lies far below 4 kHz: half the rate is a quarter of the work, and peaks are interpolated. */
#define RATE           (EMO_PITCH_SAMPLE_RATE / 2)
#define HOP            (EMO_PITCH_HOP / 2)
#define FRAME          (RATE * 40 / 1000) /* 40 ms hold more than two periods of the lowest F0 */
#define N_FFT          512                /* no wrap for lags up to N_FFT - FRAME */
#define N_BINS         (N_FFT / 2 + 1)
#define MIN_LAG        (RATE / EMO_PITCH_MAX_HZ)
#define MAX_LAG        (RATE / EMO_PITCH_MIN_HZ)
#define SAMPLES_BEFORE (FRAME / 2 - EMO_PITCH_CENTER / 2) /* of a frame, before t * HOP */

/* Bins below 47 Hz: hum, rumble and DC would look like a period of their own. */
#define N_RUMBLE_BINS 3

/*
 * Each peak has weaker copies at multiples of its lag, which noise can lift above it; a slight
 * handicap per lag (at half the rate) keeps F0 from falling an octave.
 */
#define LAG_BIAS 0.0005f

/*
 * Odd taps of a half-band low-pass filter, from the centre outward (the others are 0, the centre
 * is 1/2): sin(pi k / 2) / (pi k), k = 1, 3, .. 15, times a Hamming window of 33 points.
 */
#define N_TAPS        8

#define MEDIAN_FRAMES 5

/* Samples between two looks at whether to stop. */
#define BLOCK_SAMPLES 65536

/*
 * Frames of less energy (at full scale 1) are silent.  The finest steps of 24-bit recordings have 1e-12;
 * below 1e-38 the reciprocal overflows.
 */
#define MIN_ENERGY 1e-30f

struct EmoPitch
{
	EmoSpectrum *spectrum;
	EmoFft *fft;
	const EmoKernels *kernels;
	float taps[N_TAPS];
	float window_gain[MAX_LAG + 4]; /* 1 / autocorrelation of the window, 1 at lag 0 */
	float *power;                   /* [N_BINS][16] */
	float *work;                    /* [N_FFT][16] */
};

static void
fill_taps(float *taps)
{
	for (int i = 0; i < N_TAPS; i++)
	{
		int k = 2 * i + 1;

		taps[i] =
			(float) (sin(M_PI * k / 2) / (M_PI * k) * (0.54 + 0.46 * cos(M_PI * k / (2 * N_TAPS))));
	}
}

static void
fill_window_gain(float *gain)
{
	float window[FRAME];
	double at_zero = 0;

	emo_window_fill(EMO_WINDOW_HANN, FRAME, window);
	for (int lag = 0; lag < MAX_LAG + 4; lag++)
	{
		double sum = 0;

		for (int i = lag; i < FRAME; i++)
			sum += (double) window[i] * window[i - lag];
		if (lag == 0)
			at_zero = sum;
		gain[lag] = (float) (at_zero / sum);
	}
}

EmoStatus
emo_pitch_create(EmoEnv *env, EmoPitch **result)
{
	static const EmoSpectrumParams params = {.n_fft = N_FFT,
											 .win_length = FRAME,
											 .hop_length = HOP,
											 .window = EMO_WINDOW_HANN,
											 .framing = EMO_FRAMES_OF_WINDOW};
	EmoPitch *pitch = emo_alloc_zero(env, 1, sizeof(EmoPitch));

	*result = NULL;
	if (pitch == NULL)
		return env->status;
	pitch->kernels = emo_kernels();
	pitch->power = emo_alloc(env, N_BINS, EMO_LANES * sizeof(float));
	pitch->work = emo_alloc(env, N_FFT, EMO_LANES * sizeof(float));
	fill_taps(pitch->taps);
	fill_window_gain(pitch->window_gain);
	if (pitch->power == NULL || pitch->work == NULL ||
		emo_spectrum_create(env, &params, &pitch->spectrum) != EMO_OK ||
		emo_fft_create(env, N_FFT, &pitch->fft) != EMO_OK)
	{
		emo_pitch_destroy(pitch);
		return env->status;
	}
	*result = pitch;
	return EMO_OK;
}

void
emo_pitch_destroy(EmoPitch *pitch)
{
	if (pitch == NULL)
		return;
	emo_spectrum_destroy(pitch->spectrum);
	emo_fft_destroy(pitch->fft);
}

int64_t
emo_pitch_frame_count(int64_t n_samples)
{
	return emo_frame_count(n_samples);
}

static int64_t
block_size(int64_t start, int64_t n)
{
	return n - start < BLOCK_SAMPLES ? n - start : BLOCK_SAMPLES;
}

/*
 * Every other sample of the low-passed recording, with SAMPLES_BEFORE zeros in front.  The filter
 * is run on even and odd samples apart, so that its loop is over neighbours.
 */
static float *
halve_rate(EmoEnv *env, const EmoPitch *pitch, const float *samples, int64_t n_samples,
		   int64_t *n_halved)
{
	int64_t n = (n_samples + 1) / 2, n_pairs = n_samples / 2;
	float *halved = emo_alloc(env, n + SAMPLES_BEFORE, sizeof(float));
	float *padded = emo_alloc(env, n + 2 * N_TAPS, sizeof(float));
	float *out, *odd;

	if (halved == NULL || padded == NULL)
		return NULL;
	memset(halved, 0, SAMPLES_BEFORE * sizeof(float));
	memset(padded, 0, N_TAPS * sizeof(float));
	memset(padded + N_TAPS + n_pairs, 0, (n - n_pairs + N_TAPS) * sizeof(float));
	out = halved + SAMPLES_BEFORE;
	odd = padded + N_TAPS;
	for (int64_t start = 0; start < n_pairs; start += BLOCK_SAMPLES)
	{
		if (emo_check_stop(env) != EMO_OK)
			return NULL;
		pitch->kernels->split(samples + 2 * start, block_size(start, n_pairs), 0.5f, out + start,
							  odd + start);
	}
	if (n > n_pairs)
		out[n_pairs] = 0.5f * samples[n_samples - 1];
	for (int64_t start = 0; start < n; start += BLOCK_SAMPLES)
	{
		if (emo_check_stop(env) != EMO_OK)
			return NULL;
		pitch->kernels->filter(odd + start, block_size(start, n), pitch->taps, N_TAPS, out + start);
	}
	emo_free(env, padded);
	*n_halved = n + SAMPLES_BEFORE;
	return halved;
}

/* Autocorrelations of a block of 16 frames in plan->power[0 .. MAX_LAG + 1]. */
static void
autocorrelate(EmoPitch *pitch, const float *halved, int64_t n_halved, int64_t first_frame)
{
	float *rows = pitch->power;

	emo_spectrum_power(pitch->spectrum, halved, n_halved, first_frame, 1, rows);
	memset(rows, 0, N_RUMBLE_BINS * EMO_LANES * sizeof(float));
	emo_fft_lanes_autocorrelation(pitch->fft, rows, pitch->work, rows);
}

static float
clamp(float x, float low, float high)
{
	return x < low ? low : x > high ? high : x;
}

static float
median_of_5(const float *x)
{
	float sorted[MEDIAN_FRAMES];

	for (int i = 0; i < MEDIAN_FRAMES; i++)
	{
		int j = i;

		for (; j > 0 && sorted[j - 1] > x[i]; j--)
			sorted[j] = sorted[j - 1];
		sorted[j] = x[i];
	}
	return sorted[MEDIAN_FRAMES / 2];
}

/* Median over 5 frames, the first and last frame repeated; removes octave slips of a frame or two. */
static void
smooth(float *f0_hz, int64_t n_frames)
{
	float window[MEDIAN_FRAMES];

	for (int i = 0; i < MEDIAN_FRAMES; i++)
		window[i] = f0_hz[i < 2 ? 0 : i - 2 < n_frames ? i - 2 : n_frames - 1];
	for (int64_t t = 0; t < n_frames; t++)
	{
		/* window holds frames t - 2 .. t + 2, those before t unsmoothed. */
		f0_hz[t] = median_of_5(window);
		memmove(window, window + 1, (MEDIAN_FRAMES - 1) * sizeof(float));
		window[MEDIAN_FRAMES - 1] = t + 3 < n_frames ? f0_hz[t + 3] : window[MEDIAN_FRAMES - 2];
	}
}

EmoStatus
emo_pitch_track(EmoEnv *env, EmoPitch *pitch, const float *samples, int64_t n_samples, float *f0_hz,
				float *strength)
{
	int64_t n_frames = emo_pitch_frame_count(n_samples);
	int64_t n_halved;
	float *halved = halve_rate(env, pitch, samples, n_samples, &n_halved);

	if (halved == NULL)
		return env->status;
	for (int64_t first = 0; first < n_frames; first += EMO_LANES)
	{
		float lag[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
		float scale[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
		float height[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		autocorrelate(pitch, halved, n_halved, first);
		for (int lane = 0; lane < EMO_LANES; lane++)
			scale[lane] = pitch->power[lane] > MIN_ENERGY ? 1 / pitch->power[lane] : 0;
		pitch->kernels->highest_peak(pitch->power, scale, pitch->window_gain, MIN_LAG, MAX_LAG,
									 LAG_BIAS, lag, height);
		for (int lane = 0; lane < EMO_LANES && first + lane < n_frames; lane++)
		{
			f0_hz[first + lane] = clamp(RATE / lag[lane], EMO_PITCH_MIN_HZ, EMO_PITCH_MAX_HZ);
			strength[first + lane] = clamp(height[lane], 0, 1);
		}
	}
	emo_free(env, halved);
	smooth(f0_hz, n_frames);
	return EMO_OK;
}
