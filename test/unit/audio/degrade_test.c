/*
 * degrade_test.c
 *	  Degraded copies: each kind does what it says, by as much as it says, and nothing else.
 */
#include "unit.h"

#include "core/audio/degrade.h"
#include "powers.h"

static float *
degraded(EmoEnv *env, const EmoDegradation *degradation, uint64_t seed, const float *samples,
		 int64_t n_samples, int64_t *n_copy)
{
	EmoRandom random;
	float *copy;

	emo_random_seed(&random, seed);
	CHECK(emo_degrade(env, degradation, &random, SIGNAL_RATE, samples, n_samples, &copy, n_copy) ==
		  EMO_OK);
	return copy;
}

static EmoDegradation
usual(void)
{
	return (EmoDegradation){.response = {.rt60_s = 0.4, .high_share = 0.7, .direct_db = 0},
							.snr_db = 10,
							.clipping_db = 12,
							.band_low_hz = 300,
							.band_high_hz = 3400,
							.headroom_db = 6,
							.low_pass_hz = 3000,
							.codec_step = 1,
							.cut_s = 0.25,
							.cut_at = 0.5};
}

static void
test_ways(EmoEnv *env)
{
	const float *utterance = make_utterance(env, N_SAMPLES);
	EmoDegradation none = usual(), way;
	int64_t n;
	float peak = 0, clipped_peak = 0;
	const float *copy = degraded(env, &none, 1, utterance, N_SAMPLES, &n);

	CHECK(n == N_SAMPLES && memcmp(copy, utterance, n * sizeof(float)) == 0);

	way = none, way.cut = true;
	copy = degraded(env, &way, 1, utterance, N_SAMPLES, &n);
	CHECK(n == N_SAMPLES / 4 && memcmp(copy, utterance + 6000, n * sizeof(float)) == 0);

	way = none, way.clipping = true;
	copy = degraded(env, &way, 1, utterance, N_SAMPLES, &n);
	for (int i = 0; i < N_SAMPLES; i++)
	{
		peak = fmaxf(peak, fabsf(utterance[i]));
		clipped_peak = fmaxf(clipped_peak, fabsf(copy[i]));
	}
	CHECK_NEAR(20 * log10(peak / clipped_peak), 12, 0.01);

	way = none, way.telephone = true;
	for (int codec = 0; codec < EMO_N_TELEPHONE_CODECS; codec++)
	{
		way.telephone_codec = (EmoTelephoneCodec) codec;
		copy = degraded(env, &way, 1, utterance, N_SAMPLES, &n);
		CHECK(decibels(band_power(copy, N_SAMPLES, 4200, 8000) /
					   band_power(copy, N_SAMPLES, 500, 3000)) < -40);
		/* As loud as the band was, and not late. */
		CHECK_NEAR(decibels(band_power(copy, N_SAMPLES, 500, 3000) /
							band_power(utterance, N_SAMPLES, 500, 3000)),
				   0, codec == EMO_RPE ? 3 : 0.3);
	}

	way = none, way.low_pass = true;
	copy = degraded(env, &way, 1, utterance, N_SAMPLES, &n);
	CHECK(decibels(band_power(copy, N_SAMPLES, 3300, 8000) /
				   band_power(utterance, N_SAMPLES, 3300, 8000)) < -40);

	way = none, way.room = true;
	copy = degraded(env, &way, 1, utterance, N_SAMPLES, &n);
	CHECK_NEAR(decibels(energy(copy, 0, n) / energy(utterance, 0, n)), 0, 2);
	/* The tail fills the pause at 0.3 to 0.4 s. */
	CHECK(energy(copy, 5000, 6000) > 10 * energy(utterance, 5000, 6000));
}

/* Options move what the conditions have, and nothing else. */
static void
test_conditions(EmoEnv *env)
{
	EmoDegradeOptions options, others;

	(void) env;
	emo_default_options(&emo_degrade_options, &options);
	others = options;
	CHECK(emo_same_degradations(&options, &others));
	others.snr_db = 3;
	others.rt60 = 1.5;
	CHECK(!emo_same_degradations(&options, &others));
	others = options;
	others.telephone = EMO_RPE;
	CHECK(!emo_same_degradations(&options, &others));
	others.snr_db = 3;
	others.rt60 = 1.5;
	for (int number = 0; number < EMO_MAX_DEGRADED_COPIES; number++)
	{
		EmoDegradation usual = emo_degradation(&options, number);
		EmoDegradation moved = emo_degradation(&others, number);

		CHECK(usual.room + usual.noise + usual.clipping + usual.telephone + usual.low_pass +
				  usual.cut >
			  0);
		CHECK(moved.snr_db == usual.snr_db + 3);
		CHECK(moved.response.rt60_s == 1.5 * usual.response.rt60_s);
		CHECK(usual.telephone_codec == EMO_A_LAW && moved.telephone_codec == EMO_RPE);
		CHECK(moved.telephone == usual.telephone && moved.codec_step == usual.codec_step);
	}
}

/* All ways at once, on recordings that are short, silent or loud. */
static void
test_extremes(EmoEnv *env)
{
	static const double amplitudes[] = {0, 1e-38, 1, 2147483648.0};
	static const int64_t lengths[] = {1, 2, 100, 3000};

	for (int kind = 0; kind < EMO_N_NOISES; kind++)
		for (int codec = 0; codec < EMO_N_TELEPHONE_CODECS; codec++)
			for (int i = 0; i < 16; i++)
			{
				const float *samples = make_noise(env, lengths[i / 4], amplitudes[i % 4]);
				EmoDegradation way = usual();
				int64_t n;
				const float *copy;
				int n_bad = 0;

				way.room = way.noise = way.clipping = way.telephone = way.low_pass = way.codec =
					true;
				way.noise_kind = (EmoNoise) kind;
				way.telephone_codec = (EmoTelephoneCodec) codec;
				copy = degraded(env, &way, 5, samples, lengths[i / 4], &n);
				CHECK(n == lengths[i / 4]);
				for (int64_t k = 0; k < n; k++)
					n_bad += !isfinite(copy[k]) || (amplitudes[i % 4] == 0 && copy[k] != 0);
				CHECK(n_bad == 0);
			}
}

static void
test_seeds(EmoEnv *env)
{
	const float *utterance = make_utterance(env, N_SAMPLES);
	EmoDegradation way = usual();
	int64_t n;

	way.room = way.noise = way.codec = true;
	CHECK(memcmp(degraded(env, &way, 1, utterance, N_SAMPLES, &n),
				 degraded(env, &way, 1, utterance, N_SAMPLES, &n), N_SAMPLES * sizeof(float)) == 0);
	CHECK(memcmp(degraded(env, &way, 1, utterance, N_SAMPLES, &n),
				 degraded(env, &way, 2, utterance, N_SAMPLES, &n), N_SAMPLES * sizeof(float)) != 0);
}

static bool
stop_at_once(void *host)
{
	(void) host;
	return true;
}

static void
test_cancel(EmoEnv *env)
{
	const float *utterance = make_utterance(env, N_SAMPLES);
	EmoDegradation way = usual();
	EmoRandom random;
	float *copy;
	int64_t n;

	way.room = true;
	emo_random_seed(&random, 1);
	env->should_stop = stop_at_once;
	CHECK(emo_degrade(env, &way, &random, SIGNAL_RATE, utterance, N_SAMPLES, &copy, &n) ==
		  EMO_CANCELED);
}

/* Each allocation fails in turn. */
static void
test_out_of_memory(EmoEnv *env)
{
	const float *utterance = make_utterance(env, 2000);
	EmoStatus status = EMO_OUT_OF_MEMORY;
	EmoDegradation way = usual();

	way.room = way.noise = way.telephone = way.codec = true;
	for (long left = 0; status == EMO_OUT_OF_MEMORY && left < 1000; left++)
	{
		UnitHost host = {NULL, left};
		EmoEnv poor = unit_env(&host);
		EmoRandom random;
		float *copy;
		int64_t n;

		emo_random_seed(&random, 1);
		status = emo_degrade(&poor, &way, &random, SIGNAL_RATE, utterance, 2000, &copy, &n);
		CHECK(status == EMO_OUT_OF_MEMORY || (status == EMO_OK && left > 0));
		unit_env_end(&host);
	}
	CHECK(status == EMO_OK);
}

int
main(void)
{
	srand(1);
	RUN(test_ways);
	RUN(test_conditions);
	RUN(test_extremes);
	RUN(test_seeds);
	RUN(test_cancel);
	RUN(test_out_of_memory);
	return unit_finish();
}
