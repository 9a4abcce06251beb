/*
 * wav_test.c
 *	  WAV files from samples: round trips, clipping, refusals.
 */
#include "unit.h"

#include "core/audio/audio.h"
#include "core/audio/wav.h"

#define N_SAMPLES 65536

static EmoStatus
write_and_read(EmoEnv *env, const float *samples, int64_t n_samples, EmoWavEncoding encoding,
			   EmoAudio *audio)
{
	uint8_t *bytes = malloc(emo_wav_max_bytes(n_samples, encoding));
	size_t n_bytes;
	EmoStatus status = emo_wav_write(env, samples, n_samples, 1, 22050, encoding, bytes, &n_bytes);

	if (status == EMO_OK)
	{
		CHECK(n_bytes <= emo_wav_max_bytes(n_samples, encoding));
		status = emo_audio_decode(env, bytes, n_bytes, 0, EMO_MIXED, NULL, audio);
		CHECK(audio->sample_rate == 22050 && !audio->truncated);
	}
	free(bytes);
	return status;
}

static void
test_round_trip(EmoEnv *env)
{
	static float samples[N_SAMPLES];

	for (int i = 0; i < N_SAMPLES; i++)
		samples[i] = (i - 32768) / 32768.0f;
	for (int encoding = EMO_WAV_PCM16; encoding <= EMO_WAV_FLOAT32; encoding++)
	{
		EmoAudio audio;
		int n_different = 0;

		CHECK(write_and_read(env, samples, N_SAMPLES, encoding, &audio) == EMO_OK);
		CHECK(audio.n_samples == N_SAMPLES);
		for (int i = 0; i < N_SAMPLES; i++)
			n_different += audio.samples[i] != samples[i];
		CHECK(n_different == 0);
	}
}

static void
test_clipping_and_rounding(EmoEnv *env)
{
	static const float samples[] = {2, -2, 1, -1, 0.6f / 32768, -0.6f / 32768, 0.4f / 32768, 3e38f};
	static const float expected[] = {32767, -32768, 32767, -32768, 1, -1, 0, 32767};
	EmoAudio audio;

	CHECK(write_and_read(env, samples, 8, EMO_WAV_PCM16, &audio) == EMO_OK);
	for (int i = 0; i < 8; i++)
		CHECK_NEAR(audio.samples[i] * 32768, expected[i], 0);
	CHECK(write_and_read(env, samples, 8, EMO_WAV_FLOAT32, &audio) == EMO_OK);
	CHECK(audio.samples[0] == 1 && audio.samples[1] == -1 && audio.samples[7] == 1);
	CHECK(audio.samples[4] == samples[4]);
}

/* The clock must not get into the file. */
static void
test_same_bytes(EmoEnv *env)
{
	static const float samples[] = {0.25f, -0.25f, 0.125f};
	uint8_t bytes[1024];
	size_t n_bytes;

	CHECK(emo_wav_write(env, samples, 3, 1, 8000, EMO_WAV_FLOAT32, bytes, &n_bytes) == EMO_OK);
	CHECK(memmem(bytes, n_bytes, "PEAK", 4) == NULL);
	CHECK(emo_wav_write(env, samples, 3, 1, 8000, EMO_WAV_PCM16, bytes, &n_bytes) == EMO_OK);
	CHECK(n_bytes == 44 + 6);
}

static void
test_refusals(EmoEnv *env)
{
	static const float bad[][3] = {{0, NAN, 0}, {0, INFINITY, 0}, {0, -INFINITY, 0}};
	static const int rates[] = {-1, 0, 999, 768001};
	uint8_t bytes[1024];
	size_t n_bytes;

	for (int i = 0; i < 3; i++)
		CHECK(emo_wav_write(env, bad[i], 3, 1, 8000, EMO_WAV_PCM16, bytes, &n_bytes) ==
			  EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->message, "samples must be finite") == 0);
	CHECK(strcmp(env->detail, "Sample 2 is infinite.") == 0);
	for (int i = 0; i < 4; i++)
		CHECK(emo_wav_write(env, bad[0], 1, 1, rates[i], EMO_WAV_PCM16, bytes, &n_bytes) ==
			  EMO_INVALID_PARAMETER);
	CHECK(emo_wav_write(env, bad[0], 0, 1, 8000, EMO_WAV_PCM16, bytes, &n_bytes) ==
		  EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->message, "samples must not be empty") == 0);
}

int
main(void)
{
	RUN(test_round_trip);
	RUN(test_clipping_and_rounding);
	RUN(test_same_bytes);
	RUN(test_refusals);
	return unit_finish();
}
