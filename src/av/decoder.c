/*
 * decoder.c
 *	  Recordings that FFmpeg's libraries read.
 *
 * One stream, of sound, is decoded, in the calling thread; all others are discarded by the demuxer.
 * avformat_find_stream_info() is not called, as it would go into every stream: what a recording is tells
 * its first decoded frame.
 */
#include "av/decoder.h"

#include <libavutil/channel_layout.h>
#include <libavutil/mem.h>
#include <stdio.h>
#include <string.h>

#include "av/codecs.h"
#include "av/container.h"
#include "av/ebml.h"
#include "av/samples.h"
#include "av/timing.h"

/* No encoder makes larger ones; larger PCM in one packet would take long without a look for a cancel. */
#define MAX_PACKET_BYTES  (4 << 20)
#define MAX_FRAME_SAMPLES (1 << 20)

/*
 * More than this is missing where a header tells the duration of the sound; and where its duration
 * includes delays of encoders, or is rounded.
 */
#define MISSING_S            0.02
#define MISSING_OF_ROUNDED_S 0.25

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
	bool has_skipped;     /* the demuxer has told the decoder to leave samples out */
	bool is_drained;      /* the decoder knows that nothing more comes */
	int n_pause;          /* samples of the pause that the last packet stands for; 0: it is none */
	int64_t frame_offset; /* samples of the frame that are read */
	int64_t n_delay;      /* samples of the encoder's delay that are still to be left out */
	int64_t n_read;       /* samples of each channel */
	int64_t end;          /* where padding begins; -1: unknown, or it is none */
} Decoding;

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
		if (track->codecpar->codec_id == AV_CODEC_ID_NONE)
			return emo_av_fail_damaged(stream, "It does not tell its codec.");
		snprintf(detail, sizeof(detail), "Its codec is %s, which is not read here.",
				 avcodec_get_name(track->codecpar->codec_id));
		return emo_av_fail(stream, detail);
	}
	decoder = avcodec_find_decoder_by_name(known->decoder);
	decoding->codec = avcodec_alloc_context3(decoder);
	if (decoding->codec == NULL)
		return emo_av_fail_memory(stream);
	error = avcodec_parameters_to_context(decoding->codec, track->codecpar);
	if (error < 0)
		return emo_av_fail_error(stream, error);
	decoding->codec->thread_count = 1;
	decoding->codec->pkt_timebase = track->time_base;
	decoding->codec->max_samples = MAX_FRAME_SAMPLES;
	decoding->codec->codec_whitelist = av_strdup(known->decoder);
	error = avcodec_open2(decoding->codec, decoder, NULL);
	stream->encoding_name = known->name;
	stream->full_scale = known->full_scale;
	return error < 0 ? emo_av_fail_error(stream, error) : EMO_OK;
}

static bool
has_side_data(const AVPacket *packet, enum AVPacketSideDataType type)
{
	return av_packet_get_side_data(packet, type, NULL) != NULL;
}

/*
 * Packets tell what of them is padding in samples at the header's rate, which for Opus is often another
 * than that it is decoded at.  Each packet that goes through a parser brings the header's rate back.
 */
static int
read_packet(Decoding *decoding)
{
	AVStream *track = decoding->format->streams[decoding->stream_index];

	av_packet_unref(decoding->packet);
	if (decoding->codec->sample_rate > 0)
		track->codecpar->sample_rate = decoding->codec->sample_rate;
	return av_read_frame(decoding->format, decoding->packet);
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
		error = read_packet(decoding);
		if (emo_av_is_memory_short(error))
			return emo_av_fail_memory(stream);
		if (error < 0)
		{
			stream->truncated = stream->truncated || error != AVERROR_EOF;
			decoding->is_drained = true;
			return avcodec_send_packet(decoding->codec, NULL) == AVERROR(ENOMEM)
					   ? emo_av_fail_memory(stream)
					   : EMO_OK;
		}
		if (packet->stream_index != decoding->stream_index)
			continue;
		decoding->has_skipped =
			decoding->has_skipped || has_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES);
		if (has_side_data(packet, AV_PKT_DATA_ENCRYPTION_INFO))
			return emo_av_fail(stream, "It is encrypted.");
		stream->truncated = stream->truncated || (packet->flags & AV_PKT_FLAG_CORRUPT);
		decoding->n_pause = emo_av_samples_of_pause(decoding->codec->codec_id, packet);
		if (decoding->n_pause > 0)
			return EMO_OK;
		error = packet->size > MAX_PACKET_BYTES ? AVERROR_INVALIDDATA
												: avcodec_send_packet(decoding->codec, packet);
		if (emo_av_is_memory_short(error))
			return emo_av_fail_memory(stream);
		if (error >= 0)
			return EMO_OK;
		/* A damaged packet is missing; those behind it may be whole. */
		stream->truncated = true;
	}
}

/* Silence in place of a pause that was not transmitted, so that what follows keeps its time. */
static EmoStatus
make_pause(EmoAudioStream *stream, Decoding *decoding, AVFrame *frame, bool *is_there)
{
	int error = emo_av_make_silence(decoding->codec, decoding->n_pause, frame);

	decoding->n_pause = 0;
	frame->pts = decoding->packet->pts;
	*is_there = error >= 0;
	return error < 0 ? emo_av_fail_error(stream, error) : EMO_OK;
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
		if (emo_av_is_memory_short(error))
			return emo_av_fail_memory(stream);
		if (error < 0 && error != AVERROR(EAGAIN))
			stream->truncated = true;
		if (error < 0)
		{
			EmoStatus status = feed_decoder(stream, decoding);

			if (status != EMO_OK)
				return status;
			if (decoding->n_pause > 0)
				return make_pause(stream, decoding, frame, is_there);
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
		return emo_av_fail_damaged(stream, "Nothing in it can be decoded.");
	stream->container_name = name_of_container(stream, decoding->container);
	stream->sample_rate = decoding->frame->sample_rate;
	stream->n_channels = EMO_AV_CHANNELS(decoding->frame);
	stream->is_int16 = av_get_packed_sample_fmt(decoding->frame->format) == AV_SAMPLE_FMT_S16;
	/* The caller refuses it. */
	if (stream->sample_rate < 1)
		return EMO_OK;
	stream->announced_frames =
		emo_av_announced_frames(decoding->format, track, stream->sample_rate);
	if (decoding->container->tells_samples)
		decoding->n_delay =
			emo_av_samples_of_delay(track, decoding->frame->pts, stream->sample_rate);
	/* The duration is without what the demuxer leaves out, and with what it leaves to us. */
	if (!decoding->has_skipped && stream->announced_frames > decoding->n_delay)
		stream->announced_frames -= decoding->n_delay;
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
		return emo_av_fail(stream, "Its container is not read here.");
	decoding->packet = av_packet_alloc();
	decoding->frame = av_frame_alloc();
	decoding->next = av_frame_alloc();
	if (decoding->packet == NULL || decoding->frame == NULL || decoding->next == NULL)
		return emo_av_fail_memory(stream);
	status = emo_av_open_container(stream, decoding->container, &decoding->format, &decoding->io);
	if (status != EMO_OK)
		return status;
	decoding->stream_index = emo_av_choose_stream(decoding->format);
	if (decoding->stream_index < 0)
		return emo_av_fail(stream, "There is no sound in it.");
	for (unsigned i = 0; i < decoding->format->nb_streams; i++)
		if ((int) i != decoding->stream_index)
			decoding->format->streams[i]->discard = AVDISCARD_ALL;
	status = open_codec(stream, decoding);
	if (status == EMO_OK && strcmp(decoding->container->demuxer, "matroska") == 0)
		status = emo_av_ebml_is_cut(stream->env, stream->input.bytes, stream->input.n_bytes,
									&stream->truncated);
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

/* Go on to a frame that has samples left. */
static EmoStatus
find_samples(EmoAudioStream *stream, Decoding *decoding)
{
	EmoStatus status = find_padding(stream, decoding);

	while (status == EMO_OK && decoding->has_frame)
	{
		int64_t left = decoding->frame->nb_samples - decoding->frame_offset;
		int64_t n_skipped = decoding->n_delay < left ? decoding->n_delay : left;

		decoding->n_delay -= n_skipped;
		decoding->frame_offset += n_skipped;
		if (n_skipped < left)
			return EMO_OK;
		status = advance(stream, decoding);
	}
	return status;
}

/* Nothing more comes: was it all that the header announced? */
static void
finish(EmoAudioStream *stream, const Decoding *decoding)
{
	int64_t missing = stream->announced_frames - decoding->n_read;

	if (missing > stream->sample_rate *
					  (decoding->container->tells_samples ? MISSING_S : MISSING_OF_ROUNDED_S))
		stream->truncated = true;
}

static EmoStatus
read_av(EmoAudioStream *stream, float *samples, int64_t max_frames, int64_t *n_frames)
{
	Decoding *decoding = stream->handle;
	int64_t n;
	EmoStatus status = find_samples(stream, decoding);

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
	emo_av_close_container(&decoding->format, &decoding->io);
	av_packet_free(&decoding->packet);
	av_frame_free(&decoding->frame);
	av_frame_free(&decoding->next);
	emo_free(stream->env, decoding);
	stream->handle = NULL;
}

const EmoDecoder emo_av_decoder = {
	.name = "FFmpeg", .open = open_av, .read = read_av, .close = close_av};
