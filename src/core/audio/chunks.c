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

/*
 * Recorders that write into a pipe can't come back to fill a size in, and leave the largest of 31 or 32
 * bits, of 63 or 64 bits, or somewhat less, as all other chunks are counted with it.
 */
#define MIN_UNKNOWN_32 UINT64_C(0x7ff00000)
#define MIN_UNKNOWN_64 (UINT64_C(1) << 62)

bool
emo_is_unknown_size(uint64_t size, int size_size)
{
	return size >= (size_size == 4 ? MIN_UNKNOWN_32 : MIN_UNKNOWN_64);
}

void
emo_correct_size(EmoChunks *chunks, size_t offset, int n_bytes, bool big_endian, uint64_t size)
{
	chunks->size_offset = offset;
	chunks->size_bytes = n_bytes;
	if (big_endian)
		emo_put_big_endian(chunks->size, n_bytes, size);
	else
		emo_put_little_endian(chunks->size, n_bytes, size);
}

static bool
is_printable(const uint8_t *bytes, int n_bytes)
{
	for (int i = 0; i < n_bytes; i++)
		if (bytes[i] < ' ' || bytes[i] > '~')
			return false;
	return true;
}

/* The name of a chunk, and a size of it that ends within the recording. */
static bool
looks_like_chunk(const uint8_t *bytes, size_t n_left, const EmoChunkLayout *layout)
{
	size_t header = layout->id_size + layout->size_size;

	return n_left >= header && is_printable(bytes, 4) &&
		   emo_get_number(bytes + layout->id_size, layout->size_size, layout->big_endian) <=
			   n_left - header + 1;
}

/* Other recorders leave a zero: then samples follow, where there would be nothing or the next chunk. */
static bool
is_unknown(const uint8_t *content, uint64_t size, size_t n_left, const EmoChunkLayout *layout)
{
	if (size == 0)
		return n_left > 0 && !looks_like_chunk(content, n_left, layout);
	return emo_is_unknown_size(size, layout->size_size);
}

/* Remember the size that a data chunk of n_content bytes should have. */
static void
correct_size(EmoChunks *chunks, const EmoChunkLayout *layout, size_t chunk, uint64_t n_content)
{
	if (layout->counts_header)
		n_content += layout->id_size + layout->size_size;
	emo_correct_size(chunks, chunk + layout->id_size, layout->size_size, layout->big_endian,
					 n_content);
}

/* The whole length in the header shows chunks that are missing altogether. */
static void
check_announced_length(const uint8_t *bytes, size_t n_bytes, const EmoChunkLayout *layout,
					   EmoChunks *chunks)
{
	uint64_t announced = n_bytes < 8 ? 0 : emo_get_number(bytes + 4, 4, layout->big_endian);

	/* As below, of the last chunk. */
	if (layout->announces_length && !emo_is_unknown_size(announced, 4) &&
		announced > n_bytes - 8 + 1)
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

		if (layout->counts_header && !emo_is_unknown_size(size, layout->size_size))
			size = size < header ? 0 : size - header;
		if (is_data && is_unknown(chunk + header, size, left, layout))
		{
			correct_size(chunks, layout, position, left);
			return EMO_OK;
		}
		if (is_data && size > left)
			correct_size(chunks, layout, position, left);
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
			/* Some writers count a byte of padding that they don't write. */
			chunks->truncated = chunks->truncated || size > left + 1;
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
