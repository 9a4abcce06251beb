/*
 * chunks.c
 *	  Containers that are a string of chunks: what they show before anything is decoded.
 */
#include "core/audio/chunks.h"

#include <string.h>

#include "core/audio/unreadable.h"
#include "core/base/bytes.h"

/* Microsoft RIFF, EA IFF 85, Sony Wave64 and Apple CAF. */
const EmoChunkLayout emo_riff_layout = {12, 4, 4, false, true, false, 2, "data"};
const EmoChunkLayout emo_rifx_layout = {12, 4, 4, true, true, false, 2, "data"};
const EmoChunkLayout emo_aiff_layout = {12, 4, 4, true, true, false, 2, "SSND"};
const EmoChunkLayout emo_w64_layout = {40, 16, 8, false, false, true, 8, "data"};
const EmoChunkLayout emo_caf_layout = {8, 4, 8, true, false, false, 1, "data"};

/*
 * Recordings have a dozen.  libsndfile remembers each in some 40 bytes of its own memory, and takes
 * as long for the smallest as for a large one.
 */
#define MAX_CHUNKS 4096

/* ALAC's packets in CAF, three bytes for each 4096 frames; libsndfile reads the table in one go. */
#define MAX_PACKET_TABLE_BYTES 4000000
#define PACKET_TABLE_HEADER    24
#define MAX_NUMBER_BYTES       5

/* Recorders that write into a pipe can't come back to fill a size in, and leave the largest. */
static bool
is_largest(uint64_t size, int size_size)
{
	return size == (size_size == 4 ? UINT32_MAX : UINT64_MAX);
}

/*
 * Those that are killed leave zeros, in the whole length and in the data chunk.  (A zero in the data
 * chunk alone means that it is empty.)
 */
static bool
has_zero_length(const uint8_t *bytes, size_t n_bytes, const EmoChunkLayout *layout)
{
	return layout->announces_length && n_bytes >= 8 && emo_get_number(bytes + 4, 4, false) == 0;
}

/* Remember the size that a data chunk of n_content bytes should have. */
static void
correct_size(EmoChunks *chunks, const EmoChunkLayout *layout, size_t chunk, uint64_t n_content)
{
	if (layout->counts_header)
		n_content += layout->id_size + layout->size_size;
	chunks->size_offset = chunk + layout->id_size;
	chunks->size_bytes = layout->size_size;
	if (layout->big_endian)
		emo_put_big_endian(chunks->size, layout->size_size, n_content);
	else
		emo_put_little_endian(chunks->size, layout->size_size, n_content);
}

/* The whole length in the header shows chunks that are missing altogether. */
static void
check_announced_length(const uint8_t *bytes, size_t n_bytes, const EmoChunkLayout *layout,
					   EmoChunks *chunks)
{
	uint64_t announced = n_bytes < 8 ? 0 : emo_get_number(bytes + 4, 4, layout->big_endian);

	/* Some writers count the padding byte of the last chunk without writing it. */
	if (layout->announces_length && !is_largest(announced, 4) && announced > n_bytes - 8 + 1)
		chunks->truncated = true;
}

/* Numbers of seven bits a byte, all but the last with the eighth set, to the end or to a zero. */
static bool
is_packet_table(const uint8_t *bytes, size_t n_bytes)
{
	int n_number = 0; /* bytes of the number, so far */

	if (n_bytes < PACKET_TABLE_HEADER || n_bytes > MAX_PACKET_TABLE_BYTES)
		return false;
	for (size_t i = PACKET_TABLE_HEADER; i < n_bytes; i++)
	{
		if (n_number == 0 && bytes[i] == 0)
			return true;
		n_number = bytes[i] & 0x80 ? n_number + 1 : 0;
		if (n_number == MAX_NUMBER_BYTES)
			return false;
	}
	return n_number == 0;
}

EmoStatus
emo_walk_chunks(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, const EmoChunkLayout *layout,
				EmoChunks *chunks)
{
	size_t header = layout->id_size + layout->size_size;
	size_t position = layout->first_chunk;
	bool has_data = false;

	memset(chunks, 0, sizeof(*chunks));
	chunks->n_bytes = n_bytes;
	check_announced_length(bytes, n_bytes, layout, chunks);
	for (int n_chunks = 0; position + header <= n_bytes; n_chunks++)
	{
		const uint8_t *chunk = bytes + position;
		size_t left = n_bytes - position - header;
		bool is_data = memcmp(chunk, layout->data_id, 4) == 0;
		uint64_t size =
			emo_get_number(chunk + layout->id_size, layout->size_size, layout->big_endian);
		bool is_unknown = is_largest(size, layout->size_size) ||
						  (size == 0 && has_zero_length(bytes, n_bytes, layout));

		if (layout->counts_header)
			size = size < header ? 0 : size - header;
		if (is_data && (is_unknown || size > left))
			correct_size(chunks, layout, position, left);
		if (is_data && is_unknown)
			return EMO_OK;
		if (n_chunks == MAX_CHUNKS && !has_data)
			return emo_fail_recording(env, "It has too many chunks before its samples.");
		has_data = has_data || is_data;
		/* Zeros up to a round size are usual behind the last chunk, and look like small ones. */
		if (n_chunks >= MAX_CHUNKS)
		{
			chunks->n_bytes = position;
			return EMO_OK;
		}
		if (size > left)
		{
			chunks->truncated = true;
			return EMO_OK;
		}
		if (layout == &emo_caf_layout && memcmp(chunk, "pakt", 4) == 0 &&
			!is_packet_table(chunk + header, size))
			return emo_fail_recording(env, "Its packet table is damaged or too large.");
		position += header + size;
		position += (layout->alignment - position % layout->alignment) % layout->alignment;
	}
	return EMO_OK;
}
