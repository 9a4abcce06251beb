/*
 * codecs.h
 *	  Which of FFmpeg's demuxers and decoders are let near a recording.
 */
#ifndef EMO_AV_CODECS_H
#define EMO_AV_CODECS_H

#include <libavcodec/avcodec.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct EmoAvContainer
{
	size_t offset;
	const char *magic;
	size_t n_magic;
	const char *demuxer; /* FFmpeg's name of it */
	const char *name;    /* a short static name: "mp4" */

	/* The duration that the header tells is that of the audio to a sample, what follows is padding. */
	bool tells_samples;
} EmoAvContainer;

typedef struct EmoAvCodec
{
	enum AVCodecID id;
	const char *decoder; /* FFmpeg's name of it */
	const char *name;    /* a short static name: "aac" */
	float full_scale; /* the largest magnitude that the encoding expresses on both sides of zero */
} EmoAvCodec;

/* By its first bytes; NULL for none that is let through. */
extern const EmoAvContainer *emo_av_find_container(const uint8_t *bytes, size_t n_bytes);

/* NULL for one that is not let through. */
extern const EmoAvCodec *emo_av_find_codec(enum AVCodecID id);

/*
 * Samples of each channel that a packet of AMR stands for in which a telephone has sent no sound, as nobody
 * spoke: FFmpeg's decoders know none of these.  0 for all others.
 */
extern int emo_av_samples_of_pause(enum AVCodecID id, const AVPacket *packet);

#endif
