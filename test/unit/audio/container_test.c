/*
 * container_test.c
 *	  Files that are cut, hostile, or unusual in their chunks.
 */
#include "unit.h"

#include "recordings.h"

/* What is there is used, and the flag is set, wherever an end is missing. */
static void
test_truncated(EmoEnv *env)
{
	static const int formats[] = {
		WAV_PCM16,
		WAV_FLOAT,
		SF_FORMAT_WAVEX | SF_FORMAT_PCM_24,
		SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG,
		SF_FORMAT_RF64 | SF_FORMAT_PCM_16,
		SF_FORMAT_W64 | SF_FORMAT_PCM_16,
		SF_FORMAT_AIFF | SF_FORMAT_PCM_16,
		SF_FORMAT_AU | SF_FORMAT_PCM_16,
		SF_FORMAT_AU | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE,
		SF_FORMAT_CAF | SF_FORMAT_PCM_16,
		SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
		SF_FORMAT_OGG | SF_FORMAT_VORBIS,
		SF_FORMAT_OGG | SF_FORMAT_OPUS,
		FORMAT_MP3,
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
	{
		Recording recording = recording_of_sine(formats[i], 16000, 1, 440, 0.5, 800000);
		EmoAudio whole, half;

		if (recording.bytes == NULL && formats[i] == FORMAT_MP3)
			continue; /* libsndfile before 1.1 */
		CHECK(recording_decode(env, &recording, 0, &whole) == EMO_OK);
		CHECK(!whole.truncated);
		recording.n_bytes = recording.n_bytes * 6 / 10;
		CHECK(recording_decode(env, &recording, 0, &half) == EMO_OK);
		CHECK(half.truncated);
		CHECK_NEAR((double) half.n_samples / whole.n_samples, 0.5, 0.25);
		CHECK_NEAR(tone_level_db(&half, 440), -6.02, 0.5);
		if (!half.truncated)
			printf("... in format %#x\n", formats[i]);
		recording_free(&recording);
	}
}

static void
put_uint32(unsigned char *bytes, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		bytes[i] = value >> (8 * i);
}

/* A WAV file of the given chunk, then 100 samples of 1/2. */
static Recording
wav_with_chunk(const char *chunk, size_t n_chunk)
{
	static const unsigned char format[] = "fmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10";
	Recording recording = {NULL, 0, 0, 0};

	recording_write("RIFF\0\0\0\0WAVE", 12, &recording);
	recording_write(format, 24, &recording);
	recording_write(chunk, n_chunk, &recording);
	recording_write("data\xc8\0\0\0", 8, &recording);
	for (int i = 0; i < 100; i++)
		recording_write("\0\x40", 2, &recording);
	put_uint32(recording.bytes + 4, recording.n_bytes - 8);
	return recording;
}

/* As in four files of EmoDB, which have 4044 bytes of padding before the samples. */
static void
test_extra_chunk(EmoEnv *env)
{
	char chunk[8 + 4044] = "PAD \xcc\x0f";
	Recording recording = wav_with_chunk(chunk, sizeof(chunk));
	EmoAudio audio;

	CHECK(recording_decode(env, &recording, 16000, &audio) == EMO_OK);
	CHECK(audio.n_samples == 100 && audio.samples[0] == 0.5f && audio.samples[99] == 0.5f);
	CHECK(!audio.truncated);
	recording_free(&recording);
}

/* Entries of negative size make libsndfile's parser go round for ever when it sees them. */
static void
test_endless_list(EmoEnv *env)
{
	static const char *const names[] = {"LIST", "INFO"};

	for (int k = 0; k < 2; k++)
		for (int size = -16; size < 0; size++)
		{
			char chunk[8 + 92] = "LIST\x5c\0\0\0INFOjunk";
			EmoAudio audio;
			Recording recording;

			memcpy(chunk, names[k], 4);
			put_uint32((unsigned char *) chunk + 16, size);
			recording = wav_with_chunk(chunk, sizeof(chunk));
			CHECK(recording_decode(env, &recording, 16000, &audio) == EMO_OK);
			CHECK(audio.n_samples == 100 && audio.samples[0] == 0.5f);
			recording_free(&recording);
		}
}

/* Sizes left open by a recorder that wrote into a pipe or was killed. */
static void
test_streamed_wav(EmoEnv *env)
{
	static const uint32_t sizes[][2] = {
		{0xffffffff, 0xffffffff},
		{0, 0},
		{236, 0},
		{0x7fffffff, 0x7fffffdb},
		{0x80000024, 0x80000000},
		{0xffffffff, 0xffffffdb},
		{0, 200},
		{236, 201},
	};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
	{
		Recording recording = wav_with_chunk("", 0);
		EmoAudio audio;

		put_uint32(recording.bytes + 4, sizes[i][0]);
		put_uint32(recording.bytes + 40, sizes[i][1]);
		CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
		CHECK(audio.n_samples == 100 && !audio.truncated);
		if (audio.n_samples != 100 || audio.truncated)
			printf("... of sizes %zu\n", i);
		recording_free(&recording);
	}
}

/* A chunk behind a data chunk of zero bytes: there are no samples. */
static void
test_empty_wav(EmoEnv *env)
{
	Recording recording = wav_with_chunk("", 0);
	EmoAudio audio;

	put_uint32(recording.bytes + 40, 0);
	memcpy(recording.bytes + 44, "LIST\4\0\0\0INFO", 12);
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_BAD_DATA);
	CHECK(strcmp(env->message, "recording has no samples") == 0);
	recording_free(&recording);
}

/* The same in containers whose sizes stand elsewhere, or have eight bytes. */
static void
test_streamed_others(EmoEnv *env)
{
	static const struct
	{
		int format;
		const char *chunk; /* the size stands behind its name, or at an offset */
		size_t offset;
		int n_bytes;
	} cases[] = {
		{SF_FORMAT_AU | SF_FORMAT_PCM_16, NULL, 8, 4},
		{SF_FORMAT_AU | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE, NULL, 8, 4},
		{SF_FORMAT_AIFF | SF_FORMAT_PCM_16, "SSND", 4, 4},
		{SF_FORMAT_W64 | SF_FORMAT_PCM_16, "data", 16, 8},
		{SF_FORMAT_CAF | SF_FORMAT_PCM_16, "data", 4, 8},
		{SF_FORMAT_RF64 | SF_FORMAT_PCM_16, "ds64", 16, 8},
	};
	static const unsigned char fills[] = {0, 0xff};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int k = 0; k < 2; k++)
		{
			Recording recording = recording_of_sine(cases[i].format, 16000, 1, 440, 0.5, 4000);
			unsigned char *at = recording.bytes;
			EmoAudio audio;

			if (cases[i].chunk != NULL)
				at = memmem(at, recording.n_bytes, cases[i].chunk, 4);
			memset(at + cases[i].offset, fills[k], cases[i].n_bytes);
			CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
			CHECK(audio.n_samples >= 4000 && audio.n_samples < 4200 && !audio.truncated);
			if (audio.n_samples < 4000 || audio.truncated)
				printf("... in format %#x, filled with %d\n", cases[i].format, fills[k]);
			recording_free(&recording);
		}
}

/* A header that claims 2^31 samples must not make anyone allocate them. */
static void
test_lying_header_takes_no_memory(EmoEnv *env)
{
	Recording recording = recording_of_sine(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 655350, 1, 0, 0, 99);
	EmoAudio audio;

	recording.bytes[22] = 0x7f; /* STREAMINFO's count of samples, 2^31 - 2^24 + 99 */
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(audio.n_samples == 99 && audio.truncated);
	CHECK((size_t) recording.n_bytes < 10000);
	recording_free(&recording);
}

int
main(void)
{
	RUN(test_truncated);
	RUN(test_extra_chunk);
	RUN(test_endless_list);
	RUN(test_streamed_wav);
	RUN(test_empty_wav);
	RUN(test_streamed_others);
	RUN(test_lying_header_takes_no_memory);
	return unit_finish();
}
