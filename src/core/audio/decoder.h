/*
 * decoder.h
 *	  What a library that decodes recordings has to offer: open one in memory, read frames, close.
 *
 * Which library opens which container says the table of container.c.  What all of them have to
 * obey, such as limits, usable numbers and cancels, is file.c's.
 */
#ifndef EMO_AUDIO_DECODER_H
#define EMO_AUDIO_DECODER_H

#include "core/audio/container.h"
#include "core/audio/input.h"

typedef struct EmoAudioStream
{
	EmoEnv *env;
	EmoInput input; /* all that the library may read */
	EmoContainer container;
	void *handle; /* the library's; NULL when it is not open */

	/* What open() tells. */
	const char *container_name; /* short static names: "wav", "pcm16" */
	const char *encoding_name;
	float full_scale; /* the largest magnitude that the encoding expresses on both sides of zero */
	int sample_rate;
	int n_channels;
	int64_t announced_frames; /* by the header; -1 when it does not say */
	bool is_int16;            /* its samples are usable numbers */

	bool truncated; /* there should be more than can be read; known for certain at the end */
} EmoAudioStream;

typedef struct EmoDecoder
{
	/*
	 * Begin, and tell what the recording is.  On failure close() is called all the same.  No memory
	 * may be spent yet on what a header announces.
	 */
	EmoStatus (*open)(EmoAudioStream *stream);

	/*
	 * Up to max_frames interleaved frames; *n_frames is 0 at the end only, which EMO_BAD_DATA says is
	 * not the end of what there should be.
	 */
	EmoStatus (*read)(EmoAudioStream *stream, float *samples, int64_t max_frames,
					  int64_t *n_frames);

	void (*close)(EmoAudioStream *stream);
} EmoDecoder;

extern const EmoDecoder emo_sndfile_decoder;
extern const EmoDecoder emo_mpeg_decoder;

/* EMO_BAD_DATA, with what the library says: words of its own, never bytes of the recording. */
extern EmoStatus emo_fail_unreadable(EmoEnv *env, const char *library, const char *reason);

#endif
