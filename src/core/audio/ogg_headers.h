/*
 * ogg_headers.h
 *	  Headers of Vorbis and Opus streams, checked before a library parses them.
 */
#ifndef EMO_AUDIO_OGG_HEADERS_H
#define EMO_AUDIO_OGG_HEADERS_H

#include "core/audio/ogg_links.h"

/*
 * Are the headers of a link whole, and of a size that the libraries can bear?  They go over comments without
 * looking for a cancel, and libvorbis takes memory for all entries of codebooks that it is told of.
 * EMO_BAD_DATA, with a detail.
 */
extern EmoStatus emo_ogg_check_headers(EmoEnv *env, const EmoOggLink *link);

#endif
