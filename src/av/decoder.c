/*
 * decoder.c
 *	  Recordings that FFmpeg's libraries read.
 *
 * Nothing is probed: the first bytes say which demuxer it is, and only those of codecs.c are used.  The
 * libraries read the bytes in memory and nothing else, in the calling thread.  One stream, of sound, is
 * decoded; all others are discarded by the demuxer.  avformat_find_stream_info() is not called, as it
 * would go into every stream: what a recording is tells its first decoded frame.
 */
#include "av/decoder.h"

#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "av/codecs.h"
#include "av/samples.h"
#include "core/audio/unreadable.h"

/*
 * The largest block that the libraries may have.  Demuxers make tables of as many samples as a header
 * says, of 24 bytes for each of some 20 ms, and look for no cancel meanwhile: this many take 30 ms, and
 * are enough for seven hours.
 */
#define MAX_BLOCK_BYTES (32 << 20)

/* Several tracks, pictures, subtitles and what cameras add; each may have tables of the above size. */
#define MAX_STREAMS 16

/*
 * Read at a time.  Small, as a cancel is seen whenever the libraries read, and between two reads they
 * may make a table for each track that is described in these bytes.
 */
#define BUFFER_BYTES 1024

/* No encoder makes larger ones; larger PCM in one packet would take long without a look for a cancel. */
#define MAX_PACKET_BYTES  (4 << 20)
#define MAX_FRAME_SAMPLES (1 << 20)

/* Where a header's duration includes delays of encoders, or is rounded, less than this is not missing. */
#define MISSING_S 0.25

typedef struct Decoding
{
	const EmoAvContainer *container;
	AVFormatContext *format;
	AVIOContext *io;
	AVCodecContext *codec;
	AVPacket *packet;
	AVFrame *frame; /* what is read from; NULL data: nothing yet */
	AVFrame *next;  /* the one behind, where that had to be known */
	int stream_index;
	bool has_frame;
	bool has_next;
	bool is_drained;      /* the decoder knows that nothing more comes */
	int64_t frame_offset; /* samples of the frame that are read */
	int64_t n_read;       /* samples of each channel */
	int64_t end;          /* where padding begins; -1: unknown, or it is none */
} Decoding;

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

static EmoStatus
fail_memory(EmoAudioStream *stream)
{
	return emo_fail(stream->env, EMO_OUT_OF_MEMORY, "out of memory");
}

static EmoStatus
fail(EmoAudioStream *stream, const char *detail)
{
	EmoStatus status = emo_fail_recording(stream->env, detail);

	emo_set_hint(stream->env, "Convert it, for example with ffmpeg -i recording.%s recording.wav.",
				 stream->container.codec->suffix);
	return status;
}

/*
 * A header asks for more than MAX_BLOCK_BYTES, or the machine has no memory: that is told by whether it has as
 * much as a header may ask for.
 */
static bool
is_memory_short(void)
{
	void *block = malloc(MAX_BLOCK_BYTES);

	free(block);
	return block == NULL;
}

static EmoStatus
fail_library(EmoAudioStream *stream, int error)
{
	char reason[AV_ERROR_MAX_STRING_SIZE] = "";
	char detail[AV_ERROR_MAX_STRING_SIZE + 32];

	if (error == AVERROR(ENOMEM) && is_memory_short())
		return fail_memory(stream);
	if (error == AVERROR(ENOMEM))
		return fail(stream, "It asks for more memory than any recording needs.");
	if (error == AVERROR_EOF)
		return fail(stream, "It ends before there is any sound.");
	av_strerror(error, reason, sizeof(reason));
	snprintf(detail, sizeof(detail), "FFmpeg reports: %s.", reason);
	return fail(stream, detail);
}

/* Freed by the libraries themselves when opening fails. */
static EmoStatus
open_container(EmoAudioStream *stream, Decoding *decoding)
{
	uint8_t *buffer = av_malloc(BUFFER_BYTES);
	const AVInputFormat *demuxer = av_find_input_format(decoding->container->demuxer);
	int error;

	if (demuxer == NULL)
	{
		av_free(buffer);
		return fail(stream, "This build of FFmpeg does not read its container.");
	}
	decoding->io =
		avio_alloc_context(buffer, BUFFER_BYTES, 0, &stream->input, io_read, NULL, io_seek);
	decoding->format = avformat_alloc_context();
	if (decoding->io == NULL)
		av_free(buffer);
	if (decoding->io == NULL || decoding->format == NULL)
		return fail_memory(stream);
	decoding->format->pb = decoding->io;
	decoding->format->io_open = refuse_file;
	decoding->format->interrupt_callback = (AVIOInterruptCB){is_interrupted, &stream->input};
	decoding->format->max_streams = MAX_STREAMS;
	decoding->format->format_whitelist = av_strdup(demuxer->name);
	decoding->format->protocol_whitelist = av_strdup("");
	/* The demuxers of codecs.c open no decoder; none that they could open is of this name. */
	decoding->format->codec_whitelist = av_strdup("none");
	error = avformat_open_input(&decoding->format, "", demuxer, NULL);
	return error < 0 ? fail_library(stream, error) : EMO_OK;
}

/* The first stream of sound that its author has not marked as an alternative; or else the first. */
static int
choose_stream(const AVFormatContext *format)
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

static EmoStatus
open_codec(EmoAudioStream *stream, Decoding *decoding)
{
	const AVStream *track = decoding->format->streams[decoding->stream_index];
	const EmoAvCodec *known = emo_av_find_codec(track->codecpar->codec_id);
	const AVCodec *decoder;
	char detail[128];
	int error;

	if (known == NULL)
	{
		snprintf(detail, sizeof(detail), "Its codec is %s, which is not read here.",
				 avcodec_get_name(track->codecpar->codec_id));
		return fail(stream, detail);
	}
	decoder = avcodec_find_decoder_by_name(known->decoder);
	decoding->codec = avcodec_alloc_context3(decoder);
	if (decoding->codec == NULL)
		return fail_memory(stream);
	error = avcodec_parameters_to_context(decoding->codec, track->codecpar);
	if (error < 0)
		return fail_library(stream, error);
	decoding->codec->thread_count = 1;
	decoding->codec->pkt_timebase = track->time_base;
	decoding->codec->max_samples = MAX_FRAME_SAMPLES;
	decoding->codec->codec_whitelist = av_strdup(known->decoder);
	error = avcodec_open2(decoding->codec, decoder, NULL);
	/* Opus is decoded at 48 kHz whatever a header says; the demuxer counts padding by this rate. */
	if (error >= 0 && decoding->codec->sample_rate > 0)
		track->codecpar->sample_rate = decoding->codec->sample_rate;
	stream->encoding_name = known->name;
	stream->full_scale = known->full_scale;
	return error < 0 ? fail_library(stream, error) : EMO_OK;
}

static bool
is_encrypted(const AVPacket *packet)
{
	return av_packet_get_side_data(packet, AV_PKT_DATA_ENCRYPTION_INFO, NULL) != NULL;
}

/* Give the decoder the next packet of the track, or tell it that there is none. */
static EmoStatus
feed_decoder(EmoAudioStream *stream, Decoding *decoding)
{
	AVPacket *packet = decoding->packet;
	int error;

	for (;;)
	{
		if (emo_check_stop(stream->env) != EMO_OK)
			return stream->env->status;
		av_packet_unref(packet);
		error = av_read_frame(decoding->format, packet);
		if (error == AVERROR(ENOMEM) && is_memory_short())
			return fail_memory(stream);
		if (error < 0)
		{
			stream->truncated = stream->truncated || error != AVERROR_EOF;
			decoding->is_drained = true;
			return avcodec_send_packet(decoding->codec, NULL) == AVERROR(ENOMEM)
					   ? fail_memory(stream)
					   : EMO_OK;
		}
		if (packet->stream_index != decoding->stream_index)
			continue;
		if (is_encrypted(packet))
			return fail(stream, "It is encrypted.");
		stream->truncated = stream->truncated || (packet->flags & AV_PKT_FLAG_CORRUPT);
		error = packet->size > MAX_PACKET_BYTES ? AVERROR_INVALIDDATA
												: avcodec_send_packet(decoding->codec, packet);
		if (error == AVERROR(ENOMEM) && is_memory_short())
			return fail_memory(stream);
		if (error >= 0)
			return EMO_OK;
		/* A damaged packet is missing; those behind it may be whole. */
		stream->truncated = true;
	}
}

/* The next frame, if there is one. */
static EmoStatus
decode_frame(EmoAudioStream *stream, Decoding *decoding, AVFrame *frame, bool *is_there)
{
	*is_there = false;
	for (;;)
	{
		int error = avcodec_receive_frame(decoding->codec, frame);

		if (error == AVERROR_EOF || (error < 0 && decoding->is_drained))
			return EMO_OK;
		if (error == AVERROR(ENOMEM) && is_memory_short())
			return fail_memory(stream);
		if (error < 0 && error != AVERROR(EAGAIN))
			stream->truncated = true;
		if (error < 0)
		{
			EmoStatus status = feed_decoder(stream, decoding);

			if (status != EMO_OK)
				return status;
			continue;
		}
		if (frame->nb_samples < 1 || !emo_av_knows_samples(frame))
			continue;
		*is_there = true;
		return EMO_OK;
	}
}

/* Frames of another rate or channel count than the first are left out. */
static EmoStatus
decode_like_frame(EmoAudioStream *stream, Decoding *decoding, AVFrame *frame, bool *is_there)
{
	for (;;)
	{
		EmoStatus status = decode_frame(stream, decoding, frame, is_there);

		if (status != EMO_OK || !*is_there)
			return status;
		if (frame->sample_rate == stream->sample_rate &&
			EMO_AV_CHANNELS(frame) == stream->n_channels)
			return EMO_OK;
		stream->truncated = true;
	}
}

/* In samples of each channel; -1 when the header does not say, or says that of pictures. */
static int64_t
announced_frames(const AVFormatContext *format, const AVStream *track, int sample_rate)
{
	const AVRational samples = {1, sample_rate};

	if (track->duration > 0 && track->duration != AV_NOPTS_VALUE)
		return av_rescale_q(track->duration, track->time_base, samples);
	if (format->nb_streams == 1 && format->duration > 0)
		return av_rescale_q(format->duration, AV_TIME_BASE_Q, samples);
	return -1;
}

/* A Matroska file says in its header whether it is WebM, which is a part of it. */
#define MAX_DOCTYPE_OFFSET 64

static const char *
name_of_container(const EmoAudioStream *stream, const EmoAvContainer *container)
{
	static const char webm[] = "webm";
	int64_t n_bytes = stream->input.n_bytes;

	if (strcmp(container->name, "matroska") == 0 &&
		memmem(stream->input.bytes, n_bytes < MAX_DOCTYPE_OFFSET ? n_bytes : MAX_DOCTYPE_OFFSET,
			   webm, strlen(webm)) != NULL)
		return webm;
	return container->name;
}

static EmoStatus
decode_first_frame(EmoAudioStream *stream, Decoding *decoding)
{
	const AVStream *track = decoding->format->streams[decoding->stream_index];
	EmoStatus status = decode_frame(stream, decoding, decoding->frame, &decoding->has_frame);

	if (status != EMO_OK)
		return status;
	if (!decoding->has_frame)
		return fail(stream, "Nothing in it can be decoded.");
	stream->container_name = name_of_container(stream, decoding->container);
	stream->sample_rate = decoding->frame->sample_rate;
	stream->n_channels = EMO_AV_CHANNELS(decoding->frame);
	stream->is_int16 = av_get_packed_sample_fmt(decoding->frame->format) == AV_SAMPLE_FMT_S16;
	if (stream->sample_rate > 0)
		stream->announced_frames = announced_frames(decoding->format, track, stream->sample_rate);
	decoding->end = decoding->container->tells_samples ? stream->announced_frames : -1;
	return EMO_OK;
}

static EmoStatus
open_av(EmoAudioStream *stream)
{
	Decoding *decoding = emo_alloc_zero(stream->env, 1, sizeof(Decoding));
	EmoStatus status;

	if (decoding == NULL)
		return EMO_OUT_OF_MEMORY;
	stream->handle = decoding;
	decoding->container = emo_av_find_container(stream->input.bytes, stream->input.n_bytes);
	if (decoding->container == NULL)
		return fail(stream, "Its container is not read here.");
	decoding->packet = av_packet_alloc();
	decoding->frame = av_frame_alloc();
	decoding->next = av_frame_alloc();
	if (decoding->packet == NULL || decoding->frame == NULL || decoding->next == NULL)
		return fail_memory(stream);
	status = open_container(stream, decoding);
	if (status != EMO_OK)
		return status;
	decoding->stream_index = choose_stream(decoding->format);
	if (decoding->stream_index < 0)
		return fail(stream, "There is no sound in it.");
	for (unsigned i = 0; i < decoding->format->nb_streams; i++)
		if ((int) i != decoding->stream_index)
			decoding->format->streams[i]->discard = AVDISCARD_ALL;
	status = open_codec(stream, decoding);
	return status == EMO_OK ? decode_first_frame(stream, decoding) : status;
}

/*
 * At the end that the header tells the rest of a frame is padding, if no other frame follows.  If one
 * does, the header is wrong.
 */
static EmoStatus
find_padding(EmoAudioStream *stream, Decoding *decoding)
{
	EmoStatus status;

	if (decoding->n_read != decoding->end || decoding->has_next)
		return EMO_OK;
	status = decode_like_frame(stream, decoding, decoding->next, &decoding->has_next);
	if (status != EMO_OK)
		return status;
	decoding->has_frame = decoding->has_next;
	decoding->end = -1;
	return EMO_OK;
}

static EmoStatus
advance(EmoAudioStream *stream, Decoding *decoding)
{
	decoding->frame_offset = 0;
	if (!decoding->has_next)
		return decode_like_frame(stream, decoding, decoding->frame, &decoding->has_frame);
	av_frame_unref(decoding->frame);
	av_frame_move_ref(decoding->frame, decoding->next);
	decoding->has_next = false;
	return EMO_OK;
}

/* Nothing more comes: was it all that the header announced? */
static void
finish(EmoAudioStream *stream, const Decoding *decoding)
{
	int64_t missing = stream->announced_frames - decoding->n_read;

	if (missing > MISSING_S * stream->sample_rate)
		stream->truncated = true;
}

static EmoStatus
read_av(EmoAudioStream *stream, float *samples, int64_t max_frames, int64_t *n_frames)
{
	Decoding *decoding = stream->handle;
	int64_t n;
	EmoStatus status = find_padding(stream, decoding);

	if (status == EMO_OK && decoding->has_frame &&
		decoding->frame_offset == decoding->frame->nb_samples)
		status = advance(stream, decoding);
	if (status != EMO_OK)
		return status;
	if (!decoding->has_frame)
	{
		finish(stream, decoding);
		return EMO_OK;
	}
	n = decoding->frame->nb_samples - decoding->frame_offset;
	if (n > max_frames)
		n = max_frames;
	if (decoding->end > decoding->n_read && n > decoding->end - decoding->n_read)
		n = decoding->end - decoding->n_read;
	emo_av_interleave(decoding->frame, decoding->frame_offset, n, samples);
	decoding->frame_offset += n;
	decoding->n_read += n;
	*n_frames = n;
	return EMO_OK;
}

static void
close_av(EmoAudioStream *stream)
{
	Decoding *decoding = stream->handle;

	if (decoding == NULL)
		return;
	avcodec_free_context(&decoding->codec);
	avformat_close_input(&decoding->format);
	if (decoding->io != NULL)
		av_freep(&decoding->io->buffer);
	avio_context_free(&decoding->io);
	av_packet_free(&decoding->packet);
	av_frame_free(&decoding->frame);
	av_frame_free(&decoding->next);
	emo_free(stream->env, decoding);
	stream->handle = NULL;
}

const EmoDecoder emo_av_decoder = {
	.name = "FFmpeg", .open = open_av, .read = read_av, .close = close_av};
