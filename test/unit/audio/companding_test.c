/*
 * companding_test.c
 *	  What codecs leave of a recording: signal-to-noise ratios as those of the codecs.
 */
#include "unit.h"

#include "core/audio/coarse_spectrum.h"
#include "core/audio/companding.h"
#include "powers.h"

/* The tables of G.711 have 8 bits: some 38 dB of signal to noise, over 40 dB of levels. */
static void
test_companding(EmoEnv *env)
{
	for (int codec = EMO_MU_LAW; codec <= EMO_A_LAW; codec++)
		for (double db = 0; db >= -36; db -= 12)
		{
			const float *sine = make_sine(env, N_SAMPLES, 440, pow(10, db / 20));
			float *coded = make_sine(env, N_SAMPLES, 440, pow(10, db / 20));
			float *rest = emo_alloc(env, N_SAMPLES, sizeof(float));
			double snr_db;

			CHECK(emo_telephone_codec(env, codec, N_SAMPLES, coded) == EMO_OK);
			for (int i = 0; i < N_SAMPLES; i++)
				rest[i] = coded[i] - sine[i];
			snr_db = decibels(energy(sine, 0, N_SAMPLES) / energy(rest, 0, N_SAMPLES));
			CHECK(snr_db > 30 && snr_db < 42);
		}
}

/* Speech comes through, but not as it was: GSM has some 8 to 12 dB. */
static void
test_residual_codec(EmoEnv *env)
{
	const float *tone = make_harmonics(env, N_SAMPLES, 120, 1);
	float *coded = make_harmonics(env, N_SAMPLES, 120, 1);
	float *rest = emo_alloc(env, N_SAMPLES, sizeof(float));
	double snr_db;

	CHECK(emo_telephone_codec(env, EMO_RPE, N_SAMPLES, coded) == EMO_OK);
	for (int i = 0; i < N_SAMPLES; i++)
		rest[i] = coded[i] - tone[i];
	snr_db = decibels(energy(tone, 0, N_SAMPLES) / energy(rest, 0, N_SAMPLES));
	CHECK(snr_db > 3 && snr_db < 25);
}

static void
test_coarse_spectrum(EmoEnv *env)
{
	const float *utterance = make_utterance(env, N_SAMPLES);
	double last_db = 1e9;

	for (double step = 0.01; step < 10; step *= 5)
	{
		float *coarse = emo_alloc(env, N_SAMPLES, sizeof(float));
		float *rest = emo_alloc(env, N_SAMPLES, sizeof(float));
		double snr_db;

		memcpy(coarse, utterance, N_SAMPLES * sizeof(float));
		CHECK(emo_coarsen_spectrum(env, step, SIGNAL_RATE, N_SAMPLES, coarse) == EMO_OK);
		for (int i = 0; i < N_SAMPLES; i++)
			rest[i] = coarse[i] - utterance[i];
		snr_db = decibels(energy(utterance, 0, N_SAMPLES) / energy(rest, 0, N_SAMPLES));
		CHECK(snr_db < last_db - 3);
		/* Small steps leave it as it is: nothing is lost between frames. */
		if (step == 0.01)
			CHECK(snr_db > 30);
		last_db = snr_db;
	}
}

int
main(void)
{
	srand(1);
	RUN(test_companding);
	RUN(test_residual_codec);
	RUN(test_coarse_spectrum);
	return unit_finish();
}
