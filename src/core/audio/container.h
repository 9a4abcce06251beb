/*
 * container.h
 *	  What a recording's bytes show before anything is decoded: whether it is in a container that
 *	  is let through, and whether it is cut short.
 */
#ifndef EMO_AUDIO_CONTAINER_H
#define EMO_AUDIO_CONTAINER_H

#include "core/audio/chunks.h"
#include "core/audio/codec.h"

/* Which library decodes what is in the container. */
typedef enum EmoLibrary
{
	EMO_SNDFILE,
	EMO_MPG123,
	EMO_OGG,       /* libopusfile, libvorbisfile, and libsndfile for FLAC */
	EMO_NO_LIBRARY /* of the core */
} EmoLibrary;

typedef struct EmoContainer
{
	EmoLibrary library;
	const EmoForeignCodec *codec; /* for EMO_NO_LIBRARY, what it is */
	size_t offset;  /* of the recording, behind tags that other programs have put before it */
	size_t n_bytes; /* from there, that are worth to be looked at */

	/*
	 * A chunk, or the whole, reaches beyond the end.  An announced length of
	 * "unknown", as recorders write into a pipe, is not a truncation.
	 */
	bool truncated;

	/* From the offset on, what libsndfile must not see as it is: see emo_container_mask(). */
	const char *const *hostile_chunks; /* NULL-terminated; NULL for none */
	const char *harmless_chunk;        /* which is skipped */
	EmoChunks chunks;

	bool is_uniform; /* MPEG audio: all frames are of one kind, and nothing is between them */

	/* The header counts samples, independently of how many bytes follow. */
	bool counts_samples;
} EmoContainer;

/* EMO_BAD_DATA for what is refused before a library looks at it; EMO_CANCELED. */
extern EmoStatus emo_container_check(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
									 EmoContainer *container);

/*
 * copy holds n_copied bytes from position of the recording, as libsndfile's header parser is going
 * to see them.  Two things are changed there:
 *
 * The size of a data chunk that is cut short, or was never filled in, becomes what is there.
 * libsndfile does that itself for some containers, and refuses others.
 *
 * LIST and INFO chunks of RIFF files are renamed to "JUNK", info chunks of CAF to "free", which it
 * skips.  They hold texts that nobody needs here.  In libsndfile up to 1.2.2 an entry of negative
 * size in LIST makes an endless loop (its issue 1118), and info is read in one go, however large.
 */
extern void emo_container_mask(const EmoContainer *container, const uint8_t *bytes, size_t n_bytes,
							   size_t position, uint8_t *copy, size_t n_copied);

/* What containers there are, as a hint. */
extern const char emo_container_hint[];

#endif
