/*
 * noises.h
 *	  Noises to be heard beside a recording.
 */
#ifndef EMO_NOISES_H
#define EMO_NOISES_H

#include "core/base/env.h"
#include "core/base/random.h"

typedef enum EmoNoise
{
	EMO_WHITE_NOISE,
	EMO_PINK_NOISE,  /* falls by 3 dB per octave */
	EMO_BROWN_NOISE, /* falls by 6 dB per octave above 50 Hz */
	EMO_BABBLE, /* voices: those of the recording itself, shifted, reversed, faster and slower */
	EMO_N_NOISES
} EmoNoise;

/* noise[n_samples], of no particular level; samples are what babble is made of. */
extern EmoStatus emo_make_noise(EmoEnv *env, EmoNoise kind, int sample_rate, EmoRandom *random,
								const float *samples, int64_t n_samples, float *noise);

/* Add noise to samples, which are snr_db above it over their whole length.  Silence stays silent. */
extern void emo_add_noise(double snr_db, const float *noise, int64_t n_samples, float *samples);

#endif
