/*
 * checkpoint.h
 *	  Checkpoints as Hugging Face's transformers writes them: from config and weights to an image.
 */
#ifndef EMOSER_CHECKPOINT_H
#define EMOSER_CHECKPOINT_H

#include "postgres.h"

#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "core/encoder/image.h"
#include "pg/encoder/stream.h"

/* A checkpoint whose config and list of tensors have been read and checked; its numbers have not. */
typedef struct Checkpoint
{
	EmoEncoderConfig config;
	EmoPrecision precision; /* that the image is to have */
	uint64 image_bytes;
	int64 n_parameters;          /* of the encoder */
	struct CheckpointState *own; /* what else writing the image takes */
} Checkpoint;

/*
 * weights is a list of ByteSource *, the file or its parts.  preprocessor may be NULL, as may precision, which is then
 * the checkpoint's own.  Raises DATA_CORRUPTED for what is no such checkpoint, INVALID_PARAMETER_VALUE for another
 * precision.
 */
extern Checkpoint *emoser_open_checkpoint(Jsonb *config, Jsonb *preprocessor, List *weights,
										  const char *precision);

/*
 * Make the image, piece by piece, looking for a cancel.  Raises DATA_CORRUPTED for numbers that are not finite.  May be
 * called again.
 */
extern void emoser_write_checkpoint_image(Checkpoint *checkpoint, ByteSink *sink);

#endif
