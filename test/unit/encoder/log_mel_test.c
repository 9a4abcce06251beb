/*
 * Whisper's spectrum against its definition, term by term: Fourier sums over frames of a window that is mirrored at its
 * ends, triangles between equal steps on Slaney's scale.
 */
#include "unit.h"

#include "core/encoder/log_mel.h"

#define RATE     16000
#define FRAME    400
#define N_FRAMES 40
#define N_WINDOW (N_FRAMES * EMO_LOG_MEL_HOP)

static double
naive_sample(const float *samples, int n_samples, int i)
{
	if (i < 0)
		i = -i;
	if (i >= N_WINDOW)
		i = 2 * (N_WINDOW - 1) - i;
	return i < n_samples ? samples[i] : 0;
}

static double
naive_power(const float *samples, int n_samples, int frame, int bin)
{
	double re = 0, im = 0;

	for (int i = 0; i < FRAME; i++)
	{
		double x = naive_sample(samples, n_samples, frame * EMO_LOG_MEL_HOP + i - FRAME / 2);
		double w = sin(M_PI * i / FRAME) * sin(M_PI * i / FRAME);

		re += w * x * cos(2 * M_PI * bin * i / FRAME);
		im -= w * x * sin(2 * M_PI * bin * i / FRAME);
	}
	return re * re + im * im;
}

/* Corner i of 0 .. n_mels + 1, Hz. */
static double
naive_corner(int i, int n_mels)
{
	double highest = 15 + log(8.0) / (log(6.4) / 27), mel = highest * i / (n_mels + 1);

	return mel < 15 ? mel * 200 / 3 : 1000 * exp((mel - 15) * log(6.4) / 27);
}

static double
naive_mel(const float *samples, int n_samples, int frame, int m, int n_mels)
{
	double left = naive_corner(m, n_mels), peak = naive_corner(m + 1, n_mels);
	double right = naive_corner(m + 2, n_mels), sum = 0;

	for (int bin = 0; bin <= FRAME / 2; bin++)
	{
		double hz = (double) bin * RATE / FRAME;
		double height = fmin((hz - left) / (peak - left), (right - hz) / (right - peak));

		if (height > 0)
			sum += 2 / (right - left) * height * naive_power(samples, n_samples, frame, bin);
	}
	return log10(fmax(sum, 1e-10));
}

static void
check_mels(EmoEnv *env, const float *samples, int n_samples, int n_mels, int expected_heard)
{
	EmoLogMel *log_mel;
	float *mels = emo_alloc(env, N_FRAMES * n_mels, sizeof(float));
	double *naive = emo_alloc(env, N_FRAMES * n_mels, sizeof(double));
	double highest = -10, worst = 0;
	int n_heard = 0;

	CHECK(emo_log_mel_create(env, n_mels, &log_mel) == EMO_OK);
	CHECK(emo_log_mel_compute(env, log_mel, samples, n_samples, N_FRAMES, mels, &n_heard) ==
		  EMO_OK);
	CHECK(n_heard == expected_heard);
	for (int i = 0; i < N_FRAMES; i++)
		for (int m = 0; m < n_mels; m++)
		{
			naive[i * n_mels + m] = naive_mel(samples, n_samples, i, m, n_mels);
			highest = fmax(highest, naive[i * n_mels + m]);
		}
	for (int i = 0; i < N_FRAMES * n_mels; i++)
		worst = fmax(worst, fabs(mels[i] - (fmax(naive[i], highest - 8) + 4) / 4));
	CHECK_NEAR(worst, 0, 1e-6);
}

/* A voice with noise; its level falls by so many dB to the end. */
static void
make_samples(float *samples, int n, double fall_db)
{
	uint32_t random = 1;

	for (int i = 0; i < n; i++)
	{
		double noise, level = 0.2 * pow(10, -fall_db / 20 * i / n);

		random = random * 1664525 + 1013904223;
		noise = random / 4294967296.0 - 0.5;
		samples[i] = (float) (level * (sin(0.07 * i) + 0.5 * sin(0.31 * i) + 0.1 * noise) + 0.002);
	}
}

static void
test_against_definition(EmoEnv *env)
{
	float *samples = emo_alloc(env, N_WINDOW, sizeof(float));

	make_samples(samples, N_WINDOW, 30);
	/* Frames after 2345 samples begin at 16.1 hops. */
	check_mels(env, samples, 2345, 80, 16);
	check_mels(env, samples, N_WINDOW, 80, N_FRAMES);
	check_mels(env, samples, N_WINDOW - 37, 128, N_FRAMES);
	check_mels(env, samples, 1, 40, 2);
	/* What is 80 dB below the loudest is lifted. */
	make_samples(samples, N_WINDOW, 120);
	check_mels(env, samples, N_WINDOW, 80, N_FRAMES);
}

static void
test_silence(EmoEnv *env)
{
	float *samples = emo_alloc_zero(env, N_WINDOW, sizeof(float));

	check_mels(env, samples, N_WINDOW, 80, N_FRAMES);
}

static bool
always_stop(void *host)
{
	(void) host;
	return true;
}

static void
test_cancel(EmoEnv *env)
{
	float samples[1] = {1}, mels[N_FRAMES * 2];
	EmoLogMel *log_mel;
	int n_heard;

	CHECK(emo_log_mel_create(env, 2, &log_mel) == EMO_OK);
	env->should_stop = always_stop;
	CHECK(emo_log_mel_compute(env, log_mel, samples, 1, N_FRAMES, mels, &n_heard) == EMO_CANCELED);
}

int
main(void)
{
	RUN(test_against_definition);
	RUN(test_silence);
	RUN(test_cancel);
	return unit_finish();
}
