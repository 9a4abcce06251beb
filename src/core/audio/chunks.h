/*
 * chunks.h
 *	  Containers that are a string of chunks: what they show before anything is decoded.
 */
#ifndef EMO_AUDIO_CHUNKS_H
#define EMO_AUDIO_CHUNKS_H

#include "core/base/env.h"

/* How a container strings its chunks together. */
typedef struct EmoChunkLayout
{
	size_t first_chunk; /* offset */
	int id_size;
	int size_size;
	bool big_endian;
	bool announces_length; /* bytes 4 to 7 count what follows them */
	bool counts_header;    /* a chunk's size includes its id and size */
	size_t alignment;      /* of chunks */
	const char *data_id;
} EmoChunkLayout;

extern const EmoChunkLayout emo_riff_layout;
extern const EmoChunkLayout emo_rifx_layout;
extern const EmoChunkLayout emo_aiff_layout;
extern const EmoChunkLayout emo_w64_layout;
extern const EmoChunkLayout emo_caf_layout;

/* What the chunks tell. */
typedef struct EmoChunks
{
	bool truncated;     /* a chunk, or the whole, reaches beyond the end */
	size_t n_bytes;     /* that are worth to be looked at */
	size_t size_offset; /* of a data chunk's wrong size, 0 for none */
	int size_bytes;
	uint8_t size[8]; /* the right one */
} EmoChunks;

/* What those leave who write into a pipe; of 4 or 8 bytes. */
extern bool emo_is_unknown_size(uint64_t size, int n_bytes);

/* Remember what should stand at an offset. */
extern void emo_correct_size(EmoChunks *chunks, size_t offset, int n_bytes, bool big_endian,
							 uint64_t size);

/* EMO_BAD_DATA, with a detail, for chunks that libsndfile should not see. */
extern EmoStatus emo_walk_chunks(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
								 const EmoChunkLayout *layout, EmoChunks *chunks);

#endif
