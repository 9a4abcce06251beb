/*
 * input.h
 *	  From recordings to what models of any algorithm need of them, and to what they say.
 */
#ifndef EMOSER_MODEL_INPUT_H
#define EMOSER_MODEL_INPUT_H

#include "pg/base/glue.h"

#include "core/model/model.h"

/* Both front ends take samples at this rate. */
#define EMOSER_MODEL_SAMPLE_RATE EMO_NN_SAMPLE_RATE

/* A decoded model with the work space of its net. */
typedef struct LoadedModel
{
	const EmoModel *model;
	MemoryContext context; /* of the model */

	/* Made at the first prediction, since it is larger than the model; NULL without. */
	MemoryContext net_context;
	EmoNnPredictor *predictor;
} LoadedModel;

/* As emoser_decode_model(): context should be new, and holds all there is of the model. */
extern void emoser_load_model(MemoryContext context, struct varlena *value, LoadedModel *loaded);

/* Give back the work space of a model that isn't in use. */
extern void emoser_unload_net(LoadedModel *loaded);

/*
 * Make of samples [n_samples] at EMOSER_MODEL_SAMPLE_RATE, at least one, what the model needs, in
 * env's memory; the profile is left alone.  The model must take audio, see model/use.h.  Other
 * errors than of the recording are raised.
 */
extern EmoStatus emoser_hear(EmoEnv *env, const EmoModel *model, const float *samples,
							 int64 n_samples, EmoUtterance *utterance);

/* One of the model's net, made at its first use; NULL without a net. */
extern EmoNnPredictor *emoser_predictor_of(LoadedModel *loaded);

/* probabilities[n_classes] of what the model needs. */
extern void emoser_ask_model(LoadedModel *loaded, const EmoUtterance *utterance,
							 float *probabilities);

#endif
