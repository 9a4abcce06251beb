/*
 * activity_test.c
 *	  Where speech is found, and that level, DC and surroundings of a recording don't matter.
 */
#include "unit.h"

#include "core/dsp/activity.h"
#include "signals.h"

static EmoSpeech
find(EmoEnv *env, const float *samples, int64_t n_samples)
{
	EmoSpeech speech;

	CHECK(emo_find_speech(env, samples, n_samples, &speech) == EMO_OK);
	return speech;
}

/* samples * gain + offset, in n_before + n_samples + n_after samples. */
static float *
altered(EmoEnv *env, const float *samples, int64_t n_samples, float gain, float offset,
		int64_t n_before, int64_t n_after)
{
	float *copy = emo_alloc_zero(env, n_before + n_samples + n_after, sizeof(float));

	for (int64_t i = 0; i < n_samples; i++)
		copy[n_before + i] = gain * samples[i] + offset;
	return copy;
}

static void
test_frame_count(EmoEnv *env)
{
	(void) env;
	CHECK(emo_frame_count(1) == 1 && emo_frame_count(400) == 1 && emo_frame_count(559) == 1);
	CHECK(emo_frame_count(560) == 2 && emo_frame_count(16000) == 98);
}

static int
compare_doubles(const void *a, const void *b)
{
	return (*(const double *) a > *(const double *) b) -
		   (*(const double *) a < *(const double *) b);
}

static double
naive_threshold(const double *values, int64_t n)
{
	double sorted[2000], position = 0.95 * (double) (n - 1);
	int64_t below = (int64_t) position;

	memcpy(sorted, values, n * sizeof(double));
	qsort(sorted, n, sizeof(double), compare_doubles);
	return sorted[below] +
		   (position - (double) below) * (sorted[below + (below + 1 < n)] - sorted[below]) - 4.5;
}

/* Every step as it is described, in double precision. */
static void
check_against_naive(EmoEnv *env, const float *samples, int64_t n_samples)
{
	EmoSpeech speech = find(env, samples, n_samples);
	int64_t n_frames = emo_frame_count(n_samples), first = -1, last = 0, n_active = 0;
	double mean = 0, log_energy[2000], energy[2000], active_energy = 0, gain, threshold;

	for (int64_t i = 0; i < n_samples; i++)
		mean += samples[i] / (double) n_samples;
	for (int64_t t = 0; t < n_frames; t++)
	{
		energy[t] = 0;
		for (int64_t i = t * 160; i < t * 160 + 400 && i < n_samples; i++)
			energy[t] += (samples[i] - mean) * (samples[i] - mean);
		log_energy[t] = log(energy[t] + 1e-6);
	}
	threshold = naive_threshold(log_energy, n_frames);
	for (int64_t t = 0; t < n_frames; t++)
		if (log_energy[t] >= threshold)
		{
			first = first < 0 ? t : first;
			last = t;
			active_energy += energy[t];
			n_active++;
		}
	gain = 1 / fmax(sqrt(active_energy / (double) (400 * n_active)), 1e-4);
	CHECK(speech.n_frames == last - first + 1);
	CHECK(speech.n_samples == (int64_t) fmin((double) n_samples, last * 160.0 + 400) - first * 160);
	for (int64_t i = 0; i < speech.n_samples; i += 7)
		CHECK_NEAR(speech.samples[i], gain * (samples[first * 160 + i] - mean), 1e-5);
	for (int64_t t = 0; t < speech.n_frames; t++)
	{
		int64_t start = (first + t) * 160;
		int crossings = 0;

		for (int64_t i = start > 0 ? start : 1; i < start + 400 && i < n_samples; i++)
			crossings += (samples[i] - mean < 0) != (samples[i - 1] - mean < 0);
		log_energy[t] = log(gain * gain * energy[first + t] + 1e-3);
		CHECK_NEAR(speech.log_energy[t], log_energy[t], 1e-4);
		CHECK_NEAR(speech.crossings[t], crossings / 400.0, 1e-6);
	}
	threshold = naive_threshold(log_energy, speech.n_frames);
	for (int64_t t = 0; t < speech.n_frames; t++)
		CHECK(speech.active[t] == (log_energy[t] >= threshold) ||
			  fabs(log_energy[t] - threshold) < 1e-4);
	emo_free_speech(env, &speech);
}

static void
test_against_naive(EmoEnv *env)
{
	static const int64_t lengths[] = {1, 2, 79, 399, 400, 401, 560, 5000, 32123};

	for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++)
	{
		check_against_naive(env, make_utterance(env, lengths[l]), lengths[l]);
		check_against_naive(env, make_noise(env, lengths[l], 0.5), lengths[l]);
	}
}

/* One second of tone amid two seconds of silence: frames that touch the tone well enough remain. */
static void
test_span(EmoEnv *env)
{
	const float *tone = make_sine(env, SIGNAL_RATE, 400, 0.1);
	EmoSpeech speech = find(env, altered(env, tone, SIGNAL_RATE, 1, 0, 16000, 16000), 48000);
	double square = 0;

	CHECK(speech.n_frames >= 98 && speech.n_frames <= 102);
	for (int64_t t = 0; t < speech.n_frames; t++)
		CHECK(speech.active[t]);
	for (int64_t i = 800; i < 15200; i++)
		square += (double) speech.samples[i] * speech.samples[i] / 14400;
	CHECK_NEAR(sqrt(square), 1, 0.02);
	CHECK_NEAR(speech.crossings[50], 2 * 400.0 / SIGNAL_RATE, 2e-3);
}

/* Two tones with a pause: the pause stays, inactive. */
static void
test_pause(EmoEnv *env)
{
	float *samples = make_sine(env, 3 * SIGNAL_RATE, 400, 0.1);
	EmoSpeech speech;

	memset(samples + SIGNAL_RATE, 0, SIGNAL_RATE * sizeof(float));
	speech = find(env, samples, 3 * SIGNAL_RATE);
	CHECK(speech.n_frames == emo_frame_count(3 * SIGNAL_RATE));
	CHECK(speech.active[50] && !speech.active[150] && speech.active[250]);
}

static void
check_same_speech(EmoEnv *env, const EmoSpeech *expected, const float *samples, int64_t n_samples,
				  double tolerance)
{
	EmoSpeech speech = find(env, samples, n_samples);

	CHECK(speech.n_frames == expected->n_frames && speech.n_samples == expected->n_samples);
	if (speech.n_frames != expected->n_frames)
		return;
	for (int64_t i = 0; i < speech.n_samples; i += 11)
		CHECK_NEAR(speech.samples[i], expected->samples[i], tolerance);
	for (int64_t t = 0; t < speech.n_frames; t++)
		CHECK(speech.active[t] == expected->active[t]);
	emo_free_speech(env, &speech);
}

static void
test_invariances(EmoEnv *env)
{
	const int64_t n = 32000;
	const float *samples = make_utterance(env, n);
	EmoSpeech speech = find(env, samples, n);

	check_same_speech(env, &speech, altered(env, samples, n, 0.125f, 0, 0, 0), n, 0);
	check_same_speech(env, &speech, altered(env, samples, n, 1.7f, 0, 0, 0), n, 1e-5);
	check_same_speech(env, &speech, altered(env, samples, n, 1, 0.25f, 0, 0), n, 1e-5);
	/* Whole hops of zeros; the mean, and so all samples, shift a little with them. */
	check_same_speech(env, &speech, altered(env, samples, n, 1, 0, 1600, 4800), n + 6400, 1e-3);
}

/* Not raised: 1e-6 stays below RMS 1. */
static void
test_silence(EmoEnv *env)
{
	EmoSpeech speech = find(env, make_sine(env, SIGNAL_RATE, 400, 1e-6), SIGNAL_RATE);

	for (int64_t i = 0; i < speech.n_samples; i++)
		CHECK(fabsf(speech.samples[i]) <= 1.01e-2f);
	speech = find(env, emo_alloc_zero(env, 5000, sizeof(float)), 5000);
	CHECK(speech.n_frames == emo_frame_count(5000) && speech.active[0] && speech.samples[0] == 0);
}

int
main(void)
{
	srand(1);
	RUN(test_frame_count);
	RUN(test_against_naive);
	RUN(test_span);
	RUN(test_pause);
	RUN(test_invariances);
	RUN(test_silence);
	return unit_finish();
}
