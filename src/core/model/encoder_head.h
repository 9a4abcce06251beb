/*
 * encoder_head.h
 *	  The head of a checkpoint, which tells emotions or numbers from what an encoder hears, as a model.
 */
#ifndef EMO_ENCODER_HEAD_H
#define EMO_ENCODER_HEAD_H

#include "core/model/hearing.h"
#include "core/model/model.h"
#include "core/pretrained/head.h"

/*
 * The model of a head whose values have been read, all of them finite; hearing says which encoder it hears by, its
 * layer_weights and dense layer become the head's.  What is linear becomes one matrix.  All is allocated from env, and shares
 * nothing with head.  Nothing is known of what it was trained on: a regression's targets have neither range nor intervals.
 * EMO_CORRUPTED for what no model can have.
 */
extern EmoStatus emo_encoder_head_model(EmoEnv *env, const EmoPretrainedHead *head,
										const EmoHearing *hearing, EmoModel *model);

#endif
