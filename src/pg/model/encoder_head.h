/*
 * encoder_head.h
 *	  The head that a checkpoint brings with its encoder, stored as a model of the encoder's name.
 */
#ifndef EMOSER_MODEL_ENCODER_HEAD_H
#define EMOSER_MODEL_ENCODER_HEAD_H

#include "core/pretrained/head.h"
#include "pg/encoder/checkpoint.h"
#include "pg/encoder/encoder.h"

/*
 * The head of a checkpoint with its numbers, palloc'd; NULL if it has none of emotions or numbers, which is told if there is
 * another one.  Raises DATA_CORRUPTED and FEATURE_NOT_SUPPORTED for heads that can't be used.
 */
extern EmoPretrainedHead *emoser_read_encoder_head(Checkpoint *checkpoint);

/*
 * Store it with the caller's rights as the next version of a name, and say so, unless the newest version is just that; id
 * is the encoder's.
 */
extern void emoser_store_encoder_head(Oid function, const char *name, const EncoderId *id,
									  const Checkpoint *checkpoint, const EmoPretrainedHead *head);

#endif
