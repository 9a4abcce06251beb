/*
 * voice_test.c
 *	  Formants, harmonics, jitter and shimmer of voices that are made with known ones.
 */
#include "unit.h"

#include "core/dsp/contours.h"
#include "signals.h"

#define N_SAMPLES (2 * SIGNAL_RATE)

/* Of a voice that has left the lips, per octave. */
#define SPOKEN_TILT_DB 6

/* Means over voiced frames, of two seconds. */
typedef struct Measured
{
	double mean[EMO_N_VOICE_CONTOURS];
	EmoPeriods periods;
	int64_t n_voiced;
	float log_gain;
} Measured;

static Measured
measure(EmoEnv *env, const float *samples)
{
	Measured measured = {{0}, {0}, 0, 0};
	EmoContourPlan *plan;
	EmoContours contours;

	CHECK(emo_contour_plan_create(env, &plan) == EMO_OK);
	CHECK(emo_contours(env, plan, samples, N_SAMPLES, NULL, &contours) == EMO_OK);
	for (int64_t t = 0; t < contours.n_frames; t++)
	{
		measured.n_voiced += contours.voiced[t];
		for (int i = 0; i < EMO_N_VOICE_CONTOURS; i++)
			measured.mean[i] += contours.voice[t * EMO_N_VOICE_CONTOURS + i];
	}
	for (int i = 0; i < EMO_N_VOICE_CONTOURS; i++)
		measured.mean[i] /= (double) measured.n_voiced;
	measured.periods = contours.periods;
	measured.log_gain = contours.log_gain;
	CHECK(measured.n_voiced > contours.n_frames * 9 / 10);
	emo_free_contours(env, &contours);
	emo_contour_plan_destroy(plan);
	return measured;
}

/* Harmonics of f0_hz below 7 kHz whose amplitudes fall by tilt_db per octave. */
static float *
make_source(EmoEnv *env, double f0_hz, double tilt_db)
{
	float *samples = emo_alloc_zero(env, N_SAMPLES, sizeof(float));

	for (int k = 1; k * f0_hz < 7000; k++)
		for (int64_t i = 0; i < N_SAMPLES; i++)
			samples[i] += (float) (0.1 * pow(10, -tilt_db * log2(k) / 20) *
								   cos(2 * M_PI * k * f0_hz * (double) i / SIGNAL_RATE));
	return samples;
}

/* In place: a resonance of a vocal tract, of two poles. */
static void
resonate(float *samples, double hz, double bandwidth_hz)
{
	double radius = exp(-M_PI * bandwidth_hz / SIGNAL_RATE);
	double a = 2 * radius * cos(2 * M_PI * hz / SIGNAL_RATE), b = -radius * radius;
	double before = 0, before_2 = 0;

	for (int64_t i = 0; i < N_SAMPLES; i++)
	{
		double y = (1 - a - b) * samples[i] + a * before + b * before_2;

		before_2 = before;
		before = y;
		samples[i] = (float) y;
	}
}

static void
check_formants(EmoEnv *env, double f0_hz, const double hz[EMO_N_FORMANTS])
{
	static const double width_hz[EMO_N_FORMANTS] = {90, 110, 150};
	float *samples = make_source(env, f0_hz, SPOKEN_TILT_DB);
	Measured measured;

	for (int i = 0; i < EMO_N_FORMANTS; i++)
		resonate(samples, hz[i], width_hz[i]);
	resonate(samples, 3700, 200);
	resonate(samples, 4600, 250);
	measured = measure(env, samples);
	for (int i = 0; i < EMO_N_FORMANTS; i++)
	{
		double khz = measured.mean[EMO_FORMANT_1 + i];
		double width = 1000 * exp(measured.mean[EMO_BANDWIDTH_1 + i]);

		/* A harmonic is never further away than half of F0, and a formant lies between two. */
		CHECK_NEAR(1000 * khz, hz[i], 0.4 * f0_hz);
		CHECK(width > width_hz[i] / 3 && width < 3 * width_hz[i]);
	}
}

static void
test_formants(EmoEnv *env)
{
	static const double vowels[][EMO_N_FORMANTS] = {
		{700, 1220, 2600}, {300, 2300, 3000}, {350, 800, 2500}, {500, 1500, 2500}};

	for (int i = 0; i < 4; i++)
	{
		check_formants(env, 110, vowels[i]);
		check_formants(env, 190, vowels[i]);
	}
}

/* Harmonics of known amplitudes: H1 - H2 is what the tilt makes of an octave. */
static void
test_harmonics(EmoEnv *env)
{
	for (double tilt = 0; tilt <= 18; tilt += 6)
	{
		Measured measured = measure(env, make_source(env, 200, tilt));

		CHECK_NEAR(measured.mean[EMO_FIRST_TO_SECOND], tilt, 0.5);
		/* The tenth, of 2 kHz, is the strongest of those that the third formant lifts. */
		CHECK_NEAR(measured.mean[EMO_FIRST_TO_THIRD_FORMANT], tilt * log2(10), 1);
	}
}

/* A voice in noise whose power below 4 kHz, where periods are looked for, is snr_db below it. */
static void
test_harmonicity(EmoEnv *env)
{
	double cepstral_peak_before = INFINITY;

	for (double snr_db = 20; snr_db >= 5; snr_db -= 5)
	{
		float *voice = make_source(env, 150, 6), *noise = make_noise(env, N_SAMPLES, 1);
		double of_voice = 0, of_noise = 0, gain;
		Measured measured;

		for (int64_t i = 0; i < N_SAMPLES; i++)
		{
			of_voice += voice[i] * voice[i];
			of_noise += noise[i] * noise[i] / 2;
		}
		gain = sqrt(of_voice / of_noise) * pow(10, -snr_db / 20);
		for (int64_t i = 0; i < N_SAMPLES; i++)
			voice[i] += (float) gain * noise[i];
		measured = measure(env, voice);
		CHECK_NEAR(measured.mean[EMO_HARMONICITY], snr_db, 2);
		CHECK(measured.mean[EMO_CEPSTRAL_PEAK] < cepstral_peak_before - 0.2);
		cepstral_peak_before = measured.mean[EMO_CEPSTRAL_PEAK];
	}
}

/* Deviations that pulses have, and what is measured of neighbours. */
typedef struct Pulses
{
	double period, jitter, shimmer, sign;
	double length_difference, height_difference; /* relative, mean over neighbours */
} Pulses;

static double
random_within(double amplitude)
{
	return amplitude * (2.0 * rand() / RAND_MAX - 1);
}

/* A pulse that may lie between samples, and has nothing above 2 kHz. */
static void
add_pulse(float *samples, double at, double height)
{
	const int reach = 40;

	for (int64_t i = (int64_t) at - reach; i <= (int64_t) at + reach; i++)
	{
		double d = M_PI * ((double) i - at) / 4, t = ((double) i - at) / reach;

		if (fabs(t) < 1)
			samples[i] += (float) (height * (d == 0 ? 1 : sin(d) / d) * (1 + cos(M_PI * t)) / 2);
	}
}

/* At random, as alternating periods would be a voice of half the F0 without jitter. */
static float *
make_pulses(EmoEnv *env, Pulses *pulses)
{
	float *samples = emo_alloc_zero(env, N_SAMPLES, sizeof(float));
	double at = 100.3, length_before = 0, height_before = 0;
	int n = 0;

	while (at < N_SAMPLES - 250)
	{
		double length = pulses->period * (1 + random_within(pulses->jitter));
		double height = 0.3 * (1 + random_within(pulses->shimmer));

		add_pulse(samples, at, pulses->sign * height);
		at += length;
		if (n++ > 0)
		{
			pulses->length_difference +=
				fabs(length - length_before) / (0.5 * (length + length_before));
			pulses->height_difference +=
				fabs(height - height_before) / (0.5 * (height + height_before));
		}
		length_before = length;
		height_before = height;
	}
	pulses->length_difference /= n - 1;
	pulses->height_difference /= n - 1;
	return samples;
}

static void
test_periods(EmoEnv *env)
{
	static const Pulses cases[] = {{100, 0, 0, 1, 0, 0},         {133.3, 0.02, 0, 1, 0, 0},
								   {80.7, 0.02, 0, -1, 0, 0},    {100, 0, 0.1, 1, 0, 0},
								   {71.1, 0.015, 0.1, -1, 0, 0}, {150, 0.01, 0.04, 1, 0, 0}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		Pulses pulses = cases[i];
		EmoPeriods periods = measure(env, make_pulses(env, &pulses)).periods;

		CHECK((double) periods.n > 0.85 * N_SAMPLES / pulses.period);
		CHECK_NEAR(periods.jitter, pulses.length_difference, 0.002);
		CHECK_NEAR(periods.shimmer, pulses.height_difference, 0.006);
	}
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
	Pulses pulses = {100, 0, 0, 1, 0, 0};
	const float *samples = make_pulses(env, &pulses);
	float f0_hz[200];
	bool voiced[200];
	EmoPeriods periods;

	for (int t = 0; t < 200; t++)
	{
		f0_hz[t] = 160;
		voiced[t] = true;
	}
	CHECK(emo_measure_periods(env, samples, N_SAMPLES, f0_hz, voiced, 190, &periods) == EMO_OK);
	CHECK(periods.n > 250);
	env->should_stop = stop_at_once;
	CHECK(emo_measure_periods(env, samples, N_SAMPLES, f0_hz, voiced, 190, &periods) ==
		  EMO_CANCELED);
}

int
main(void)
{
	srand(1);
	RUN(test_formants);
	RUN(test_harmonics);
	RUN(test_harmonicity);
	RUN(test_periods);
	RUN(test_cancel);
	return unit_finish();
}
