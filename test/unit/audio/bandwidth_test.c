/*
 * bandwidth_test.c
 *	  Edges of noise whose band is known, in files of several rates.
 */
#include "unit.h"

#include "core/audio/band.h"
#include "core/audio/bandwidth.h"
#include "core/base/random.h"

#define DURATION_S   2
#define MAX_SAMPLES  (DURATION_S * 48000)
#define TOLERANCE_HZ 150

static float samples[MAX_SAMPLES];
static EmoRandom random_numbers;

/* Interleaved frames, in uneven parts, as readers give them. */
static double
bandwidth_of(EmoEnv *env, const float *frames, int n_frames, int n_channels, int rate)
{
	EmoBandwidth *bandwidth;
	double hz;

	CHECK(emo_bandwidth_create(env, n_channels, rate, &bandwidth) == EMO_OK);
	for (int i = 0, n = 1; i < n_frames; i += n, n = 2 * n + 1)
		emo_bandwidth_push(bandwidth, frames + i * n_channels, i + n < n_frames ? n : n_frames - i);
	hz = emo_bandwidth_finish(bandwidth);
	emo_bandwidth_destroy(env, bandwidth);
	return hz;
}

/* Noise of an RMS of 0.06, which falls by 6 dB per octave from 300 Hz on, as the voice does. */
static void
make_noise(EmoEnv *env, int rate, double edge_hz)
{
	float last = 0;

	emo_random_seed(&random_numbers, 1);
	for (int i = 0; i < DURATION_S * rate; i++)
	{
		last += (float) (2 * M_PI * 300 / rate) * (emo_random_noise(&random_numbers) - last);
		samples[i] = 0.5f * last;
	}
	if (edge_hz < rate / 2.0)
		CHECK(emo_limit_band(env, 0, edge_hz, rate, DURATION_S * rate, samples) == EMO_OK);
}

static void
add_noise(int n_samples, double amplitude)
{
	for (int i = 0; i < n_samples; i++)
		samples[i] += (float) amplitude * emo_random_noise(&random_numbers);
}

/* Rounded to 16 bits with dither, which leaves noise of -96 dBFS up to half of the rate. */
static void
dither(int n_samples)
{
	for (int i = 0; i < n_samples; i++)
		samples[i] = rintf(samples[i] * 32768 + (float) (emo_random_uniform(&random_numbers) -
														 emo_random_uniform(&random_numbers))) /
					 32768;
}

static void
test_edges(EmoEnv *env)
{
	static const int rates[] = {8000, 11025, 16000, 22050, 44100, 48000};
	static const int edges_hz[] = {3400, 4000, 5500, 8000, 16000, 20000};

	for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); r++)
		for (size_t e = 0; e < sizeof(edges_hz) / sizeof(edges_hz[0]); e++)
		{
			int n = DURATION_S * rates[r];
			double edge_hz = fmin(edges_hz[e], rates[r] / 2.0);

			make_noise(env, rates[r], edge_hz);
			CHECK_NEAR(bandwidth_of(env, samples, n, 1, rates[r]), edge_hz, TOLERANCE_HZ);
			dither(n);
			CHECK_NEAR(bandwidth_of(env, samples, n, 1, rates[r]), edge_hz, TOLERANCE_HZ);
		}
}

/* So quiet that dither is 34 dB below, and so short that there are a few frames. */
static void
test_quiet_and_short(EmoEnv *env)
{
	make_noise(env, 16000, 4000);
	for (int i = 0; i < DURATION_S * 16000; i++)
		samples[i] *= 0.02f;
	dither(DURATION_S * 16000);
	CHECK_NEAR(bandwidth_of(env, samples, DURATION_S * 16000, 1, 16000), 4000, 2 * TOLERANCE_HZ);

	make_noise(env, 48000, 4000);
	CHECK_NEAR(bandwidth_of(env, samples + 4800, 4800, 1, 48000), 4000, 2 * TOLERANCE_HZ);
}

/* A call, and the noise of the device that recorded it: 30 dB below what the call has at its edge. */
static void
test_noise_behind_an_edge(EmoEnv *env)
{
	make_noise(env, 48000, 3400);
	add_noise(DURATION_S * 48000, 1e-4);
	CHECK_NEAR(bandwidth_of(env, samples, DURATION_S * 48000, 1, 48000), 3400, TOLERANCE_HZ);

	/* Of a wide recording it is no edge. */
	make_noise(env, 48000, 16000);
	add_noise(DURATION_S * 48000, 1e-5);
	CHECK_NEAR(bandwidth_of(env, samples, DURATION_S * 48000, 1, 48000), 16000, TOLERANCE_HZ);
}

/* Clicks have all frequencies, offsets none. */
static void
test_clicks_and_offset(EmoEnv *env)
{
	int n = DURATION_S * 16000;

	make_noise(env, 16000, 3400);
	for (int i = 0; i < n; i++)
		samples[i] += 0.25f;
	CHECK_NEAR(bandwidth_of(env, samples, n, 1, 16000), 3400, TOLERANCE_HZ);
	samples[5000] += 0.7f;
	samples[14000] -= 0.7f;
	CHECK_NEAR(bandwidth_of(env, samples, n, 1, 16000), 3400, TOLERANCE_HZ);
}

/* The widest channel says it. */
static void
test_channels(EmoEnv *env)
{
	int n = 16000;
	float frames[2 * 16000];

	for (int c = 0; c < 2; c++)
	{
		make_noise(env, 16000, c == 0 ? 3400 : 5500);
		for (int i = 0; i < n; i++)
			frames[2 * i + c] = samples[i];
	}
	CHECK_NEAR(bandwidth_of(env, frames, n, 2, 16000), 5500, TOLERANCE_HZ);
	for (int i = 0; i < n; i++)
		frames[2 * i + 1] = 0;
	CHECK_NEAR(bandwidth_of(env, frames, n, 2, 16000), 3400, TOLERANCE_HZ);
}

/* What comes after the first seconds counts in part. */
static void
test_long(EmoEnv *env)
{
	int rate = 1000, n = 90 * rate;

	make_noise(env, 48000, 24000);
	memset(samples, 0, 60 * rate * sizeof(float));
	CHECK_NEAR(bandwidth_of(env, samples, n, 1, rate), rate / 2.0, 32);
}

static void
test_no_sound(EmoEnv *env)
{
	memset(samples, 0, sizeof(samples));
	CHECK(isnan(bandwidth_of(env, samples, 0, 1, 16000)));
	CHECK(isnan(bandwidth_of(env, samples, 1, 1, 16000)));
	CHECK(isnan(bandwidth_of(env, samples, MAX_SAMPLES / 64, 64, 768000)));
	dither(MAX_SAMPLES);
	CHECK(isnan(bandwidth_of(env, samples, MAX_SAMPLES, 1, 48000)));
}

static void
test_allocation_failures(EmoEnv *env)
{
	EmoBandwidth *bandwidth;

	for (int i = 0; i < 6; i++)
	{
		((UnitHost *) env->host)->allocations_left = i;
		CHECK(emo_bandwidth_create(env, 1, 16000, &bandwidth) == EMO_OUT_OF_MEMORY);
		CHECK(bandwidth == NULL);
	}
}

int
main(void)
{
	RUN(test_edges);
	RUN(test_quiet_and_short);
	RUN(test_noise_behind_an_edge);
	RUN(test_clicks_and_offset);
	RUN(test_channels);
	RUN(test_long);
	RUN(test_no_sound);
	RUN(test_allocation_failures);
	return unit_finish();
}
