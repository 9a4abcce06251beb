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
#define SAMPLES_BEFORE (FRAME / 2 - EMO_PITCH_CENTER / 2) /* of a frame, before t * HOP */

/* Bins below 47 Hz: hum, rumble and DC would look like a period of their own. */
#define N_RUMBLE_BINS 3

/*
 * Odd taps of a half-band low-pass filter, from the centre outward (the others are 0, the centre
 * is 1/2): sin(pi k / 2) / (pi k), k = 1, 3, .. 15, times a Hamming window of 33 points.
 */
#define N_TAPS        8

#define MEDIAN_FRAMES 5

/*
 * Hz: the search begins here though a higher fmin be asked for, lest an F0 below be taken for twice
 * of itself; and no lower if it need not, as more than two periods in a frame are safer.
 */
#define LOWEST_SEARCH_HZ 60

/* The search for peaks looks at so many lags past the last one. */
#define LAGS_BEYOND 4

/*
 * Tones above the search, such as a whistle: all multiples of their period are periods, too, and one
 * of them is found instead.  A shorter period, down to that of 4 kHz (in values of the autocorrelation),
 * is the true one if it explains a nearly perfect multiple as well: a hiss has higher peaks at short
 * lags but none that high at long ones.
 */
#define HIGHEST_TONE_LAG (2 * RATE / 4000)
#define TONE_HEIGHT      0.95f
#define TONE_MARGIN      0.02f

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
	EmoPitchParams params;
	int first_lag, last_lag; /* in values of the autocorrelation */
	float *window_gain;      /* [last_lag + 4]: 1 / autocorrelation of the window, 1 at lag 0 */
	float *power;            /* [oversampling * N_FFT / 2 + 1][16] */
	float *spectrum_power;   /* [N_BINS][16]: what the autocorrelations in power come from */
	float *work;             /* [oversampling * N_FFT][16] */
};

EmoPitchParams
emo_pitch_default_params(void)
{
	return emo_pitch_params(60, 600);
}

/*
 * Each peak has weaker copies at multiples of its lag, which noise can lift above it; a slight
 * handicap per lag keeps F0 from falling an octave.  With this one, errors against Praat are the
 * fewest on EmoDB (bench/pitch.py): with less F0 falls more often, with more it rises.
 */
EmoPitchParams
emo_pitch_params(double min_hz, double max_hz)
{
	return (EmoPitchParams){
		.min_hz = min_hz,
		.max_hz = max_hz,
		.search_min_hz = fmin(min_hz, LOWEST_SEARCH_HZ),
		.search_max_hz = 2 * max_hz,
		.hears_tones = true,
		.oversampling = 2,
		.lag_bias = 0.0006f,
	};
}

EmoPitchParams
emo_pitch_feature_params(void)
{
	return (EmoPitchParams){
		.min_hz = 60,
		.max_hz = 500,
		.search_min_hz = LOWEST_SEARCH_HZ,
		.search_max_hz = 500,
		.oversampling = 1,
		.lag_bias = 0.0005f,
	};
}

EmoStatus
emo_pitch_check_params(EmoEnv *env, const EmoPitchParams *params)
{
	bool max_is_right = params->max_hz >= EMO_PITCH_MIN_HZ && params->max_hz <= EMO_PITCH_MAX_HZ;

	/* A NaN is out of every range. */
	if (max_is_right && params->min_hz >= EMO_PITCH_MIN_HZ && params->min_hz < params->max_hz)
		return EMO_OK;
	emo_fail(env, EMO_INVALID_PARAMETER, "value %g out of range for parameter \"%s\"",
			 max_is_right ? params->min_hz : params->max_hz, max_is_right ? "fmin" : "fmax");
	emo_set_detail(env, "F0 is looked for from %d to %d Hz, and fmin must be less than fmax.",
				   EMO_PITCH_MIN_HZ, EMO_PITCH_MAX_HZ);
	return env->status;
}

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

static EmoStatus
fill_window_gain(EmoEnv *env, const EmoPitch *pitch)
{
	int length = pitch->params.oversampling * FRAME;
	float *window = emo_alloc(env, length, sizeof(float));
	double at_zero = 0;

	if (window == NULL)
		return env->status;
	emo_window_fill(EMO_WINDOW_HANN, false, length, window);
	for (int lag = 0; lag < pitch->last_lag + LAGS_BEYOND; lag++)
	{
		double sum = 0;

		for (int i = lag; i < length; i++)
			sum += (double) window[i] * window[i - lag];
		if (lag == 0)
			at_zero = sum;
		pitch->window_gain[lag] = (float) (at_zero / sum);
	}
	emo_free(env, window);
	return EMO_OK;
}

EmoStatus
emo_pitch_create(EmoEnv *env, const EmoPitchParams *params, EmoPitch **result)
{
	const int rate = params->oversampling * RATE, n_values = params->oversampling * N_FFT;
	static const EmoSpectrumParams of_spectrum = {.n_fft = N_FFT,
												  .win_length = FRAME,
												  .hop_length = HOP,
												  .window = EMO_WINDOW_HANN,
												  .framing = EMO_FRAMES_OF_WINDOW};
	EmoPitch *pitch = emo_alloc_zero(env, 1, sizeof(EmoPitch));

	*result = NULL;
	if (pitch == NULL)
		return env->status;
	pitch->kernels = emo_kernels();
	pitch->params = *params;
	pitch->first_lag = (int) (rate / params->search_max_hz);
	pitch->last_lag = (int) (rate / params->search_min_hz);
	pitch->window_gain = emo_alloc(env, pitch->last_lag + LAGS_BEYOND, sizeof(float));
	pitch->power = emo_alloc(env, n_values / 2 + 1, EMO_LANES * sizeof(float));
	pitch->spectrum_power = emo_alloc(env, N_BINS, EMO_LANES * sizeof(float));
	pitch->work = emo_alloc(env, n_values, EMO_LANES * sizeof(float));
	fill_taps(pitch->taps);
	if (pitch->window_gain == NULL || pitch->power == NULL || pitch->spectrum_power == NULL ||
		pitch->work == NULL || fill_window_gain(env, pitch) != EMO_OK ||
		emo_spectrum_create(env, &of_spectrum, &pitch->spectrum) != EMO_OK ||
		emo_fft_create(env, n_values, &pitch->fft) != EMO_OK)
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

/*
 * Autocorrelations of a block of 16 frames in plan->power[0 .. last_lag + LAGS_BEYOND - 1].  Zeros
 * above the spectrum interpolate them.
 */
static void
autocorrelate(EmoPitch *pitch, const float *halved, int64_t n_halved, int64_t first_frame)
{
	float *rows = pitch->power;

	emo_spectrum_power(pitch->spectrum, halved, n_halved, first_frame, 1, rows);
	memset(rows, 0, N_RUMBLE_BINS * EMO_LANES * sizeof(float));
	memcpy(pitch->spectrum_power, rows, N_BINS * EMO_LANES * sizeof(float));
	if (pitch->params.oversampling > 1)
		memset(rows + (N_BINS - 1) * EMO_LANES, 0,
			   ((pitch->params.oversampling - 1) * N_FFT / 2 + 1) * EMO_LANES * sizeof(float));
	emo_fft_lanes_autocorrelation(pitch->fft, rows, pitch->work, rows);
}

static float
clamp(float x, float low, float high)
{
	return x < low ? low : x > high ? high : x;
}

/* The highest peak of first_lag to last_lag, as frequency and height. */
static void
find_peak(const EmoPitch *pitch, const float *scale, int first_lag, int last_lag, float *hz,
		  float *height)
{
	float lag[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float rate = (float) (pitch->params.oversampling * RATE);

	pitch->kernels->highest_peak(pitch->power, scale, pitch->window_gain, first_lag, last_lag,
								 pitch->params.lag_bias, lag, height);
	for (int lane = 0; lane < EMO_LANES; lane++)
		hz[lane] = rate / lag[lane];
}

static void
find_f0(const EmoPitch *pitch, float *f0_hz, float *height)
{
	const EmoPitchParams *params = &pitch->params;
	float scale[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float tone_hz[EMO_LANES], tone_height[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));

	for (int lane = 0; lane < EMO_LANES; lane++)
		scale[lane] = pitch->power[lane] > MIN_ENERGY ? 1 / pitch->power[lane] : 0;
	find_peak(pitch, scale, pitch->first_lag, pitch->last_lag, f0_hz, height);
	for (int lane = 0; lane < EMO_LANES; lane++)
		f0_hz[lane] =
			clamp(f0_hz[lane], (float) params->search_min_hz, (float) params->search_max_hz);
	if (!params->hears_tones)
		return;
	find_peak(pitch, scale, HIGHEST_TONE_LAG, pitch->first_lag, tone_hz, tone_height);
	for (int lane = 0; lane < EMO_LANES; lane++)
		if (height[lane] > TONE_HEIGHT && tone_height[lane] > height[lane] - TONE_MARGIN)
			f0_hz[lane] = tone_hz[lane];
}

/* Zeros for F0 that aren't asked for. */
static void
hide_others(const EmoPitchParams *params, float *f0_hz, int64_t n_frames)
{
	for (int64_t t = 0; t < n_frames; t++)
		if (f0_hz[t] < params->min_hz || f0_hz[t] > params->max_hz)
			f0_hz[t] = 0;
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
emo_pitch_track_harmonics(EmoEnv *env, EmoPitch *pitch, EmoHarmonicPlan *plan, const float *samples,
						  int64_t n_samples, float *f0_hz, float *strength, EmoHarmonics *harmonics)
{
	int64_t n_frames = emo_pitch_frame_count(n_samples);
	int64_t n_halved;
	float *halved = halve_rate(env, pitch, samples, n_samples, &n_halved);

	if (halved == NULL)
		return env->status;
	emo_harmonics_begin(plan);
	for (int64_t first = 0; first < n_frames; first += EMO_LANES)
	{
		float f0[EMO_LANES], height[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		autocorrelate(pitch, halved, n_halved, first);
		find_f0(pitch, f0, height);
		for (int lane = 0; lane < EMO_LANES && first + lane < n_frames; lane++)
		{
			f0_hz[first + lane] = f0[lane];
			strength[first + lane] = clamp(height[lane], 0, 1);
			if (plan != NULL && height[lane] > EMO_VOICING_THRESHOLD)
				emo_harmonics_add(plan, pitch->spectrum_power + lane, f0[lane],
								  harmonics + first + lane);
		}
	}
	emo_harmonics_end(plan);
	emo_free(env, halved);
	smooth(f0_hz, n_frames);
	hide_others(&pitch->params, f0_hz, n_frames);
	return EMO_OK;
}

EmoStatus
emo_pitch_track(EmoEnv *env, EmoPitch *pitch, const float *samples, int64_t n_samples, float *f0_hz,
				float *strength)
{
	return emo_pitch_track_harmonics(env, pitch, NULL, samples, n_samples, f0_hz, strength, NULL);
}
