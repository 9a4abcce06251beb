/*
 * cancel_test.c
 *	  Hostile recordings that keep a library busy: they end soon once the user wants to stop.
 *
 * Not time is measured, which depends on the machine, but how often a decoder asks for more, and how
 * far it goes over the bytes, between two looks for a cancel and after the one that was answered yes.
 */
#include "unit.h"

#include "recordings.h"

#include "core/audio/file.h"
#include "core/audio/ogg_pages.h"

/* Of each hostile recording; the libraries take seconds for a megabyte. */
#define HOSTILE_BYTES 1000000

/* Looks for a cancel before it is wanted: some way into the hostile part. */
#define CALLS_BEFORE 40

/* Looks after it was wanted, each of which says "no more bytes". */
#define MAX_CALLS_AFTER 100

static long n_calls, calls_left;

static bool
stop_after_some_calls(void *host)
{
	(void) host;
	n_calls++;
	return --calls_left < 0;
}

static void
append(Recording *recording, const void *bytes, size_t n_bytes)
{
	recording->position = recording->n_bytes;
	recording_write(bytes, n_bytes, recording);
}

static void
fill(Recording *recording, const char *unit, size_t n_unit)
{
	for (size_t i = 0; i < HOSTILE_BYTES / n_unit; i++)
		append(recording, unit, n_unit);
}

static void
check_stops(EmoEnv *env, const char *what, const Recording *recording)
{
	EmoAudio audio;
	EmoStatus status;

	n_calls = 0;
	calls_left = CALLS_BEFORE;
	env->should_stop = stop_after_some_calls;
	status = recording_decode(env, recording, 0, &audio);
	CHECK(status == EMO_CANCELED && audio.samples == NULL);
	CHECK(n_calls > CALLS_BEFORE && n_calls < CALLS_BEFORE + MAX_CALLS_AFTER);
	if (status != EMO_CANCELED || n_calls >= CALLS_BEFORE + MAX_CALLS_AFTER)
		printf("... %s: status %d, %ld calls\n", what, status, n_calls);
	env->should_stop = unit_should_stop;
}

/* What follows a good recording, byte by byte again and again. */
static void
test_hostile_tails(EmoEnv *env)
{
	static const struct
	{
		int format;
		const char *unit;
		size_t n_unit;
	} tails[] = {
		{SF_FORMAT_OGG | SF_FORMAT_VORBIS, "OggS", 4},
		{SF_FORMAT_OGG | SF_FORMAT_VORBIS, "OggS\xff\xff\xff\xff\xff\xff\xff", 11},
		{FORMAT_MP3, "OggS", 4},
		{FORMAT_MP3, "", 1},
		{FORMAT_MP3, "\xff\xfb\x90\x04", 4},
		{FORMAT_MP3, "ID3\3\0\0\0\0\0\0", 10},
		{FORMAT_MP3, "APETAGEX\xd0\7\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32},
		{FORMAT_MP3, "TAG", 4},
	};
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
	{
		Recording recording = recording_of_sine(tails[i].format, 16000, 1, 440, 0.5, 4000);
		char unit[33] = {0};

		if (recording.bytes == NULL)
			continue;
		memcpy(unit, tails[i].unit, tails[i].n_unit);
		fill(&recording, unit, tails[i].n_unit);
		check_stops(env, unit, &recording);
		recording_free(&recording);
	}
}

/* What no library sees costs next to nothing. */
static void
test_zeros_behind_ogg(EmoEnv *env)
{
	Recording recording =
		recording_of_sine(SF_FORMAT_OGG | SF_FORMAT_VORBIS, 16000, 1, 440, 0.5, 4000);
	EmoAudio audio;

	fill(&recording, "", 1);
	n_calls = 0;
	calls_left = 1000;
	env->should_stop = stop_after_some_calls;
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(audio.n_samples == 4000 && !audio.truncated && n_calls < 100);
	env->should_stop = unit_should_stop;
	recording_free(&recording);
}

/* Blocks of nothing before the first frame. */
static void
test_padding_of_flac(EmoEnv *env)
{
	Recording recording =
		recording_of_sine(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16000, 1, 440, 0.5, 4000);

	recording.n_bytes = 42; /* the stream's info */
	recording.bytes[4] &= 0x7f;
	fill(&recording, "\1\0\0\0", 4);
	check_stops(env, "FLAC", &recording);
	recording_free(&recording);
}

/* Small chunks before the samples: those that libsndfile reads are refused by their number. */
static void
test_chunks(EmoEnv *env)
{
	static const struct
	{
		const char *head;
		size_t n_head;
		const char *chunk;
		size_t n_chunk;
		bool is_refused;
	} cases[] = {
		{"RIFF\xff\xff\xff\x7fWAVE", 12, "JUNK\0\0\0\0", 8, true},
		{"RIFX\x7f\xff\xff\xffWAVE", 12, "JUNK\0\0\0\0", 8, true},
		{"FORM\x7f\xff\xff\xff"
		 "AIFF",
		 12, "ANNO\0\0\0\0", 8, true},
		{"caff\0\1\0\0", 8, "free\0\0\0\0\0\0\0\0", 12, true},
		{"RF64\xff\xff\xff\xffWAVEds64\x1c\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0"
		 "\0\0\0\0",
		 48, "bext\0\0\0\0", 8, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		Recording recording = {NULL, 0, 0, 0};
		EmoAudio audio;

		append(&recording, cases[i].head, cases[i].n_head);
		fill(&recording, cases[i].chunk, cases[i].n_chunk);
		if (!cases[i].is_refused)
			check_stops(env, cases[i].head, &recording);
		else
		{
			CHECK(recording_decode(env, &recording, 0, &audio) == EMO_BAD_DATA);
			CHECK(strcmp(env->detail, "It has too many chunks before its samples.") == 0);
		}
		recording_free(&recording);
	}
}

/* Zeros behind the samples look like chunks, and are no reason to refuse the rest. */
static void
test_zeros_behind(EmoEnv *env)
{
	Recording recording = recording_of_sine(WAV_PCM16, 16000, 1, 440, 0.5, 4000);
	EmoAudio audio;

	fill(&recording, "", 1);
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(audio.n_samples == 4000 && !audio.truncated);
	recording_free(&recording);
}

/* A table of millions of packets is read in one go. */
static void
test_packet_table(EmoEnv *env)
{
	static const char head[] = "caff\0\1\0\0desc\0\0\0\0\0\0\0\x20\x40\xcf\x40\0\0\0\0\0"
							   "alac\0\0\0\1\0\0\0\0\0\0\x10\0\0\0\0\1\0\0\0\0"
							   "pakt\0\0\0\0";
	static const uint32_t sizes[] = {5000000, 100};
	static const char *const details[] = {"Its packet table is damaged or too large.", ""};

	for (int i = 0; i < 2; i++)
		for (int last = 0; last < 2; last++)
		{
			Recording recording = {NULL, 0, 0, 0};
			uint32_t size = __builtin_bswap32(sizes[i]);
			EmoAudio audio;

			append(&recording, head, sizeof(head) - 1);
			append(&recording, &size, 4);
			for (uint32_t k = 0; k < sizes[i]; k++)
				append(&recording, k < sizes[i] - 1 || last == 0 ? "\1" : "\x81", 1);
			CHECK(recording_decode(env, &recording, 0, &audio) == EMO_BAD_DATA);
			CHECK((strcmp(env->detail, details[0]) == 0) == (i == 0 || last == 1));
			recording_free(&recording);
		}
}

/* Text that libsndfile reads in one go, in quadratic time when it has no end. */
static void
test_texts_of_caf(EmoEnv *env)
{
	Recording plain = recording_of_sine(SF_FORMAT_CAF | SF_FORMAT_PCM_16, 16000, 1, 440, 0.5, 4000);
	Recording recording = {NULL, 0, 0, 0};
	EmoAudio audio;

	append(&recording, plain.bytes, 52);
	append(&recording, "info\0\0\0\0\0\x0f\x42\x40", 12);
	fill(&recording, "a\0", 2);
	append(&recording, plain.bytes + 52, plain.n_bytes - 52);
	calls_left = 1000;
	env->should_stop = stop_after_some_calls;
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(audio.n_samples == 4000 && calls_left > 0);
	env->should_stop = unit_should_stop;
	recording_free(&plain);
	recording_free(&recording);
}

/* Pages of another stream before the headers are gone over by our own check of these. */
static void
test_pages_of_another_stream(EmoEnv *env)
{
	Recording plain = recording_of_sine(SF_FORMAT_OGG | SF_FORMAT_VORBIS, 16000, 1, 440, 0.5, 4000);
	size_t n_first = emo_ogg_page_length(plain.bytes, plain.n_bytes);
	unsigned char page[28] = "OggS\0\0\0\0\0\0\0\0\0\0wxyz";
	uint32_t checksum = emo_ogg_page_checksum(page, 27);
	Recording recording = {NULL, 0, 0, 0};

	memcpy(page + EMO_OGG_CHECKSUM_OFFSET, &checksum, sizeof(checksum));
	append(&recording, plain.bytes, n_first);
	fill(&recording, (char *) page, 27);
	append(&recording, plain.bytes + n_first, plain.n_bytes - n_first);
	check_stops(env, "pages of another stream", &recording);
	recording_free(&plain);
	recording_free(&recording);
}

int
main(void)
{
	RUN(test_hostile_tails);
	RUN(test_zeros_behind_ogg);
	RUN(test_padding_of_flac);
	RUN(test_chunks);
	RUN(test_zeros_behind);
	RUN(test_packet_table);
	RUN(test_texts_of_caf);
	RUN(test_pages_of_another_stream);
	return unit_finish();
}
