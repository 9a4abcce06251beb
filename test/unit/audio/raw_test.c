/*
 * raw_test.c
 *	  Samples without a header: a WAV file of them within its room, and what they are taken for.
 */
#include "unit.h"

#include "recordings.h"

#include "core/audio/raw.h"

#define MAX_BYTES 4096

/* In memory of just their sizes, so that reading and writing beyond them is seen. */
static EmoStatus
make_wav(EmoEnv *env, size_t n_bytes, const char *encoding, int n_channels)
{
	uint8_t *bytes = malloc(n_bytes + (n_bytes == 0));
	uint8_t *wav = malloc(emo_raw_max_wav_bytes(n_bytes));
	size_t n_wav = 0;
	EmoStatus status;

	/* No text, and no container. */
	for (size_t i = 0; i < n_bytes; i++)
		bytes[i] = (uint8_t) (128 + i % 100);
	status = emo_raw_to_wav(env, bytes, n_bytes, emo_raw_find_encoding(encoding), 8000, n_channels,
							wav, &n_wav);
	if (status == EMO_OK)
	{
		CHECK(n_wav <= emo_raw_max_wav_bytes(n_bytes) && n_wav % 2 == 0);
		CHECK(memcmp(wav, "RIFF", 4) == 0);
	}
	free(bytes);
	free(wav);
	return status;
}

static void
test_sizes(EmoEnv *env)
{
	for (int i = 0; emo_raw_encodings[i] != NULL; i++)
		for (size_t n_bytes = 0; n_bytes < 40; n_bytes++)
			for (int n_channels = 1; n_channels <= 3; n_channels++)
			{
				const char *name = emo_raw_encodings[i];
				const char *digits = name + strcspn(name, "0123456789");
				size_t width = *digits == '\0' ? 1 : (size_t) atoi(digits) / 8;
				bool is_whole = n_bytes > 0 && n_bytes % (width * n_channels) == 0;

				CHECK(make_wav(env, n_bytes, name, n_channels) ==
					  (is_whole ? EMO_OK : EMO_BAD_DATA));
			}
}

static void
test_names(EmoEnv *env)
{
	(void) env;
	CHECK(emo_raw_find_encoding("ulaw") >= 0);
	CHECK(emo_raw_find_encoding("pcm_mulaw") == emo_raw_find_encoding("ulaw"));
	CHECK(emo_raw_find_encoding("ulaw ") == -1 && emo_raw_find_encoding("") == -1);
}

static bool
is_guessed(const uint8_t *bytes, size_t n_bytes, const char *encoding)
{
	uint8_t *exact = malloc(n_bytes + (n_bytes == 0));
	const char *guess;

	memcpy(exact, bytes, n_bytes);
	guess = emo_raw_guess(exact, n_bytes);
	free(exact);
	return encoding == NULL ? guess == NULL : guess != NULL && strcmp(guess, encoding) == 0;
}

static void
test_guesses(EmoEnv *env)
{
	static const struct
	{
		int format;
		const char *encoding;
	} cases[] = {
		{SF_FORMAT_RAW | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE, "s16le"},
		{SF_FORMAT_RAW | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG, "s16be"},
		{SF_FORMAT_RAW | SF_FORMAT_ULAW, "ulaw"},
		{SF_FORMAT_RAW | SF_FORMAT_ALAW, "alaw"},
		{SF_FORMAT_RAW | SF_FORMAT_FLOAT | SF_ENDIAN_LITTLE, "f32le"},
		{SF_FORMAT_RAW | SF_FORMAT_PCM_U8, "u8"},
	};
	uint8_t noise[MAX_BYTES];
	uint32_t state = 1;

	(void) env;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int pitch_hz = 100; pitch_hz <= 400; pitch_hz += 100)
		{
			Recording raw = recording_of_sine(cases[i].format, 8000, 1, pitch_hz, 0.2, 4000);

			CHECK(is_guessed(raw.bytes, raw.n_bytes, cases[i].encoding));
			recording_free(&raw);
		}
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t) ((state = state * 1664525 + 1013904223) >> 24);
	for (size_t n_bytes = 0; n_bytes < sizeof(noise); n_bytes += 123)
		CHECK(is_guessed(noise, n_bytes, NULL));
	memset(noise, 0, sizeof(noise));
	CHECK(is_guessed(noise, sizeof(noise), NULL));
}

int
main(void)
{
	RUN(test_sizes);
	RUN(test_names);
	RUN(test_guesses);
	return unit_finish();
}
