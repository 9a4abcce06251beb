/*
 * signals.h
 *	  Known signals at 16 kHz for tests of what is measured on speech.
 */
#ifndef EMO_SIGNALS_H
#define EMO_SIGNALS_H

#include <math.h>
#include <stdlib.h>

#include "core/base/env.h"

#define SIGNAL_RATE 16000

static __attribute__((unused)) float *
make_sine(EmoEnv *env, int64_t n_samples, double frequency_hz, double amplitude)
{
	float *samples = emo_alloc(env, n_samples, sizeof(float));

	for (int64_t i = 0; i < n_samples; i++)
		samples[i] =
			(float) (amplitude * sin(2 * M_PI * frequency_hz * (double) i / SIGNAL_RATE + 0.3));
	return samples;
}

/* Uniform, -amplitude .. amplitude. */
static __attribute__((unused)) float *
make_noise(EmoEnv *env, int64_t n_samples, double amplitude)
{
	float *samples = emo_alloc(env, n_samples, sizeof(float));

	for (int64_t i = 0; i < n_samples; i++)
		samples[i] = (float) (amplitude * (2.0 * rand() / RAND_MAX - 1));
	return samples;
}

/* Harmonics first .. 4 kHz of a steady F0, falling by 6 dB per octave. */
static __attribute__((unused)) float *
make_harmonics(EmoEnv *env, int64_t n_samples, double f0_hz, int first)
{
	float *samples = emo_alloc_zero(env, n_samples, sizeof(float));

	for (int k = first; k * f0_hz < 4000; k++)
		for (int64_t i = 0; i < n_samples; i++)
			samples[i] += (float) (0.3 / k * sin(2 * M_PI * k * f0_hz * (double) i / SIGNAL_RATE));
	return samples;
}

/*
 * Something like an utterance: a gliding harmonic tone, 0.3 s of every 0.4 s, noise elsewhere, in
 * 16-bit steps as recordings have them.
 */
static __attribute__((unused)) float *
make_utterance(EmoEnv *env, int64_t n_samples)
{
	float *samples = make_noise(env, n_samples, 2e-3);
	double phase = 0;

	for (int64_t i = 0; i < n_samples; i++)
	{
		double t = (double) i / SIGNAL_RATE, position = fmod(t, 0.4) / 0.3;

		phase += 2 * M_PI * (160 + 40 * sin(5 * t)) / SIGNAL_RATE;
		if (position < 1)
			for (int k = 1; k < 16; k++)
				samples[i] += (float) (0.2 / k * sin(M_PI * position) * sin(k * phase));
		samples[i] = rintf(samples[i] * 32768) / 32768;
	}
	return samples;
}

#endif
