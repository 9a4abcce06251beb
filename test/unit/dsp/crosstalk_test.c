/*
 * crosstalk_test.c
 *	  What leaks from one channel into another is told from what is said there.
 */
#include "unit.h"

#include "core/base/random.h"
#include "core/dsp/crosstalk.h"
#include "signals.h"

#define SECOND    SIGNAL_RATE
#define N_SAMPLES (12 * SECOND)

/* What DC leaves of silence is below that. */
#define FAINT 1e-7f

/* Like a voice: noise in syllables of changing loudness, without much above 1 kHz; RMS of about 0.1. */
static void
say(float *samples, int64_t start, int64_t end, float gain, uint64_t seed)
{
	EmoRandom random;
	float low = 0, lower = 0;
	double loudness = 0;

	emo_random_seed(&random, seed);
	for (int64_t i = start; i < end; i++)
	{
		if ((i - start) % (SECOND / 5) == 0)
			loudness = 0.3 + emo_random_uniform(&random);
		low += 0.3f * (emo_random_noise(&random) - low);
		lower += 0.3f * (low - lower);
		samples[i] += gain * (float) (0.4 * loudness) * lower;
	}
}

static void
leak(const float *from, float *into, int64_t delay, float gain)
{
	for (int64_t i = delay < 0 ? -delay : 0; i < N_SAMPLES; i++)
		if (i - delay >= 0 && i - delay < N_SAMPLES && i >= 0)
			into[i] += gain * from[i - delay];
}

static EmoChannelActivity
channel_of(EmoEnv *env, const float *samples)
{
	EmoChannelActivity channel = {.samples = samples, .n_samples = N_SAMPLES};

	CHECK(emo_measure_levels(env, samples, N_SAMPLES, &channel.levels) == EMO_OK);
	channel.speaks = emo_alloc_zero(env, (size_t) channel.levels.n_frames, sizeof(bool));
	return channel;
}

/* A detector that hears all that is louder than some mean of squares. */
static void
mark_sound(EmoChannelActivity *channel, float noise)
{
	for (int64_t t = 0; t < channel->levels.n_frames; t++)
		channel->speaks[t] = channel->levels.energy[t] > noise;
}

/* The share of the frames between two times, in seconds, that are marked. */
static double
share(const EmoChannelActivity *channel, double start_s, double end_s)
{
	int64_t first = (int64_t) (start_s * EMO_LEVEL_FRAMES_PER_S);
	int64_t end = (int64_t) (end_s * EMO_LEVEL_FRAMES_PER_S);
	int64_t n = 0;

	for (int64_t t = first; t < end; t++)
		n += channel->speaks[t];
	return (double) n / (double) (end - first);
}

static void
check_leak(EmoEnv *env, float loss_db, int64_t delay, float noise)
{
	float *left = emo_alloc_zero(env, N_SAMPLES, sizeof(float));
	float *right = emo_alloc_zero(env, N_SAMPLES, sizeof(float));
	float gain = powf(10, -loss_db / 20);
	EmoChannelActivity channels[2];

	/* Left, right, then both at once. */
	say(left, 1 * SECOND, 4 * SECOND, 1, 1);
	say(left, 9 * SECOND, 11 * SECOND, 1, 2);
	say(right, 5 * SECOND, 8 * SECOND, 1, 3);
	say(right, 9 * SECOND, 11 * SECOND, 1, 4);
	leak(left, right, delay, gain);
	for (int64_t i = 0; i < N_SAMPLES && noise > 0; i++)
		right[i] += noise * ((float) rand() / (float) RAND_MAX - 0.5f);
	channels[0] = channel_of(env, left);
	channels[1] = channel_of(env, right);
	mark_sound(&channels[0], FAINT);
	mark_sound(&channels[1], fmaxf(FAINT, noise * noise / 4));
	CHECK(share(&channels[1], 1.5, 4) > 0.75);
	CHECK(emo_remove_crosstalk(env, channels, 2) == EMO_OK);
	CHECK(share(&channels[1], 0, 4.7) < 0.02);
	CHECK(share(&channels[1], 5, 8) > 0.95);
	CHECK(share(&channels[1], 9, 11) > 0.8);
	CHECK(share(&channels[0], 1, 4) > 0.95);
	CHECK(share(&channels[0], 9, 11) > 0.8);
}

static void
test_leaks(EmoEnv *env)
{
	check_leak(env, 20, 0, 0);
	check_leak(env, 20, 480, 0);
	check_leak(env, 20, 3201, 0);
	check_leak(env, 20, 6000, 0);
	check_leak(env, 30, 1717, 0);
	check_leak(env, 10, 480, 0);
	check_leak(env, 20, -300, 0);
	/* In noise 10 dB below the leak. */
	check_leak(env, 20, 480, 0.01f);
}

/* Somebody who speaks at the same time, far more quietly, is no leak. */
static void
test_quiet_talker(EmoEnv *env)
{
	float *left = emo_alloc_zero(env, N_SAMPLES, sizeof(float));
	float *right = emo_alloc_zero(env, N_SAMPLES, sizeof(float));
	EmoChannelActivity channels[2];

	for (uint64_t seed = 1; seed <= 20; seed++)
	{
		memset(left, 0, N_SAMPLES * sizeof(float));
		memset(right, 0, N_SAMPLES * sizeof(float));
		say(left, 1 * SECOND, 11 * SECOND, 1, seed);
		say(right, 3 * SECOND, (4 + (int64_t) seed % 4) * SECOND, 0.1f, 1000 + seed);
		channels[0] = channel_of(env, left);
		channels[1] = channel_of(env, right);
		mark_sound(&channels[0], FAINT);
		mark_sound(&channels[1], FAINT);
		CHECK(emo_remove_crosstalk(env, channels, 2) == EMO_OK);
		CHECK(share(&channels[1], 3, 4) == 1);
	}
}

/* The same on both channels comes from neither. */
static void
test_same_channels(EmoEnv *env)
{
	float *both = emo_alloc_zero(env, N_SAMPLES, sizeof(float));
	EmoChannelActivity channels[2];

	say(both, 1 * SECOND, 11 * SECOND, 1, 7);
	channels[0] = channel_of(env, both);
	channels[1] = channel_of(env, both);
	mark_sound(&channels[0], FAINT);
	mark_sound(&channels[1], FAINT);
	CHECK(emo_remove_crosstalk(env, channels, 2) == EMO_OK);
	CHECK(share(&channels[0], 1, 11) == 1 && share(&channels[1], 1, 11) == 1);
}

static void
test_silence(EmoEnv *env)
{
	float *silence = emo_alloc_zero(env, N_SAMPLES, sizeof(float));
	EmoChannelActivity channels[3];

	for (int c = 0; c < 3; c++)
	{
		channels[c] = channel_of(env, silence);
		memset(channels[c].speaks, true, (size_t) channels[c].levels.n_frames * sizeof(bool));
	}
	CHECK(emo_remove_crosstalk(env, channels, 3) == EMO_OK);
	CHECK(share(&channels[2], 0, 12) == 1);
}

static void
test_levels(EmoEnv *env)
{
	float *sine = make_sine(env, N_SAMPLES + 10, 1000, 0.5);
	EmoLevels levels;

	for (int64_t i = 0; i < N_SAMPLES + 10; i++)
		sine[i] += 0.25f;
	CHECK(emo_measure_levels(env, sine, N_SAMPLES + 10, &levels) == EMO_OK);
	CHECK(levels.n_frames == 12 * EMO_LEVEL_FRAMES_PER_S + 1);
	for (int64_t t = 0; t < levels.n_frames - 1; t++)
		CHECK_NEAR((double) levels.energy[t], 0.125, 1e-4);
	CHECK_NEAR((double) emo_dbfs(0.125), -9.031, 1e-3);
	CHECK_NEAR((double) emo_dbfs(0), -120, 1e-3);
}

static void
test_out_of_memory(EmoEnv *env)
{
	float *left = emo_alloc_zero(env, N_SAMPLES, sizeof(float));
	float *right = emo_alloc_zero(env, N_SAMPLES, sizeof(float));
	EmoChannelActivity channels[2];
	UnitHost *host = env->host;
	EmoStatus status = EMO_OUT_OF_MEMORY;

	say(left, 1 * SECOND, 11 * SECOND, 1, 7);
	leak(left, right, 100, 0.1f);
	channels[0] = channel_of(env, left);
	channels[1] = channel_of(env, right);
	for (long n = 0; status != EMO_OK && n < 100; n++)
	{
		mark_sound(&channels[0], FAINT);
		mark_sound(&channels[1], FAINT);
		host->allocations_left = n;
		status = emo_remove_crosstalk(env, channels, 2);
		CHECK(status == EMO_OK || status == EMO_OUT_OF_MEMORY);
	}
	host->allocations_left = -1;
	CHECK(status == EMO_OK);
}

int
main(void)
{
	RUN(test_levels);
	RUN(test_leaks);
	RUN(test_quiet_talker);
	RUN(test_same_channels);
	RUN(test_silence);
	RUN(test_out_of_memory);
	return unit_finish();
}
