/*
 * speed_test.c
 *	  Speed changes of sines: frequency, level, and what else is in the result.
 */
#include "unit.h"

#include "core/audio/speed.h"
#include "signals.h"

/* The amplitude of a frequency in the middle of a recording, and the RMS of all else. */
static void
analyse(const float *samples, int64_t n_samples, double frequency_hz, double *amplitude,
		double *other_rms)
{
	const int64_t first = 500, n = n_samples - 1000;
	double re = 0, im = 0, weights = 0, square = 0;

	for (int64_t i = 0; i < n; i++)
	{
		double phase = 2 * M_PI * frequency_hz * (double) i / SIGNAL_RATE;
		double weight = 0.5 - 0.5 * cos(2 * M_PI * (double) i / (double) n);

		re += weight * samples[first + i] * cos(phase);
		im += weight * samples[first + i] * sin(phase);
		weights += weight;
	}
	re *= 2 / weights;
	im *= 2 / weights;
	for (int64_t i = 0; i < n; i++)
	{
		double phase = 2 * M_PI * frequency_hz * (double) i / SIGNAL_RATE;

		square += pow(samples[first + i] - re * cos(phase) - im * sin(phase), 2) / (double) n;
	}
	*amplitude = sqrt(re * re + im * im);
	*other_rms = sqrt(square);
}

static void
check_sine(EmoEnv *env, int n_input, int n_output, double frequency_hz)
{
	const int64_t n = 16000;
	double lower_hz = 8000 * fmin(1, (double) n_output / n_input), amplitude, other;
	float *copy;
	int64_t n_copy;

	CHECK(emo_change_speed(env, n_input, n_output, make_sine(env, n, frequency_hz, 1), n, &copy,
						   &n_copy) == EMO_OK);
	CHECK(n_copy == n * n_output / n_input);
	analyse(copy, n_copy, frequency_hz * n_input / n_output, &amplitude, &other);
	if (frequency_hz <= 0.8 * lower_hz)
		CHECK_NEAR(20 * log10(amplitude), 0, 0.1);
	/* -70 dB */
	if (frequency_hz < lower_hz)
		CHECK(other < 3e-4);
	else
		CHECK(amplitude < 3e-4 && other < 3e-4);
}

static void
test_sines(EmoEnv *env)
{
	for (double frequency_hz = 200; frequency_hz < 8000; frequency_hz += 371)
	{
		check_sine(env, 20, 19, frequency_hz);
		check_sine(env, 19, 20, frequency_hz);
		check_sine(env, 1, 1, frequency_hz);
	}
}

/* Samples of the result lie where they should, from the first on: the phase is kept. */
static void
test_alignment(EmoEnv *env)
{
	const int n = 3000;
	const float *samples = make_sine(env, n, 300, 1);
	float *copy;
	int64_t n_copy;

	CHECK(emo_change_speed(env, 20, 19, samples, n, &copy, &n_copy) == EMO_OK);
	for (int64_t m = 100; m < n_copy - 100; m++)
		CHECK_NEAR(copy[m], sin(2 * M_PI * 300 * (double) m * 20 / 19 / SIGNAL_RATE + 0.3), 1e-3);
}

static void
test_short(EmoEnv *env)
{
	for (int n = 1; n < 700; n += 29)
	{
		const float *samples = make_noise(env, n, 1);
		float *copy;
		int64_t n_copy;

		CHECK(emo_change_speed(env, 20, 19, samples, n, &copy, &n_copy) == EMO_OK);
		CHECK(n_copy == (n > 1 ? n * 19 / 20 : 1));
		for (int64_t i = 0; i < n_copy; i++)
			CHECK(isfinite(copy[i]));
	}
}

int
main(void)
{
	srand(1);
	RUN(test_sines);
	RUN(test_alignment);
	RUN(test_short);
	return unit_finish();
}
