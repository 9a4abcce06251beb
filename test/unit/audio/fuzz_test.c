/*
 * fuzz_test.c
 *	  Damaged recordings: whatever the bytes, there is a result or a clean error, soon.
 *
 * For every format that is let through: each byte of the header changed to several values, each
 * four bytes of it replaced by sizes that parsers stumble over, and every truncation.  Recordings
 * are copied to blocks of their exact size, so that AddressSanitizer sees reads beyond the end.
 */
#include "unit.h"

#include <signal.h>
#include <unistd.h>

#include "ogg_pages.h"
#include "output.h"
#include "recording_checks.h"
#include "recordings.h"

#include "core/audio/format.h"

#define HEADER_BYTES 160

/* Long enough for any of these files under any load; an endless loop does not end. */
#define MAX_SECONDS 20

static const EmoAudioLimits limits = {.max_duration_s = 30, .max_channels = 64};

static char what[128];
static Output caught_output, caught_errors;
static long n_cases;
static long n_decoded;

static void
report_hang(int signal_number)
{
	static const char prefix[] = "endless: ";
	ssize_t written = write(caught_errors.real, prefix, sizeof(prefix) - 1);

	(void) signal_number;
	if (written > 0)
		written = write(caught_errors.real, what, strlen(what));
	_exit(2);
}

/* Errors must have a message; successes must be within what the header file promises. */
static void
try_recording(EmoEnv *env, const unsigned char *bytes, size_t n_bytes)
{
	unsigned char *exact = malloc(n_bytes > 0 ? n_bytes : 1);
	EmoAudio audio;
	EmoAudioInfo info;
	EmoStatus status;
	EmoStatus info_status;
	bool is_right = true;

	memcpy(exact, bytes, n_bytes);
	alarm(MAX_SECONDS);
	env->message[0] = '\0';
	status = emo_audio_decode(env, exact, n_bytes, 0, EMO_MIXED, &limits, &audio);
	if (status == EMO_OK)
	{
		n_decoded++;
		is_right = audio_is_right(&audio, &limits);
		emo_audio_free(env, &audio);
	}
	else
		is_right = (status == EMO_BAD_DATA || status == EMO_REFUSED) && env->message[0] != '\0' &&
				   audio.samples == NULL;

	info_status = emo_audio_info(env, exact, n_bytes, &limits, &info, NULL);
	is_right = is_right && info_status == status;
	if (info_status == EMO_OK)
		is_right = is_right && info_is_right(&info);
	alarm(0);
	unit_env_end(env->host);
	free(exact);

	n_cases++;
	CHECK(is_right);
	if (!is_right)
		printf("... %s: %s (%s)\n", what, env->message, env->detail);
}

static void
describe(int format, const char *change, long position, long value)
{
	snprintf(what, sizeof(what), "%s %s, %s %ld, %ld\n", emo_container_name(format),
			 emo_encoding_name(format), change, position, value);
}

static void
try_bytes(EmoEnv *env, int format, Recording *recording, int header)
{
	static const unsigned char values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};

	for (int i = 0; i < header; i++)
	{
		unsigned char before = recording->bytes[i];

		for (size_t k = 0; k <= sizeof(values); k++)
		{
			recording->bytes[i] = k < sizeof(values) ? values[k] : before ^ 0x20;
			describe(format, "byte", i, recording->bytes[i]);
			try_recording(env, recording->bytes, recording->n_bytes);
		}
		recording->bytes[i] = before;
	}
}

static void
try_sizes(EmoEnv *env, int format, Recording *recording, int header)
{
	/* Those below zero take a parser back to where it was. */
	static const int32_t values[] = {0, -1, -4, -8, -12, INT32_MIN, INT32_MAX, 0x10000};

	/* Chunks begin at even offsets. */
	for (int i = 0; i + 4 <= header; i += 2)
		for (size_t k = 0; k < 2 * sizeof(values) / sizeof(values[0]); k++)
		{
			uint32_t value = values[k / 2];
			unsigned char before[4];

			if (k % 2 == 1)
				value = __builtin_bswap32(value);
			memcpy(before, recording->bytes + i, 4);
			memcpy(recording->bytes + i, &value, 4);
			describe(format, "size", i, value);
			try_recording(env, recording->bytes, recording->n_bytes);
			memcpy(recording->bytes + i, before, 4);
		}
}

/* Every byte of the stream's headers, and some of its data. */
static void
try_ogg_contents(EmoEnv *env, int format, const Recording *recording)
{
	unsigned char *damaged = malloc(recording->n_bytes);

	for (sf_count_t i = 0; i < recording->n_bytes; i += i < 250 ? 1 : 5)
		for (int k = 0; k < 3; k++)
		{
			memcpy(damaged, recording->bytes, recording->n_bytes);
			damaged[i] = k == 0 ? 0x00 : k == 1 ? 0xff : damaged[i] ^ 0x10;
			correct_ogg_checksums(damaged, recording->n_bytes);
			describe(format, "byte with right checksum", i, damaged[i]);
			try_recording(env, damaged, recording->n_bytes);
		}
	free(damaged);
}

static void
try_truncations(EmoEnv *env, int format, const Recording *recording)
{
	/* Compressed data differ from one byte to the next; of plain samples some are enough. */
	for (sf_count_t length = 0; length < recording->n_bytes; length += length < 600 ? 1 : 7)
	{
		describe(format, "length", length, 0);
		try_recording(env, recording->bytes, length);
	}
}

/* Plain samples of any width have the same chunks; codecs with blocks have sizes of their own. */
static bool
has_its_own_sizes(const int *formats, int i)
{
	bool is_first =
		i == 0 || (formats[i] & SF_FORMAT_TYPEMASK) != (formats[i - 1] & SF_FORMAT_TYPEMASK);

	return is_first || (formats[i] & SF_FORMAT_SUBMASK) >= SF_FORMAT_IMA_ADPCM;
}

static void
test_damaged_recordings(EmoEnv *env)
{
	int formats[512];
	int n_formats = recording_formats(formats, 512);

	caught_output = output_catch(STDOUT_FILENO);
	caught_errors = output_catch(STDERR_FILENO);
	signal(SIGALRM, report_hang);
	for (int i = 0; i < n_formats; i++)
	{
		Recording recording = recording_of_sine(formats[i], 8000, 1, 440, 0.5, 120);
		EmoAudio audio;
		int header;

		if (recording.bytes == NULL)
			continue;
		if (emo_audio_decode(env, recording.bytes, recording.n_bytes, 0, EMO_MIXED, &limits,
							 &audio) == EMO_OK)
		{
			header = recording.n_bytes < HEADER_BYTES ? (int) recording.n_bytes : HEADER_BYTES;
			try_bytes(env, formats[i], &recording, header);
			if (has_its_own_sizes(formats, i))
				try_sizes(env, formats[i], &recording, header);
			try_truncations(env, formats[i], &recording);
			if ((formats[i] & SF_FORMAT_TYPEMASK) == SF_FORMAT_OGG)
				try_ogg_contents(env, formats[i], &recording);
		}
		recording_free(&recording);
	}
	/* No library may write into the server's log what a recording makes it. */
	CHECK(output_release(caught_errors) == 0);
	CHECK(output_release(caught_output) == 0);
	printf("%ld damaged recordings, %ld of them still readable\n", n_cases, n_decoded);
	CHECK(n_cases > 100000 && n_decoded > n_cases / 10);
}

int
main(void)
{
	RUN(test_damaged_recordings);
	return unit_finish();
}
