/*
 * griffin_lim.c
 *	  Fast Griffin-Lim.
 *
 * An iteration takes the spectra c of the last signal, gives them the amplitudes asked for, and adds
 * them up to the next signal x, whose spectra are t; the fast algorithm then goes on from
 * t + momentum (t - the t before).  Spectra are linear in the signal, so these are the spectra of
 * y = x + momentum (x - the x before), and signals are all that need be kept.
 */
#include "core/dsp/griffin_lim.h"

#include <math.h>
#include <string.h>

#include "core/base/random.h"
#include "core/dsp/stft.h"

/*
 * Squared windows below this share of their maximum hardly say what the samples under them are, at the
 * ends of frames that aren't centred: these are not raised by more than others of that share.
 */
static const float least_window = 1e-2f;

/* Samples between two looks at whether to stop. */
#define BLOCK_SAMPLES 65536

typedef struct Synthesis
{
	const EmoGriffinLimParams *params;
	EmoStft *stft;
	const float *amplitude;
	int64_t n_frames, n_samples;
	int n_bins;
	float *bins;    /* [n_bins][2] */
	float *inverse; /* [n_samples]: one over the sum of squared windows */
	float *next;    /* [n_samples] */
	float *guess;   /* [n_samples]: y */
} Synthesis;

static int64_t
frame_start(const EmoGriffinLimParams *params, int64_t frame)
{
	int64_t start = frame * params->hop_length;

	switch (params->framing)
	{
		case EMO_FRAMES_CENTERED:
			return start - params->n_fft / 2;
		case EMO_FRAMES_OF_WINDOW:
			return start - (params->n_fft - params->win_length) / 2;
		case EMO_FRAMES_OF_N_FFT:
			break;
	}
	return start;
}

int64_t
emo_griffin_lim_n_samples(const EmoGriffinLimParams *params, int64_t n_frames)
{
	int64_t n_hops = (n_frames - 1) * params->hop_length;

	/* Around a recording, emo_spectrum_frame_count() counts n_fft - n_fft % 2 samples. */
	if (params->framing == EMO_FRAMES_CENTERED)
		return n_hops + params->n_fft % 2 > 0 ? n_hops + params->n_fft % 2 : 1;
	return n_hops + (params->framing == EMO_FRAMES_OF_N_FFT ? params->n_fft : params->win_length);
}

static EmoStatus
start_synthesis(EmoEnv *env, const EmoGriffinLimParams *params, const float *amplitude,
				int64_t n_frames, Synthesis *work)
{
	float largest = 0;

	work->params = params;
	work->amplitude = amplitude;
	work->n_frames = n_frames;
	work->n_samples = emo_griffin_lim_n_samples(params, n_frames);
	work->n_bins = params->n_fft / 2 + 1;
	work->bins = emo_alloc(env, work->n_bins, 2 * sizeof(float));
	work->inverse = emo_alloc_zero(env, work->n_samples, sizeof(float));
	work->next = emo_alloc(env, work->n_samples, sizeof(float));
	work->guess = emo_alloc(env, work->n_samples, sizeof(float));
	if (work->bins == NULL || work->inverse == NULL || work->next == NULL || work->guess == NULL ||
		emo_stft_create(env, params->n_fft, params->win_length, params->window,
						params->symmetric_window, &work->stft) != EMO_OK)
		return env->status;
	for (int64_t t = 0; t < n_frames; t++)
		emo_stft_add_squared_window(work->stft, frame_start(params, t), work->inverse,
									work->n_samples);
	for (int64_t i = 0; i < work->n_samples; i++)
		largest = fmaxf(largest, work->inverse[i]);
	for (int64_t i = 0; i < work->n_samples; i++)
		work->inverse[i] = largest > 0 ? 1 / fmaxf(work->inverse[i], least_window * largest) : 0;
	return EMO_OK;
}

/* bins times amplitude / |bins|; with no phase to go by, phase 0. */
static void
set_amplitudes(const float *amplitude, int n_bins, float *bins)
{
	for (int k = 0; k < n_bins; k++)
	{
		float re = bins[2 * k], im = bins[2 * k + 1];
		float square = re * re + im * im;
		float factor = square > 1e-30f ? amplitude[k] / sqrtf(square) : 0;

		bins[2 * k] = square > 1e-30f ? factor * re : amplitude[k];
		bins[2 * k + 1] = factor * im;
	}
}

static void
random_phases(EmoRandom *random, const float *amplitude, int n_bins, float *bins)
{
	for (int k = 0; k < n_bins; k++)
	{
		double phase = 2 * M_PI * emo_random_uniform(random);

		bins[2 * k] = (float) (amplitude[k] * cos(phase));
		bins[2 * k + 1] = (float) (amplitude[k] * sin(phase));
	}
}

/*
 * next = what the frames add up to that have the amplitudes asked for and the phases of guess's, or
 * those of random if it isn't NULL.
 */
static EmoStatus
add_frames(EmoEnv *env, Synthesis *work, EmoRandom *random)
{
	memset(work->next, 0, work->n_samples * sizeof(float));
	for (int64_t t = 0; t < work->n_frames; t++)
	{
		const float *amplitude = work->amplitude + t * work->n_bins;
		int64_t start = frame_start(work->params, t);

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		if (random != NULL)
			random_phases(random, amplitude, work->n_bins, work->bins);
		else
		{
			emo_stft_analyse(work->stft, work->guess, work->n_samples, start, work->bins);
			set_amplitudes(amplitude, work->n_bins, work->bins);
		}
		emo_stft_add(work->stft, work->bins, start, work->next, work->n_samples);
	}
	return EMO_OK;
}

/* From what the frames add up to, the next signal and guess. */
static EmoStatus
take_step(EmoEnv *env, Synthesis *work, float momentum, float *samples)
{
	for (int64_t i = 0; i < work->n_samples; i++)
	{
		float next = work->next[i] * work->inverse[i];

		if (i % BLOCK_SAMPLES == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		work->guess[i] = next + momentum * (next - samples[i]);
		samples[i] = next;
	}
	return EMO_OK;
}

static EmoStatus
iterate(EmoEnv *env, Synthesis *work, float *samples)
{
	EmoRandom random;

	emo_random_seed(&random, work->params->seed);
	memset(samples, 0, work->n_samples * sizeof(float));
	if (add_frames(env, work, &random) != EMO_OK || take_step(env, work, 0, samples) != EMO_OK)
		return env->status;
	for (int i = 0; i < work->params->n_iterations; i++)
		if (add_frames(env, work, NULL) != EMO_OK ||
			take_step(env, work, (float) work->params->momentum, samples) != EMO_OK)
			return env->status;
	return EMO_OK;
}

EmoStatus
emo_griffin_lim(EmoEnv *env, const EmoGriffinLimParams *params, const float *amplitude,
				int64_t n_frames, float *samples)
{
	Synthesis work;
	EmoStatus status;

	if (start_synthesis(env, params, amplitude, n_frames, &work) != EMO_OK)
		return env->status;
	status = iterate(env, &work, samples);
	emo_stft_destroy(work.stft);
	emo_free(env, work.inverse);
	emo_free(env, work.next);
	emo_free(env, work.guess);
	return status;
}
