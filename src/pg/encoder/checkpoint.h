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
#include "core/pretrained/checkpoint.h"
#include "pg/encoder/stream.h"

/* A checkpoint whose config and list of tensors have been read and checked; its numbers have not. */
typedef struct Checkpoint
{
	EmoEncoderConfig config;
	EmoJson config_json;
	EmoPrecision precision; /* that the image is to have */
	uint64 image_bytes;
	int64 n_parameters;    /* of the encoder */
	List *weights;         /* of ByteSource * */
	EmoCheckpoint tensors; /* of all files */
} Checkpoint;

/*
 * weights is a list of ByteSource *, the file or its parts, which have to stay.  preprocessor may be NULL, as may
 * precision, which is then the checkpoint's own.  Raises DATA_CORRUPTED for what is no such checkpoint,
 * FEATURE_NOT_SUPPORTED for an encoder of another kind, INVALID_PARAMETER_VALUE for another precision.
 */
extern Checkpoint *emoser_open_checkpoint(Jsonb *config, Jsonb *preprocessor, List *weights,
										  const char *precision);

/*
 * Make the image, piece by piece, looking for a cancel.  Raises DATA_CORRUPTED for numbers that are not finite,
 * INVALID_PARAMETER_VALUE for those that are too large for the precision.  May be called again.
 */
extern void emoser_write_checkpoint_image(Checkpoint *checkpoint, ByteSink *sink);

/*
 * The numbers of a tensor that is not the encoder's, as of a head, by its whole name: *tensor says its shape.  NULL if
 * there is none.  Raises DATA_CORRUPTED for numbers that are not finite, PROGRAM_LIMIT_EXCEEDED for more of them than a
 * head has.
 */
extern float *emoser_checkpoint_numbers(Checkpoint *checkpoint, const char *name,
										const EmoFileTensor **tensor);

#endif
