/*
 * spectral_envelope.c
 *	  The true envelope of a spectrum, by cepstral smoothing.
 *
 * The logarithm of the amplitudes is smoothed; where the smooth curve lies above, it takes the
 * spectrum's place, and so on, until the valleys between harmonics are filled.
 */
#include "core/dsp/spectral_envelope.h"

#include <fftw3.h>
#include <math.h>

/*
 * Quefrencies above this are left out, and from zero on they fade: details finer than 500 Hz or so
 * count for little.  Formants are wider apart, and harmonics hardly show, up to an F0 of 300 Hz.
 */
static const double max_quefrency_s = 0.003;

/* More hardly change the result. */
#define N_ITERATIONS 8

/* Amplitudes below the largest by more (-80 dB) count as that, so that a zero digs no hole. */
static const float amplitude_range = 1e-4f;

/* Gains of emo_spectral_envelope_warp() are limited to +-30 dB. */
static const float max_log_gain = 3.45f;

struct EmoSpectralEnvelope
{
	int n_bins;
	int n_cepstrum; /* coefficients that are kept */
	float *log_amplitude;
	float *target;
	float *smooth;
	fftwf_plan transform; /* DCT-I of smooth, its own inverse but for a factor */
};

EmoStatus
emo_spectral_envelope_create(EmoEnv *env, int n_fft, int sample_rate, EmoSpectralEnvelope **result)
{
	EmoSpectralEnvelope *envelope = emo_alloc_zero(env, 1, sizeof(EmoSpectralEnvelope));
	int n_bins = n_fft / 2 + 1;

	*result = NULL;
	if (envelope == NULL)
		return env->status;
	envelope->n_bins = n_bins;
	envelope->n_cepstrum = (int) fmin(1 + max_quefrency_s * sample_rate, n_bins);
	envelope->log_amplitude = emo_alloc(env, n_bins, sizeof(float));
	envelope->target = emo_alloc(env, n_bins, sizeof(float));
	envelope->smooth = emo_alloc(env, n_bins, sizeof(float));
	if (envelope->log_amplitude == NULL || envelope->target == NULL || envelope->smooth == NULL)
		return env->status;
	envelope->transform =
		fftwf_plan_r2r_1d(n_bins, envelope->smooth, envelope->smooth, FFTW_REDFT00, FFTW_ESTIMATE);
	if (envelope->transform == NULL)
		return emo_fail(env, EMO_OUT_OF_MEMORY, "could not plan a cosine transform of %d bins",
						n_bins);
	*result = envelope;
	return EMO_OK;
}

void
emo_spectral_envelope_destroy(EmoSpectralEnvelope *envelope)
{
	if (envelope != NULL && envelope->transform != NULL)
	{
		fftwf_destroy_plan(envelope->transform);
		envelope->transform = NULL;
	}
}

static void
take_logarithms(EmoSpectralEnvelope *envelope, const float *bins)
{
	float *log_amplitude = envelope->log_amplitude, largest = 0, floor;

	for (int k = 0; k < envelope->n_bins; k++)
	{
		log_amplitude[k] = hypotf(bins[2 * k], bins[2 * k + 1]);
		largest = fmaxf(largest, log_amplitude[k]);
	}
	floor = fmaxf(largest * amplitude_range, 1e-30f);
	for (int k = 0; k < envelope->n_bins; k++)
		log_amplitude[k] = logf(fmaxf(log_amplitude[k], floor));
}

/* smooth = target without its high quefrencies, tapered by half a Hamming window. */
static void
smooth_target(EmoSpectralEnvelope *envelope)
{
	float *smooth = envelope->smooth;
	int n = envelope->n_bins, n_kept = envelope->n_cepstrum;

	for (int k = 0; k < n; k++)
		smooth[k] = envelope->target[k];
	fftwf_execute(envelope->transform);
	for (int i = 0; i < n; i++)
	{
		float taper =
			i < n_kept ? 0.54f + 0.46f * cosf((float) M_PI * (float) i / (float) n_kept) : 0;

		smooth[i] *= taper / (float) (2 * (n - 1));
	}
	fftwf_execute(envelope->transform);
}

/*
 * Natural logarithms of amplitudes: the true envelope, smooth and on top of the peaks (Imai & Abe
 * 1979; Roebel & Rodet 2005).
 */
static void
find_envelope(EmoSpectralEnvelope *envelope, const float *bins, float *log_envelope)
{
	int n = envelope->n_bins;

	take_logarithms(envelope, bins);
	for (int k = 0; k < n; k++)
		envelope->target[k] = envelope->log_amplitude[k];
	for (int i = 0; i < N_ITERATIONS; i++)
	{
		smooth_target(envelope);
		for (int k = 0; k < n; k++)
			envelope->target[k] = fmaxf(envelope->log_amplitude[k], envelope->smooth[k]);
	}
	for (int k = 0; k < n; k++)
		log_envelope[k] = envelope->smooth[k];
}

void
emo_spectral_envelope_warp(EmoSpectralEnvelope *envelope, double stretch, float *bins)
{
	float *log_envelope = envelope->target; /* free once the envelope is there */
	int last = envelope->n_bins - 1;

	find_envelope(envelope, bins, log_envelope);
	for (int k = 0; k <= last; k++)
	{
		float from = (float) fmin(k * stretch, last);
		int below = (int) fminf(from, (float) (last - 1));
		float wanted = log_envelope[below] +
					   (from - (float) below) * (log_envelope[below + 1] - log_envelope[below]);
		float log_gain = fminf(fmaxf(wanted - log_envelope[k], -max_log_gain), max_log_gain);

		bins[2 * k] *= expf(log_gain);
		bins[2 * k + 1] *= expf(log_gain);
	}
}
