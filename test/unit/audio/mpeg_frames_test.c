/*
 * mpeg_frames_test.c
 *	  MPEG audio that is found behind something else, begins inside a frame or ends in one.
 */
#include "unit.h"

#include "recordings.h"

/* Of an MPEG 1 frame. */
#define FRAME_SAMPLES 1152

static Recording
mp3_of_sine(int sample_rate, int n_channels, sf_count_t n_frames)
{
	return recording_of_sine(FORMAT_MP3, sample_rate, n_channels, 440, 0.5, n_frames);
}

static void
join(Recording *recording, const void *bytes, size_t n_bytes)
{
	recording->position = recording->n_bytes;
	recording_write(bytes, n_bytes, recording);
}

/* What is before the first whole frame is passed over, whatever and however much it is. */
static void
test_junk_before(EmoEnv *env)
{
	static const size_t lengths[] = {1, 600, 5000, 300000};
	Recording plain = mp3_of_sine(44100, 1, 88200);
	EmoAudio whole;

	CHECK(recording_decode(env, &plain, 0, &whole) == EMO_OK);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		for (int kind = 0; kind < 3; kind++)
		{
			Recording recording = {NULL, 0, 0, 0};
			uint32_t state = 7;
			EmoAudio audio;

			for (size_t k = 0; k < lengths[i]; k++)
			{
				char junk = (state = state * 1664525 + 1013904223) >> 24;

				join(&recording, kind == 0 ? "" : kind == 1 ? "text" : &junk, 1);
			}
			join(&recording, plain.bytes, plain.n_bytes);
			CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
			CHECK(llabs(audio.n_samples - whole.n_samples) <= 2 * FRAME_SAMPLES);
			CHECK(!audio.truncated);
			emo_audio_free(env, &audio);
			recording_free(&recording);
		}
	recording_free(&plain);
}

/* In a WAV file, whose chunks are junk around it. */
static void
test_in_wav(EmoEnv *env)
{
	static const char head[] =
		"RIFF\xff\xff\xff\xffWAVEfmt \x12\0\0\0\x55\0\1\0\x44\xac\0\0\0\0\0\0\1\0\0\0"
		"\0\0data\xff\xff\xff\xff";
	Recording plain = mp3_of_sine(44100, 1, 88200);
	Recording recording = {NULL, 0, 0, 0};
	EmoAudio whole, audio;

	join(&recording, head, sizeof(head) - 1);
	join(&recording, plain.bytes, plain.n_bytes);
	CHECK(recording_decode(env, &plain, 0, &whole) == EMO_OK);
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(audio.n_samples == whole.n_samples && audio.sample_rate == 44100 && !audio.truncated);
	recording_free(&plain);
	recording_free(&recording);
}

/* Without its first bytes: all of the others is heard; cut in its last frame: that is said. */
static void
test_parts_of_frames(EmoEnv *env)
{
	Recording recording = mp3_of_sine(44100, 1, 88200);
	EmoAudio whole, audio;
	Recording part;

	CHECK(recording_decode(env, &recording, 0, &whole) == EMO_OK);
	for (size_t n_missing = 700; n_missing < 3000; n_missing += 331)
	{
		part = recording;
		part.bytes += n_missing;
		part.n_bytes -= n_missing;
		CHECK(recording_decode(env, &part, 0, &audio) == EMO_OK);
		CHECK(audio.n_samples >= whole.n_samples - (int64_t) (n_missing / 100 + 3) * FRAME_SAMPLES);
		CHECK_NEAR(tone_level_db(&audio, 440), -6.02, 0.5);
		CHECK(!audio.truncated);
		emo_audio_free(env, &audio);

		part = recording;
		part.n_bytes -= n_missing;
		CHECK(recording_decode(env, &part, 0, &audio) == EMO_OK);
		CHECK(audio.truncated);
		emo_audio_free(env, &audio);
	}
	recording_free(&recording);
}

int
main(void)
{
	Recording probe = mp3_of_sine(32000, 1, 32000);

	if (probe.bytes == NULL)
		printf("skipped: this libsndfile does not write MP3\n");
	else
	{
		RUN(test_junk_before);
		RUN(test_in_wav);
		RUN(test_parts_of_frames);
	}
	recording_free(&probe);
	unit_passed++;
	return unit_finish();
}
