/*
 * decoder.h
 *	  What a library that decodes recordings has to offer: open one in memory, read frames, close.
 *
 * Which library opens which container says the table of container.c.  What all of them have to
 * obey, such as limits, usable numbers and cancels, is file.c's.
 *
 * A decoder never raises, prints nothing, opens no file, and reads by emo_input_read() and
 * emo_input_seek() alone.  Bytes that it can't read end in EMO_BAD_DATA by emo_fail_unreadable().
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
	bool can_seek;            /* by seek(), exactly */

	bool truncated; /* there should be more than can be read; known for certain at the end */
} EmoAudioStream;

typedef struct EmoDecoder
{
	const char *name; /* of the library */

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

	/*
	 * Go on with a frame, counted from the beginning, so that read() gives what it would have given
	 * there.  EMO_BAD_DATA where there is no such frame.  NULL where that takes reading all before it.
	 */
	EmoStatus (*seek)(EmoAudioStream *stream, int64_t frame);

	/* Also after open() has failed; stream->handle may be NULL. */
	void (*close)(EmoAudioStream *stream);
} EmoDecoder;

extern const EmoDecoder emo_sndfile_decoder;
extern const EmoDecoder emo_mpeg_decoder;
extern const EmoDecoder emo_ogg_decoder;
extern const EmoDecoder emo_opus_decoder; /* these two of one link of Ogg, see ogg_links.h */
extern const EmoDecoder emo_vorbis_decoder;

/*
 * A decoder from outside of the core for recordings that are known (codec.c), and that no library of
 * the core reads.  find is asked for it at each such recording, so that what it takes may be loaded at
 * the first one; NULL says that there is none, and the recording is refused with its codec's name, and
 * with the name of the package that would bring one.  It must not raise; its failures are the call's.
 * The decoder's input is the whole recording behind ID3 tags.
 */
typedef EmoStatus (*EmoFindDecoder)(EmoEnv *env, const EmoDecoder **decoder);

extern void emo_audio_set_fallback_decoder(EmoFindDecoder find, const char *package);

/* EMO_BAD_DATA, with what the library says: words of its own, never bytes of the recording. */
extern EmoStatus emo_fail_unreadable(EmoEnv *env, const char *library, const char *reason);

#endif
