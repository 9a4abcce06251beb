/*
 * safetensors.h
 *	  What a file of safetensors says of its tensors, trusting nothing.
 *
 * A file is the length of the header (8 bytes, little-endian), the header (a JSON object that gives each tensor's
 * name, dtype, shape and place), and the tensors, one after another; see https://huggingface.co/docs/safetensors.
 * The header's __metadata__ is an object of texts.
 */
#ifndef EMO_SAFETENSORS_H
#define EMO_SAFETENSORS_H

#include "core/base/json.h"

#define EMO_SAFETENSORS_LENGTH_BYTES 8

/* An encoder of 64 layers has some 150 kB; the rest is metadata. */
#define EMO_SAFETENSORS_MAX_HEADER     ((uint64_t) 16 * 1024 * 1024)
#define EMO_SAFETENSORS_MAX_DIMENSIONS 8
#define EMO_SAFETENSORS_NAME_SIZE      256

typedef enum EmoDtype
{
	EMO_DTYPE_F32,
	EMO_DTYPE_F16,
	EMO_DTYPE_BF16,
	EMO_DTYPE_OTHER /* known by its size, but not read */
} EmoDtype;

typedef struct EmoFileTensor
{
	const char *name; /* not empty, UTF-8 */
	EmoDtype dtype;
	int n_dimensions; /* 0: a single number */
	int64_t shape[EMO_SAFETENSORS_MAX_DIMENSIONS];
	uint64_t n;          /* product of the shape */
	uint64_t begin, end; /* in the file */
	int file;            /* of several, the number of that which has it */
	bool is_used;        /* free for the reader's account */
} EmoFileTensor;

typedef struct EmoSafetensors
{
	EmoFileTensor *tensors; /* by their places; env's, as their names */
	int n_tensors;
	bool has_metadata;
	EmoJson metadata; /* in the header's text: an object of strings */
} EmoSafetensors;

/*
 * The length of the header behind the first 8 bytes of a file.  EMO_CORRUPTED with a detail if it can't be.  what is the
 * file for messages, as "model.safetensors".
 */
extern EmoStatus emo_safetensors_header_length(EmoEnv *env, const char *what,
											   const uint8_t first[EMO_SAFETENSORS_LENGTH_BYTES],
											   uint64_t file_bytes, uint64_t *header_bytes);

/*
 * EMO_CORRUPTED with a detail unless the header is right and its tensors fill the file without gaps; EMO_CANCELED,
 * EMO_OUT_OF_MEMORY.
 */
extern EmoStatus emo_safetensors_read_header(EmoEnv *env, const char *what, const char *header,
											 uint64_t header_bytes, uint64_t file_bytes,
											 EmoSafetensors *file);

/* "[2, 3]", cut to size. */
extern void emo_safetensors_shape_text(const int64_t *shape, int n_dimensions, char *text,
									   size_t size);

#endif
