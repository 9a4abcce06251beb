/*
 * pitch_test.c
 *	  F0 of signals whose F0 is known.
 */
#include "unit.h"

#include "core/dsp/pitch.h"
#include "signals.h"

#define N_SAMPLES 16000

typedef struct Track
{
	int64_t n_frames;
	float *f0_hz, *strength;
} Track;

static Track
track_with(EmoEnv *env, EmoPitchParams params, const float *samples, int64_t n_samples)
{
	Track result = {.n_frames = emo_pitch_frame_count(n_samples)};
	EmoPitch *pitch;

	result.f0_hz = emo_alloc(env, result.n_frames, sizeof(float));
	result.strength = emo_alloc(env, result.n_frames, sizeof(float));
	CHECK(emo_pitch_create(env, &params, &pitch) == EMO_OK);
	CHECK(emo_pitch_track(env, pitch, samples, n_samples, result.f0_hz, result.strength) == EMO_OK);
	emo_pitch_destroy(pitch);
	return result;
}

static Track
track(EmoEnv *env, const float *samples, int64_t n_samples)
{
	return track_with(env, emo_pitch_default_params(), samples, n_samples);
}

/* All frames but the few that reach past the ends. */
static void
check_steady_with(EmoEnv *env, EmoPitchParams params, const float *samples, double f0_hz,
				  double relative_tolerance)
{
	Track result = track_with(env, params, samples, N_SAMPLES);
	double worst = 0, weakest = 1;

	for (int64_t t = 3; t < result.n_frames - 3; t++)
	{
		worst = fmax(worst, fabs(result.f0_hz[t] / f0_hz - 1));
		weakest = fmin(weakest, result.strength[t]);
	}
	CHECK_NEAR(worst, 0, relative_tolerance);
	CHECK(weakest > 0.9);
}

static void
check_steady(EmoEnv *env, const float *samples, double f0_hz, double relative_tolerance)
{
	check_steady_with(env, emo_pitch_default_params(), samples, f0_hz, relative_tolerance);
}

static void
test_sines(EmoEnv *env)
{
	for (double f0_hz = 75; f0_hz < 590; f0_hz *= 1.09)
		check_steady(env, make_sine(env, N_SAMPLES, f0_hz, 0.3), f0_hz, 0.01);
}

/* Periods in between two samples are found too: no octave is lost. */
static void
test_harmonics(EmoEnv *env)
{
	for (double f0_hz = 75; f0_hz < 590; f0_hz *= 1.05)
		check_steady(env, make_harmonics(env, N_SAMPLES, f0_hz, 1), f0_hz, 0.005);
	/* The fundamental is missing, as over a telephone. */
	for (double f0_hz = 75; f0_hz < 250; f0_hz *= 1.21)
	{
		check_steady(env, make_harmonics(env, N_SAMPLES, f0_hz, 2), f0_hz, 0.005);
		check_steady(env, make_harmonics(env, N_SAMPLES, f0_hz, 3), f0_hz, 0.005);
	}
}

static void
check_hidden(EmoEnv *env, EmoPitchParams params, const float *samples)
{
	Track result = track_with(env, params, samples, N_SAMPLES);

	for (int64_t t = 3; t < result.n_frames - 3; t++)
		CHECK(result.f0_hz[t] == 0 && result.strength[t] > 0.9);
}

/* Another octave of an F0 outside of the range is not told, however well it would fit in. */
static void
test_outside(EmoEnv *env)
{
	EmoPitchParams standard = emo_pitch_default_params();
	EmoPitchParams high = emo_pitch_params(200, 900), low = emo_pitch_params(60, 250);

	for (double f0_hz = 620; f0_hz < 3800; f0_hz *= 1.05)
	{
		check_hidden(env, standard, make_sine(env, N_SAMPLES, f0_hz, 0.3));
		check_hidden(env, standard, make_harmonics(env, N_SAMPLES, f0_hz, 1));
	}
	for (double f0_hz = 70; f0_hz < 195; f0_hz *= 1.11)
		check_hidden(env, high, make_harmonics(env, N_SAMPLES, f0_hz, 1));
	for (double f0_hz = 260; f0_hz < 1500; f0_hz *= 1.11)
		check_hidden(env, low, make_harmonics(env, N_SAMPLES, f0_hz, 1));
}

static void
test_ranges(EmoEnv *env)
{
	EmoPitchParams widest = emo_pitch_params(EMO_PITCH_MIN_HZ, EMO_PITCH_MAX_HZ);

	for (double f0_hz = 55; f0_hz < 1490; f0_hz *= 1.07)
	{
		Track result = track_with(env, widest, make_harmonics(env, N_SAMPLES, f0_hz, 1), N_SAMPLES);

		/* The lowest have little more than two periods in a frame. */
		for (int64_t t = 3; t < result.n_frames - 3; t++)
			CHECK(fabs(result.f0_hz[t] / f0_hz - 1) < 0.01 && result.strength[t] > 0.75);
	}
	CHECK(emo_pitch_check_params(env, &widest) == EMO_OK);
	for (int i = 0; i < 6; i++)
	{
		static const double refused[6][2] = {{49.9, 600}, {60, 1500.1}, {200, 200},
											 {300, 200},  {NAN, 600},   {60, NAN}};
		EmoPitchParams params = emo_pitch_params(refused[i][0], refused[i][1]);

		CHECK(emo_pitch_check_params(env, &params) == EMO_INVALID_PARAMETER);
	}
	CHECK(strcmp(env->message, "value nan out of range for parameter \"fmax\"") == 0);
}

/* Features of trained models were made of these values, which have the octaves wrong above 500 Hz. */
static void
test_features_keep_their_pitch(EmoEnv *env)
{
	static const struct
	{
		double f0_hz;
		float f0_at_50, strength_at_50;
	} cases[] = {{75, 74.9728f, 1.000000f},   {180, 180.0607f, 0.992313f},
				 {333, 333.0897f, 0.999934f}, {480, 160.0000f, 1.000000f},
				 {560, 186.4976f, 0.996130f}, {700, 349.4139f, 0.995296f}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		Track result = track_with(env, emo_pitch_feature_params(),
								  make_harmonics(env, N_SAMPLES, cases[i].f0_hz, 1), N_SAMPLES);

		CHECK_NEAR(result.f0_hz[50], cases[i].f0_at_50, 1e-3);
		CHECK_NEAR(result.strength[50], cases[i].strength_at_50, 1e-5);
	}
}

/* With noise 20 dB below, no octave errors, though peaks at twice the period are as high. */
static void
test_octaves_in_noise(EmoEnv *env)
{
	for (double f0_hz = 90; f0_hz < 590; f0_hz *= 1.17)
	{
		float *samples = make_harmonics(env, N_SAMPLES, f0_hz, 1);
		const float *noise = make_noise(env, N_SAMPLES, 1);
		double square = 0;
		Track result;

		for (int i = 0; i < N_SAMPLES; i++)
			square += samples[i] * samples[i];
		for (int i = 0; i < N_SAMPLES; i++)
			samples[i] += (float) (sqrt(3 * 0.01 * square / N_SAMPLES) * noise[i]);
		result = track(env, samples, N_SAMPLES);
		for (int64_t t = 3; t < result.n_frames - 3; t++)
			CHECK_NEAR(result.f0_hz[t] / f0_hz, 1, 0.03);
	}
}

static void
test_glide(EmoEnv *env)
{
	float *samples = emo_alloc(env, N_SAMPLES, sizeof(float));
	double phase = 0;
	Track result;

	for (int i = 0; i < N_SAMPLES; i++)
	{
		samples[i] = (float) (0.3 * sin(phase) + 0.2 * sin(2 * phase) + 0.1 * sin(3 * phase));
		phase += 2 * M_PI * (100 + 100.0 * i / N_SAMPLES) / SIGNAL_RATE;
	}
	result = track(env, samples, N_SAMPLES);
	for (int64_t t = 3; t < result.n_frames - 3; t++)
		CHECK_NEAR(result.f0_hz[t],
				   100 + 100.0 * (double) (t * EMO_PITCH_HOP + EMO_PITCH_CENTER) / N_SAMPLES, 2);
}

static void
test_unvoiced(EmoEnv *env)
{
	Track result = track(env, make_noise(env, N_SAMPLES, 0.3), N_SAMPLES);
	int n_voiced = 0;

	for (int64_t t = 0; t < result.n_frames; t++)
		n_voiced += result.strength[t] > EMO_VOICING_THRESHOLD;
	CHECK(n_voiced * 20 < result.n_frames);

	result = track(env, emo_alloc_zero(env, N_SAMPLES, sizeof(float)), N_SAMPLES);
	for (int64_t t = 0; t < result.n_frames; t++)
		CHECK(result.strength[t] == 0 && isfinite(result.f0_hz[t]));
}

/* DC and hum below 47 Hz don't make a pitch, nor take one away. */
static void
test_rumble(EmoEnv *env)
{
	float *samples = make_harmonics(env, N_SAMPLES, 200, 1);
	const float *hum = make_sine(env, N_SAMPLES, 20, 0.1);

	for (int i = 0; i < N_SAMPLES; i++)
		samples[i] += 0.3f + hum[i];
	check_steady(env, samples, 200, 0.01);
}

static void
test_level(EmoEnv *env)
{
	float *samples = make_utterance(env, N_SAMPLES);
	Track loud = track(env, samples, N_SAMPLES), soft;

	for (int i = 0; i < N_SAMPLES; i++)
		samples[i] *= 0x1p-12f;
	soft = track(env, samples, N_SAMPLES);
	CHECK(memcmp(loud.f0_hz, soft.f0_hz, loud.n_frames * sizeof(float)) == 0);
	CHECK(memcmp(loud.strength, soft.strength, loud.n_frames * sizeof(float)) == 0);
}

/* Any length and magnitude that a recording can have. */
static void
test_extremes(EmoEnv *env)
{
	static const double amplitudes[] = {1e-38, 1e-20, 1, 2147483648.0};

	for (int64_t n = 1; n < 2000; n = n * 3 / 2 + 1)
		for (int i = 0; i < 4; i++)
		{
			Track result = track(env, make_noise(env, n, amplitudes[i]), n);

			for (int64_t t = 0; t < result.n_frames; t++)
			{
				CHECK(result.f0_hz[t] == 0 || (result.f0_hz[t] >= 60 && result.f0_hz[t] <= 600));
				CHECK(result.strength[t] >= 0 && result.strength[t] <= 1);
			}
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
	float *samples = make_noise(env, N_SAMPLES, 1);
	float f0_hz[100], strength[100];
	EmoPitchParams params = emo_pitch_default_params();
	EmoPitch *pitch;

	CHECK(emo_pitch_create(env, &params, &pitch) == EMO_OK);
	env->should_stop = stop_at_once;
	CHECK(emo_pitch_track(env, pitch, samples, N_SAMPLES, f0_hz, strength) == EMO_CANCELED);
	emo_pitch_destroy(pitch);
}

int
main(void)
{
	srand(1);
	RUN(test_sines);
	RUN(test_harmonics);
	RUN(test_outside);
	RUN(test_ranges);
	RUN(test_features_keep_their_pitch);
	RUN(test_octaves_in_noise);
	RUN(test_glide);
	RUN(test_unvoiced);
	RUN(test_rumble);
	RUN(test_level);
	RUN(test_extremes);
	RUN(test_cancel);
	return unit_finish();
}
