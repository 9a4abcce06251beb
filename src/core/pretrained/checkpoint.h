/*
 * checkpoint.h
 *	  The tensors of a checkpoint by their names: of one file of safetensors, or of several (shards).
 */
#ifndef EMO_PRETRAINED_CHECKPOINT_H
#define EMO_PRETRAINED_CHECKPOINT_H

#include "core/encoder/config.h"
#include "core/encoder/weights.h"
#include "core/pretrained/safetensors.h"

typedef struct EmoCheckpoint
{
	EmoFileTensor *tensors; /* by their names */
	int n_tensors;
	const char *prefix; /* of the encoder's own tensors, as "wav2vec2." */
} EmoCheckpoint;

/* Puts files together.  EMO_CORRUPTED if two have a tensor of the same name. */
extern EmoStatus emo_checkpoint_create(EmoEnv *env, const EmoSafetensors *files, int n_files,
									   EmoEncoderKind kind, EmoCheckpoint *checkpoint);

/* By its whole name, or by that behind the prefix; NULL if there is none. */
extern EmoFileTensor *emo_checkpoint_find(const EmoCheckpoint *checkpoint, const char *name);
extern EmoFileTensor *emo_checkpoint_find_own(const EmoCheckpoint *checkpoint, const char *name);

/*
 * EMO_CORRUPTED, naming the first, if there is a tensor that nobody uses and that is not known to be needless: for
 * training, for decoders and heads.
 */
extern EmoStatus emo_checkpoint_check_rest(EmoEnv *env, const EmoCheckpoint *checkpoint,
										   EmoEncoderKind kind);

/* That of the encoder's matrices, if they have one in common; EMO_F32 if not. */
extern EmoPrecision emo_checkpoint_precision(const EmoCheckpoint *checkpoint);

#endif
