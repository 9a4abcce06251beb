/*
 * vorbis.h
 *	  The headers of Ogg Vorbis streams, checked before libsndfile parses them.
 */
#ifndef EMO_AUDIO_VORBIS_H
#define EMO_AUDIO_VORBIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does the recording, which begins with "OggS", hold Vorbis? */
extern bool emo_ogg_is_vorbis(const uint8_t *bytes, size_t n_bytes);

/*
 * Are the three headers of the stream whole?  When they are not, libsndfile (up to 1.2.2) fails
 * without freeing what libvorbis has allocated, some 6 kB for each recording.
 */
extern bool emo_vorbis_headers_are_whole(const uint8_t *bytes, size_t n_bytes);

/* Bytes of the page (of version 0) at the beginning of bytes; 0 when there is no whole page. */
extern size_t emo_ogg_page_length(const uint8_t *bytes, size_t n_bytes);

#define EMO_OGG_CHECKSUM_OFFSET 22

/* The checksum of an Ogg page of n_bytes, RFC 3533: its own four bytes count as zeros. */
extern uint32_t emo_ogg_page_checksum(const uint8_t *page, size_t n_bytes);

#endif
