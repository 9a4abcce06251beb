/*
 * degrade_test.c
 *	  Degraded copies: each kind does what it says, by as much as it says, and nothing else.
 */
#include "unit.h"

#include "core/audio/band.h"
#include "core/audio/coarse_spectrum.h"
#include "core/audio/degrade.h"
#include "core/dsp/convolve.h"
#include "signals.h"

#define N_SAMPLES 16000

static double
energy(const float *samples, int64_t first, int64_t end)
{
	double sum = 0;

	for (int64_t i = first; i < end; i++)
		sum += (double) samples[i] * samples[i];
	return sum;
}

static double
decibels(double power)
{
	return 10 * log10(power);
}

/* Power at a frequency, by the definition. */
static double
power_at(const float *samples, int n, double hz, double rate)
{
	double real = 0, imaginary = 0;

	for (int i = 0; i < n; i++)
	{
		double window = 0.5 - 0.5 * cos(2 * M_PI * i / n);

		real += window * samples[i] * cos(2 * M_PI * hz * i / rate);
		imaginary += window * samples[i] * sin(2 * M_PI * hz * i / rate);
	}
	return real * real + imaginary * imaginary;
}

/* Mean power between two frequencies. */
static double
band_power(const float *samples, int n, double low_hz, double high_hz)
{
	double sum = 0;

	for (int i = 0; i < 12; i++)
		sum += power_at(samples, n, low_hz + (high_hz - low_hz) * (i + 0.5) / 12, SIGNAL_RATE);
	return sum / 12;
}

static void
test_transform(EmoEnv *env)
{
	for (int size = 2; size <= 64; size *= 2)
	{
		float *real = make_noise(env, size, 1), *imaginary = make_noise(env, size, 1);
		float before[2][64];
		double error = 0;
		EmoTransform transform;

		memcpy(before[0], real, size * sizeof(float));
		memcpy(before[1], imaginary, size * sizeof(float));
		CHECK(emo_transform_create(env, size, &transform) == EMO_OK);
		emo_transform_run(&transform, real, imaginary);
		for (int k = 0; k < size; k++)
		{
			double sum[2] = {0, 0};

			for (int i = 0; i < size; i++)
			{
				double c = cos(2 * M_PI * i * k / size), s = -sin(2 * M_PI * i * k / size);

				sum[0] += before[0][i] * c - before[1][i] * s;
				sum[1] += before[0][i] * s + before[1][i] * c;
			}
			error = fmax(error, fabs(real[k] - sum[0]) + fabs(imaginary[k] - sum[1]));
		}
		CHECK(error < 1e-5 * size);
		emo_transform_run(&transform, imaginary, real);
		for (int i = 0; i < size; i++)
			CHECK_NEAR(real[i] / (float) size, before[0][i], 1e-5);
		emo_transform_destroy(env, &transform);
	}
}

static void
test_convolution(EmoEnv *env)
{
	static const int lengths[][3] = {/* samples, response, delay */
									 {1, 1, 0},      {1, 300, 299},   {700, 1, 0},     {5000, 7, 3},
									 {3000, 400, 0}, {100, 900, 450}, {4096, 257, 128}};

	for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++)
	{
		int n = lengths[l][0], m = lengths[l][1], delay = lengths[l][2];
		float *samples = make_noise(env, n, 1), *response = make_noise(env, m, 1);
		float *filtered = emo_alloc(env, n, sizeof(float));
		double error = 0;

		CHECK(emo_convolve(env, samples, n, response, m, delay, filtered) == EMO_OK);
		for (int i = 0; i < n; i++)
		{
			double sum = 0;

			for (int j = 0; j < m; j++)
				if (i + delay - j >= 0 && i + delay - j < n)
					sum += (double) response[j] * samples[i + delay - j];
			error = fmax(error, fabs(filtered[i] - sum));
		}
		CHECK(error < 1e-4);
		/* In place. */
		CHECK(emo_convolve(env, samples, n, response, m, delay, samples) == EMO_OK);
		CHECK(memcmp(samples, filtered, n * sizeof(float)) == 0);
	}
}

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
		CHECK(measured_rt60(high, n) < 0.8 * rt60_s[i] || i == 0);
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
	for (int number = 0; number < EMO_MAX_DEGRADED_COPIES; number++)
	{
		EmoDegradation usual = emo_degradation(&options, number);
		EmoDegradation moved = emo_degradation(&others, number);

		CHECK(usual.room + usual.noise + usual.clipping + usual.telephone + usual.low_pass +
				  usual.cut >
			  0);
		CHECK(moved.snr_db == usual.snr_db + 3);
		CHECK(moved.response.rt60_s == 1.5 * usual.response.rt60_s);
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
	RUN(test_transform);
	RUN(test_convolution);
	RUN(test_room);
	RUN(test_band);
	RUN(test_noises);
	RUN(test_companding);
	RUN(test_residual_codec);
	RUN(test_coarse_spectrum);
	RUN(test_ways);
	RUN(test_conditions);
	RUN(test_extremes);
	RUN(test_seeds);
	RUN(test_cancel);
	RUN(test_out_of_memory);
	return unit_finish();
}
