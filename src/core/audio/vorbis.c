/*
 * vorbis.c
 *	  The headers of Ogg Vorbis streams, checked before libsndfile parses them.
 *
 * Ogg pages are described in RFC 3533, the headers in the Vorbis I specification, section 4.2.
 */
#include "core/audio/vorbis.h"

#include <string.h>

#include "core/base/bytes.h"

/* Offsets in a page's header. */
#define FLAGS              5
#define SERIAL             14
#define SEQUENCE           18
#define N_SEGMENTS         26
#define PAGE_HEADER        27
#define FLAG_CONTINUED     1
#define FULL_SEGMENT       255
#define CHECKSUM_BYTES     4
#define CRC_POLYNOMIAL     0x04c11db7u

#define N_HEADERS          3
#define VORBIS_MAGIC_BYTES 7
#define INFO_PACKET_BYTES  30

/* The packet that is being put together; only its beginning and its length matter. */
typedef struct Packet
{
	uint8_t start[INFO_PACKET_BYTES];
	size_t length;
} Packet;

static uint32_t
read_uint32(const uint8_t *bytes)
{
	return (uint32_t) emo_get_little_endian(bytes, 4);
}

uint32_t
emo_ogg_page_checksum(const uint8_t *page, size_t n_bytes)
{
	uint32_t table[256];
	uint32_t crc = 0;

	for (uint32_t i = 0; i < 256; i++)
	{
		table[i] = i << 24;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] << 1 ^ (table[i] >> 31 ? CRC_POLYNOMIAL : 0);
	}
	for (size_t i = 0; i < n_bytes; i++)
	{
		uint8_t byte = i >= EMO_OGG_CHECKSUM_OFFSET && i < EMO_OGG_CHECKSUM_OFFSET + CHECKSUM_BYTES
						   ? 0
						   : page[i];

		crc = crc << 8 ^ table[crc >> 24 ^ byte];
	}
	return crc;
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

bool
emo_ogg_is_vorbis(const uint8_t *bytes, size_t n_bytes)
{
	size_t packet;

	if (n_bytes < PAGE_HEADER)
		return false;
	packet = PAGE_HEADER + bytes[N_SEGMENTS];
	return packet + VORBIS_MAGIC_BYTES <= n_bytes &&
		   memcmp(bytes + packet, "\001vorbis", VORBIS_MAGIC_BYTES) == 0;
}

/* What libvorbis accepts: version 0, channels, rate, block sizes of 2^6 to 2^13, the closing bit. */
static bool
is_info_packet(const Packet *packet)
{
	const uint8_t *start = packet->start;
	int short_block = start[28] & 15;
	int long_block = start[28] >> 4;

	return packet->length >= INFO_PACKET_BYTES &&
		   memcmp(start, "\001vorbis", VORBIS_MAGIC_BYTES) == 0 && read_uint32(start + 7) == 0 &&
		   start[11] > 0 && (int32_t) read_uint32(start + 12) > 0 && short_block >= 6 &&
		   short_block <= long_block && long_block <= 13 && (start[29] & 1);
}

static bool
is_header_packet(const Packet *packet, int n_before)
{
	if (n_before == 0)
		return is_info_packet(packet);
	return packet->length > VORBIS_MAGIC_BYTES && packet->start[0] == 1 + 2 * n_before &&
		   memcmp(packet->start + 1, "vorbis", VORBIS_MAGIC_BYTES - 1) == 0;
}

static void
append(Packet *packet, const uint8_t *bytes, size_t n_bytes)
{
	for (size_t i = 0; i < n_bytes && packet->length + i < INFO_PACKET_BYTES; i++)
		packet->start[packet->length + i] = bytes[i];
	packet->length += n_bytes;
}

bool
emo_vorbis_headers_are_whole(const uint8_t *bytes, size_t n_bytes)
{
	Packet packet = {{0}, 0};
	uint32_t first_serial = n_bytes >= PAGE_HEADER ? read_uint32(bytes + SERIAL) : 0;
	uint32_t next_sequence = n_bytes >= PAGE_HEADER ? read_uint32(bytes + SEQUENCE) : 0;
	bool is_open = false; /* the packet goes on in the next page */
	int n_headers = 0;
	size_t length;

	for (; n_headers < N_HEADERS; bytes += length, n_bytes -= length)
	{
		const uint8_t *segment;

		length = emo_ogg_page_length(bytes, n_bytes);
		if (length == 0 ||
			read_uint32(bytes + EMO_OGG_CHECKSUM_OFFSET) != emo_ogg_page_checksum(bytes, length))
			return false;
		if (read_uint32(bytes + SERIAL) != first_serial)
			continue;
		if (read_uint32(bytes + SEQUENCE) != next_sequence++ ||
			((bytes[FLAGS] & FLAG_CONTINUED) != 0) != is_open)
			return false;
		segment = bytes + PAGE_HEADER + bytes[N_SEGMENTS];
		for (int i = 0; i < bytes[N_SEGMENTS] && n_headers < N_HEADERS; i++)
		{
			size_t segment_length = bytes[PAGE_HEADER + i];

			append(&packet, segment, segment_length);
			segment += segment_length;
			is_open = segment_length == FULL_SEGMENT;
			if (is_open)
				continue;
			if (!is_header_packet(&packet, n_headers++))
				return false;
			packet.length = 0;
		}
	}
	return true;
}
