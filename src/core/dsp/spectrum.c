/*
 * spectrum.c
 *	  From a recording to the power spectra of its frames.
 */
#include "core/dsp/spectrum.h"

#include <math.h>
#include <string.h>

struct EmoSpectrum
{
	EmoSpectrumParams params;
	const EmoKernels *kernels;
	EmoFft *fft;
	float *window; /* [win_length] */
	float *rows;   /* [n_fft][16] */
	float *edge;   /* [edge_length]: a block's samples where it juts out of the recording */
	int64_t edge_length;
	int64_t origin; /* first sample under frame 0's window */
};

void
emo_window_fill(EmoWindow kind, int length, float *window)
{
	for (int i = 0; i < length; i++)
	{
		double phase = 2 * M_PI * i / length;

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
	emo_window_fill(params->window, params->win_length, spectrum->window);
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
	return excess < 0 ? 1 : 1 + excess / params->hop_length;
}

static int64_t
clamp(int64_t value, int64_t low, int64_t high)
{
	return value < low ? low : value > high ? high : value;
}

/*
 * Copy the block's samples from start on, zeros outside of the recording, with pre-emphasis done:
 * past the end the filter would otherwise ring for one sample.
 */
static void
fill_edge(EmoSpectrum *spectrum, const float *samples, int64_t n_samples, int64_t start)
{
	float a = spectrum->params.preemphasis;
	float *edge = spectrum->edge;
	int64_t first = clamp(-start, 0, spectrum->edge_length);
	int64_t end = clamp(n_samples - start, first, spectrum->edge_length);

	memset(edge, 0, first * sizeof(float));
	memset(edge + end, 0, (spectrum->edge_length - end) * sizeof(float));
	if (first == end)
		return;
	memcpy(edge + first, samples + start + first, (end - first) * sizeof(float));
	if (a == 0)
		return;
	for (int64_t i = end - 1; i > first; i--)
		edge[i] -= a * edge[i - 1];
	if (start + first > 0)
		edge[first] -= a * samples[start + first - 1];
}

void
emo_spectrum_power(EmoSpectrum *spectrum, const float *samples, int64_t n_samples,
				   int64_t first_frame, float gain, float *power)
{
	const EmoSpectrumParams *params = &spectrum->params;
	int64_t start = first_frame * params->hop_length + spectrum->origin;
	const float *block;
	float preemphasis = params->preemphasis;

	/* The pre-emphasis looks at one sample before. */
	if (start < 1 || start + spectrum->edge_length > n_samples)
	{
		fill_edge(spectrum, samples, n_samples, start);
		block = spectrum->edge;
		preemphasis = 0;
	}
	else
		block = samples + start;
	/* Where the window stands in the frame turns phases only: it starts in row 0. */
	spectrum->kernels->frame(block, params->hop_length, spectrum->window, params->win_length,
							 preemphasis, spectrum->rows);
	memset(spectrum->rows + (size_t) params->win_length * EMO_LANES, 0,
		   (size_t) (params->n_fft - params->win_length) * EMO_LANES * sizeof(float));
	emo_fft_lanes_power(spectrum->fft, spectrum->rows, gain * gain, power);
}
