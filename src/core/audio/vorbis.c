/*
 * vorbis.c
 *	  The headers of Ogg Vorbis and Opus streams, checked before libsndfile parses them.
 *
 * Ogg pages are described in RFC 3533, the headers in the Vorbis I specification, section 4.2, and
 * in RFC 7845, section 5.
 */
#include "core/audio/vorbis.h"

#include <string.h>

#include "core/audio/unreadable.h"
#include "core/audio/vorbis_codebooks.h"
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

#define N_VORBIS_HEADERS   3
#define N_OPUS_HEADERS     2
#define VORBIS_MAGIC_BYTES 7
#define INFO_PACKET_BYTES  30

/*
 * Encoders' setup packets have 4 kB.  libsndfile and libvorbis go over one of comments without
 * looking for a cancel; a picture has room in it.
 */
#define MAX_SETUP_BYTES   65536
#define MAX_COMMENT_BYTES 4000000

/* The packet that is being put together: its length, and as much as a setup may have. */
typedef struct Packet
{
	uint8_t *bytes;
	size_t length;
} Packet;

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

uint32_t
emo_ogg_page_checksum(const uint8_t *page, size_t n_bytes)
{
	const uint32_t *table = crc_table();
	uint32_t crc = 0;

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

static bool
begins_with(const uint8_t *bytes, size_t n_bytes, const char *magic)
{
	size_t packet = n_bytes < PAGE_HEADER ? n_bytes : PAGE_HEADER + (size_t) bytes[N_SEGMENTS];
	size_t length = strlen(magic);

	return packet + length <= n_bytes && memcmp(bytes + packet, magic, length) == 0;
}

bool
emo_ogg_is_opus(const uint8_t *bytes, size_t n_bytes)
{
	return begins_with(bytes, n_bytes, "OpusHead");
}

/* What libvorbis accepts: version 0, channels, rate, block sizes of 2^6 to 2^13, the closing bit. */
static bool
is_info_packet(const Packet *packet)
{
	const uint8_t *start = packet->bytes;
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
	return packet->length > VORBIS_MAGIC_BYTES && packet->bytes[0] == 1 + 2 * n_before &&
		   memcmp(packet->bytes + 1, "vorbis", VORBIS_MAGIC_BYTES - 1) == 0;
}

static void
append(Packet *packet, const uint8_t *bytes, size_t n_bytes)
{
	if (packet->length < MAX_SETUP_BYTES)
		memcpy(packet->bytes + packet->length, bytes,
			   n_bytes < MAX_SETUP_BYTES - packet->length ? n_bytes
														  : MAX_SETUP_BYTES - packet->length);
	packet->length += n_bytes;
}

static EmoStatus
fail_damaged(EmoEnv *env)
{
	return emo_fail_recording(env, "The headers of the Ogg stream are damaged.");
}

/* What is known of the stream before a page. */
typedef struct Headers
{
	Packet packet;
	bool is_open; /* the packet goes on in the next page */
	bool is_vorbis;
	int n_all;
	int n_whole;
	size_t n_bytes; /* of their pages, and of those of other streams between them */
} Headers;

static EmoStatus
check_packet(EmoEnv *env, const Headers *headers)
{
	const Packet *packet = &headers->packet;
	bool is_setup = headers->is_vorbis && headers->n_whole == N_VORBIS_HEADERS - 1;

	if (headers->is_vorbis && !is_header_packet(packet, headers->n_whole))
		return fail_damaged(env);
	if (packet->length > (is_setup ? MAX_SETUP_BYTES : MAX_COMMENT_BYTES))
		return emo_fail_recording(env, "The headers of the Ogg stream are too large.");
	if (is_setup && !emo_vorbis_codebooks_are_bearable(packet->bytes + VORBIS_MAGIC_BYTES,
													   packet->length - VORBIS_MAGIC_BYTES))
		return emo_fail_recording(env,
								  "The codebooks of the Vorbis stream are damaged or too large.");
	return EMO_OK;
}

static EmoStatus
read_page(EmoEnv *env, const uint8_t *page, Headers *headers)
{
	const uint8_t *segment = page + PAGE_HEADER + page[N_SEGMENTS];

	if (((page[FLAGS] & FLAG_CONTINUED) != 0) != headers->is_open)
		return fail_damaged(env);
	for (int i = 0; i < page[N_SEGMENTS] && headers->n_whole < headers->n_all; i++)
	{
		size_t length = page[PAGE_HEADER + i];

		append(&headers->packet, segment, length);
		segment += length;
		headers->is_open = length == FULL_SEGMENT;
		if (headers->is_open)
			continue;
		if (check_packet(env, headers) != EMO_OK)
			return env->status;
		headers->n_whole++;
		headers->packet.length = 0;
	}
	return EMO_OK;
}

static EmoStatus
read_pages(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, Headers *headers)
{
	uint32_t first_serial = n_bytes >= PAGE_HEADER ? read_uint32(bytes + SERIAL) : 0;
	uint32_t next_sequence = n_bytes >= PAGE_HEADER ? read_uint32(bytes + SEQUENCE) : 0;
	size_t length;

	for (; headers->n_whole < headers->n_all; bytes += length, n_bytes -= length)
	{
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		length = emo_ogg_page_length(bytes, n_bytes);
		if (length == 0 ||
			read_uint32(bytes + EMO_OGG_CHECKSUM_OFFSET) != emo_ogg_page_checksum(bytes, length))
			return fail_damaged(env);
		headers->n_bytes += length;
		if (read_uint32(bytes + SERIAL) != first_serial)
			continue;
		if (read_uint32(bytes + SEQUENCE) != next_sequence++)
			return fail_damaged(env);
		if (read_page(env, bytes, headers) != EMO_OK)
			return env->status;
	}
	return EMO_OK;
}

EmoStatus
emo_ogg_check_headers(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, size_t *n_header_bytes)
{
	Headers headers = {.is_vorbis = begins_with(bytes, n_bytes, "\001vorbis")};
	EmoStatus status;

	*n_header_bytes = 0;
	if (!headers.is_vorbis && !emo_ogg_is_opus(bytes, n_bytes))
		return EMO_OK;
	headers.n_all = headers.is_vorbis ? N_VORBIS_HEADERS : N_OPUS_HEADERS;
	headers.packet.bytes = emo_alloc(env, MAX_SETUP_BYTES, 1);
	if (headers.packet.bytes == NULL)
		return EMO_OUT_OF_MEMORY;
	status = read_pages(env, bytes, n_bytes, &headers);
	emo_free(env, headers.packet.bytes);
	*n_header_bytes = headers.n_bytes;
	return status;
}
