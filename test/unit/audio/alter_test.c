/*
 * alter_test.c
 *	  Altered recordings: what changes, by how much, and what stays.
 */
#include "unit.h"

#include "core/audio/alter.h"
#include "core/dsp/pitch.h"
#include "signals.h"

#define N 20000

/* A copy of N samples, which keep their number but for "speed". */
static float *
altered(EmoEnv *env, EmoAugmentMethod method, double amount, uint64_t seed, const float *samples)
{
	float *copy = NULL;
	int64_t n_copy = 0;

	CHECK(emo_augment_audio(env, method, amount, seed, SIGNAL_RATE, samples, N, &copy, &n_copy) ==
		  EMO_OK);
	CHECK(n_copy == (method == EMO_AUGMENT_SPEED ? llrint(N / amount) : N));
	return copy;
}

/* Median F0 of the frames away from the ends. */
static double
median_f0_hz(EmoEnv *env, const float *samples, int64_t n_samples)
{
	int n_frames = (int) emo_pitch_frame_count(n_samples), n = n_frames - 20;
	float *f0_hz = emo_alloc(env, n_frames, sizeof(float));
	float *strength = emo_alloc(env, n_frames, sizeof(float));
	EmoPitchParams params_of_pitch = emo_pitch_default_params();
	EmoPitch *pitch;

	CHECK(emo_pitch_create(env, &params_of_pitch, &pitch) == EMO_OK);
	CHECK(emo_pitch_track(env, pitch, samples, n_samples, f0_hz, strength) == EMO_OK);
	emo_pitch_destroy(pitch);
	for (int i = 0; i < n; i++)
		for (int j = i; j > 0 && f0_hz[10 + j - 1] > f0_hz[10 + j]; j--)
		{
			float kept = f0_hz[10 + j];

			f0_hz[10 + j] = f0_hz[10 + j - 1];
			f0_hz[10 + j - 1] = kept;
		}
	return f0_hz[10 + n / 2];
}

/* Amplitude at a frequency, in the middle, under a Hann window. */
static double
amplitude_at(const float *samples, double frequency_hz)
{
	const int first = 4000, n = N - 8000;
	double re = 0, im = 0;

	for (int i = 0; i < n; i++)
	{
		double phase = 2 * M_PI * frequency_hz * i / SIGNAL_RATE;
		double weight = 0.5 - 0.5 * cos(2 * M_PI * i / n);

		re += weight * samples[first + i] * cos(phase);
		im += weight * samples[first + i] * sin(phase);
	}
	return 4 * sqrt(re * re + im * im) / n;
}

/* Level in dB of a formant at centre_hz with a bandwidth of 200 Hz over 40 dB of floor. */
static double
formant_db(double hz, double centre_hz)
{
	return 10 * log10(1 / (1 + pow((hz - centre_hz) / 200, 2)) + 1e-4);
}

/* A voice of f0_hz with two formants, at 700 and 1800 Hz times a factor. */
static double
voice_amplitude(double hz, double formant_factor)
{
	return 0.1 * pow(10, fmax(formant_db(hz, 700 * formant_factor),
							  formant_db(hz, 1800 * formant_factor) - 6) /
							 20);
}

static float *
make_voice(EmoEnv *env, double f0_hz)
{
	float *samples = emo_alloc_zero(env, N, sizeof(float));

	for (int k = 1; k * f0_hz < 7500; k++)
	{
		double amplitude = voice_amplitude(k * f0_hz, 1);

		for (int i = 0; i < N; i++)
			samples[i] += (float) (amplitude * cos(2 * M_PI * k * f0_hz * i / SIGNAL_RATE + k * k));
	}
	return samples;
}

static void
test_sine_pitch(EmoEnv *env)
{
	for (int semitones = -12; semitones <= 12; semitones += 4)
	{
		const float *copy =
			altered(env, EMO_AUGMENT_PITCH, semitones, 0, make_sine(env, N, 220, 0.5));
		double f0_hz = 220 * pow(2, semitones / 12.0);

		CHECK_NEAR(median_f0_hz(env, copy, N) / f0_hz, 1, 0.01);
	}
}

/* F0 goes up, and harmonics have the levels that the formants give them at their new places. */
static void
check_pitch_keeps_formants(EmoEnv *env, double f0_hz, double semitones, double max_error_db)
{
	const float *copy = altered(env, EMO_AUGMENT_PITCH, semitones, 0, make_voice(env, f0_hz));
	double new_f0_hz = f0_hz * pow(2, semitones / 12), error_db = 0;
	int n_harmonics = (int) (2500 / new_f0_hz);

	CHECK_NEAR(median_f0_hz(env, copy, N) / new_f0_hz, 1, 0.01);
	for (int k = 1; k <= n_harmonics; k++)
		error_db += fabs(20 * log10(amplitude_at(copy, k * new_f0_hz) /
									voice_amplitude(k * new_f0_hz, 1))) /
					n_harmonics;
	CHECK(error_db < max_error_db);
}

static void
test_pitch_keeps_formants(EmoEnv *env)
{
	/* If the formants went along, it would be 2.2, 2.4 and 3.7 dB. */
	check_pitch_keeps_formants(env, 110, 2, 1.0);
	check_pitch_keeps_formants(env, 200, -2, 1.0);
	check_pitch_keeps_formants(env, 110, 7, 1.7);
}

static void
test_vtlp(EmoEnv *env)
{
	double f0_hz = 130, error_db = 0;

	for (double factor = 0.85; factor < 1.2; factor += 0.15)
	{
		const float *copy = altered(env, EMO_AUGMENT_VTLP, factor, 0, make_voice(env, f0_hz));
		int n_harmonics = (int) (2500 / f0_hz);

		CHECK_NEAR(median_f0_hz(env, copy, N) / f0_hz, 1, 0.002);
		error_db = 0;
		for (int k = 1; k <= n_harmonics; k++)
			error_db += fabs(20 * log10(amplitude_at(copy, k * f0_hz) /
										voice_amplitude(k * f0_hz, factor))) /
						n_harmonics;
		/* 2.6 dB if nothing were done. */
		CHECK(error_db < 1.4);
	}
}

static void
test_speed(EmoEnv *env)
{
	const float *samples = make_sine(env, N, 200, 0.5);

	for (double factor = 0.5; factor <= 2; factor += 0.25)
	{
		const float *copy = altered(env, EMO_AUGMENT_SPEED, factor, 0, samples);

		CHECK_NEAR(median_f0_hz(env, copy, llrint(N / factor)) / (200 * factor), 1, 0.002);
	}
}

static void
test_noise(EmoEnv *env)
{
	const float *samples = make_sine(env, N, 200, 0.3);

	for (int snr_db = 10; snr_db <= 60; snr_db += 25)
	{
		const float *copy = altered(env, EMO_AUGMENT_NOISE, snr_db, 1, samples);
		double signal = 0, noise = 0;

		for (int i = 0; i < N; i++)
		{
			signal += pow(samples[i], 2);
			noise += pow(copy[i] - samples[i], 2);
		}
		CHECK_NEAR(10 * log10(signal / noise), snr_db, 0.1);
	}
}

/* The ratio is kept when the sum has to be scaled down. */
static void
test_loud_noise(EmoEnv *env)
{
	const float *samples = make_sine(env, N, 200, 0.9);
	const float *copy = altered(env, EMO_AUGMENT_NOISE, 0, 1, samples);
	double peak = 0, power = 0, sine = amplitude_at(copy, 200);

	for (int i = 0; i < N; i++)
	{
		peak = fmax(peak, fabs(copy[i]));
		power += copy[i] * copy[i] / (double) N;
	}
	CHECK_NEAR(peak, 1, 1e-6);
	CHECK_NEAR(10 * log10(sine * sine / 2 / (power - sine * sine / 2)), 0, 0.2);
}

static void
test_shift(EmoEnv *env)
{
	const float *samples = make_noise(env, N, 0.5);

	for (double shift_s = -3; shift_s <= 3; shift_s += 0.75)
	{
		const float *copy = altered(env, EMO_AUGMENT_SHIFT, shift_s, 0, samples);
		int64_t shift = llrint(shift_s * SIGNAL_RATE), n_wrong = 0;

		for (int64_t i = 0; i < N; i++)
			n_wrong += copy[((i + shift) % N + N) % N] != samples[i];
		CHECK(n_wrong == 0);
	}
}

static void
test_mask_time(EmoEnv *env)
{
	const float *samples = make_noise(env, N, 0.5);
	int n_most = 0;

	for (uint64_t seed = 0; seed < 15; seed++)
	{
		const float *copy = altered(env, EMO_AUGMENT_MASK_TIME, 0.1, seed, samples);
		int n_masked = 0;

		for (int i = 0; i < N; i++)
			n_masked += copy[i] != samples[i];
		CHECK(n_masked <= 2 * SIGNAL_RATE / 10);
		n_most = n_masked > n_most ? n_masked : n_most;
	}
	CHECK(n_most > SIGNAL_RATE / 10);
}

static void
test_mask_frequency(EmoEnv *env)
{
	int n_masked = 0, n_kept = 0;
	float *samples = emo_alloc_zero(env, N, sizeof(float)), *copy;

	for (int k = 1; k <= 15; k++)
		for (int i = 0; i < N; i++)
			samples[i] += (float) (0.05 * sin(2 * M_PI * 500 * k * i / SIGNAL_RATE));
	for (uint64_t seed = 0; seed < 10; seed++)
	{
		copy = altered(env, EMO_AUGMENT_MASK_FREQUENCY, 0.5, seed, samples);
		for (int k = 1; k <= 15; k++)
		{
			double amplitude = amplitude_at(copy, 500 * k);

			n_masked += amplitude < 0.001;
			n_kept += fabs(amplitude - 0.05) < 0.0005;
		}
	}
	/* Tones at an edge of the band are neither. */
	CHECK(n_masked > 10 && n_kept > 60 && n_masked + n_kept > 130);
}

static void
test_equalise(EmoEnv *env)
{
	const float *samples = make_sine(env, N, 1000, 0.1);
	double largest_db = 0;

	for (uint64_t seed = 0; seed < 10; seed++)
	{
		const float *copy = altered(env, EMO_AUGMENT_EQUALISE, 6, seed, samples);
		double gain_db = 20 * log10(amplitude_at(copy, 1000) / 0.1);

		CHECK(fabs(gain_db) <= 6.01);
		largest_db = fmax(largest_db, fabs(gain_db));
	}
	CHECK(largest_db > 2);
}

/* Amounts that change nothing give the recording back. */
static void
test_neutral(EmoEnv *env)
{
	static const struct
	{
		EmoAugmentMethod method;
		double amount;
	} neutral[] = {{EMO_AUGMENT_SPEED, 1},   {EMO_AUGMENT_PITCH, 0},
				   {EMO_AUGMENT_VTLP, 1},    {EMO_AUGMENT_EQUALISE, 0},
				   {EMO_AUGMENT_SHIFT, 0},   {EMO_AUGMENT_MASK_TIME, 0},
				   {EMO_AUGMENT_NOISE, 100}, {EMO_AUGMENT_MASK_FREQUENCY, 0}};
	const float *samples = make_utterance(env, N);

	for (size_t i = 0; i < sizeof(neutral) / sizeof(neutral[0]); i++)
	{
		const float *copy = altered(env, neutral[i].method, neutral[i].amount, 3, samples);
		double difference = 0;

		for (int j = 0; j < N; j++)
			difference = fmax(difference, fabs(copy[j] - samples[j]));
		CHECK(difference < 1e-5);
	}
}

static void
test_determinism(EmoEnv *env)
{
	const float *samples = make_utterance(env, N);

	for (int method = 0; method < EMO_AUGMENT_N_METHODS; method++)
	{
		double amount = emo_augment_amounts[method].usual;
		size_t n_bytes = (method == EMO_AUGMENT_SPEED ? llrint(N / amount) : N) * sizeof(float);
		const float *a = altered(env, method, amount, 5, samples);
		const float *b = altered(env, method, amount, 5, samples);
		const float *c = altered(env, method, amount, 6, samples);
		bool is_random = method == EMO_AUGMENT_NOISE || method == EMO_AUGMENT_EQUALISE ||
						 method == EMO_AUGMENT_MASK_TIME || method == EMO_AUGMENT_MASK_FREQUENCY;

		CHECK(memcmp(a, b, n_bytes) == 0);
		CHECK((memcmp(a, c, n_bytes) != 0) == is_random);
		CHECK(memcmp(a, samples, n_bytes) != 0);
	}
}

/* Any length, rate, and silence. */
static void
test_odd_recordings(EmoEnv *env)
{
	static const int rates[] = {1000, 11025, 16000, 44100, 768000};

	for (int method = 0; method < EMO_AUGMENT_N_METHODS; method++)
		for (int i = 0; i < 20; i++)
		{
			const EmoAugmentAmount *amount = &emo_augment_amounts[method];
			int64_t n_samples = 1 + i * i * i, n_copy, n_bad = 0;
			double value = i % 2 == 0 ? amount->least : amount->most;
			float *copy, *samples = make_noise(env, n_samples, i % 3 == 0 ? 0 : 1);

			CHECK(emo_augment_audio(env, method, value, i, rates[i % 5], samples, n_samples, &copy,
									&n_copy) == EMO_OK);
			for (int64_t j = 0; j < n_copy; j++)
				n_bad += !(fabsf(copy[j]) <= 1);
			CHECK(n_bad == 0);
		}
}

static void
test_refusals(EmoEnv *env)
{
	float *copy, sample = 0;
	int64_t n_copy;

	for (int method = 0; method < EMO_AUGMENT_N_METHODS; method++)
	{
		const EmoAugmentAmount *amount = &emo_augment_amounts[method];
		double bad[] = {amount->least - 1e-6, amount->most + 1e-6, NAN, INFINITY, -INFINITY};

		for (int i = 0; i < 5; i++)
			CHECK(emo_augment_audio(env, method, bad[i], 0, SIGNAL_RATE, &sample, 1, &copy,
									&n_copy) == EMO_INVALID_PARAMETER);
	}
}

int
main(void)
{
	srand(1);
	RUN(test_sine_pitch);
	RUN(test_pitch_keeps_formants);
	RUN(test_vtlp);
	RUN(test_speed);
	RUN(test_noise);
	RUN(test_loud_noise);
	RUN(test_shift);
	RUN(test_mask_time);
	RUN(test_mask_frequency);
	RUN(test_equalise);
	RUN(test_neutral);
	RUN(test_determinism);
	RUN(test_odd_recordings);
	RUN(test_refusals);
	return unit_finish();
}
