/*
 * spectrum.c
 *	  From a recording to the power spectra of its frames.
 */
#include "core/dsp/spectrum.h"

#include <math.h>
#include <string.h>

/* See emo_long_term_frame(). */
#define LONG_TERM_FRAME_S   0.032
#define MAX_LONG_TERM_FRAME 4096

struct EmoSpectrum
{
	EmoSpectrumParams params;
	const EmoKernels *kernels;
	EmoFft *fft;
	float *window; /* [win_length] */
	float *ones;   /* [win_length], if frames are changed before the window is laid on them */
	float *rows;   /* [n_fft][16] */
	float *edge;   /* [edge_length]: a block's samples where it juts out of the recording */
	int64_t edge_length;
	int64_t origin; /* first sample under frame 0's window */
	float energy[EMO_LANES];
};

int
emo_long_term_frame(int sample_rate)
{
	int n = EMO_FFT_MIN_SIZE;

	while (2 * n <= LONG_TERM_FRAME_S * sample_rate && 2 * n <= MAX_LONG_TERM_FRAME)
		n *= 2;
	return n;
}

void
emo_window_fill(EmoWindow kind, bool symmetric, int length, float *window)
{
	int period = symmetric && length > 1 ? length - 1 : length;

	for (int i = 0; i < length; i++)
	{
		double phase = 2 * M_PI * i / period;

		switch (kind)
		{
			case EMO_WINDOW_HANN:
				window[i] = (float) (0.5 - 0.5 * cos(phase));
				break;
			case EMO_WINDOW_HAMMING:
				window[i] = (float) (0.54 - 0.46 * cos(phase));
				break;
			case EMO_WINDOW_BLACKMAN:
				window[i] = (float) (0.42 - 0.5 * cos(phase) + 0.08 * cos(2 * phase));
				break;
			case EMO_WINDOW_RECTANGULAR:
				window[i] = 1;
				break;
			case EMO_WINDOW_POVEY:
				window[i] = (float) pow(0.5 - 0.5 * cos(phase), 0.85);
				break;
		}
	}
	/* A window of one sample is no window. */
	if (length == 1)
		window[0] = 1;
}

static int64_t
first_sample(const EmoSpectrumParams *params)
{
	int before_window = (params->n_fft - params->win_length) / 2;

	switch (params->framing)
	{
		case EMO_FRAMES_CENTERED:
			return before_window - params->n_fft / 2;
		case EMO_FRAMES_OF_N_FFT:
			return before_window;
		case EMO_FRAMES_OF_WINDOW:
			break;
	}
	return 0;
}

/* Whether there is something to do in frames before the window is laid on them. */
static bool
changes_frames(const EmoSpectrumParams *params)
{
	return params->removes_mean || params->measures_energy ||
		   (params->preemphasis_in_frame && params->preemphasis != 0);
}

EmoStatus
emo_spectrum_create(EmoEnv *env, const EmoSpectrumParams *params, EmoSpectrum **result)
{
	EmoSpectrum *spectrum = emo_alloc_zero(env, 1, sizeof(EmoSpectrum));

	*result = NULL;
	if (spectrum == NULL)
		return env->status;
	spectrum->params = *params;
	spectrum->kernels = emo_kernels();
	spectrum->origin = first_sample(params);
	/* One more sample in front for the pre-emphasis. */
	spectrum->edge_length = 1 + (int64_t) (EMO_LANES - 1) * params->hop_length + params->win_length;
	spectrum->window = emo_alloc(env, params->win_length, sizeof(float));
	spectrum->rows = emo_alloc(env, params->n_fft, EMO_LANES * sizeof(float));
	spectrum->edge = emo_alloc(env, spectrum->edge_length, sizeof(float));
	if (spectrum->window == NULL || spectrum->rows == NULL || spectrum->edge == NULL)
		return env->status;
	emo_window_fill(params->window, params->symmetric_window, params->win_length, spectrum->window);
	if (changes_frames(params))
	{
		spectrum->ones = emo_alloc(env, params->win_length, sizeof(float));
		if (spectrum->ones == NULL)
			return env->status;
		emo_window_fill(EMO_WINDOW_RECTANGULAR, false, params->win_length, spectrum->ones);
	}
	if (emo_fft_create(env, params->n_fft, &spectrum->fft) != EMO_OK)
		return env->status;
	*result = spectrum;
	return EMO_OK;
}

void
emo_spectrum_destroy(EmoSpectrum *spectrum)
{
	if (spectrum != NULL)
		emo_fft_destroy(spectrum->fft);
}

int64_t
emo_spectrum_frame_count(const EmoSpectrumParams *params, int64_t n_samples)
{
	int64_t excess = n_samples;

	if (n_samples <= 0)
		return 0;
	if (params->framing == EMO_FRAMES_CENTERED)
		excess += 2 * (params->n_fft / 2) - params->n_fft;
	else
		excess -= params->framing == EMO_FRAMES_OF_N_FFT ? params->n_fft : params->win_length;
	if (params->covers_end)
		excess += params->hop_length - 1;
	return excess < 0 ? 1 : 1 + excess / params->hop_length;
}

static int64_t
clamp(int64_t value, int64_t low, int64_t high)
{
	return value < low ? low : value > high ? high : value;
}

/* Where in the recording sample i of its reflections is; they repeat every 2 (n - 1) samples. */
static int64_t
reflected(int64_t i, int64_t n_samples)
{
	int64_t period = 2 * (n_samples - 1), place;

	if (period == 0)
		return 0;
	place = i % period;
	if (place < 0)
		place += period;
	return place < n_samples ? place : period - place;
}

/* The block's samples from start on, pre-emphasised before they are reflected. */
static void
fill_reflected_edge(EmoSpectrum *spectrum, float preemphasis, const float *samples,
					int64_t n_samples, int64_t start)
{
	for (int64_t i = 0; i < spectrum->edge_length; i++)
	{
		int64_t place = reflected(start + i, n_samples);
		float before = place > 0 ? samples[place - 1] : 0;

		spectrum->edge[i] = samples[place] - preemphasis * before;
	}
}

/*
 * Copy the block's samples from start on, zeros outside of the recording, with pre-emphasis done:
 * past the end the filter would otherwise ring for one sample.
 */
static void
fill_edge(EmoSpectrum *spectrum, float preemphasis, const float *samples, int64_t n_samples,
		  int64_t start)
{
	float *edge = spectrum->edge;
	int64_t first = clamp(-start, 0, spectrum->edge_length);
	int64_t end = clamp(n_samples - start, first, spectrum->edge_length);

	memset(edge, 0, first * sizeof(float));
	memset(edge + end, 0, (spectrum->edge_length - end) * sizeof(float));
	if (first == end)
		return;
	memcpy(edge + first, samples + start + first, (end - first) * sizeof(float));
	if (preemphasis == 0)
		return;
	for (int64_t i = end - 1; i > first; i--)
		edge[i] -= preemphasis * edge[i - 1];
	if (start + first > 0)
		edge[first] -= preemphasis * samples[start + first - 1];
}

static void
remove_mean(float *rows, int n)
{
	float mean[EMO_LANES] = {0};

	for (int i = 0; i < n; i++)
		for (int lane = 0; lane < EMO_LANES; lane++)
			mean[lane] += rows[i * EMO_LANES + lane];
	for (int lane = 0; lane < EMO_LANES; lane++)
		mean[lane] /= (float) n;
	for (int i = 0; i < n; i++)
		for (int lane = 0; lane < EMO_LANES; lane++)
			rows[i * EMO_LANES + lane] -= mean[lane];
}

static void
measure_energy(const float *rows, int n, float *energy)
{
	memset(energy, 0, EMO_LANES * sizeof(float));
	for (int i = 0; i < n; i++)
		for (int lane = 0; lane < EMO_LANES; lane++)
			energy[lane] += rows[i * EMO_LANES + lane] * rows[i * EMO_LANES + lane];
}

/* Pre-emphasis in the frames (0 for none), then the window. */
static void
lay_window(const float *window, int n, float preemphasis, float *rows)
{
	for (int i = n - 1; i >= 0; i--)
	{
		float *row = rows + (ptrdiff_t) i * EMO_LANES;
		const float *before = i > 0 ? row - EMO_LANES : row;

		for (int lane = 0; lane < EMO_LANES; lane++)
			row[lane] = window[i] * (row[lane] - preemphasis * before[lane]);
	}
}

/* Cut out the frames of a block of samples, as far as the window goes. */
static void
cut_frames(EmoSpectrum *spectrum, const float *block, float preemphasis)
{
	const EmoSpectrumParams *params = &spectrum->params;
	int n = params->win_length;

	if (!changes_frames(params))
	{
		spectrum->kernels->frame(block, params->hop_length, spectrum->window, n, preemphasis,
								 spectrum->rows);
		return;
	}
	spectrum->kernels->frame(block, params->hop_length, spectrum->ones, n, preemphasis,
							 spectrum->rows);
	if (params->removes_mean)
		remove_mean(spectrum->rows, n);
	if (params->measures_energy)
		measure_energy(spectrum->rows, n, spectrum->energy);
	lay_window(spectrum->window, n, params->preemphasis_in_frame ? params->preemphasis : 0,
			   spectrum->rows);
}

void
emo_spectrum_energy(const EmoSpectrum *spectrum, float *energy)
{
	memcpy(energy, spectrum->energy, sizeof(spectrum->energy));
}

void
emo_spectrum_power(EmoSpectrum *spectrum, const float *samples, int64_t n_samples,
				   int64_t first_frame, float gain, float *power)
{
	const EmoSpectrumParams *params = &spectrum->params;
	int64_t start = first_frame * params->hop_length + spectrum->origin;
	const float *block;
	float preemphasis = params->preemphasis_in_frame ? 0 : params->preemphasis;

	/* The pre-emphasis looks at one sample before. */
	if (start < 1 || start + spectrum->edge_length > n_samples)
	{
		(params->padding == EMO_PAD_REFLECT ? fill_reflected_edge : fill_edge)(
			spectrum, preemphasis, samples, n_samples, start);
		block = spectrum->edge;
		preemphasis = 0;
	}
	else
		block = samples + start;
	/* Where the window stands in the frame turns phases only: it starts in row 0. */
	cut_frames(spectrum, block, preemphasis);
	memset(spectrum->rows + (size_t) params->win_length * EMO_LANES, 0,
		   (size_t) (params->n_fft - params->win_length) * EMO_LANES * sizeof(float));
	emo_fft_lanes_power(spectrum->fft, spectrum->rows, gain * gain, power);
}
