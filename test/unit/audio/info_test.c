/*
 * info_test.c
 *	  Level, clipping, offset and silence of recordings whose values are known.
 */
#include "unit.h"

#include "recordings.h"

#include "core/audio/info.h"

static EmoAudioInfo
info_of(EmoEnv *env, Recording recording)
{
	EmoAudioInfo info;

	CHECK(emo_audio_info(env, recording.bytes, recording.n_bytes, NULL, &info, NULL) == EMO_OK);
	recording_free(&recording);
	return info;
}

static void
test_sine(EmoEnv *env)
{
	EmoAudioInfo info = info_of(env, recording_of_sine(WAV_FLOAT, 16000, 2, 1000, 0.5, 16000));

	CHECK(strcmp(info.container, "wav") == 0 && strcmp(info.encoding, "float32") == 0);
	CHECK(info.sample_rate == 16000 && info.n_channels == 2 && !info.truncated);
	CHECK_NEAR(info.duration_s, 1, 0);
	CHECK_NEAR(info.peak, 0.5, 1e-6);
	CHECK_NEAR(info.rms, 0.5 / sqrt(2), 1e-6);
	CHECK_NEAR(info.dc_offset, 0, 1e-6);
	CHECK_NEAR(info.silence_share, 0, 0);
	CHECK(info.clipped_samples == 0);
}

static void
test_digital_silence(EmoEnv *env)
{
	EmoAudioInfo info = info_of(env, recording_of_sine(WAV_PCM16, 44100, 1, 0, 0, 5000));

	CHECK(info.peak == 0 && info.rms == 0 && info.dc_offset == 0 && info.silence_share == 1);
}

/* Runs of three or more of one sign count, in each channel for itself. */
static void
test_clipping(EmoEnv *env)
{
	static const float left[] = {0, 1, 1, 0, 1, 1, 1, 0, -1, -1, -1, -1, 0, 1, -1, 1, -1, 0, 1, 1};
	static const float right[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
	static const int formats[] = {WAV_PCM16,
								  WAV_FLOAT,
								  SF_FORMAT_WAV | SF_FORMAT_PCM_U8,
								  SF_FORMAT_WAV | SF_FORMAT_PCM_24,
								  SF_FORMAT_WAV | SF_FORMAT_ULAW,
								  SF_FORMAT_WAV | SF_FORMAT_ALAW,
								  SF_FORMAT_WAV | SF_FORMAT_PCM_32};
	float samples[40];

	for (int i = 0; i < 20; i++)
	{
		samples[2 * i] = left[i];
		samples[2 * i + 1] = right[i];
	}
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
	{
		EmoAudioInfo info = info_of(env, recording_from_samples(formats[i], 16000, 2, samples, 20));

		CHECK(info.clipped_samples == 3 + 4 + 10);
		if (info.clipped_samples != 17)
			printf("... %s: %d\n", info.encoding, (int) info.clipped_samples);
	}
}

/* 100 ms of a level just above, then 300 ms just below -60 dBFS, on an offset in the first part. */
static void
test_silence_and_offset(EmoEnv *env)
{
	float samples[6400];
	EmoAudioInfo info;

	for (int i = 0; i < 6400; i++)
		samples[i] = i < 1600 ? 0.00101f : (i % 2 ? 0.00099f : -0.00099f);
	info = info_of(env, recording_from_samples(WAV_FLOAT, 16000, 1, samples, 6400));
	CHECK_NEAR(info.silence_share, 0.75, 1e-9);
	CHECK_NEAR(info.dc_offset, 0.00101 / 4, 1e-8);
	CHECK_NEAR(info.peak, 0.00101, 1e-8);

	/* An incomplete frame at the end counts as one. */
	info = info_of(env, recording_from_samples(WAV_FLOAT, 16000, 1, samples, 321));
	CHECK_NEAR(info.silence_share, 0, 0);
	CHECK_NEAR(info.rms, 0.00101, 1e-8);
}

static void
test_bad_data(EmoEnv *env)
{
	EmoAudioInfo info;

	CHECK(emo_audio_info(env, "nothing", 7, NULL, &info, NULL) == EMO_BAD_DATA);
	CHECK(info.container == NULL);
}

static void
test_allocation_failures(EmoEnv *env)
{
	Recording recording = recording_of_sine(WAV_PCM16, 16000, 1, 440, 0.5, 3000);

	for (int i = 0; i < 2; i++)
	{
		EmoAudioInfo info;

		((UnitHost *) env->host)->allocations_left = i;
		CHECK(emo_audio_info(env, recording.bytes, recording.n_bytes, NULL, &info, NULL) ==
			  EMO_OUT_OF_MEMORY);
	}
	recording_free(&recording);
}

int
main(void)
{
	RUN(test_sine);
	RUN(test_digital_silence);
	RUN(test_clipping);
	RUN(test_silence_and_offset);
	RUN(test_bad_data);
	RUN(test_allocation_failures);
	return unit_finish();
}
