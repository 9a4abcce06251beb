/*
 * log_mel.c
 *	  What Whisper hears: the logarithmic mel spectrum of a window of samples.
 *
 * The Fourier transform of many frames is a product with a matrix of windowed waves: that takes about a hundredth of the
 * time of the smallest encoder, and no plan that would have to be released.  It is double, as bands 80 dB below others
 * count.
 */
#include "core/encoder/log_mel.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/dsp/mel.h"
#include "core/encoder/config.h"

#define FRAME  400
#define N_BINS (FRAME / 2 + 1)
#define MAX_HZ 8000

/* Frames of a product, a millisecond or two. */
#define BLOCK_FRAMES  128
#define BLOCK_SAMPLES ((BLOCK_FRAMES - 1) * EMO_LOG_MEL_HOP + FRAME)

/* Powers, as logarithms to the base of 10: the least, and how far below the highest in a window is the least in it. */
#define LEAST_POWER     1e-10
#define LEAST_LOG_POWER -10
#define LOG_RANGE       8

struct EmoLogMel
{
	EmoMelBank *bank;
	double *waves;   /* [N_BINS][2][FRAME]: cosine and sine under the window */
	double *samples; /* [BLOCK_SAMPLES] */
	double *spectra; /* [BLOCK_FRAMES][N_BINS][2] */
};

static void
fill_waves(double *waves)
{
	double cosines[FRAME];

	for (int i = 0; i < FRAME; i++)
		cosines[i] = cos(2 * M_PI * i / FRAME);
	for (int bin = 0; bin < N_BINS; bin++)
		for (int i = 0; i < FRAME; i++)
		{
			double window = 0.5 - 0.5 * cosines[i];

			waves[(2 * bin) * FRAME + i] = window * cosines[bin * i % FRAME];
			/* A sine is a cosine a quarter of a period later. */
			waves[(2 * bin + 1) * FRAME + i] = window * cosines[(bin * i + 3 * FRAME / 4) % FRAME];
		}
}

EmoStatus
emo_log_mel_create(EmoEnv *env, int n_mels, EmoLogMel **result)
{
	const EmoMelParams params = {.sample_rate = EMO_ENCODER_SAMPLE_RATE,
								 .n_fft = FRAME,
								 .n_mels = n_mels,
								 .fmin = 0,
								 .fmax = MAX_HZ,
								 .scale = EMO_MEL_SLANEY,
								 .norm = EMO_MEL_NORM_SLANEY,
								 .slopes = EMO_MEL_SLOPES_IN_HZ};
	EmoLogMel *log_mel = emo_alloc_zero(env, 1, sizeof(EmoLogMel));

	*result = NULL;
	if (log_mel == NULL)
		return env->status;
	log_mel->waves = emo_alloc(env, 2 * N_BINS * FRAME, sizeof(double));
	log_mel->samples = emo_alloc(env, BLOCK_SAMPLES, sizeof(double));
	log_mel->spectra = emo_alloc(env, BLOCK_FRAMES * 2 * N_BINS, sizeof(double));
	if (log_mel->waves == NULL || log_mel->samples == NULL || log_mel->spectra == NULL ||
		emo_mel_bank_create(env, &params, &log_mel->bank) != EMO_OK)
		return env->status;
	fill_waves(log_mel->waves);
	*result = log_mel;
	return EMO_OK;
}

/* Sample i of a window, mirrored at both of its ends, of which neither is repeated. */
static double
sample_of_window(const float *samples, int64_t n_samples, int64_t n_window, int64_t i)
{
	i = i < 0 ? -i : i;
	i = i < n_window ? i : 2 * (n_window - 1) - i;
	return i < n_samples ? (double) samples[i] : 0;
}

static void
compute_spectra(EmoLogMel *log_mel, const float *samples, int64_t n_samples, int64_t n_window,
				int first, int n)
{
	int64_t start = (int64_t) first * EMO_LOG_MEL_HOP - FRAME / 2;

	for (int i = 0; i < (n - 1) * EMO_LOG_MEL_HOP + FRAME; i++)
		log_mel->samples[i] = sample_of_window(samples, n_samples, n_window, start + i);
	/* CBLAS wants rows that don't overlap, so that a frame is taken in parts of a hop. */
	for (int part = 0; part < FRAME; part += EMO_LOG_MEL_HOP)
		cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, 2 * N_BINS,
					FRAME - part < EMO_LOG_MEL_HOP ? FRAME - part : EMO_LOG_MEL_HOP, 1,
					log_mel->samples + part, EMO_LOG_MEL_HOP, log_mel->waves + part, FRAME,
					part == 0 ? 0 : 1, log_mel->spectra, 2 * N_BINS);
}

/* mels[n_mels] of a spectrum[N_BINS][2]. */
static void
log_powers(const EmoMelBank *bank, const double *spectrum, float *mels)
{
	double power[N_BINS];

	for (int bin = 0; bin < N_BINS; bin++)
		power[bin] =
			spectrum[2 * bin] * spectrum[2 * bin] + spectrum[2 * bin + 1] * spectrum[2 * bin + 1];
	for (int m = 0; m < bank->n_mels; m++)
	{
		double sum = 0;

		for (int k = 0; k < bank->count[m]; k++)
			sum += power[bank->first[m] + k] * (double) bank->weights[bank->offset[m] + k];
		mels[m] = (float) log10(fmax(sum, LEAST_POWER));
	}
}

/* Into about -1 .. 1, from what is no less than it is allowed to be. */
static void
normalise(float *mels, size_t n)
{
	float highest = LEAST_LOG_POWER;

	for (size_t i = 0; i < n; i++)
		highest = fmaxf(highest, mels[i]);
	for (size_t i = 0; i < n; i++)
		mels[i] = (fmaxf(mels[i], highest - LOG_RANGE) + 4) / 4;
}

/* Frames that a window's samples reach into; its end is mirrored into the last ones. */
static int
count_heard(int64_t n_samples, int n_frames)
{
	int64_t n = (n_samples + FRAME / 2 + EMO_LOG_MEL_HOP - 1) / EMO_LOG_MEL_HOP;

	return n < n_frames ? (int) n : n_frames;
}

EmoStatus
emo_log_mel_compute(EmoEnv *env, EmoLogMel *log_mel, const float *samples, int64_t n_samples,
					int n_frames, float *mels, int *n_heard)
{
	int n_mels = log_mel->bank->n_mels;
	int64_t n_window = (int64_t) n_frames * EMO_LOG_MEL_HOP;

	*n_heard = count_heard(n_samples, n_frames);
	for (int first = 0; first < *n_heard; first += BLOCK_FRAMES)
	{
		int n = *n_heard - first < BLOCK_FRAMES ? *n_heard - first : BLOCK_FRAMES;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		compute_spectra(log_mel, samples, n_samples, n_window, first, n);
		for (int i = 0; i < n; i++)
			log_powers(log_mel->bank, log_mel->spectra + (size_t) i * 2 * N_BINS,
					   mels + (size_t) (first + i) * n_mels);
	}
	for (size_t i = (size_t) *n_heard * n_mels; i < (size_t) n_frames * n_mels; i++)
		mels[i] = LEAST_LOG_POWER;
	normalise(mels, (size_t) n_frames * n_mels);
	return EMO_OK;
}
