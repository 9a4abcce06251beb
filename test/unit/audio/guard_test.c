/*
 * guard_test.c
 *	  What is refused: too long, not audio, not numbers.
 */
#include "unit.h"

#include "recordings.h"

static void
check_refused(EmoEnv *env, const Recording *recording, const EmoAudioLimits *limits,
			  EmoStatus expected, const char *message)
{
	EmoAudio audio;

	env->message[0] = '\0';
	CHECK(emo_audio_decode(env, recording->bytes, recording->n_bytes, 16000, EMO_MIXED, limits,
						   &audio) == expected);
	CHECK(audio.samples == NULL);
	CHECK(strcmp(env->message, message) == 0);
	if (strcmp(env->message, message) != 0)
		printf("... it is \"%s\" (%s)\n", env->message, env->detail);
}

static void
test_limits(EmoEnv *env)
{
	EmoAudioLimits one_second = {.max_duration_s = 1, .max_channels = 2};
	Recording exact = recording_of_sine(WAV_PCM16, 8000, 1, 440, 0.5, 8000);
	Recording longer = recording_of_sine(WAV_PCM16, 8000, 1, 440, 0.5, 8001);
	Recording three = recording_of_sine(WAV_PCM16, 8000, 3, 440, 0.5, 800);
	Recording slow = recording_of_sine(WAV_PCM16, 500, 1, 100, 0.5, 800);
	Recording empty = recording_of_sine(WAV_PCM16, 8000, 1, 440, 0.5, 0);
	Recording tiny = recording_of_sine(WAV_PCM16, 768000, 1, 440, 0.5, 1);
	Recording flac = recording_of_sine(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8000, 1, 0, 0, 800000);
	EmoAudio audio;

	CHECK(emo_audio_decode(env, exact.bytes, exact.n_bytes, 0, EMO_MIXED, &one_second, &audio) ==
		  EMO_OK);
	check_refused(env, &longer, &one_second, EMO_REFUSED, "recording is longer than 1 s");
	check_refused(env, &three, &one_second, EMO_BAD_DATA,
				  "recording has 3 channels, at most 2 can be read");
	check_refused(env, &slow, NULL, EMO_BAD_DATA,
				  "sample rate 500 Hz is outside 1000 to 768000 Hz");
	check_refused(env, &empty, NULL, EMO_BAD_DATA, "recording has no samples");
	check_refused(env, &tiny, NULL, EMO_BAD_DATA,
				  "recording is too short for a sample rate of 16000 Hz");

	/* A hundred seconds of silence in 3 kB; the header tells, and so does counting. */
	CHECK(flac.n_bytes < 8000);
	check_refused(env, &flac, &one_second, EMO_REFUSED, "recording is longer than 1 s");
	memset(flac.bytes + 22, 0, 4); /* STREAMINFO's count of samples: unknown */
	flac.bytes[21] &= 0xf0;
	check_refused(env, &flac, &one_second, EMO_REFUSED, "recording is longer than 1 s");
	CHECK(emo_audio_decode(env, flac.bytes, flac.n_bytes, 0, EMO_MIXED, NULL, &audio) == EMO_OK);
	CHECK(audio.n_samples == 800000);

	CHECK(emo_audio_decode(env, exact.bytes, exact.n_bytes, 999, EMO_MIXED, NULL, &audio) ==
		  EMO_INVALID_PARAMETER);
	CHECK(emo_audio_decode(env, exact.bytes, exact.n_bytes, 768001, EMO_MIXED, NULL, &audio) ==
		  EMO_INVALID_PARAMETER);
	recording_free(&exact);
	recording_free(&longer);
	recording_free(&three);
	recording_free(&slow);
	recording_free(&empty);
	recording_free(&tiny);
	recording_free(&flac);
}

static void
test_not_audio(EmoEnv *env)
{
	unsigned char noise[4096];
	Recording recording = {noise, 0, 0, 0};
	uint32_t state = 1;

	check_refused(env, &recording, NULL, EMO_BAD_DATA, "could not read audio");
	CHECK(strcmp(env->detail, "The recording is empty.") == 0);

	for (int round = 0; round < 200; round++)
	{
		for (size_t i = 0; i < sizeof(noise); i++)
			noise[i] = (state = state * 1664525 + 1013904223) >> 24;
		recording.n_bytes = round * 20 + 1;
		check_refused(env, &recording, NULL, EMO_BAD_DATA, "could not read audio");
	}
	recording.n_bytes = sizeof(noise);
	memcpy(noise, "\xff\xfb\x90\x64", 4); /* like an MP3 frame */
	check_refused(env, &recording, NULL, EMO_BAD_DATA, "could not read audio");
	memcpy(noise, "\x01\x04zz", 4); /* like an Akai sampler's file */
	check_refused(env, &recording, NULL, EMO_BAD_DATA, "could not read audio");
	memcpy(noise, "RIFF\xf8\x0f\0\0WAVE", 12);
	check_refused(env, &recording, NULL, EMO_BAD_DATA, "could not read audio");
	CHECK(strstr(env->hint, "WAV") != NULL && strstr(env->detail, "libsndfile") != NULL);
}

static void
test_values_that_are_no_numbers(EmoEnv *env)
{
	static const float bad[] = {NAN, INFINITY, -INFINITY, 3e9f};
	float samples[2 * 1000] = {0};
	EmoAudio audio;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		Recording recording;

		samples[2 * 800 + 1] = bad[i];
		recording = recording_from_samples(SF_FORMAT_CAF | SF_FORMAT_FLOAT, 8000, 2, samples, 1000);
		check_refused(env, &recording, NULL, EMO_BAD_DATA,
					  "recording has a sample that is not a usable number");
		CHECK(strncmp(env->detail, "Sample 801 of channel 2 (at 0.100 s) is ", 40) == 0);
		recording_free(&recording);
	}

	/* Beyond full scale is usual in float files; a silent channel doesn't halve it. */
	samples[2 * 800 + 1] = 30000;
	Recording loud =
		recording_from_samples(SF_FORMAT_CAF | SF_FORMAT_FLOAT, 8000, 2, samples, 1000);

	CHECK(recording_decode(env, &loud, 0, &audio) == EMO_OK);
	CHECK(audio.samples[800] == 30000);
	recording_free(&loud);
}

int
main(void)
{
	RUN(test_limits);
	RUN(test_not_audio);
	RUN(test_values_that_are_no_numbers);
	return unit_finish();
}
