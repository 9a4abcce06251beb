/*
 * mpeg_frames.c
 *	  Where frames of MPEG audio begin and end, by their headers.
 *
 * ISO 11172-3 and 13818-3: eleven ones, version, layer, protection; bit rate, sample rate, padding.
 */
#include "core/audio/mpeg_frames.h"

#include <string.h>

#define HEADER_BYTES 4

/*
 * Frames in a row that are no accident: a header matches one in 6,000 places of random bytes, and the
 * next one has to be of the same kind.
 */
#define MIN_FRAMES 4

/* Steps between looks for a cancel. */
#define STEPS_PER_LOOK 65536

typedef struct FrameHeader
{
	int kind;      /* what is the same in all frames of a recording: version, layer, sample rate */
	size_t length; /* of the frame */
} FrameHeader;

/* kbit/s by version 1 or later, layer and index. */
static const uint16_t bit_rates[2][3][15] = {
	{{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
	 {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
	 {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}},
	{{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
	 {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
	 {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}},
};

/* Hz, of version 1; version 2 has half of it and 2.5 a quarter. */
static const uint32_t sample_rates[3] = {44100, 48000, 32000};

/* False for what is no header, and for free format. */
static bool
read_header(const uint8_t *bytes, size_t n_bytes, FrameHeader *header)
{
	int version, layer, rate, bit_rate, padding;
	uint32_t bits_per_s, samples_per_s;

	if (n_bytes < HEADER_BYTES || bytes[0] != 0xff || (bytes[1] & 0xe0) != 0xe0)
		return false;
	version = bytes[1] >> 3 & 3; /* 3: 1, 2: 2, 0: 2.5 */
	layer = 4 - (bytes[1] >> 1 & 3);
	bit_rate = bytes[2] >> 4;
	rate = bytes[2] >> 2 & 3;
	padding = bytes[2] >> 1 & 1;
	if (version == 1 || layer == 4 || bit_rate == 0 || bit_rate == 15 || rate == 3)
		return false;
	bits_per_s = 1000 * (uint32_t) bit_rates[version != 3][layer - 1][bit_rate];
	samples_per_s = sample_rates[rate] / (version == 3 ? 1 : version == 2 ? 2 : 4);
	header->kind = version << 4 | layer << 2 | rate;
	if (layer == 1)
		header->length = (12 * bits_per_s / samples_per_s + padding) * 4;
	else
		header->length =
			(layer == 3 && version != 3 ? 72 : 144) * bits_per_s / samples_per_s + padding;
	return true;
}

/* Frames that follow each other, or fewer where the recording ends with the last one. */
static bool
is_row(const uint8_t *bytes, size_t n_bytes)
{
	int kind = 0;

	for (int i = 0; i < MIN_FRAMES; i++)
	{
		FrameHeader header;

		if (!read_header(bytes, n_bytes, &header) || (i > 0 && header.kind != kind))
			return false;
		kind = header.kind;
		if (header.length > n_bytes)
			return false;
		bytes += header.length;
		n_bytes -= header.length;
	}
	return true;
}

EmoStatus
emo_mpeg_find_frames(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, size_t *offset)
{
	const uint8_t *next = bytes;

	*offset = n_bytes;
	for (size_t n_looks = 0;; n_looks++)
	{
		size_t n_left = bytes + n_bytes - next;
		size_t n_searched = n_left < STEPS_PER_LOOK ? n_left : STEPS_PER_LOOK;
		const uint8_t *found = memchr(next, 0xff, n_searched);

		if (n_looks % 1024 == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (n_left == 0)
			return EMO_OK;
		if (found == NULL)
			next += n_searched;
		else if (is_row(found, bytes + n_bytes - found))
		{
			*offset = found - bytes;
			return EMO_OK;
		}
		else
			next = found + 1;
	}
}

EmoStatus
emo_mpeg_check_frames(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, bool *is_cut,
					  bool *is_uniform)
{
	FrameHeader first = {0};
	size_t position = 0;

	*is_cut = false;
	*is_uniform = read_header(bytes, n_bytes, &first);
	for (size_t n_frames = 0; position < n_bytes; n_frames++)
	{
		FrameHeader header;
		size_t offset = 0;

		if (n_frames % STEPS_PER_LOOK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (read_header(bytes + position, n_bytes - position, &header))
		{
			*is_cut = header.length > n_bytes - position;
			if (*is_cut)
				return EMO_OK;
			*is_uniform = *is_uniform && header.kind == first.kind;
			position += header.length;
			continue;
		}
		if (emo_mpeg_find_frames(env, bytes + position, n_bytes - position, &offset) != EMO_OK)
			return env->status;
		position += offset;
		*is_uniform = *is_uniform && position == n_bytes;
	}
	return EMO_OK;
}
