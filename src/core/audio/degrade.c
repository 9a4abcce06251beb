/*
 * degrade.c
 *	  Recordings as they would be from elsewhere.
 */
#include "core/audio/degrade.h"

#include <math.h>
#include <string.h>

#include "core/audio/band.h"
#include "core/audio/coarse_spectrum.h"
#include "core/audio/companding.h"
#include "core/audio/noises.h"
#include "core/audio/room.h"
#include "core/dsp/convolve.h"

/* By EmoTelephoneCodec. */
static const char *const telephone_words[] = {"ulaw", "alaw", "gsm", NULL};

static const EmoOption options_of_copies[] = {
	EMO_INT("degraded_copies", EmoDegradeOptions, copies, 0, EMO_MAX_DEGRADED_COPIES, 11),
	EMO_REAL("degrade_snr_db", EmoDegradeOptions, snr_db, -20, 40, 0),
	EMO_REAL("degrade_rt60", EmoDegradeOptions, rt60, 0.25, 2, 1),
	EMO_CHOICE("degrade_telephone", EmoDegradeOptions, telephone, telephone_words, EMO_A_LAW),
	EMO_REAL("degrade_weight", EmoDegradeOptions, weight, 0.001, 1, 0.1),
};

const EmoOptionTable emo_degrade_options = EMO_OPTION_TABLE(options_of_copies);

/*
 * What recordings are made in, from what matters most on.  Each copy is in one of these, all of a
 * training alike: so that copies of a speaker sound as if recorded in one place, and a profile of
 * them means something.
 */
static const EmoDegradation conditions[EMO_MAX_DEGRADED_COPIES] = {
	{.telephone = true, .band_low_hz = 270, .band_high_hz = 3300, .headroom_db = 6},
	{.room = true, .response = {.rt60_s = 0.7, .high_share = 0.7, .direct_db = -2}},
	{.noise = true, .noise_kind = EMO_WHITE_NOISE, .snr_db = 15},
	{.noise = true, .noise_kind = EMO_BABBLE, .snr_db = 8},
	{.low_pass = true, .low_pass_hz = 4500, .codec = true, .codec_step = 2},
	{.cut = true, .cut_s = 0.7, .cut_at = 0.7},
	{.low_pass = true, .low_pass_hz = 3800},
	{.room = true, .response = {.rt60_s = 0.25, .high_share = 0.7, .direct_db = 4}},
	{.noise = true, .noise_kind = EMO_BABBLE, .snr_db = 16},
	{.cut = true, .cut_s = 1.3, .cut_at = 0.2},
	{.clipping = true, .clipping_db = 14},
	{.noise = true, .noise_kind = EMO_PINK_NOISE, .snr_db = 8},
};

#define TELEPHONE_RATE 8000

bool
emo_same_degradations(const EmoDegradeOptions *a, const EmoDegradeOptions *b)
{
	return a->copies == b->copies && a->snr_db == b->snr_db && a->rt60 == b->rt60 &&
		   a->telephone == b->telephone;
}

EmoDegradation
emo_degradation(const EmoDegradeOptions *options, int number)
{
	EmoDegradation degradation = conditions[number];

	degradation.snr_db += options->snr_db;
	degradation.response.rt60_s *= options->rt60;
	degradation.telephone_codec = options->telephone;
	return degradation;
}

static float
peak_of(const float *samples, int64_t n_samples)
{
	float peak = 0;

	for (int64_t i = 0; i < n_samples; i++)
		peak = fmaxf(peak, fabsf(samples[i]));
	return peak;
}

static EmoStatus
put_in_room(EmoEnv *env, const EmoRoom *room, int sample_rate, EmoRandom *random, int64_t n_samples,
			float *samples)
{
	int n = emo_room_length(room, sample_rate);
	float *response = emo_alloc(env, n, sizeof(float));

	if (response == NULL)
		return env->status;
	emo_room_response(room, sample_rate, random, response);
	if (emo_convolve(env, samples, n_samples, response, n, 0, samples) != EMO_OK)
		return env->status;
	emo_free(env, response);
	return EMO_OK;
}

static EmoStatus
add_noise(EmoEnv *env, const EmoDegradation *degradation, int sample_rate, EmoRandom *random,
		  int64_t n_samples, float *samples)
{
	float *noise = emo_alloc(env, n_samples, sizeof(float));

	if (noise == NULL || emo_make_noise(env, degradation->noise_kind, sample_rate, random, samples,
										n_samples, noise) != EMO_OK)
		return env->status;
	emo_add_noise(degradation->snr_db, noise, n_samples, samples);
	emo_free(env, noise);
	return EMO_OK;
}

static void
clip(double db, int64_t n_samples, float *samples)
{
	float limit = peak_of(samples, n_samples) * (float) pow(10, -db / 20);

	for (int64_t i = 0; i < n_samples; i++)
		samples[i] = fmaxf(fminf(samples[i], limit), -limit);
}

/* Down to 8 kHz, through a codec, and up again; 3.7 kHz are left at most, so that no rate is odd. */
static EmoStatus
telephone(EmoEnv *env, const EmoDegradation *degradation, int sample_rate, int64_t n_samples,
		  float *samples)
{
	int step = sample_rate / TELEPHONE_RATE;
	float gain = peak_of(samples, n_samples) * (float) pow(10, degradation->headroom_db / 20);
	int64_t n = (n_samples + step - 1) / step;
	float *slow = emo_alloc(env, n, sizeof(float));

	if (slow == NULL || emo_limit_band(env, degradation->band_low_hz, degradation->band_high_hz,
									   sample_rate, n_samples, samples) != EMO_OK)
		return env->status;
	for (int64_t i = 0; i < n; i++)
		slow[i] = gain > 0 ? samples[i * step] / gain : 0;
	if (emo_telephone_codec(env, degradation->telephone_codec, n, slow) != EMO_OK)
		return env->status;
	for (int64_t i = 0; i < n_samples; i++)
		samples[i] = i % step == 0 ? slow[i / step] * gain * (float) step : 0;
	emo_free(env, slow);
	return emo_limit_band(env, 0, TELEPHONE_RATE / 2.0, sample_rate, n_samples, samples);
}

static int64_t
cut(const EmoDegradation *degradation, int sample_rate, int64_t n_samples, float *samples)
{
	int64_t n = (int64_t) (degradation->cut_s * sample_rate);

	if (n >= n_samples)
		return n_samples;
	memmove(samples, samples + (int64_t) (degradation->cut_at * (double) (n_samples - n)),
			n * sizeof(float));
	return n;
}

EmoStatus
emo_degrade(EmoEnv *env, const EmoDegradation *degradation, EmoRandom *random, int sample_rate,
			const float *samples, int64_t n_samples, float **copy, int64_t *n_copy)
{
	if ((*copy = emo_alloc(env, n_samples, sizeof(float))) == NULL)
		return env->status;
	memcpy(*copy, samples, n_samples * sizeof(float));
	if (degradation->cut)
		n_samples = cut(degradation, sample_rate, n_samples, *copy);
	*n_copy = n_samples;
	if (degradation->room &&
		put_in_room(env, &degradation->response, sample_rate, random, n_samples, *copy) != EMO_OK)
		return env->status;
	if (degradation->noise &&
		add_noise(env, degradation, sample_rate, random, n_samples, *copy) != EMO_OK)
		return env->status;
	if (degradation->clipping)
		clip(degradation->clipping_db, n_samples, *copy);
	if (degradation->telephone &&
		telephone(env, degradation, sample_rate, n_samples, *copy) != EMO_OK)
		return env->status;
	if (degradation->low_pass &&
		emo_limit_band(env, 0, degradation->low_pass_hz, sample_rate, n_samples, *copy) != EMO_OK)
		return env->status;
	if (degradation->codec &&
		emo_coarsen_spectrum(env, degradation->codec_step, sample_rate, n_samples, *copy) != EMO_OK)
		return env->status;
	return EMO_OK;
}
