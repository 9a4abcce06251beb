/*
 * alter.c
 *	  Altered recordings to listen to.
 */
#include "core/audio/alter.h"

#include <math.h>
#include <string.h>

#include "core/audio/resample.h"
#include "core/base/random.h"
#include "core/base/samples.h"
#include "core/dsp/mel.h"
#include "core/dsp/spectral_envelope.h"
#include "core/dsp/time_stretch.h"

/* Ranges are those of training where it has the method (see nn/augment.h, augment.c), or wider. */
const EmoAugmentAmount emo_augment_amounts[EMO_AUGMENT_N_METHODS] = {
	[EMO_AUGMENT_NOISE] = {"noise", 20, -20, 100, "dB of signal over noise"},
	[EMO_AUGMENT_SPEED] = {"speed", 1.1, 0.5, 2, "times as fast"},
	[EMO_AUGMENT_PITCH] = {"pitch", 2, -12, 12, "semitones"},
	[EMO_AUGMENT_VTLP] = {"vtlp", 1.1, 0.7, 1.4, "times as high formants"},
	[EMO_AUGMENT_EQUALISE] = {"equalise", 6, 0, 30, "dB up or down"},
	[EMO_AUGMENT_SHIFT] = {"shift", 0.25, -5, 5, "seconds"},
	[EMO_AUGMENT_MASK_TIME] = {"mask_time", 0.25, 0, 10, "seconds"},
	[EMO_AUGMENT_MASK_FREQUENCY] = {"mask_frequency", 0.15, 0, 1, "of the mel axis"},
};

/* As in training; no mask takes more than this share of a recording. */
#define N_TIME_MASKS 2
static const double max_masked_share = 0.2;

/* Masks of time fade out and in within this, so that they don't click. */
static const double fade_s = 0.005;

/* Points of a random frequency response, equally spaced in mel: as in training. */
#define N_EQUALISER_POINTS 6

/* Samples between two looks at whether to stop. */
#define BLOCK_SAMPLES 65536

static EmoStatus
add_noise(EmoEnv *env, double snr_db, EmoRandom *random, int64_t n_samples, float *copy)
{
	double square = 0;
	float level;

	for (int64_t i = 0; i < n_samples; i++)
		square += (double) copy[i] * copy[i];
	level = (float) (sqrt(square / (double) n_samples) * pow(10, -snr_db / 20));
	for (int64_t i = 0; i < n_samples; i++)
	{
		if (i % BLOCK_SAMPLES == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		copy[i] += level * emo_random_noise(random);
	}
	return EMO_OK;
}

/* All of the input through the resampler; what it doesn't give up to n_output stays as it is. */
static EmoStatus
feed_resampler(EmoEnv *env, EmoResampler *resampler, const float *samples, int64_t n_samples,
			   float *output, int64_t n_output)
{
	int64_t at = 0, made = 0;

	while (made < n_output)
	{
		int64_t n_left = n_samples - at < BLOCK_SAMPLES ? n_samples - at : BLOCK_SAMPLES;
		int64_t n_room = n_output - made < BLOCK_SAMPLES ? n_output - made : BLOCK_SAMPLES;
		size_t n_consumed = 0, n_made;

		if (emo_check_stop(env) != EMO_OK ||
			emo_resample_feed(resampler, n_left > 0 ? samples + at : NULL, n_left, &n_consumed,
							  output + made, n_room, &n_made) != EMO_OK)
			return env->status;
		if (n_left == 0 && n_made == 0)
			break;
		at += (int64_t) n_consumed;
		made += (int64_t) n_made;
	}
	return EMO_OK;
}

/* n_copy samples of the recording played faster by factor. */
static EmoStatus
play_faster(EmoEnv *env, double factor, int sample_rate, const float *samples, int64_t n_samples,
			float **copy, int64_t n_copy)
{
	EmoResampler *resampler;
	EmoStatus status;

	*copy = emo_alloc_zero(env, n_copy, sizeof(float));
	if (*copy == NULL ||
		emo_resample_open(env, factor * sample_rate, sample_rate, 1, &resampler) != EMO_OK)
		return env->status;
	status = feed_resampler(env, resampler, samples, n_samples, *copy, n_copy);
	emo_resample_close(resampler);
	return status;
}

typedef struct EnvelopeWarp
{
	EmoSpectralEnvelope *envelope;
	double stretch;
} EnvelopeWarp;

static void
warp_envelope(void *argument, float *bins)
{
	EnvelopeWarp *warp = argument;

	emo_spectral_envelope_warp(warp->envelope, warp->stretch, bins);
}

/* Stretched in time by one factor, the formants in frequency by another. */
static EmoStatus
stretch_and_warp(EmoEnv *env, double time_factor, double formant_factor, int sample_rate,
				 const float *samples, int64_t n_samples, float **copy, int64_t *n_copy)
{
	EnvelopeWarp warp = {.stretch = 1 / formant_factor};
	EmoStatus status;

	if (emo_spectral_envelope_create(env, 4 * emo_edit_hop(sample_rate), sample_rate,
									 &warp.envelope) != EMO_OK)
		return env->status;
	status = emo_time_stretch(env, time_factor, sample_rate, samples, n_samples, warp_envelope,
							  &warp, copy, n_copy);
	emo_spectral_envelope_destroy(warp.envelope);
	return status;
}

/* Longer, and then played faster, which moves the formants back to where they were. */
static EmoStatus
change_pitch(EmoEnv *env, double semitones, int sample_rate, const float *samples,
			 int64_t n_samples, float **copy)
{
	double factor = pow(2, semitones / 12);
	float *stretched;
	int64_t n_stretched;

	if (stretch_and_warp(env, factor, 1 / factor, sample_rate, samples, n_samples, &stretched,
						 &n_stretched) != EMO_OK ||
		play_faster(env, factor, sample_rate, stretched, n_stretched, copy, n_samples) != EMO_OK)
		return env->status;
	emo_free(env, stretched);
	return EMO_OK;
}

typedef struct Gains
{
	int n_bins;
	float *gain; /* [n_bins] */
} Gains;

static void
apply_gains(void *argument, float *bins)
{
	const Gains *gains = argument;

	for (int k = 0; k < gains->n_bins; k++)
	{
		bins[2 * k] *= gains->gain[k];
		bins[2 * k + 1] *= gains->gain[k];
	}
}

/* Gains by the place of each bin on the mel axis, 0 .. 1. */
static EmoStatus
create_gains(EmoEnv *env, EmoAugmentMethod method, double amount, EmoRandom *random, int n_fft,
			 int sample_rate, Gains *gains)
{
	double top_mel = emo_hz_to_mel(EMO_MEL_HTK, sample_rate / 2.0);
	double width = amount * emo_random_uniform(random);
	double from = (1 - width) * emo_random_uniform(random);
	double points_db[N_EQUALISER_POINTS];

	gains->n_bins = n_fft / 2 + 1;
	gains->gain = emo_alloc(env, gains->n_bins, sizeof(float));
	if (gains->gain == NULL)
		return env->status;
	for (int i = 0; i < N_EQUALISER_POINTS; i++)
		points_db[i] = amount * (2 * emo_random_uniform(random) - 1);
	for (int k = 0; k < gains->n_bins; k++)
	{
		double place = emo_hz_to_mel(EMO_MEL_HTK, (double) k * sample_rate / n_fft) / top_mel;
		double at = place * (N_EQUALISER_POINTS - 1);
		int below = (int) fmin(at, N_EQUALISER_POINTS - 2);
		double db = points_db[below] + (at - below) * (points_db[below + 1] - points_db[below]);

		if (method == EMO_AUGMENT_MASK_FREQUENCY)
			gains->gain[k] = place >= from && place < from + width ? 0 : 1;
		else
			gains->gain[k] = (float) pow(10, db / 20);
	}
	return EMO_OK;
}

static EmoStatus
change_spectrum(EmoEnv *env, EmoAugmentMethod method, double amount, EmoRandom *random,
				int sample_rate, const float *samples, int64_t n_samples, float **copy,
				int64_t *n_copy)
{
	Gains gains;

	if (create_gains(env, method, amount, random, 4 * emo_edit_hop(sample_rate), sample_rate,
					 &gains) != EMO_OK)
		return env->status;
	return emo_time_stretch(env, 1, sample_rate, samples, n_samples, apply_gains, &gains, copy,
							n_copy);
}

static void
shift_in_circle(double shift_s, int sample_rate, const float *samples, int64_t n_samples,
				float *copy)
{
	int64_t shift = llrint(shift_s * sample_rate) % n_samples;

	if (shift < 0)
		shift += n_samples;
	memcpy(copy + shift, samples, (n_samples - shift) * sizeof(float));
	memcpy(copy, samples + n_samples - shift, shift * sizeof(float));
}

static void
mask_time(double longest_s, EmoRandom *random, int sample_rate, int64_t n_samples, float *copy)
{
	double n_longest = fmin(longest_s * sample_rate, max_masked_share * (double) n_samples);
	double n_fade = fmax(fade_s * sample_rate, 1);

	for (int mask = 0; mask < N_TIME_MASKS; mask++)
	{
		int64_t n_masked = (int64_t) (n_longest * emo_random_uniform(random));
		int64_t first = (int64_t) ((double) (n_samples - n_masked) * emo_random_uniform(random));

		for (int64_t i = 0; i < n_masked; i++)
		{
			int64_t from_edge = i < n_masked - 1 - i ? i : n_masked - 1 - i;
			double faded = fmin(1, (double) (from_edge + 1) / n_fade);

			copy[first + i] *= (float) (0.5 + 0.5 * cos(M_PI * faded));
		}
	}
}

static EmoStatus
augment(EmoEnv *env, EmoAugmentMethod method, double amount, EmoRandom *random, int sample_rate,
		const float *samples, int64_t n_samples, float **copy, int64_t *n_copy)
{
	*n_copy = n_samples;
	switch (method)
	{
		case EMO_AUGMENT_SPEED:
			*n_copy = (int64_t) fmax(1, rint((double) n_samples / amount));
			return play_faster(env, amount, sample_rate, samples, n_samples, copy, *n_copy);
		case EMO_AUGMENT_PITCH:
			return change_pitch(env, amount, sample_rate, samples, n_samples, copy);
		case EMO_AUGMENT_VTLP:
			return stretch_and_warp(env, 1, amount, sample_rate, samples, n_samples, copy, n_copy);
		case EMO_AUGMENT_EQUALISE:
		case EMO_AUGMENT_MASK_FREQUENCY:
			return change_spectrum(env, method, amount, random, sample_rate, samples, n_samples,
								   copy, n_copy);
		default:
			break;
	}
	*copy = emo_alloc(env, n_samples, sizeof(float));
	if (*copy == NULL)
		return env->status;
	memcpy(*copy, samples, n_samples * sizeof(float));
	if (method == EMO_AUGMENT_NOISE)
		return add_noise(env, amount, random, n_samples, *copy);
	if (method == EMO_AUGMENT_SHIFT)
		shift_in_circle(amount, sample_rate, samples, n_samples, *copy);
	else
		mask_time(amount, random, sample_rate, n_samples, *copy);
	return EMO_OK;
}

EmoStatus
emo_augment_check(EmoEnv *env, EmoAugmentMethod method, double amount)
{
	const EmoAugmentAmount *range = &emo_augment_amounts[method];

	/* Written so that NaN is out of range too. */
	if (amount >= range->least && amount <= range->most)
		return EMO_OK;
	emo_fail(env, EMO_INVALID_PARAMETER, "amount of method \"%s\" must be between %g and %g",
			 range->method, range->least, range->most);
	emo_set_detail(env, "It is %g, in %s.", amount, range->unit);
	return env->status;
}

EmoStatus
emo_augment_audio(EmoEnv *env, EmoAugmentMethod method, double amount, uint64_t seed,
				  int sample_rate, const float *samples, int64_t n_samples, float **copy,
				  int64_t *n_copy)
{
	EmoRandom random;

	emo_random_seed(&random, seed);
	if (emo_augment_check(env, method, amount) != EMO_OK ||
		augment(env, method, amount, &random, sample_rate, samples, n_samples, copy, n_copy) !=
			EMO_OK)
		return env->status;
	emo_limit_peak(*copy, *n_copy);
	return EMO_OK;
}
