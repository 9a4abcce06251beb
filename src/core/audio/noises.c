/*
 * noises.c
 *	  White, pink and brown noise, and babble.
 */
#include "core/audio/noises.h"

#include <math.h>

/* Samples between two looks at whether to stop. */
#define BLOCK_SAMPLES 65536

/*
 * Pink noise: poles and zeros in turn, the zeros an octave above the poles and the poles two octaves
 * apart, make a staircase that falls by 3 dB per octave, within half a decibel.
 */
#define N_PINK_POLES    5
#define LOWEST_PINK_HZ  16.0
#define LOWEST_BROWN_HZ 50.0

/* Babble: so many voices, each played at a speed of its own. */
#define N_VOICES      6
#define SLOWEST_VOICE 0.75
#define FASTEST_VOICE 1.35

static EmoStatus
fill_white(EmoEnv *env, EmoRandom *random, int64_t n_samples, float *noise)
{
	for (int64_t i = 0; i < n_samples; i++)
	{
		if (i % BLOCK_SAMPLES == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		noise[i] = emo_random_noise(random);
	}
	return EMO_OK;
}

/* y[i] = x[i] - zero x[i - 1] + pole y[i - 1] */
static void
filter_once(double zero, double pole, int64_t n_samples, float *samples)
{
	double last_in = 0, last_out = 0;

	for (int64_t i = 0; i < n_samples; i++)
	{
		double in = samples[i];

		last_out = in - zero * last_in + pole * last_out;
		last_in = in;
		samples[i] = (float) last_out;
	}
}

static double
root_at(double hz, int sample_rate)
{
	return exp(-2 * M_PI * hz / sample_rate);
}

static void
make_pink(int sample_rate, int64_t n_samples, float *noise)
{
	for (int k = 0; k < N_PINK_POLES; k++)
	{
		double hz = LOWEST_PINK_HZ * pow(4, k);

		filter_once(root_at(2 * hz, sample_rate), root_at(hz, sample_rate), n_samples, noise);
	}
}

/* One voice: the recording in a circle, from anywhere, forwards or backwards. */
static void
add_voice(EmoRandom *random, const float *samples, int64_t n_samples, float *sum)
{
	double at = emo_random_uniform(random) * (double) n_samples;
	double step = SLOWEST_VOICE + (FASTEST_VOICE - SLOWEST_VOICE) * emo_random_uniform(random);

	if (emo_random_uniform(random) < 0.5)
		step = -step;
	for (int64_t i = 0; i < n_samples; i++)
	{
		int64_t below = (int64_t) at;
		int64_t above = below + 1 < n_samples ? below + 1 : 0;
		float share = (float) (at - (double) below);

		sum[i] += (1 - share) * samples[below] + share * samples[above];
		at += step;
		if (at >= (double) n_samples)
			at = fmod(at, (double) n_samples);
		while (at < 0)
			at += (double) n_samples;
		/* Rounding may have brought it to the end. */
		at = at < (double) n_samples ? at : 0;
	}
}

static EmoStatus
make_babble(EmoEnv *env, EmoRandom *random, const float *samples, int64_t n_samples, float *noise)
{
	for (int64_t i = 0; i < n_samples; i++)
		noise[i] = 0;
	for (int voice = 0; voice < N_VOICES; voice++)
	{
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		add_voice(random, samples, n_samples, noise);
	}
	return EMO_OK;
}

EmoStatus
emo_make_noise(EmoEnv *env, EmoNoise kind, int sample_rate, EmoRandom *random, const float *samples,
			   int64_t n_samples, float *noise)
{
	if (kind == EMO_BABBLE)
		return make_babble(env, random, samples, n_samples, noise);
	if (fill_white(env, random, n_samples, noise) != EMO_OK)
		return env->status;
	if (kind == EMO_PINK_NOISE)
		make_pink(sample_rate, n_samples, noise);
	else if (kind == EMO_BROWN_NOISE)
		filter_once(0, root_at(LOWEST_BROWN_HZ, sample_rate), n_samples, noise);
	return EMO_OK;
}

static double
energy_of(const float *samples, int64_t n_samples)
{
	double energy = 0;

	for (int64_t i = 0; i < n_samples; i++)
		energy += (double) samples[i] * samples[i];
	return energy;
}

void
emo_add_noise(double snr_db, const float *noise, int64_t n_samples, float *samples)
{
	double noise_energy = energy_of(noise, n_samples);
	double gain;

	if (noise_energy <= 0)
		return;
	gain = sqrt(energy_of(samples, n_samples) / noise_energy) * pow(10, -snr_db / 20);
	for (int64_t i = 0; i < n_samples; i++)
		samples[i] += (float) (gain * noise[i]);
}
