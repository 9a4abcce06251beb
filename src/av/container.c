/*
 * container.c
 *	  A container in memory, opened by FFmpeg's libformat.
 *
 * Nothing is probed: the first bytes say which demuxer it is, and only those of codecs.c are used.  They
 * read the bytes in memory and nothing else: no file, no protocol.
 */
#include "av/container.h"

#include <libavutil/log.h>
#include <libavutil/mem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/audio/unreadable.h"

/*
 * The largest block that the libraries may have.  Demuxers make tables of as many samples as a header
 * says, of 24 bytes for each of some 20 ms, and look for no cancel meanwhile: this many take 20 ms, and
 * are enough for four hours.
 */
#define MAX_BLOCK_BYTES (16 << 20)

/* Several tracks, pictures, subtitles and what cameras add; each may have tables of the above size. */
#define MAX_STREAMS 16

/*
 * Read at a time.  Small, as a cancel is seen whenever the libraries read, and between two reads they
 * may make a table for each track that is described in these bytes.
 */
#define BUFFER_BYTES 1024

static void
be_silent(void *object, int level, const char *format, va_list arguments)
{
	(void) object;
	(void) level;
	(void) format;
	(void) arguments;
}

void
emo_av_init(void)
{
	av_log_set_callback(be_silent);
	av_max_alloc(MAX_BLOCK_BYTES);
}

static int
io_read(void *opaque, uint8_t *target, int n_bytes)
{
	EmoInput *input = opaque;
	int64_t n_read = emo_input_read(input, target, n_bytes);

	if (input->is_stopped)
		return AVERROR_EXIT;
	return n_read > 0 ? (int) n_read : AVERROR_EOF;
}

static int64_t
io_seek(void *opaque, int64_t offset, int whence)
{
	EmoInput *input = opaque;

	if (whence & AVSEEK_SIZE)
		return input->n_bytes;
	return emo_input_seek(input, offset, whence & ~AVSEEK_FORCE);
}

/* Other files, as playlists and references in MOV would have: there are none. */
static int
refuse_file(AVFormatContext *format, AVIOContext **io, const char *url, int flags,
			AVDictionary **options)
{
	(void) format;
	(void) io;
	(void) url;
	(void) flags;
	(void) options;
	return AVERROR(EPERM);
}

static int
is_interrupted(void *opaque)
{
	EmoInput *input = opaque;

	input->is_stopped = input->is_stopped || input->env->should_stop(input->env->host);
	return input->is_stopped;
}

/* A header asks for more than it may have, or the machine has no memory: told by whether it has that much. */
bool
emo_av_is_memory_short(int error)
{
	void *block;

	if (error != AVERROR(ENOMEM))
		return false;
	block = malloc(MAX_BLOCK_BYTES);
	free(block);
	return block == NULL;
}

EmoStatus
emo_av_fail_memory(EmoAudioStream *stream)
{
	return emo_fail(stream->env, EMO_OUT_OF_MEMORY, "out of memory");
}

EmoStatus
emo_av_fail(EmoAudioStream *stream, const char *detail)
{
	EmoStatus status = emo_fail_recording(stream->env, detail);

	emo_set_hint(stream->env, "Convert it, for example with ffmpeg -i recording.%s recording.wav.",
				 stream->container.codec->suffix);
	return status;
}

EmoStatus
emo_av_fail_damaged(EmoAudioStream *stream, const char *detail)
{
	EmoStatus status = emo_fail_recording(stream->env, detail);

	emo_set_hint(
		stream->env,
		"Look whether it is whole: ffmpeg -v error -i recording.%s -f null - tells what is "
		"wrong with it.",
		stream->container.codec->suffix);
	return status;
}

EmoStatus
emo_av_fail_error(EmoAudioStream *stream, int error)
{
	char reason[AV_ERROR_MAX_STRING_SIZE] = "";
	char detail[AV_ERROR_MAX_STRING_SIZE + 32];

	if (emo_av_is_memory_short(error))
		return emo_av_fail_memory(stream);
	if (error == AVERROR(ENOMEM))
		return emo_av_fail_damaged(stream, "It asks for more memory than any recording needs.");
	if (error == AVERROR_EOF)
		return emo_av_fail_damaged(stream, "It ends before there is any sound.");
	av_strerror(error, reason, sizeof(reason));
	snprintf(detail, sizeof(detail), "FFmpeg reports: %s.", reason);
	return emo_av_fail_damaged(stream, detail);
}

/* What has been made of it, if anything. */
void
emo_av_close_container(AVFormatContext **format, AVIOContext **io)
{
	avformat_close_input(format);
	if (*io != NULL)
		av_freep(&(*io)->buffer);
	avio_context_free(io);
}

static EmoStatus
open_io(EmoAudioStream *stream, AVIOContext **io)
{
	uint8_t *buffer = av_malloc(BUFFER_BYTES);

	*io = buffer == NULL
			  ? NULL
			  : avio_alloc_context(buffer, BUFFER_BYTES, 0, &stream->input, io_read, NULL, io_seek);
	if (*io != NULL)
		return EMO_OK;
	av_free(buffer);
	return emo_av_fail_memory(stream);
}

/* What is searched in a few milliseconds. */
#define SEARCHED_BYTES (64 << 20)

/* An MP4 that was not made for streaming is written with its index behind everything else. */
static bool
lacks_index(const EmoAudioStream *stream, const AVInputFormat *demuxer)
{
	return demuxer == av_find_input_format("mov") && stream->input.n_bytes < SEARCHED_BYTES &&
		   memmem(stream->input.bytes, stream->input.n_bytes, "moov", 4) == NULL;
}

/* avformat_open_input() frees it when it fails. */
static EmoStatus
open_format(EmoAudioStream *stream, const AVInputFormat *demuxer, AVFormatContext **format,
			AVIOContext *io)
{
	int error;

	*format = avformat_alloc_context();
	if (*format == NULL)
		return emo_av_fail_memory(stream);
	(*format)->pb = io;
	(*format)->io_open = refuse_file;
	(*format)->interrupt_callback = (AVIOInterruptCB){is_interrupted, &stream->input};
	(*format)->max_streams = MAX_STREAMS;
	(*format)->format_whitelist = av_strdup(demuxer->name);
	(*format)->protocol_whitelist = av_strdup("");
	/* None is of this name: a demuxer has no decoder to open. */
	(*format)->codec_whitelist = av_strdup("none");
	if ((*format)->format_whitelist == NULL || (*format)->protocol_whitelist == NULL ||
		(*format)->codec_whitelist == NULL)
		return emo_av_fail_memory(stream);
	error = avformat_open_input(format, "", demuxer, NULL);
	if (error == AVERROR_INVALIDDATA && lacks_index(stream, demuxer))
		return emo_av_fail_damaged(
			stream, "It is cut short: its index is missing, which stands at the end.");
	return error < 0 ? emo_av_fail_error(stream, error) : EMO_OK;
}

EmoStatus
emo_av_open_container(EmoAudioStream *stream, const EmoAvContainer *container,
					  AVFormatContext **format, AVIOContext **io)
{
	const AVInputFormat *demuxer = av_find_input_format(container->demuxer);
	EmoStatus status;

	if (demuxer == NULL)
		return emo_av_fail(stream, "This build of FFmpeg does not read its container.");
	status = open_io(stream, io);
	return status == EMO_OK ? open_format(stream, demuxer, format, *io) : status;
}

int
emo_av_choose_stream(const AVFormatContext *format)
{
	int chosen = -1;

	for (unsigned i = 0; i < format->nb_streams; i++)
	{
		const AVStream *stream = format->streams[i];

		if (stream->codecpar->codec_type != AVMEDIA_TYPE_AUDIO)
			continue;
		if (stream->disposition & AV_DISPOSITION_DEFAULT)
			return (int) i;
		if (chosen < 0)
			chosen = (int) i;
	}
	return chosen;
}
