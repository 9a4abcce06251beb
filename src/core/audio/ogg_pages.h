/*
 * ogg_pages.h
 *	  Pages of Ogg files (RFC 3533).
 */
#ifndef EMO_AUDIO_OGG_PAGES_H
#define EMO_AUDIO_OGG_PAGES_H

#include "core/base/env.h"

#define EMO_OGG_CHECKSUM_OFFSET 22

/* In a page's flags. */
#define EMO_OGG_CONTINUED 1
#define EMO_OGG_BEGINNING 2
#define EMO_OGG_END       4

/* Bytes of the page (of version 0) at the beginning of bytes; 0 when there is no whole page. */
extern size_t emo_ogg_page_length(const uint8_t *bytes, size_t n_bytes);

/* The checksum of an Ogg page of n_bytes: its own four bytes count as zeros. */
extern uint32_t emo_ogg_page_checksum(const uint8_t *page, size_t n_bytes);

/* Of a whole page. */
extern int emo_ogg_page_flags(const uint8_t *page);
extern uint32_t emo_ogg_page_serial(const uint8_t *page);
extern uint32_t emo_ogg_page_sequence(const uint8_t *page);
extern const uint8_t *emo_ogg_page_body(const uint8_t *page, size_t length, size_t *n_body);

/* Goes over pages in search of whole and undamaged ones. */
typedef struct EmoOggScan
{
	EmoEnv *env;
	const uint8_t *bytes;
	size_t n_bytes;
	size_t position;
	size_t n_checked; /* bytes that went into checksums */
	bool gave_up;     /* with bytes left */
} EmoOggScan;

/*
 * The next page, NULL at the end.  Junk between pages is left out.  What looks like the beginning of
 * large pages again and again is given up: no more bytes are checked than a few times those there are.
 */
extern EmoStatus emo_ogg_next_page(EmoOggScan *scan, const uint8_t **page, size_t *length);

/* Of whatever stream: is its end missing? */
extern EmoStatus emo_ogg_check_end(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, bool *is_cut);

/* Goes over the packets of pages of one stream that lie one behind the other. */
typedef struct EmoOggPackets
{
	const uint8_t *page;
	size_t n_left; /* from page on */
	int segment;
	const uint8_t *content; /* of the segment */
} EmoOggPackets;

/*
 * The length of the next packet, of which up to max_copied bytes go to copy; false when it has no end.
 */
extern bool emo_ogg_next_packet(EmoOggPackets *packets, uint8_t *copy, size_t max_copied,
								size_t *length);

#endif
