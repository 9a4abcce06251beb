/*
 * time_stretch.c
 *	  Phase vocoder.
 *
 * Of each place of the recording two frames are taken, a hop apart.  How much a partial's phase
 * turned from the one to the other is how much it turns from the last frame of the result to the
 * next; no phase need be unwrapped, nor any angle be computed.
 */
#include "core/dsp/time_stretch.h"

#include <math.h>

#include "core/dsp/stft.h"

#define HOPS_PER_SECOND 80
#define HOPS_PER_FRAME  4

/* Over the hops of one frame, the sum of the squares of a Hann window. */
static const float squared_window_sum = 1.5f;

typedef struct Vocoder
{
	EmoStft *stft;
	int n_bins;
	float *now;    /* [n_bins][2] */
	float *before; /* a hop before now, in the recording */
	float *made;   /* the last frame of the result */
	float *power;  /* [n_bins] of now */
} Vocoder;

int
emo_edit_hop(int sample_rate)
{
	return (sample_rate + HOPS_PER_SECOND / 2) / HOPS_PER_SECOND;
}

static EmoStatus
create_vocoder(EmoEnv *env, int sample_rate, Vocoder *vocoder)
{
	int n_fft = HOPS_PER_FRAME * emo_edit_hop(sample_rate), n_bins = n_fft / 2 + 1;

	vocoder->n_bins = n_bins;
	vocoder->now = emo_alloc_zero(env, n_bins, 2 * sizeof(float));
	vocoder->before = emo_alloc_zero(env, n_bins, 2 * sizeof(float));
	vocoder->made = emo_alloc_zero(env, n_bins, 2 * sizeof(float));
	vocoder->power = emo_alloc(env, n_bins, sizeof(float));
	if (vocoder->now == NULL || vocoder->before == NULL || vocoder->made == NULL ||
		vocoder->power == NULL)
		return env->status;
	return emo_stft_create(env, n_fft, n_fft, EMO_WINDOW_HANN, false, &vocoder->stft);
}

/* The rotation made * conj(before) of bin k, of length one; none where there is silence. */
static void
rotation_of(const Vocoder *vocoder, int k, float *re, float *im)
{
	const float *made = vocoder->made + 2 * k, *before = vocoder->before + 2 * k;
	double x = (double) made[0] * before[0] + (double) made[1] * before[1];
	double y = (double) made[1] * before[0] - (double) made[0] * before[1];
	double length = sqrt(x * x + y * y);

	*re = length > 0 ? (float) (x / length) : 1;
	*im = length > 0 ? (float) (y / length) : 0;
}

static bool
is_peak(const Vocoder *vocoder, int k)
{
	const float *power = vocoder->power;

	for (int i = k - 2; i <= k + 2; i++)
		if (i >= 0 && i < vocoder->n_bins && i != k &&
			(power[i] > power[k] || (power[i] == power[k] && i < k)))
			return false;
	return true;
}

/* The least bin between two peaks, where the region of the one ends. */
static int
valley_between(const Vocoder *vocoder, int peak, int next_peak)
{
	int valley = peak + 1;

	for (int k = peak + 1; k < next_peak; k++)
		if (vocoder->power[k] < vocoder->power[valley])
			valley = k;
	return valley;
}

static int
peak_from(const Vocoder *vocoder, int k)
{
	while (k < vocoder->n_bins && !is_peak(vocoder, k))
		k++;
	return k;
}

/* The next frame of the result: each peak of now, and the bins around it, turned as one. */
static void
lock_phases(Vocoder *vocoder)
{
	int peak, next, first = 0;

	for (int k = 0; k < vocoder->n_bins; k++)
		vocoder->power[k] = vocoder->now[2 * k] * vocoder->now[2 * k] +
							vocoder->now[2 * k + 1] * vocoder->now[2 * k + 1];
	for (peak = peak_from(vocoder, 0); peak < vocoder->n_bins; peak = next)
	{
		float re, im;
		int end;

		next = peak_from(vocoder, peak + 1);
		end = next < vocoder->n_bins ? valley_between(vocoder, peak, next) : vocoder->n_bins;
		rotation_of(vocoder, peak, &re, &im);
		for (int k = first; k < end; k++)
		{
			float x = vocoder->now[2 * k], y = vocoder->now[2 * k + 1];

			vocoder->now[2 * k] = x * re - y * im;
			vocoder->now[2 * k + 1] = x * im + y * re;
		}
		first = end;
	}
}

static void
swap(float **a, float **b)
{
	float *kept = *a;

	*a = *b;
	*b = kept;
}

static EmoStatus
stretch_frames(EmoEnv *env, Vocoder *vocoder, double factor, int hop, const float *samples,
			   int64_t n_samples, EmoSpectralEdit edit, void *argument, float *out, int64_t n_out)
{
	for (int64_t start = -(HOPS_PER_FRAME - 1) * (int64_t) hop; start < n_out; start += hop)
	{
		/* The middles of both frames are the same moment. */
		double middle = (double) start + HOPS_PER_FRAME / 2 * hop;
		int64_t from = llrint(middle / factor) - HOPS_PER_FRAME / 2 * hop;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		emo_stft_analyse(vocoder->stft, samples, n_samples, from, vocoder->now);
		if (edit != NULL)
			edit(argument, vocoder->now);
		if (factor != 1)
		{
			emo_stft_analyse(vocoder->stft, samples, n_samples, from - hop, vocoder->before);
			lock_phases(vocoder);
		}
		emo_stft_add(vocoder->stft, vocoder->now, start, out, n_out);
		swap(&vocoder->now, &vocoder->made);
	}
	for (int64_t i = 0; i < n_out; i++)
		out[i] /= squared_window_sum;
	return EMO_OK;
}

EmoStatus
emo_time_stretch(EmoEnv *env, double factor, int sample_rate, const float *samples,
				 int64_t n_samples, EmoSpectralEdit edit, void *argument, float **stretched,
				 int64_t *n_stretched)
{
	Vocoder vocoder;
	EmoStatus status;

	*n_stretched = llrint((double) n_samples * factor);
	if (*n_stretched < 1)
		*n_stretched = 1;
	*stretched = emo_alloc_zero(env, *n_stretched, sizeof(float));
	if (*stretched == NULL || create_vocoder(env, sample_rate, &vocoder) != EMO_OK)
		return env->status;
	status = stretch_frames(env, &vocoder, factor, emo_edit_hop(sample_rate), samples, n_samples,
							edit, argument, *stretched, *n_stretched);
	emo_stft_destroy(vocoder.stft);
	return status;
}
