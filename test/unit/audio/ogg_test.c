/*
 * ogg_test.c
 *	  Ogg files: joined ones, with other streams or junk between, with pages missing, and FLAC in them.
 */
#include "unit.h"

#include "ogg_pages.h"
#include "recordings.h"

#define FORMAT_VORBIS (SF_FORMAT_OGG | SF_FORMAT_VORBIS)
#define FORMAT_OPUS   (SF_FORMAT_OGG | SF_FORMAT_OPUS)

static void
append(Recording *recording, const void *bytes, size_t n_bytes)
{
	recording->position = recording->n_bytes;
	recording_write(bytes, n_bytes, recording);
}

static void
join(Recording *recording, Recording part)
{
	append(recording, part.bytes, part.n_bytes);
	recording_free(&part);
}

/* All links are heard, at the rate of the first one; each has a tone of its own. */
static void
test_links(EmoEnv *env)
{
	static const struct
	{
		int format, sample_rate, n_channels;
	} links[][3] = {
		{{FORMAT_VORBIS, 16000, 1}, {FORMAT_VORBIS, 16000, 1}, {FORMAT_VORBIS, 16000, 1}},
		{{FORMAT_OPUS, 16000, 1}, {FORMAT_OPUS, 16000, 1}, {FORMAT_OPUS, 16000, 1}},
		{{FORMAT_VORBIS, 16000, 1}, {FORMAT_VORBIS, 44100, 2}, {FORMAT_VORBIS, 8000, 1}},
		{{FORMAT_OPUS, 48000, 2}, {FORMAT_OPUS, 8000, 1}, {FORMAT_VORBIS, 22050, 1}},
	};

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
	{
		Recording recording = {NULL, 0, 0, 0};
		EmoAudio audio;

		for (int k = 0; k < 3; k++)
			join(&recording, recording_of_sine(links[i][k].format, links[i][k].sample_rate,
											   links[i][k].n_channels, 440 + 330 * k, 0.5,
											   2 * links[i][k].sample_rate));
		CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
		CHECK(audio.sample_rate == links[i][0].sample_rate && !audio.truncated);
		CHECK_NEAR((double) audio.n_samples / audio.sample_rate, 6, 0.01);
		for (int k = 0; k < 3 && audio.n_samples > 5 * audio.sample_rate; k++)
		{
			EmoAudio second = audio;

			second.samples += (2 * k * 10 + 5) * audio.sample_rate / 10;
			second.n_samples = audio.sample_rate;
			CHECK_NEAR(tone_level_db(&second, 440 + 330 * k), -6.02, 0.7);
		}
		emo_audio_free(env, &audio);
		recording_free(&recording);
	}
}

/* Junk before a link and behind the last is none of it, and no truncation. */
static void
test_junk(EmoEnv *env)
{
	static const char junk[] = "TAG OggS and OggS\0\2 once more";
	Recording recording = recording_of_sine(FORMAT_VORBIS, 16000, 1, 440, 0.5, 16000);
	EmoAudio audio;

	for (int i = 0; i < 1000; i++)
		append(&recording, junk, sizeof(junk));
	join(&recording, recording_of_sine(FORMAT_OPUS, 16000, 1, 440, 0.5, 16000));
	for (int i = 0; i < 1000; i++)
		append(&recording, junk, sizeof(junk));
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK_NEAR(audio.n_samples, 32000, 20);
	CHECK(!audio.truncated);
	recording_free(&recording);
}

/* So much of what looks like the beginning of large pages that the search is given up: that is said. */
static void
test_hostile_junk(EmoEnv *env)
{
	Recording recording = recording_of_sine(FORMAT_VORBIS, 16000, 1, 440, 0.5, 16000);
	char junk[27 + 5] = "OggS";
	EmoAudio audio;

	memset(junk + 26, 255, 6);
	for (int i = 0; i < 20000; i++)
		append(&recording, junk, sizeof(junk));
	join(&recording, recording_of_sine(FORMAT_OPUS, 16000, 1, 440, 0.5, 16000));
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(audio.n_samples == 16000 && audio.truncated);
	recording_free(&recording);
}

/* A whole page, or a byte of one, which makes it none. */
static void
test_missing_pages(EmoEnv *env)
{
	static const int formats[] = {FORMAT_VORBIS, FORMAT_OPUS};

	for (int i = 0; i < 2; i++)
		for (int kind = 0; kind < 3; kind++)
		{
			Recording recording = recording_of_sine(formats[i], 16000, 1, 440, 0.5, 800000);
			size_t at = 0, length = 0;
			EmoAudio audio;

			for (int page = 0; page < 4; page++)
			{
				at += length;
				length = emo_ogg_page_length(recording.bytes + at, recording.n_bytes - at);
			}
			if (kind == 0)
			{
				memmove(recording.bytes + at, recording.bytes + at + length,
						recording.n_bytes - at - length);
				recording.n_bytes -= length;
			}
			else if (kind == 1)
				recording.bytes[at + 100] ^= 1;
			else
				recording.n_bytes -= 10;
			CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
			CHECK(audio.truncated && audio.n_samples > 500000);
			CHECK_NEAR(tone_level_db(&audio, 440), -6.02, 1);
			emo_audio_free(env, &audio);
			recording_free(&recording);
		}
}

static void
put_page(Recording *recording, int sequence, int flags, const void *packet, size_t n_bytes)
{
	unsigned char page[27 + 255] = "OggS";
	size_t start = recording->n_bytes, n_segments = n_bytes / 255 + 1;

	page[5] = flags;
	page[14] = 7; /* the stream */
	page[18] = sequence;
	page[26] = n_segments;
	memset(page + 27, 255, n_segments - 1);
	page[26 + n_segments] = n_bytes % 255;
	append(recording, page, 27 + n_segments);
	append(recording, packet, n_bytes);
	emo_put_little_endian(
		recording->bytes + start + EMO_OGG_CHECKSUM_OFFSET, 4,
		emo_ogg_page_checksum(recording->bytes + start, recording->n_bytes - start));
}

/* The mapping of FLAC into Ogg, version 1: a packet for each block of headers and each frame. */
static Recording
flac_in_ogg(void)
{
	Recording flac =
		recording_of_sine(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16000, 1, 440, 0.5, 48000);
	Recording recording = {NULL, 0, 0, 0};
	char first[13 + 38] = "\177FLAC\1\0\0\1fLaC";
	int sequence = 0;

	memcpy(first + 13, flac.bytes + 4, 38);
	put_page(&recording, sequence++, EMO_OGG_BEGINNING, first, sizeof(first));
	/* Frames may be split wherever it suits. */
	for (sf_count_t at = 42; at < flac.n_bytes; at += 20000)
	{
		sf_count_t left = flac.n_bytes - at;

		put_page(&recording, sequence++, left <= 20000 ? EMO_OGG_END : 0, flac.bytes + at,
				 left < 20000 ? left : 20000);
	}
	recording_free(&flac);
	return recording;
}

static void
test_flac(EmoEnv *env)
{
	Recording recording = flac_in_ogg();
	EmoAudio audio;

	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(audio.n_samples == 48000 && !audio.truncated);
	CHECK_NEAR(tone_level_db(&audio, 440), -6.02, 0.01);
	join(&recording, flac_in_ogg());
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(audio.n_samples == 96000 && !audio.truncated);
	recording.n_bytes -= 10000;
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(audio.n_samples >= 48000 && audio.n_samples < 96000 && audio.truncated);
	recording_free(&recording);
}

/* A stream of something else beside the sound, whose pages are between those of the sound. */
static void
test_other_streams(EmoEnv *env)
{
	Recording plain = recording_of_sine(FORMAT_OPUS, 16000, 1, 440, 0.5, 160000);
	Recording recording = {NULL, 0, 0, 0};
	EmoAudio audio;
	int sequence = 0;

	put_page(&recording, sequence++, EMO_OGG_BEGINNING, "\x80theora", 7);
	for (sf_count_t at = 0; at < plain.n_bytes;)
	{
		size_t length = emo_ogg_page_length(plain.bytes + at, plain.n_bytes - at);

		append(&recording, plain.bytes + at, length);
		put_page(&recording, sequence++, 0, "a picture", 9);
		at += length;
	}
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK_NEAR(audio.n_samples, 160000, 20);
	CHECK(!audio.truncated);
	recording_free(&plain);
	recording_free(&recording);
}

/* Links of a few bytes each: their number has a limit. */
static void
test_many_links(EmoEnv *env)
{
	Recording part = recording_of_sine(FORMAT_OPUS, 16000, 1, 440, 0.5, 100);
	Recording recording = {NULL, 0, 0, 0};
	EmoAudio audio;

	for (int i = 0; i < 1025; i++)
		append(&recording, part.bytes, part.n_bytes);
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_BAD_DATA);
	CHECK(strcmp(env->detail, "It is joined of too many recordings.") == 0);
	recording_free(&part);
	recording_free(&recording);
}

int
main(void)
{
	RUN(test_links);
	RUN(test_junk);
	RUN(test_hostile_junk);
	RUN(test_missing_pages);
	RUN(test_flac);
	RUN(test_other_streams);
	RUN(test_many_links);
	return unit_finish();
}
