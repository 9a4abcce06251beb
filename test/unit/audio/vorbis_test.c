/*
 * vorbis_test.c
 *	  Headers of Vorbis streams that no library should see.
 */
#include "unit.h"

#include "recordings.h"

#include "core/audio/ogg_headers.h"
#include "core/audio/ogg_pages.h"

#define MAX_BYTES 65536

typedef struct Bits
{
	unsigned char bytes[MAX_BYTES];
	size_t n_bits;
} Bits;

static void
put(Bits *bits, uint64_t value, int n)
{
	for (int i = 0; i < n; i++, bits->n_bits++)
		bits->bytes[bits->n_bits / 8] |= (value >> i & 1) << bits->n_bits % 8;
}

static void
put_text(Bits *bits, const char *text)
{
	for (; *text != 0; text++)
		put(bits, (unsigned char) *text, 8);
}

/* Words of width bits for each of 2^width entries, which take twelve bytes. */
static void
put_book(Bits *bits, int n_dimensions, int width)
{
	put(bits, 0x564342, 24);
	put(bits, n_dimensions, 16);
	put(bits, 1 << width, 24);
	put(bits, 1, 1); /* by length */
	put(bits, width - 1, 5);
	put(bits, 1 << width, width + 1);
	put(bits, 0, 4); /* no values */
}

/* One floor, residue, mapping and mode, as short as they can be. */
static void
put_rest_of_setup(Bits *bits)
{
	put(bits, 0, 6 + 16);                         /* times */
	put(bits, 0, 6), put(bits, 1, 16);            /* floor of kind 1 */
	put(bits, 0, 5 + 2), put(bits, 8, 4);         /* without partitions */
	put(bits, 0, 6), put(bits, 2, 16);            /* residue of kind 2 */
	put(bits, 0, 24), put(bits, 64, 24);          /* its range */
	put(bits, 31, 24), put(bits, 0, 6 + 8 + 4);   /* partitions of 32, of one class without books */
	put(bits, 0, 6 + 16 + 1 + 1 + 2 + 8 + 8 + 8); /* mapping */
	put(bits, 0, 6 + 1 + 16 + 16 + 8);            /* mode */
	put(bits, 1, 1);
}

static void
put_page(Recording *recording, int sequence, int flags, const Bits *packets, int n_packets)
{
	unsigned char page[27 + 255] = "OggS";
	size_t length = 27, n_body = 0;
	uint32_t checksum;
	size_t start = recording->n_bytes;

	page[5] = flags;
	page[7] = sequence; /* the time, in 256 samples */
	page[18] = sequence;
	for (int i = 0; i < n_packets; i++)
	{
		size_t n_bytes = (packets[i].n_bits + 7) / 8;

		for (; n_bytes >= 255; n_bytes -= 255)
			page[length++] = 255;
		page[length++] = n_bytes;
	}
	page[26] = length - 27;
	recording->position = start;
	recording_write(page, length, recording);
	for (int i = 0; i < n_packets; i++)
		recording_write(packets[i].bytes, (packets[i].n_bits + 7) / 8, recording);
	n_body = recording->n_bytes - start;
	checksum = emo_ogg_page_checksum(recording->bytes + start, n_body);
	memcpy(recording->bytes + start + EMO_OGG_CHECKSUM_OFFSET, &checksum, 4);
}

static Recording
stream_of_books(int n_books, int n_dimensions, int width, int n_comment_bytes)
{
	static Bits info, headers[2], audio[4];
	Recording recording = {NULL, 0, 0, 0};

	memset(&info, 0, sizeof(info));
	memset(headers, 0, sizeof(headers));
	put_text(&info, "\1vorbis");
	put(&info, 0, 32);
	put(&info, 1, 8);
	put(&info, 16000, 32);
	put(&info, 0, 32), put(&info, 64000, 32), put(&info, 0, 32);
	put(&info, 0xb8, 8), put(&info, 1, 8);
	put_text(&headers[0], "\3vorbis");
	put(&headers[0], 0, 32);
	put(&headers[0], n_comment_bytes / 4, 32);
	for (int i = 0; i < n_comment_bytes / 4; i++)
		put(&headers[0], 0, 32);
	put(&headers[0], 1, 8);
	put_text(&headers[1], "\5vorbis");
	put(&headers[1], n_books - 1, 8);
	for (int i = 0; i < n_books; i++)
		put_book(&headers[1], n_dimensions, width);
	put_rest_of_setup(&headers[1]);
	for (int i = 0; i < 4; i++)
		audio[i].n_bits = 32;
	put_page(&recording, 0, 2, &info, 1);
	put_page(&recording, 1, 0, headers, 2);
	put_page(&recording, 2, 4, audio, 4);
	return recording;
}

/* Twelve bytes of a recording make a million entries, which libvorbis sorts on the stack. */
static void
test_codebooks(EmoEnv *env)
{
	static const struct
	{
		int n_books, n_dimensions, width;
		bool is_read;
	} cases[] = {
		{1, 1, 10, true},    {20, 1, 10, true},    {1, 8, 13, true},
		{1, 1, 20, false},   {1, 1, 22, false},    {1, 1, 14, false},
		{256, 1, 10, false}, {1, 1000, 10, false}, {1, 0, 10, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		Recording recording =
			stream_of_books(cases[i].n_books, cases[i].n_dimensions, cases[i].width, 0);
		EmoAudio audio;
		EmoStatus status = recording_decode(env, &recording, 0, &audio);

		CHECK(status == (cases[i].is_read ? EMO_OK : EMO_BAD_DATA));
		CHECK(cases[i].is_read || strstr(env->detail, "codebooks") != NULL);
		if (status != (cases[i].is_read ? EMO_OK : EMO_BAD_DATA))
			printf("... case %zu: %s\n", i, env->detail);
		recording_free(&recording);
	}
}

/* The status of the headers of an Ogg file. */
static EmoStatus
headers_status(EmoEnv *env, const Recording *recording)
{
	EmoOggLinks links;
	EmoStatus status =
		emo_ogg_find_links(env, (uint8_t *) recording->bytes, recording->n_bytes, &links);

	if (status == EMO_OK)
		status = emo_ogg_check_headers(env, &links.links[0]);
	emo_ogg_free_links(env, &links);
	return status;
}

/* What encoders write is a quarter of what is let through. */
static void
test_books_of_encoders(EmoEnv *env)
{
	static const int rates[] = {8000, 16000, 22050, 32000, 44100, 48000};

	for (int i = 0; i < 6; i++)
		for (int n_channels = 1; n_channels <= 2; n_channels++)
		{
			Recording recording = recording_of_sine(SF_FORMAT_OGG | SF_FORMAT_VORBIS, rates[i],
													n_channels, 440, 0.5, 8000);

			CHECK(headers_status(env, &recording) == EMO_OK);
			recording_free(&recording);
		}
}

/* Any byte of the setup changed: no read beyond it, and an end. */
static void
test_damaged_books(EmoEnv *env)
{
	Recording recording =
		recording_of_sine(SF_FORMAT_OGG | SF_FORMAT_VORBIS, 16000, 1, 440, 0.5, 8000);
	size_t first = emo_ogg_page_length(recording.bytes, recording.n_bytes);
	size_t length = emo_ogg_page_length(recording.bytes + first, recording.n_bytes - first);
	int n_refused = 0;

	for (size_t i = first + 60; i < first + length; i += 3)
	{
		unsigned char before = recording.bytes[i];
		uint32_t checksum;

		recording.bytes[i] ^= 0x55;
		checksum = emo_ogg_page_checksum(recording.bytes + first, length);
		memcpy(recording.bytes + first + EMO_OGG_CHECKSUM_OFFSET, &checksum, 4);
		n_refused += headers_status(env, &recording) == EMO_BAD_DATA;
		recording.bytes[i] = before;
	}
	CHECK(n_refused > 100);
	recording_free(&recording);
}

int
main(void)
{
	RUN(test_codebooks);
	RUN(test_books_of_encoders);
	RUN(test_damaged_books);
	return unit_finish();
}
