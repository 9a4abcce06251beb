/*
 * noises_test.c
 *	  Noises, rooms and bands: levels, slopes and reverberation times are what was asked for.
 */
#include "unit.h"

#include "core/audio/band.h"
#include "core/audio/noises.h"
#include "core/audio/room.h"
#include "powers.h"

/* Schroeder's backward integral falls from -5 to -25 dB in a third of RT60. */
static double
measured_rt60(const float *response, int n)
{
	double total = energy(response, 1, n), left = total;
	int at_5 = 0, at_25 = 0;

	for (int i = 1; i < n && at_25 == 0; i++)
	{
		left -= (double) response[i] * response[i];
		if (at_5 == 0 && decibels(left / total) < -5)
			at_5 = i;
		if (decibels(left / total) < -25)
			at_25 = i;
	}
	return 3.0 * (at_25 - at_5) / SIGNAL_RATE;
}

static void
test_room(EmoEnv *env)
{
	static const double rt60_s[] = {0.15, 0.4, 0.9};

	for (int i = 0; i < 3; i++)
	{
		EmoRoom room = {.rt60_s = rt60_s[i], .high_share = 1, .direct_db = 3 * i - 3};
		int n = emo_room_length(&room, SIGNAL_RATE);
		float *response = emo_alloc(env, n, sizeof(float));
		float *high = emo_alloc(env, n, sizeof(float));
		EmoRandom random;

		emo_random_seed(&random, i);
		emo_room_response(&room, SIGNAL_RATE, &random, response);
		CHECK_NEAR(measured_rt60(response, n), rt60_s[i], 0.1 * rt60_s[i]);
		CHECK_NEAR(energy(response, 0, n), 1, 1e-4);
		CHECK_NEAR(decibels(energy(response, 0, 1) / energy(response, 1, n)), room.direct_db, 0.01);
		/* High frequencies die away sooner. */
		room.high_share = 0.4;
		emo_room_response(&room, SIGNAL_RATE, &random, response);
		memcpy(high, response, n * sizeof(float));
		CHECK(emo_limit_band(env, 0, 1000, SIGNAL_RATE, n, response) == EMO_OK);
		CHECK_NEAR(measured_rt60(response, n), rt60_s[i], 0.2 * rt60_s[i]);
		CHECK(emo_limit_band(env, 6000, 7900, SIGNAL_RATE, n, high) == EMO_OK);
		CHECK(measured_rt60(high, n) < 0.9 * measured_rt60(response, n));
	}
}

static void
test_band(EmoEnv *env)
{
	float *samples = make_noise(env, N_SAMPLES, 0.1);
	double before_low = band_power(samples, N_SAMPLES, 50, 180);
	double before_middle = band_power(samples, N_SAMPLES, 500, 3000);
	double before_high = band_power(samples, N_SAMPLES, 3700, 7900);

	CHECK(emo_limit_band(env, 300, 3400, SIGNAL_RATE, N_SAMPLES, samples) == EMO_OK);
	CHECK_NEAR(decibels(band_power(samples, N_SAMPLES, 500, 3000) / before_middle), 0, 0.2);
	CHECK(decibels(band_power(samples, N_SAMPLES, 50, 180) / before_low) < -40);
	CHECK(decibels(band_power(samples, N_SAMPLES, 3700, 7900) / before_high) < -45);
	for (int hz = 300; hz <= 3400; hz += 3100)
	{
		float *sine = make_sine(env, N_SAMPLES, hz, 0.5);

		CHECK(emo_limit_band(env, 300, 3400, SIGNAL_RATE, N_SAMPLES, sine) == EMO_OK);
		CHECK_NEAR(decibels(energy(sine, 2000, 14000) / 12000 / 0.125), -6, 0.3);
	}
}

static void
test_noises(EmoEnv *env)
{
	static const double fall_per_octave_db[] = {0, -3, -6};
	const float *utterance = make_utterance(env, N_SAMPLES);
	float *noise = emo_alloc(env, N_SAMPLES, sizeof(float));
	EmoRandom random;

	emo_random_seed(&random, 1);
	for (int kind = 0; kind < EMO_N_NOISES; kind++)
	{
		float *noisy = emo_alloc(env, N_SAMPLES, sizeof(float));
		float *rest = emo_alloc(env, N_SAMPLES, sizeof(float));

		CHECK(emo_make_noise(env, kind, SIGNAL_RATE, &random, utterance, N_SAMPLES, noise) ==
			  EMO_OK);
		/* Four octaves, from 200 Hz. */
		if (kind != EMO_BABBLE)
			CHECK_NEAR(decibels(band_power(noise, N_SAMPLES, 3000, 3400) /
								band_power(noise, N_SAMPLES, 187.5, 212.5)),
					   4 * fall_per_octave_db[kind], 2.5);
		memcpy(noisy, utterance, N_SAMPLES * sizeof(float));
		emo_add_noise(7, noise, N_SAMPLES, noisy);
		for (int i = 0; i < N_SAMPLES; i++)
			rest[i] = noisy[i] - utterance[i];
		CHECK_NEAR(decibels(energy(utterance, 0, N_SAMPLES) / energy(rest, 0, N_SAMPLES)), 7, 0.01);
	}
	/* Babble is voices: it has the spectrum of the recording, at about half its hills and valleys. */
	CHECK(decibels(band_power(noise, N_SAMPLES, 100, 500) /
				   band_power(noise, N_SAMPLES, 6000, 8000)) > 10);
}

int
main(void)
{
	srand(1);
	RUN(test_room);
	RUN(test_band);
	RUN(test_noises);
	return unit_finish();
}
