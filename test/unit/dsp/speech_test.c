/*
 * speech_test.c
 *	  Where somebody speaks, that it doesn't matter in what pieces a recording comes, and what is cut away.
 */
#include "unit.h"

#include "core/base/random.h"
#include "core/dsp/speech.h"
#include "core/dsp/speech_net.h"
#include "core/dsp/speech_weights.h"
#include "core/dsp/spoken.h"

#define RATE 16000

static EmoStretches
detect(EmoEnv *env, const float *samples, int64_t n_samples)
{
	EmoStretches stretches = {NULL, 0};

	CHECK(emo_detect_speech(env, samples, n_samples, &stretches) == EMO_OK);
	return stretches;
}

static float *
noise(EmoEnv *env, int64_t n_samples, float level)
{
	float *samples = emo_alloc(env, n_samples, sizeof(float));
	EmoRandom random;

	emo_random_seed(&random, 7);
	for (int64_t i = 0; i < n_samples; i++)
		samples[i] = level * emo_random_noise(&random);
	return samples;
}

static void
test_nothing(EmoEnv *env)
{
	float *samples = emo_alloc_zero(env, 10 * RATE, sizeof(float));

	CHECK(detect(env, samples, 0).n == 0);
	CHECK(detect(env, samples, 1).n == 0);
	CHECK(detect(env, samples, 10 * RATE).n == 0);
	CHECK(detect(env, noise(env, 4 * RATE, 0.3f), 4 * RATE).n == 0);
	CHECK(detect(env, noise(env, 4 * RATE, 0.003f), 4 * RATE).n == 0);
	for (int64_t i = 0; i < 4 * RATE; i++)
		samples[i] = 0.3f * sinf(6.2831853f * 425 * (float) (i % RATE) / RATE);
	CHECK(detect(env, samples, 4 * RATE).n == 0);
}

/* All layers over the whole recording, as they are written down, in double precision. */
static void
naive_net(EmoEnv *env, const double *mel, int n_frames, double *logits)
{
	const int n = EMO_SPEECH_NET_CHANNELS, n_mels = EMO_SPEECH_NET_N_MELS;
	const int dilations[] = {1, 2, 4, 8, 16};
	const int16_t *w = emo_speech_net_weights;
	double *x = emo_alloc_zero(env, (size_t) n * n_frames, sizeof(double));
	double *y = emo_alloc_zero(env, (size_t) n * n_frames, sizeof(double));

#define MEL(t, m) ((t) < 0 || (t) >= 2 * n_frames ? 0 : mel[(t) *n_mels + (m)])
#define X(t, c)   ((t) < 0 || (t) >= n_frames ? 0 : x[(t) *n + (c)])
	for (int c = 0; c < n; c++, w += 4 * n_mels + 1)
		for (int t = 0; t < n_frames; t++)
		{
			double sum = w[4 * n_mels];

			for (int tap = 0; tap < 4; tap++)
				for (int m = 0; m < n_mels; m++)
					sum += w[tap * n_mels + m] * MEL(2 * t - 1 + tap, m);
			x[t * n + c] = sum / 2048;
		}
	for (int l = 0; l < 5; l++)
	{
		for (int c = 0; c < n; c++, w += 3 * n + 1)
			for (int t = 0; t < n_frames; t++)
			{
				double sum = w[3 * n];

				for (int tap = 0; tap < 3; tap++)
					for (int i = 0; i < n; i++)
						sum += w[tap * n + i] * fmax(X(t + (tap - 1) * dilations[l], i), 0);
				y[t * n + c] = X(t, c) + sum / 2048;
			}
		memcpy(x, y, (size_t) n * n_frames * sizeof(double));
	}
	for (int t = 0; t < n_frames; t++)
	{
		logits[t] = w[n] / 2048.0;
		for (int c = 0; c < n; c++)
			logits[t] += w[c] / 2048.0 * fmax(X(t, c), 0);
	}
#undef MEL
#undef X
}

static void
test_net_is_its_definition(EmoEnv *env)
{
	enum
	{
		N_STEPS = 11,
		N_FRAMES = 16 * (N_STEPS - 1) - 5
	};
	const int n_mels = EMO_SPEECH_NET_N_MELS;
	double *mel = emo_alloc_zero(env, (size_t) 2 * N_FRAMES * n_mels, sizeof(double));
	double *expected = emo_alloc_zero(env, N_FRAMES, sizeof(double));
	float *step = emo_alloc(env, 2 * n_mels, EMO_LANES * sizeof(float));
	EmoSpeechNet *net;
	EmoRandom random;

	emo_random_seed(&random, 3);
	for (int i = 0; i < 2 * N_FRAMES * n_mels; i++)
		mel[i] = emo_random_uniform(&random);
	naive_net(env, mel, N_FRAMES, expected);
	CHECK(emo_speech_net_create(env, &net) == EMO_OK);
	for (int k = 0; k < N_STEPS + EMO_SPEECH_NET_DELAY; k++)
	{
		float logits[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));

		for (int odd = 0; odd < 2; odd++)
			for (int lane = 0; lane < EMO_LANES; lane++)
				for (int m = 0; m < n_mels; m++)
				{
					int t = 32 * k + 2 * lane + odd;

					step[(odd * n_mels + m) * EMO_LANES + lane] =
						t < 2 * N_FRAMES ? (float) mel[t * n_mels + m] : 0;
				}
		emo_speech_net_step(net, step, N_FRAMES, logits);
		for (int lane = 0; lane < EMO_LANES; lane++)
		{
			int t = 16 * (k - EMO_SPEECH_NET_DELAY) + lane;

			if (t >= 0 && t < N_FRAMES)
				CHECK_NEAR(logits[lane], expected[t], 1e-3 * (1 + fabs(expected[t])));
		}
	}
	emo_speech_net_destroy(env, net);
}

/* By a detector that has heard something else, to its end or not. */
static void
check_again(EmoEnv *env, EmoSpeechDetector *detector, const float *samples, int64_t n_samples,
			const EmoStretches *expected)
{
	float *other = noise(env, 3 * RATE, 0.5f);

	for (int64_t heard = 0; heard <= 3 * RATE; heard += RATE + 123)
	{
		EmoStretches again = {NULL, 0};

		CHECK(emo_speech_push(env, detector, other, heard) == EMO_OK);
		CHECK(emo_detect_speech_by(env, detector, samples, n_samples, &again) == EMO_OK);
		CHECK(again.n == expected->n);
		for (int64_t i = 0; i < again.n && i < expected->n; i++)
			CHECK(memcmp(&again.items[i], &expected->items[i], sizeof(EmoStretch)) == 0);
	}
}

/* Pieces of any length give what the whole gives. */
static void
test_pieces(EmoEnv *env)
{
	int64_t n = 3 * RATE + 77;
	float *samples = noise(env, n, 0.1f);
	EmoStretches whole, pieces = {NULL, 0};
	EmoSpeechDetector *detector;
	int64_t at = 0;

	/* Bursts in the rhythm of syllables, of a buzz with two formants. */
	for (int64_t i = 0; i < n; i++)
	{
		float burst = fmaxf(sinf(6.2831853f * 4 * (float) i / RATE), 0);
		float phase = 6.2831853f * 150 * (float) i / RATE;
		float buzz = 0;

		for (int h = 1; h < 24; h++)
			buzz += sinf((float) h * phase) * (expf(-powf(((float) h * 150 - 600) / 200, 2)) +
											   expf(-powf(((float) h * 150 - 1500) / 300, 2)));
		samples[i] = 0.02f * samples[i] + 0.2f * burst * buzz;
	}
	whole = detect(env, samples, n);
	CHECK(emo_speech_create(env, &detector) == EMO_OK);
	for (int64_t length = 1; at < n; length = length * 3 % 7919)
	{
		int64_t part = n - at < length ? n - at : length;

		CHECK(emo_speech_push(env, detector, samples + at, part) == EMO_OK);
		at += part;
	}
	CHECK(emo_speech_finish(env, detector, &pieces) == EMO_OK);
	CHECK(pieces.n == whole.n);
	for (int64_t i = 0; i < whole.n && i < pieces.n; i++)
		CHECK(memcmp(&whole.items[i], &pieces.items[i], sizeof(EmoStretch)) == 0);
	check_again(env, detector, samples, n, &whole);
	emo_speech_destroy(env, detector);
}

static void
test_too_little(EmoEnv *env)
{
	float *samples = noise(env, RATE, 0.1f);
	EmoSpeechDetector *detector;
	EmoSpoken spoken;

	CHECK(emo_speech_create(env, &detector) == EMO_OK);
	CHECK(emo_cut_to_speech(env, detector, samples, RATE, &spoken) == EMO_NO_SPEECH);
	CHECK(spoken.samples == samples && spoken.n_samples == RATE && spoken.n_speech == 0);
	CHECK(strcmp(env->message, "recording has no speech") == 0);
	emo_speech_destroy(env, detector);
}

/* Log odds for so many hops. */
static void
track(EmoEnv *env, EmoSpeechTracker *tracker, int n_hops, float logit)
{
	for (int i = 0; i < n_hops; i++)
		CHECK(emo_speech_track(env, tracker, logit, 1) == EMO_OK);
}

/* Two stretches with doubt before, between and after them, which ends where nothing may be speech for long. */
static void
test_doubt(EmoEnv *env)
{
	EmoSpeechTracker *tracker;
	EmoStretches found;

	CHECK(emo_speech_tracker_create(env, &tracker) == EMO_OK);
	track(env, tracker, 200, -9);
	track(env, tracker, 10, -1.5f);
	track(env, tracker, 100, -9);
	track(env, tracker, 50, 5);
	track(env, tracker, 100, -9);
	track(env, tracker, 10, -1.5f);
	track(env, tracker, 100, -9);
	track(env, tracker, 50, 5);
	track(env, tracker, 100, -9);
	track(env, tracker, 10, -1.5f);
	track(env, tracker, 200, -9);
	track(env, tracker, 10, -1.5f);
	CHECK(emo_speech_track_end(env, tracker, (int64_t) 940 * EMO_SPEECH_HOP, &found) == EMO_OK);
	CHECK(found.n == 2);
	CHECK(found.items[0].start == (int64_t) 310 * EMO_SPEECH_HOP);
	CHECK(found.items[0].doubtful_before == (int64_t) 110 * EMO_SPEECH_HOP);
	CHECK(found.items[0].doubtful_after == (int64_t) 210 * EMO_SPEECH_HOP);
	CHECK(found.items[1].doubtful_before == (int64_t) 210 * EMO_SPEECH_HOP);
	CHECK(found.items[1].doubtful_after == (int64_t) 110 * EMO_SPEECH_HOP);
	emo_speech_tracker_destroy(env, tracker);
}

/* What is left of 20 s, of which the eleventh is speech, with so much doubt before it. */
static EmoSpoken
join(EmoEnv *env, const float *samples, int64_t n_doubtful)
{
	EmoStretch stretch = {.start = 10 * RATE, .end = 11 * RATE, .doubtful_before = n_doubtful};
	EmoStretches stretches = {&stretch, 1};
	EmoSpoken spoken;

	CHECK(emo_join_speech(env, samples, 20 * RATE, &stretches, &spoken) == EMO_OK);
	CHECK(spoken.n_speech == RATE);
	return spoken;
}

static void
test_soft_speech_stays(EmoEnv *env)
{
	float *samples = noise(env, 20 * RATE, 0.1f);
	EmoSpoken spoken = join(env, samples, 0);

	CHECK(spoken.samples == samples + 10 * RATE - RATE / 10 && spoken.n_samples == RATE * 12 / 10);
	spoken = join(env, samples, 4 * RATE);
	CHECK(spoken.samples == samples + 6 * RATE - RATE / 10 && spoken.n_samples == RATE * 52 / 10);
	/* Too much for soft speech: none of it. */
	spoken = join(env, samples, 4 * RATE + 1);
	CHECK(spoken.n_samples == RATE * 12 / 10);
}

/* What is left between two stretches, the second with doubt before it, and without any. */
static void
test_pauses(EmoEnv *env)
{
	float *samples = noise(env, 20 * RATE, 0.1f);
	EmoStretch items[2] = {{.start = 0, .end = 2 * RATE},
						   {.start = 10 * RATE, .end = 11 * RATE, .doubtful_before = RATE}};
	EmoStretches stretches = {items, 2}, none = {NULL, 0};
	int64_t first = 2 * RATE + RATE / 10, first_end = 9 * RATE - RATE / 10;
	int64_t second = 11 * RATE + RATE / 10, n_second = 20 * RATE - second;
	EmoSpoken pauses;

	CHECK(emo_join_pauses(env, samples, 20 * RATE, &stretches, &pauses) == EMO_OK);
	CHECK(pauses.n_speech == 3 * RATE);
	CHECK(pauses.n_samples == first_end - first + n_second);
	CHECK(memcmp(pauses.samples, samples + first, (first_end - first) * sizeof(float)) == 0);
	CHECK(memcmp(pauses.samples + (first_end - first), samples + second,
				 n_second * sizeof(float)) == 0);
	CHECK(emo_join_pauses(env, samples, RATE, &none, &pauses) == EMO_OK);
	CHECK(pauses.n_samples == RATE && memcmp(pauses.samples, samples, RATE * sizeof(float)) == 0);
	stretches.n = 1;
	CHECK(emo_join_pauses(env, samples, 2 * RATE, &stretches, &pauses) == EMO_OK);
	CHECK(pauses.n_samples == 0);
}

int
main(void)
{
	RUN(test_nothing);
	RUN(test_net_is_its_definition);
	RUN(test_pieces);
	RUN(test_too_little);
	RUN(test_doubt);
	RUN(test_soft_speech_stays);
	RUN(test_pauses);
	return unit_finish();
}
