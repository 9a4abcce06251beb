/*
 * ogg_links.h
 *	  The recordings that an Ogg file is joined of.
 */
#ifndef EMO_AUDIO_OGG_LINKS_H
#define EMO_AUDIO_OGG_LINKS_H

#include "core/base/env.h"

typedef enum EmoOggCodec
{
	EMO_OGG_VORBIS,
	EMO_OGG_OPUS,
	EMO_OGG_FLAC,
	EMO_OGG_OTHER
} EmoOggCodec;

/* The first stream of sound of one link: other streams, junk and damaged pages are left out. */
typedef struct EmoOggLink
{
	EmoOggCodec codec;
	const uint8_t *bytes; /* its pages; of FLAC, what is in them: a file of FLAC without Ogg */
	size_t n_bytes;
	bool truncated; /* a page is missing, or the end */
} EmoOggLink;

/* Links of one file, which are some songs or messages. */
#define EMO_MAX_OGG_LINKS 1024

typedef struct EmoOggLinks
{
	EmoOggLink *links;
	int n_links;
	uint8_t *bytes; /* of all of them */
} EmoOggLinks;

/* EMO_BAD_DATA when there is none, or there are too many; EMO_CANCELED, EMO_OUT_OF_MEMORY. */
extern EmoStatus emo_ogg_find_links(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
									EmoOggLinks *links);

/* Those that have not been found, too. */
extern void emo_ogg_free_links(EmoEnv *env, EmoOggLinks *links);

/* What a stream holds whose first page is given. */
extern EmoOggCodec emo_ogg_codec(const uint8_t *page, size_t length);

#endif
