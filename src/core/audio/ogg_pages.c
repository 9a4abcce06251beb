/*
 * ogg_pages.c
 *	  Pages of Ogg files (RFC 3533).
 */
#include "core/audio/ogg_pages.h"

#include <string.h>

#include "core/base/bytes.h"

/* Offsets in a page's header. */
#define FLAGS          5
#define SERIAL         14
#define SEQUENCE       18
#define N_SEGMENTS     26
#define PAGE_HEADER    27
#define FULL_SEGMENT   255
#define CHECKSUM_BYTES 4
#define CRC_POLYNOMIAL 0x04c11db7u

/* Of undamaged files each byte is checked once; a page has at most 64 kB. */
#define MAX_CHECKS_PER_BYTE 4
#define MIN_CHECKED_BYTES   (1 << 25)

/* Searched at a time, between looks for a cancel. */
#define SEARCHED_BYTES ((size_t) 1 << 22)

static uint32_t
read_uint32(const uint8_t *bytes)
{
	return (uint32_t) emo_get_little_endian(bytes, 4);
}

/* The same in all processes, and so made once in each. */
static const uint32_t *
crc_table(void)
{
	static uint32_t table[256];

	for (uint32_t i = 0; i < 256 && table[255] == 0; i++)
	{
		uint32_t crc = i << 24;

		for (int bit = 0; bit < 8; bit++)
			crc = crc << 1 ^ (crc >> 31 ? CRC_POLYNOMIAL : 0);
		table[i] = crc;
	}
	return table;
}

static uint32_t
add_to_crc(uint32_t crc, const uint8_t *bytes, size_t n_bytes)
{
	const uint32_t *table = crc_table();

	for (size_t i = 0; i < n_bytes; i++)
		crc = crc << 8 ^ table[crc >> 24 ^ bytes[i]];
	return crc;
}

uint32_t
emo_ogg_page_checksum(const uint8_t *page, size_t n_bytes)
{
	static const uint8_t zeros[CHECKSUM_BYTES];
	const size_t behind = EMO_OGG_CHECKSUM_OFFSET + CHECKSUM_BYTES;
	uint32_t crc = add_to_crc(0, page, EMO_OGG_CHECKSUM_OFFSET);

	crc = add_to_crc(crc, zeros, CHECKSUM_BYTES);
	return add_to_crc(crc, page + behind, n_bytes - behind);
}

size_t
emo_ogg_page_length(const uint8_t *bytes, size_t n_bytes)
{
	size_t length = PAGE_HEADER;

	if (n_bytes < PAGE_HEADER || memcmp(bytes, "OggS\0", 5) != 0 ||
		n_bytes < PAGE_HEADER + (size_t) bytes[N_SEGMENTS])
		return 0;
	length += bytes[N_SEGMENTS];
	for (int i = 0; i < bytes[N_SEGMENTS]; i++)
		length += bytes[PAGE_HEADER + i];
	return length <= n_bytes ? length : 0;
}

int
emo_ogg_page_flags(const uint8_t *page)
{
	return page[FLAGS];
}

uint32_t
emo_ogg_page_serial(const uint8_t *page)
{
	return read_uint32(page + SERIAL);
}

uint32_t
emo_ogg_page_sequence(const uint8_t *page)
{
	return read_uint32(page + SEQUENCE);
}

const uint8_t *
emo_ogg_page_body(const uint8_t *page, size_t length, size_t *n_body)
{
	size_t n_header = PAGE_HEADER + (size_t) page[N_SEGMENTS];

	*n_body = length - n_header;
	return page + n_header;
}

/* Where the next page may begin, or the end. */
static EmoStatus
find_magic(EmoOggScan *scan)
{
	while (scan->position < scan->n_bytes)
	{
		const uint8_t *start = scan->bytes + scan->position;
		size_t n_left = scan->n_bytes - scan->position;
		size_t n_searched = n_left < SEARCHED_BYTES ? n_left : SEARCHED_BYTES;
		const uint8_t *found;

		if (emo_check_stop(scan->env) != EMO_OK)
			return scan->env->status;
		found = memmem(start, n_searched, "OggS", 4);
		if (found != NULL)
		{
			scan->position = found - scan->bytes;
			return EMO_OK;
		}
		/* The magic may lie across the border. */
		scan->position += n_searched == n_left ? n_searched : n_searched - 3;
	}
	return EMO_OK;
}

EmoStatus
emo_ogg_next_page(EmoOggScan *scan, const uint8_t **page, size_t *length)
{
	const size_t max_checked = scan->n_bytes * MAX_CHECKS_PER_BYTE + MIN_CHECKED_BYTES;

	*page = NULL;
	for (;; scan->position++)
	{
		const uint8_t *start;

		if (find_magic(scan) != EMO_OK)
			return scan->env->status;
		scan->gave_up = scan->n_checked > max_checked;
		if (scan->position >= scan->n_bytes || scan->gave_up)
			return EMO_OK;
		start = scan->bytes + scan->position;
		*length = emo_ogg_page_length(start, scan->n_bytes - scan->position);
		scan->n_checked += *length;
		if (*length > 0 &&
			read_uint32(start + EMO_OGG_CHECKSUM_OFFSET) == emo_ogg_page_checksum(start, *length))
		{
			*page = start;
			scan->position += *length;
			return EMO_OK;
		}
	}
}

EmoStatus
emo_ogg_check_end(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, bool *is_cut)
{
	EmoOggScan scan = {.env = env, .bytes = bytes, .n_bytes = n_bytes};
	const uint8_t *page;
	size_t length;

	*is_cut = true;
	do
	{
		if (emo_ogg_next_page(&scan, &page, &length) != EMO_OK)
			return env->status;
		if (page != NULL)
			*is_cut = !(emo_ogg_page_flags(page) & EMO_OGG_END);
	} while (page != NULL);
	return EMO_OK;
}

/* To the next page that has segments. */
static bool
turn_pages(EmoOggPackets *packets)
{
	while (packets->content == NULL || packets->segment >= packets->page[N_SEGMENTS])
	{
		if (packets->content != NULL)
		{
			size_t length = emo_ogg_page_length(packets->page, packets->n_left);

			packets->page += length;
			packets->n_left -= length;
		}
		if (emo_ogg_page_length(packets->page, packets->n_left) == 0)
			return false;
		packets->segment = 0;
		packets->content = packets->page + PAGE_HEADER + packets->page[N_SEGMENTS];
	}
	return true;
}

bool
emo_ogg_next_packet(EmoOggPackets *packets, uint8_t *copy, size_t max_copied, size_t *length)
{
	size_t n_segment;

	*length = 0;
	do
	{
		if (!turn_pages(packets))
			return false;
		n_segment = packets->page[PAGE_HEADER + packets->segment++];
		if (*length < max_copied)
			memcpy(copy + *length, packets->content,
				   n_segment < max_copied - *length ? n_segment : max_copied - *length);
		*length += n_segment;
		packets->content += n_segment;
	} while (n_segment == FULL_SEGMENT);
	return true;
}
