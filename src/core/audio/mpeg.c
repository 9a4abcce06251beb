/*
 * mpeg.c
 *	  MPEG audio, layers I to III, by libmpg123.
 *
 * All of it is heard, whatever its first frame says: parts of another bit rate, recordings that were
 * joined, and what follows junk.  The delay of the encoder is taken off where a tag of LAME's kind
 * tells it.
 */
#include <mpg123.h>
#include <stdio.h>
#include <string.h>

#include "core/audio/decoder.h"

/*
 * QUIET, as libmpg123 remarks on standard error, which is the server's log, on each thing that it
 * finds odd.  NO_PEEK_END, as it would else estimate the length from the size: it is known only if
 * the first frame counts the others.
 */
#define FLAGS                                                                                      \
	(MPG123_QUIET | MPG123_FORCE_FLOAT | MPG123_GAPLESS | MPG123_SKIP_ID3V2 | MPG123_NO_PEEK_END | \
	 MPG123_FORCE_SEEKABLE)

#define ANY_LENGTH (-1L)

/*
 * Decoded before one that is sought: its data may begin 511 bytes before it (255 in MPEG 2), and the smallest
 * frames have a dozen bytes of data.
 */
#define FRAMES_BEFORE 50

/*
 * Of stretches that are left out, samples that are decoded: five minutes at 48 kHz, less than two seconds of a
 * core.  A few bytes of junk make a whole frame, and no limit of duration holds what is left out.
 */
#define MAX_FOREIGN_SAMPLES INT64_C(14400000)

typedef struct Decoding
{
	mpg123_handle *library;
	bool is_foreign;         /* a stretch of another rate or channel count */
	int64_t foreign_samples; /* decoded so far */
} Decoding;

static ssize_t
io_read(void *input, void *target, size_t n_bytes)
{
	return emo_input_read(input, target, n_bytes);
}

static off_t
io_seek(void *input, off_t offset, int whence)
{
	return emo_input_seek(input, offset, whence);
}

static EmoStatus
fail_unreadable(EmoAudioStream *stream, const char *reason)
{
	return emo_fail_unreadable(stream->env, "libmpg123", reason);
}

static EmoStatus
fail_library(EmoAudioStream *stream, const Decoding *decoding)
{
	if (mpg123_errcode(decoding->library) == MPG123_OUT_OF_MEM)
		return emo_fail(stream->env, EMO_OUT_OF_MEMORY, "out of memory");
	return fail_unreadable(stream, mpg123_strerror(decoding->library));
}

static EmoStatus
open_library(EmoAudioStream *stream, Decoding *decoding)
{
	int error = MPG123_OK;

	/* Needed by versions before 1.27, once or more often. */
	mpg123_init();
	decoding->library = mpg123_new(NULL, &error);
	if (decoding->library == NULL)
		return error == MPG123_OUT_OF_MEM
				   ? emo_fail(stream->env, EMO_OUT_OF_MEMORY, "out of memory")
				   : fail_unreadable(stream, mpg123_plain_strerror(error));
	if (mpg123_param(decoding->library, MPG123_FLAGS, FLAGS, 0) != MPG123_OK ||
		mpg123_param(decoding->library, MPG123_PREFRAMES, FRAMES_BEFORE, 0) != MPG123_OK ||
		mpg123_replace_reader_handle(decoding->library, io_read, io_seek, NULL) != MPG123_OK ||
		mpg123_open_handle(decoding->library, &stream->input) != MPG123_OK)
		return fail_library(stream, decoding);
	return EMO_OK;
}

static const char *
name_of_layer(const Decoding *decoding)
{
	static const char *const names[] = {"mp1", "mp2", "mp3"};
	struct mpg123_frameinfo frame;

	if (mpg123_info(decoding->library, &frame) != MPG123_OK || frame.layer < 1 || frame.layer > 3)
		return "other";
	return names[frame.layer - 1];
}

static EmoStatus
open_mpeg(EmoAudioStream *stream)
{
	Decoding *decoding = emo_alloc_zero(stream->env, 1, sizeof(Decoding));
	EmoStatus status;
	long rate;
	off_t length;
	int encoding;

	if (decoding == NULL)
		return EMO_OUT_OF_MEMORY;
	stream->handle = decoding;
	status = open_library(stream, decoding);
	if (status != EMO_OK)
		return status;
	if (mpg123_getformat(decoding->library, &rate, &stream->n_channels, &encoding) != MPG123_OK)
		return fail_library(stream, decoding);
	if (encoding != MPG123_ENC_FLOAT_32)
		return fail_unreadable(stream, "no output in single precision");
	stream->container_name = "mpeg";
	stream->encoding_name = name_of_layer(decoding);
	stream->full_scale = 32767.0f / 32768.0f;
	stream->sample_rate = (int) rate;
	stream->can_seek = stream->container.is_uniform;
	length = mpg123_length(decoding->library);
	if (length > 0)
		stream->announced_frames = length;
	/* Not before the first frame is found: what has none soon is no recording. */
	mpg123_param(decoding->library, MPG123_RESYNC_LIMIT, ANY_LENGTH, 0);
	return EMO_OK;
}

static bool
is_foreign_format(const EmoAudioStream *stream, const Decoding *decoding)
{
	long rate;
	int n_channels, encoding;

	return mpg123_getformat(decoding->library, &rate, &n_channels, &encoding) != MPG123_OK ||
		   rate != stream->sample_rate || n_channels != stream->n_channels;
}

/*
 * Junk has bytes that look like the header of a frame of another format, and joined recordings may
 * have different ones: those stretches are left out.
 */
static EmoStatus
read_mpeg(EmoAudioStream *stream, float *samples, int64_t max_frames, int64_t *n_frames)
{
	Decoding *decoding = stream->handle;
	const int64_t frame_bytes = stream->n_channels * sizeof(float);

	for (;;)
	{
		size_t n_bytes = 0;
		int result =
			mpg123_read(decoding->library, (void *) samples, max_frames * frame_bytes, &n_bytes);

		if (decoding->is_foreign && n_bytes > 0)
		{
			stream->truncated = true;
			decoding->foreign_samples += n_bytes / sizeof(float);
			if (decoding->foreign_samples > MAX_FOREIGN_SAMPLES)
				return EMO_OK;
		}
		else
			*n_frames = n_bytes / frame_bytes;
		if (result == MPG123_NEW_FORMAT)
			decoding->is_foreign = is_foreign_format(stream, decoding);
		else if (result != MPG123_OK && result != MPG123_DONE)
		{
			/* Only this call tells: the next one finds the end and nothing wrong with it. */
			stream->truncated = true;
			return *n_frames > 0 ? EMO_OK : fail_library(stream, decoding);
		}
		if (*n_frames > 0 || result == MPG123_DONE)
			return EMO_OK;
	}
}

static EmoStatus
seek_mpeg(EmoAudioStream *stream, int64_t frame)
{
	Decoding *decoding = stream->handle;

	return mpg123_seek(decoding->library, frame, SEEK_SET) == frame
			   ? EMO_OK
			   : fail_library(stream, decoding);
}

static void
close_mpeg(EmoAudioStream *stream)
{
	Decoding *decoding = stream->handle;

	if (decoding != NULL)
		mpg123_delete(decoding->library);
	emo_free(stream->env, decoding);
	stream->handle = NULL;
}

const EmoDecoder emo_mpeg_decoder = {.name = "libmpg123",
									 .open = open_mpeg,
									 .read = read_mpeg,
									 .seek = seek_mpeg,
									 .close = close_mpeg};
