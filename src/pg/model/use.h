/*
 * use.h
 *	  Whether a model fits what it is asked about.
 */
#ifndef EMOSER_MODEL_USE_H
#define EMOSER_MODEL_USE_H

#include "pg/base/glue.h"

#include "core/model/model.h"

/* Raise OBJECT_NOT_IN_PREREQUISITE_STATE unless the model takes what this version hears. */
extern void emoser_check_model_takes_audio(const EmoModel *model);

/*
 * Raise OBJECT_NOT_IN_PREREQUISITE_STATE for a model with a net, and DATA_EXCEPTION unless the model
 * takes so many features.
 */
extern void emoser_check_model_takes_features(const EmoModel *model, int n_features);

/* Raise OBJECT_NOT_IN_PREREQUISITE_STATE, with a hint, unless the model has a net. */
extern void emoser_check_model_has_net(const EmoModel *model);

/* Raise DATA_EXCEPTION unless features of recordings are as many as the model takes. */
extern void emoser_check_model_takes(const EmoModel *model, int n_features);

#endif
