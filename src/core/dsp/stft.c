/*
 * stft.c
 *	  Short-time Fourier transform with phases, and back by overlap-add.
 */
#include "core/dsp/stft.h"

#include <fftw3.h>
#include <string.h>

struct EmoStft
{
	int n_fft;
	int win_length;
	int before_window;       /* zeros of a frame before the window */
	float *window;           /* [win_length] */
	float *frame;            /* [n_fft] */
	fftwf_complex *spectrum; /* [n_fft/2+1] */
	fftwf_plan forward, backward;
};

EmoStatus
emo_stft_create(EmoEnv *env, int n_fft, int win_length, EmoWindow window, bool symmetric,
				EmoStft **result)
{
	EmoStft *stft = emo_alloc_zero(env, 1, sizeof(EmoStft));

	*result = NULL;
	if (stft == NULL)
		return env->status;
	stft->n_fft = n_fft;
	stft->win_length = win_length;
	stft->before_window = (n_fft - win_length) / 2;
	stft->window = emo_alloc(env, win_length, sizeof(float));
	stft->frame = emo_alloc(env, n_fft, sizeof(float));
	stft->spectrum = emo_alloc(env, n_fft / 2 + 1, sizeof(fftwf_complex));
	if (stft->window == NULL || stft->frame == NULL || stft->spectrum == NULL)
		return env->status;
	emo_window_fill(window, symmetric, win_length, stft->window);
	/* With "estimate" nothing is measured, so that equal inputs always give equal results. */
	stft->forward = fftwf_plan_dft_r2c_1d(n_fft, stft->frame, stft->spectrum, FFTW_ESTIMATE);
	stft->backward = fftwf_plan_dft_c2r_1d(n_fft, stft->spectrum, stft->frame, FFTW_ESTIMATE);
	if (stft->forward == NULL || stft->backward == NULL)
	{
		emo_stft_destroy(stft);
		return emo_fail(env, EMO_OUT_OF_MEMORY, "could not plan a Fourier transform of %d samples",
						n_fft);
	}
	*result = stft;
	return EMO_OK;
}

void
emo_stft_destroy(EmoStft *stft)
{
	if (stft == NULL)
		return;
	if (stft->forward != NULL)
		fftwf_destroy_plan(stft->forward);
	if (stft->backward != NULL)
		fftwf_destroy_plan(stft->backward);
	stft->forward = stft->backward = NULL;
}

int
emo_stft_n_bins(const EmoStft *stft)
{
	return stft->n_fft / 2 + 1;
}

/* Of the window over samples[start ..], the part first .. end - 1 that is inside. */
static void
clip_window(const EmoStft *stft, int64_t start, int64_t n_samples, int *first, int *end)
{
	*first = start >= 0 ? 0 : start <= -stft->win_length ? stft->win_length : (int) -start;
	*end = start >= n_samples                     ? *first
		   : n_samples - start < stft->win_length ? (int) (n_samples - start)
												  : stft->win_length;
}

void
emo_stft_analyse(EmoStft *stft, const float *samples, int64_t n_samples, int64_t start, float *bins)
{
	float *frame = stft->frame + stft->before_window;
	int first, end;

	start += stft->before_window;
	clip_window(stft, start, n_samples, &first, &end);
	memset(stft->frame, 0, stft->n_fft * sizeof(float));
	for (int i = first; i < end; i++)
		frame[i] = stft->window[i] * samples[start + i];
	fftwf_execute(stft->forward);
	memcpy(bins, stft->spectrum, emo_stft_n_bins(stft) * sizeof(fftwf_complex));
}

void
emo_stft_add(EmoStft *stft, const float *bins, int64_t start, float *samples, int64_t n_samples)
{
	const float *frame = stft->frame + stft->before_window;
	const float scale = 1.0f / (float) stft->n_fft; /* FFTW's inverse is not normalised */
	int first, end;

	start += stft->before_window;
	clip_window(stft, start, n_samples, &first, &end);
	memcpy(stft->spectrum, bins, emo_stft_n_bins(stft) * sizeof(fftwf_complex));
	fftwf_execute(stft->backward);
	for (int i = first; i < end; i++)
		samples[start + i] += scale * stft->window[i] * frame[i];
}

void
emo_stft_add_squared_window(const EmoStft *stft, int64_t start, float *sums, int64_t n_samples)
{
	int first, end;

	start += stft->before_window;
	clip_window(stft, start, n_samples, &first, &end);
	for (int i = first; i < end; i++)
		sums[start + i] += stft->window[i] * stft->window[i];
}
