/*
 * contours_test.c
 *	  Contours against the MFCC of mfcc.c, naive spectra, and signals whose spectra are known.
 */
#include "unit.h"

#include "core/dsp/activity.h"
#include "core/dsp/contours.h"
#include "core/dsp/mfcc.h"
#include "signals.h"

#define N_SAMPLES 16000

static EmoContours
measure(EmoEnv *env, const float *samples, int64_t n_samples, const EmoSpectralChange *change)
{
	EmoContours contours;
	EmoContourPlan *plan;

	CHECK(emo_contour_plan_create(env, &plan) == EMO_OK);
	CHECK(emo_contours(env, plan, samples, n_samples, change, &contours) == EMO_OK);
	emo_contour_plan_destroy(plan);
	return contours;
}

static float
value(const EmoContours *contours, int64_t t, int column)
{
	return contours->spectral[t * EMO_CONTOUR_STRIDE + column];
}

/* The same recipe through emo_mfcc(); its levels are in dB, its frames 512 samples long. */
static void
test_mfcc(EmoEnv *env)
{
	float *samples = make_utterance(env, 2 * N_SAMPLES);
	const float *noise = make_noise(env, 2 * N_SAMPLES, 0.02);
	EmoContours contours;
	EmoMfccParams params = emo_mfcc_default_params();
	EmoSpeech speech;
	EmoMfccPlan *plan;
	float *mfcc, *padded;
	double worst = 0;

	/* So that no band is near the floors, which differ. */
	for (int i = 0; i < 2 * N_SAMPLES; i++)
		samples[i] += noise[i];
	contours = measure(env, samples, 2 * N_SAMPLES, NULL);
	CHECK(emo_find_speech(env, samples, 2 * N_SAMPLES, &speech) == EMO_OK);
	params.n_mfcc = EMO_CONTOUR_N_MFCC;
	params.n_mels = EMO_CONTOUR_N_MELS;
	params.fmin = 20;
	params.mel_scale = EMO_MEL_HTK;
	params.mel_norm = EMO_MEL_NORM_NONE;
	params.window = EMO_WINDOW_HAMMING;
	params.preemphasis = 0.97;
	params.center = false;
	params.top_db = 0;
	CHECK(emo_mfcc_plan_create(env, &params, &plan) == EMO_OK);
	/* The window stands in the middle of 512 samples there: 56 zeros before it. */
	padded = emo_alloc_zero(env, speech.n_samples + 112, sizeof(float));
	memcpy(padded + 56, speech.samples, speech.n_samples * sizeof(float));
	mfcc = emo_alloc(env, contours.n_frames * params.n_mfcc, sizeof(float));
	CHECK(emo_mfcc_frame_count(&params, speech.n_samples + 112) == contours.n_frames);
	CHECK(emo_mfcc(env, plan, padded, speech.n_samples + 112, mfcc) == EMO_OK);
	for (int64_t t = 0; t < contours.n_frames; t++)
		for (int j = 0; j < params.n_mfcc; j++)
			worst = fmax(worst,
						 fabs(value(&contours, t, j) - mfcc[t * params.n_mfcc + j] * M_LN10 / 10));
	CHECK_NEAR(worst, 0, 1e-3);
	emo_mfcc_plan_destroy(plan);
}

/* |X[k]|^2 of a Hamming-windowed, pre-emphasised frame by a direct transform. */
static void
naive_power(const EmoSpeech *speech, int64_t t, double *power)
{
	double frame[400];

	for (int64_t i = 0; i < 400; i++)
	{
		int64_t at = t * 160 + i;
		double before = at > 0 && at < speech->n_samples ? speech->samples[at - 1] : 0;
		double sample = at < speech->n_samples ? speech->samples[at] : 0;

		frame[i] = (0.54 - 0.46 * cos(2 * M_PI * (double) i / 400)) * (sample - 0.97 * before);
	}
	for (int k = 0; k < EMO_CONTOUR_N_BINS; k++)
	{
		double re = 0, im = 0;

		for (int i = 0; i < 400; i++)
		{
			re += frame[i] * cos(2 * M_PI * k * i / 512);
			im += frame[i] * sin(2 * M_PI * k * i / 512);
		}
		power[k] = re * re + im * im;
	}
}

static double
naive_band(const double *power, double low_hz, double high_hz)
{
	double sum = 1e-4;

	for (int k = 0; k < EMO_CONTOUR_N_BINS; k++)
		sum += k * 31.25 >= low_hz && k * 31.25 < high_hz ? power[k] : 0;
	return sum;
}

static void
check_shape(const EmoContours *contours, int64_t t, const double *power, const double *power_before)
{
	double total = 0, first = 0, second = 0, running = 0, flux = 0, sum = 1e-5, sum_before = 1e-5;
	double centroid, spread;
	int rolloff = 0;

	for (int k = 0; k < EMO_CONTOUR_N_BINS; k++)
	{
		total += power[k];
		first += power[k] * k * 31.25 / 1000;
		second += power[k] * k * k * 31.25 * 31.25 / 1e6;
		sum += sqrt(power[k]);
		sum_before += sqrt(power_before[k]);
	}
	centroid = first / (total + 1e-5);
	spread = sqrt(fmax(second / (total + 1e-5) - centroid * centroid, 0));
	for (; rolloff < 256 && (running += power[rolloff]) < 0.85 * total; rolloff++)
		;
	for (int k = 0; k < EMO_CONTOUR_N_BINS; k++)
		flux += pow(sqrt(power[k]) / sum - sqrt(power_before[k]) / sum_before, 2);
	CHECK_NEAR(value(contours, t, EMO_CENTROID), centroid, 1e-4);
	CHECK_NEAR(value(contours, t, EMO_SPREAD), spread, 1e-3);
	CHECK_NEAR(value(contours, t, EMO_FLUX), t > 0 ? 10 * sqrt(flux) : 0, 1e-4);
	CHECK_NEAR(value(contours, t, EMO_ROLLOFF), rolloff * 31.25 / 1000, 1e-6);
	CHECK_NEAR(value(contours, t, EMO_LOW_BAND), log(naive_band(power, 250, 650)), 1e-3);
	CHECK_NEAR(value(contours, t, EMO_MIDDLE_BAND), log(naive_band(power, 1000, 4000)), 1e-3);
	CHECK_NEAR(value(contours, t, EMO_ALPHA_RATIO),
			   log(naive_band(power, 50, 1000) / naive_band(power, 1000, 5000)), 1e-3);
}

static void
check_spectral(EmoEnv *env, const float *samples, int64_t n_samples)
{
	EmoContours contours = measure(env, samples, n_samples, NULL);
	EmoSpeech speech;
	double power[2][EMO_CONTOUR_N_BINS] = {{0}};

	CHECK(emo_find_speech(env, samples, n_samples, &speech) == EMO_OK);
	CHECK(contours.n_frames == speech.n_frames);
	for (int64_t t = 0; t < contours.n_frames; t++)
	{
		naive_power(&speech, t, power[t % 2]);
		check_shape(&contours, t, power[t % 2], power[(t + 1) % 2]);
		CHECK(value(&contours, t, EMO_LOG_ENERGY) == speech.log_energy[t]);
		CHECK(value(&contours, t, EMO_ZERO_CROSSINGS) == 10 * speech.crossings[t]);
		CHECK(contours.active[t] == speech.active[t]);
		CHECK(!contours.voiced[t] || contours.active[t]);
		for (int j = EMO_N_CONTOURS; j < EMO_CONTOUR_STRIDE; j++)
			CHECK(value(&contours, t, j) == 0);
	}
}

static void
test_spectral(EmoEnv *env)
{
	check_spectral(env, make_utterance(env, 6000), 6000);
	check_spectral(env, make_noise(env, 3000, 0.1), 3000);
	check_spectral(env, make_noise(env, 300, 0.1), 300);
}

/* All of a sine's power is at its frequency; white noise, pre-emphasised, lies high and wide. */
static void
test_known_spectra(EmoEnv *env)
{
	EmoContours sine = measure(env, make_sine(env, N_SAMPLES, 1000, 0.1), N_SAMPLES, NULL);
	EmoContours noise = measure(env, make_noise(env, N_SAMPLES, 0.1), N_SAMPLES, NULL);

	for (int64_t t = 2; t < 90; t++)
	{
		CHECK_NEAR(value(&sine, t, EMO_CENTROID), 1, 0.01);
		CHECK(value(&sine, t, EMO_SPREAD) < 0.1);
		CHECK_NEAR(value(&sine, t, EMO_ROLLOFF), 1, 0.04);
		CHECK(value(&sine, t, EMO_FLUX) < 0.05);
		CHECK_NEAR(value(&sine, t, EMO_ZERO_CROSSINGS), 10 * 2000.0 / SIGNAL_RATE, 0.03);
		/* RMS 1: the energy is the number of samples. */
		CHECK_NEAR(value(&sine, t, EMO_LOG_ENERGY), log(400), 0.02);
		CHECK_NEAR(value(&noise, t, EMO_CENTROID), 5.6, 0.8);
		CHECK_NEAR(value(&noise, t, EMO_ROLLOFF), 7.2, 0.9);
		CHECK(value(&noise, t, EMO_FLUX) > 0.2);
	}
}

static void
test_f0(EmoEnv *env)
{
	EmoContours tone = measure(env, make_harmonics(env, N_SAMPLES, 220, 1), N_SAMPLES, NULL);
	EmoContours noise = measure(env, make_noise(env, N_SAMPLES, 0.1), N_SAMPLES, NULL);
	int n_voiced = 0;

	for (int64_t t = 3; t < tone.n_frames - 3; t++)
	{
		CHECK_NEAR(tone.f0[t], 24, 0.05);
		CHECK(tone.voiced[t] && tone.voicing[t] > 0.9f);
	}
	for (int64_t t = 0; t < noise.n_frames; t++)
		n_voiced += noise.voiced[t];
	CHECK(n_voiced * 20 < noise.n_frames);
}

static void
test_deltas(EmoEnv *env)
{
	enum
	{
		n = 9
	};
	float *rows = emo_alloc(env, n, EMO_CONTOUR_STRIDE * sizeof(float));
	float *deltas = emo_alloc(env, n, EMO_CONTOUR_STRIDE * sizeof(float));

	for (int n_rows = 1; n_rows <= n; n_rows++)
	{
		for (int i = 0; i < n * EMO_CONTOUR_STRIDE; i++)
			rows[i] = (float) rand() / (float) RAND_MAX;
		emo_contour_deltas(rows, n_rows, EMO_CONTOUR_STRIDE, deltas);
		for (int t = 0; t < n_rows; t++)
			for (int j = 0; j < EMO_N_CONTOURS; j++)
			{
				double expected = 0;

				for (int k = -2; k <= 2; k++)
				{
					int at = t + k < 0 ? 0 : t + k < n_rows ? t + k : n_rows - 1;

					expected += k / 10.0 * rows[at * EMO_CONTOUR_STRIDE + j];
				}
				CHECK_NEAR(deltas[t * EMO_CONTOUR_STRIDE + j], expected, 1e-6);
			}
	}
}

/* Spectra read at half the frequency and four times as strong. */
static void
test_spectral_change(EmoEnv *env)
{
	EmoSpectralChange change;
	const float *samples = make_sine(env, N_SAMPLES, 1000, 0.1);
	EmoContours plain = measure(env, samples, N_SAMPLES, NULL), changed;

	for (int k = 0; k < EMO_CONTOUR_N_BINS; k++)
	{
		change.position[k] = (float) k / 2;
		change.gain[k] = 4;
	}
	changed = measure(env, samples, N_SAMPLES, &change);
	for (int64_t t = 2; t < 90; t++)
	{
		CHECK_NEAR(value(&changed, t, EMO_CENTROID), 2, 0.02);
		CHECK_NEAR(changed.f0[t], plain.f0[t], 0);
		CHECK_NEAR(value(&changed, t, EMO_LOG_ENERGY), value(&plain, t, EMO_LOG_ENERGY), 0);
	}
	/* At its own place, only gain is left: all logs rise by ln 4. */
	for (int k = 0; k < EMO_CONTOUR_N_BINS; k++)
		change.position[k] = (float) k;
	changed = measure(env, samples, N_SAMPLES, &change);
	CHECK_NEAR(value(&changed, 9, EMO_LOW_BAND), value(&plain, 9, EMO_LOW_BAND) + log(4), 1e-3);
	CHECK_NEAR(value(&changed, 9, EMO_ALPHA_RATIO), value(&plain, 9, EMO_ALPHA_RATIO), 1e-4);
	CHECK_NEAR(value(&changed, 9, EMO_ROLLOFF), value(&plain, 9, EMO_ROLLOFF), 0);
}

int
main(void)
{
	srand(1);
	RUN(test_mfcc);
	RUN(test_spectral);
	RUN(test_known_spectra);
	RUN(test_f0);
	RUN(test_deltas);
	RUN(test_spectral_change);
	return unit_finish();
}
