/*
 * griffin_lim_test.c
 *	  Fast Griffin-Lim against a direct implementation, and how near it comes.
 */
#include "unit.h"

#include <complex.h>

#include "core/base/random.h"
#include "core/dsp/griffin_lim.h"
#include "core/dsp/pitch.h"
#include "signals.h"

static EmoGriffinLimParams
usual_params(void)
{
	return (EmoGriffinLimParams){.n_fft = 512,
								 .win_length = 400,
								 .hop_length = 160,
								 .window = EMO_WINDOW_HANN,
								 .framing = EMO_FRAMES_CENTERED,
								 .n_iterations = 32,
								 .momentum = 0.99,
								 .seed = 1};
}

/* Amplitudes of a recording of any number of samples. */
static float *
make_amplitude(EmoEnv *env, const EmoGriffinLimParams *params, const float *samples,
			   int64_t n_samples, int64_t *n_frames)
{
	EmoSpectrumParams of_spectrum = {.n_fft = params->n_fft,
									 .win_length = params->win_length,
									 .hop_length = params->hop_length,
									 .window = params->window,
									 .framing = params->framing};
	int n_bins = params->n_fft / 2 + 1;
	float *amplitude, *power = emo_alloc(env, n_bins, EMO_LANES * sizeof(float));
	EmoSpectrum *spectrum;

	*n_frames = emo_spectrum_frame_count(&of_spectrum, n_samples);
	amplitude = emo_alloc(env, *n_frames, n_bins * sizeof(float));
	CHECK(emo_spectrum_create(env, &of_spectrum, &spectrum) == EMO_OK);
	for (int64_t t = 0; t < *n_frames; t += EMO_LANES)
	{
		emo_spectrum_power(spectrum, samples, n_samples, t, 1, power);
		for (int lane = 0; lane < EMO_LANES && t + lane < *n_frames; lane++)
			for (int k = 0; k < n_bins; k++)
				amplitude[(t + lane) * n_bins + k] = sqrtf(power[k * EMO_LANES + lane]);
	}
	emo_spectrum_destroy(spectrum);
	return amplitude;
}

/*
 * How far the samples' spectra are from the amplitudes asked for: the square root of the sum of
 * squared differences over the sum of squares ("spectral convergence").
 */
static double
spectral_distance(EmoEnv *env, const EmoGriffinLimParams *params, const float *amplitude,
				  int64_t n_frames, const float *samples)
{
	int64_t n_again, n_samples = emo_griffin_lim_n_samples(params, n_frames);
	float *again = make_amplitude(env, params, samples, n_samples, &n_again);
	double difference = 0, sum = 0;

	CHECK(n_again == n_frames);
	for (int64_t i = 0; i < n_frames * (params->n_fft / 2 + 1); i++)
	{
		difference += pow(again[i] - amplitude[i], 2);
		sum += (double) amplitude[i] * amplitude[i];
	}
	return sum > 0 ? sqrt(difference / sum) : 0;
}

static float *
reconstruct(EmoEnv *env, const EmoGriffinLimParams *params, const float *amplitude,
			int64_t n_frames, double *distance)
{
	float *samples = emo_alloc(env, emo_griffin_lim_n_samples(params, n_frames), sizeof(float));

	CHECK(emo_griffin_lim(env, params, amplitude, n_frames, samples) == EMO_OK);
	*distance = spectral_distance(env, params, amplitude, n_frames, samples);
	return samples;
}

/* The spectra of the frames of a signal, by their definition. */
static void
direct_analysis(const EmoGriffinLimParams *params, const float *window, const double *samples,
				int n_samples, int n_frames, double complex *spectra)
{
	int n_fft = params->n_fft, n_bins = n_fft / 2 + 1;

	for (int t = 0; t < n_frames; t++)
		for (int k = 0; k < n_bins; k++)
		{
			double complex sum = 0;

			for (int i = 0; i < n_fft; i++)
			{
				int at = t * params->hop_length - n_fft / 2 + i;

				if (at >= 0 && at < n_samples)
					sum += window[i] * samples[at] * cexp(-2 * M_PI * I * k * i / n_fft);
			}
			spectra[t * n_bins + k] = sum;
		}
}

static void
direct_synthesis(const EmoGriffinLimParams *params, const float *window,
				 const double complex *spectra, int n_frames, double *samples, int n_samples)
{
	int n_fft = params->n_fft, n_bins = n_fft / 2 + 1;
	double *weights = calloc(n_samples, sizeof(double));

	memset(samples, 0, n_samples * sizeof(double));
	for (int t = 0; t < n_frames; t++)
		for (int i = 0; i < n_fft; i++)
		{
			int at = t * params->hop_length - n_fft / 2 + i;
			double sum = 0;

			if (at < 0 || at >= n_samples)
				continue;
			for (int k = 0; k < n_bins; k++)
				sum += (k == 0 || 2 * k == n_fft ? 1 : 2) *
					   creal(spectra[t * n_bins + k] * cexp(2 * M_PI * I * k * i / n_fft)) / n_fft;
			samples[at] += window[i] * sum;
			weights[at] += window[i] * window[i];
		}
	for (int i = 0; i < n_samples; i++)
		samples[i] /= weights[i];
	free(weights);
}

/*
 * Algorithm 3 of Perraudin, Balazs & Sondergaard 2013, on spectra: t = analysis of synthesis of c
 * with the amplitudes; c = t + momentum (t - the last t).
 */
static void
direct_griffin_lim(const EmoGriffinLimParams *params, const float *amplitude, int n_frames,
				   double *samples, int n_samples)
{
	int n = n_frames * (params->n_fft / 2 + 1);
	float *window = malloc(params->n_fft * sizeof(float));
	double complex *c = malloc(n * sizeof(double complex)), *t = malloc(n * sizeof(double complex));
	double complex *last = malloc(n * sizeof(double complex));
	EmoRandom random;

	emo_window_fill(params->window, false, params->n_fft, window);
	emo_random_seed(&random, params->seed);
	for (int i = 0; i < n; i++)
		c[i] = cexp(2 * M_PI * I * emo_random_uniform(&random));
	for (int iteration = 0; iteration <= params->n_iterations; iteration++)
	{
		for (int i = 0; i < n; i++)
			c[i] = amplitude[i] * c[i] / cabs(c[i]);
		direct_synthesis(params, window, c, n_frames, samples, n_samples);
		direct_analysis(params, window, samples, n_samples, n_frames, t);
		for (int i = 0; i < n; i++)
			c[i] = iteration == 0 ? t[i] : t[i] + params->momentum * (t[i] - last[i]);
		memcpy(last, t, n * sizeof(double complex));
	}
	free(window);
	free(c);
	free(t);
	free(last);
}

static void
test_reference(EmoEnv *env)
{
	EmoGriffinLimParams params = {.n_fft = 32,
								  .win_length = 32,
								  .hop_length = 8,
								  .window = EMO_WINDOW_HAMMING,
								  .framing = EMO_FRAMES_CENTERED,
								  .n_iterations = 4,
								  .momentum = 0.99,
								  .seed = 7};
	int64_t n_frames;
	float *amplitude = make_amplitude(env, &params, make_noise(env, 160, 1), 160, &n_frames);
	int n_samples = (int) emo_griffin_lim_n_samples(&params, n_frames);
	double *expected = calloc(n_samples, sizeof(double)), distance;
	float *samples = reconstruct(env, &params, amplitude, n_frames, &distance);

	direct_griffin_lim(&params, amplitude, (int) n_frames, expected, n_samples);
	for (int i = 0; i < n_samples; i++)
		CHECK_NEAR(samples[i], expected[i], 1e-4);
	free(expected);
}

/* The distance falls from step to step, is below 0.08 soon, and without momentum it is larger. */
static void
test_convergence(EmoEnv *env)
{
	EmoGriffinLimParams params = usual_params();
	double last = 1, distance, plain;
	int64_t n_frames;
	float *amplitude = make_amplitude(env, &params, make_utterance(env, 32000), 32000, &n_frames);

	for (params.n_iterations = 0; params.n_iterations <= 64;
		 params.n_iterations = params.n_iterations == 0 ? 4 : 2 * params.n_iterations)
	{
		reconstruct(env, &params, amplitude, n_frames, &distance);
		CHECK(distance < 0.95 * last);
		last = distance;
	}
	params.n_iterations = 32;
	reconstruct(env, &params, amplitude, n_frames, &distance);
	CHECK(distance < 0.08);
	params.momentum = 0;
	reconstruct(env, &params, amplitude, n_frames, &plain);
	CHECK(distance < 0.7 * plain);
}

/* The pitch is that of the tone, its level too. */
static void
test_tone(EmoEnv *env)
{
	EmoGriffinLimParams params = usual_params();
	int64_t n_frames, n_samples, n_pitch;
	double distance, square = 0;
	float *amplitude =
		make_amplitude(env, &params, make_harmonics(env, 16000, 180, 1), 16000, &n_frames);
	float *samples = reconstruct(env, &params, amplitude, n_frames, &distance), *f0_hz, *strength;
	EmoPitchParams params_of_pitch = emo_pitch_default_params();
	EmoPitch *pitch;

	n_samples = emo_griffin_lim_n_samples(&params, n_frames);
	n_pitch = emo_pitch_frame_count(n_samples);
	f0_hz = emo_alloc(env, n_pitch, sizeof(float));
	strength = emo_alloc(env, n_pitch, sizeof(float));
	CHECK(emo_pitch_create(env, &params_of_pitch, &pitch) == EMO_OK);
	CHECK(emo_pitch_track(env, pitch, samples, n_samples, f0_hz, strength) == EMO_OK);
	emo_pitch_destroy(pitch);
	for (int64_t t = 10; t < n_pitch - 10; t += 10)
		CHECK_NEAR(f0_hz[t], 180, 3);
	for (int64_t i = 0; i < n_samples; i++)
		square += samples[i] * samples[i] / (double) n_samples;
	/* Half of the sum of (0.3 / k)^2 over the harmonics. */
	CHECK_NEAR(sqrt(square), 0.268, 0.015);
}

static void
test_seed(EmoEnv *env)
{
	EmoGriffinLimParams params = usual_params();
	double distance;
	int64_t n_frames;
	float *amplitude = make_amplitude(env, &params, make_utterance(env, 8000), 8000, &n_frames);
	size_t n_bytes = emo_griffin_lim_n_samples(&params, n_frames) * sizeof(float);
	float *a = reconstruct(env, &params, amplitude, n_frames, &distance);
	float *b = reconstruct(env, &params, amplitude, n_frames, &distance);

	CHECK(memcmp(a, b, n_bytes) == 0);
	params.seed = 2;
	CHECK(memcmp(a, reconstruct(env, &params, amplitude, n_frames, &distance), n_bytes) != 0);
}

/* The result has the frames that it was made from, and one sample less doesn't; any sizes. */
static void
test_sizes(EmoEnv *env)
{
	static const int sizes[][3] = {{512, 400, 160}, {501, 501, 100}, {16, 16, 16},
								   {64, 2, 2},      {100, 7, 3},     {33, 20, 20}};

	for (int i = 0; i < 12; i++)
		for (int n_frames = 1; n_frames < 8; n_frames++)
		{
			EmoGriffinLimParams params = usual_params();
			EmoSpectrumParams of_spectrum;
			int64_t n_samples;
			double distance;
			float *amplitude, *samples;
			int n_bad = 0;

			params.n_fft = sizes[i / 2][0];
			params.win_length = sizes[i / 2][1];
			params.hop_length = sizes[i / 2][2];
			params.framing = i % 2 == 0 ? EMO_FRAMES_CENTERED : EMO_FRAMES_OF_N_FFT;
			of_spectrum = (EmoSpectrumParams){.n_fft = params.n_fft,
											  .win_length = params.win_length,
											  .hop_length = params.hop_length,
											  .framing = params.framing};
			n_samples = emo_griffin_lim_n_samples(&params, n_frames);
			CHECK(emo_spectrum_frame_count(&of_spectrum, n_samples) == n_frames);
			if (n_frames > 1)
				CHECK(emo_spectrum_frame_count(&of_spectrum, n_samples - 1) == n_frames - 1);
			amplitude = make_noise(env, n_frames * (params.n_fft / 2 + 1), 1);
			for (int j = 0; j < n_frames * (params.n_fft / 2 + 1); j++)
				amplitude[j] = fabsf(amplitude[j]);
			samples = reconstruct(env, &params, amplitude, n_frames, &distance);
			for (int64_t j = 0; j < n_samples; j++)
				n_bad += !isfinite(samples[j]);
			CHECK(n_bad == 0);
		}
}

int
main(void)
{
	srand(1);
	RUN(test_reference);
	RUN(test_convergence);
	RUN(test_tone);
	RUN(test_seed);
	RUN(test_sizes);
	return unit_finish();
}
