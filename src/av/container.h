/*
 * container.h
 *	  A container in memory, opened by FFmpeg's libformat, and what its errors mean.
 */
#ifndef EMO_AV_CONTAINER_H
#define EMO_AV_CONTAINER_H

#include <libavformat/avformat.h>

#include "av/codecs.h"
#include "core/audio/decoder.h"

/* Once in a process, before the decoder is used: limits and silence of the libraries. */
extern void emo_av_init(void);

/* To be closed on failure too. */
extern EmoStatus emo_av_open_container(EmoAudioStream *stream, const EmoAvContainer *container,
									   AVFormatContext **format, AVIOContext **io);
extern void emo_av_close_container(AVFormatContext **format, AVIOContext **io);

/*
 * The first stream of sound that its author has not marked as an alternative; or else the first; -1: there
 * is no sound.
 */
extern int emo_av_choose_stream(const AVFormatContext *format);

/* EMO_BAD_DATA, with a detail that is a sentence: for what is not read, and for what is damaged. */
extern EmoStatus emo_av_fail(EmoAudioStream *stream, const char *detail);
extern EmoStatus emo_av_fail_damaged(EmoAudioStream *stream, const char *detail);

extern EmoStatus emo_av_fail_memory(EmoAudioStream *stream);

/* What an error of the libraries means. */
extern EmoStatus emo_av_fail_error(EmoAudioStream *stream, int error);

/* The error is one of memory, and it is the machine that has none. */
extern bool emo_av_is_memory_short(int error);

#endif
