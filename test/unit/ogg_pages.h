/*
 * ogg_pages.h
 *	  Damage in Ogg pages goes no further than their checksums, unless these are made right again.
 */
#ifndef EMO_OGG_PAGES_H
#define EMO_OGG_PAGES_H

#include <string.h>

#include "core/audio/ogg_pages.h"
#include "core/base/bytes.h"

static inline void
correct_ogg_checksums(uint8_t *bytes, size_t n_bytes)
{
	size_t length;

	for (size_t at = 0; at < n_bytes; at += length)
	{
		length = emo_ogg_page_length(bytes + at, n_bytes - at);
		if (length > 0)
			emo_put_little_endian(bytes + at + EMO_OGG_CHECKSUM_OFFSET, 4,
								  emo_ogg_page_checksum(bytes + at, length));
		else
			length = 1;
	}
}

#endif
