/*
 * vorbis.h
 *	  The headers of Ogg Vorbis and Opus streams, checked before libsndfile parses them.
 */
#ifndef EMO_AUDIO_VORBIS_H
#define EMO_AUDIO_VORBIS_H

#include "core/base/env.h"

/*
 * Are the headers of a stream of Vorbis or Opus whole, and of a size that the libraries can bear?
 * Others are not looked at.  bytes begin with "OggS".
 *
 * When those of Vorbis are not whole, or are not read to their end, libsndfile (up to 1.2.2) fails
 * without freeing what libvorbis has allocated, some 6 kB for each recording.  *n_header_bytes is
 * where the last page of them ends.  EMO_BAD_DATA, with a detail; EMO_CANCELED.
 */
extern EmoStatus emo_ogg_check_headers(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
									   size_t *n_header_bytes);

/* bytes begin with "OggS". */
extern bool emo_ogg_is_opus(const uint8_t *bytes, size_t n_bytes);

/* Bytes of the page (of version 0) at the beginning of bytes; 0 when there is no whole page. */
extern size_t emo_ogg_page_length(const uint8_t *bytes, size_t n_bytes);

#define EMO_OGG_CHECKSUM_OFFSET 22

/* The checksum of an Ogg page of n_bytes, RFC 3533: its own four bytes count as zeros. */
extern uint32_t emo_ogg_page_checksum(const uint8_t *page, size_t n_bytes);

#endif
