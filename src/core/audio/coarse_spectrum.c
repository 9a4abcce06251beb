/*
 * coarse_spectrum.c
 *	  Spectra in coarse steps.
 */
#include "core/audio/coarse_spectrum.h"

#include <math.h>
#include <string.h>

#include "core/dsp/convolve.h"

/* Frames of about 32 ms, as those of codecs; half of each overlaps with the next. */
#define MIN_FRAME_S 0.02

/* Bands: narrow below, then a seventh of an octave and more each. */
#define MIN_BAND_BINS 4
#define BAND_GROWTH   1.15

/* How much the strongest band raises the steps of the others: they go with its level to this power. */
#define MASKING 0.3

typedef struct Coarse
{
	EmoTransform transform;
	float *window, *real, *imaginary;
	double step;
} Coarse;

static double
band_energy(const Coarse *coarse, int first, int end)
{
	double energy = 0;

	for (int k = first; k < end; k++)
		energy += (double) coarse->real[k] * coarse->real[k] +
				  (double) coarse->imaginary[k] * coarse->imaginary[k];
	return energy / (2 * (end - first));
}

static int
band_end(const Coarse *coarse, int first)
{
	int n_bins = coarse->transform.size / 2 + 1;
	int end = (int) fmax(first * BAND_GROWTH, first + MIN_BAND_BINS);

	return end < n_bins ? end : n_bins;
}

static void
round_bands(Coarse *coarse)
{
	int n_bins = coarse->transform.size / 2 + 1;
	double strongest = 0;

	for (int first = 0; first < n_bins; first = band_end(coarse, first))
		strongest = fmax(strongest, band_energy(coarse, first, band_end(coarse, first)));
	for (int first = 0; first < n_bins; first = band_end(coarse, first))
	{
		int end = band_end(coarse, first);
		double own = band_energy(coarse, first, end);
		float step =
			own > 0 ? (float) (coarse->step * sqrt(own) * pow(strongest / own, MASKING / 2)) : 0;

		for (int k = first; k < end && step > 0; k++)
		{
			coarse->real[k] = step * rintf(coarse->real[k] / step);
			coarse->imaginary[k] = step * rintf(coarse->imaginary[k] / step);
		}
	}
}

/* One frame: windowed before and after, so that halves add up to the recording. */
static void
coarsen_frame(Coarse *coarse, const float *samples, float *sum, int64_t first, int64_t n_samples)
{
	int size = coarse->transform.size;

	for (int i = 0; i < size; i++)
	{
		int64_t at = first + i;

		coarse->real[i] = at >= 0 && at < n_samples ? coarse->window[i] * samples[at] : 0;
		coarse->imaginary[i] = 0;
	}
	emo_transform_run(&coarse->transform, coarse->real, coarse->imaginary);
	round_bands(coarse);
	/* What mirrors the upper bins is twice the real part of the lower ones alone. */
	coarse->real[0] /= 2;
	coarse->imaginary[0] = 0;
	coarse->real[size / 2] /= 2;
	coarse->imaginary[size / 2] = 0;
	memset(coarse->real + size / 2 + 1, 0, (size / 2 - 1) * sizeof(float));
	memset(coarse->imaginary + size / 2 + 1, 0, (size / 2 - 1) * sizeof(float));
	emo_transform_run(&coarse->transform, coarse->imaginary, coarse->real);
	for (int i = 0; i < size; i++)
		if (first + i >= 0 && first + i < n_samples)
			sum[first + i] += 2 * coarse->window[i] * coarse->real[i] / (float) size;
}

EmoStatus
emo_coarsen_spectrum(EmoEnv *env, double step, int sample_rate, int64_t n_samples, float *samples)
{
	Coarse coarse = {.step = step};
	int size = 2, n = 0;
	float *sum = emo_alloc_zero(env, n_samples, sizeof(float));

	while (size < MIN_FRAME_S * sample_rate)
		size *= 2;
	if (sum == NULL || emo_transform_create(env, size, &coarse.transform) != EMO_OK ||
		(coarse.window = emo_alloc(env, size, sizeof(float))) == NULL ||
		(coarse.real = emo_alloc(env, size, sizeof(float))) == NULL ||
		(coarse.imaginary = emo_alloc(env, size, sizeof(float))) == NULL)
		return env->status;
	for (int i = 0; i < size; i++)
		coarse.window[i] = (float) sin(M_PI * (i + 0.5) / size);
	for (int64_t first = -size / 2; first < n_samples; first += size / 2)
	{
		if (n++ % 64 == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		coarsen_frame(&coarse, samples, sum, first, n_samples);
	}
	memcpy(samples, sum, n_samples * sizeof(float));
	emo_free(env, coarse.imaginary);
	emo_free(env, coarse.real);
	emo_free(env, coarse.window);
	emo_transform_destroy(env, &coarse.transform);
	emo_free(env, sum);
	return EMO_OK;
}
