/*
 * encoder_use.h
 *	  Utterances as a pre-trained encoder hears them, instead of by our features or beside them.
 *
 * Where a row is read, in a worker perhaps, the layers that are needed are made, one behind the other, and our features
 * behind them.  What a model makes of its layers is made of them where rows come together: a dense layer may have a
 * million weights, which no worker needs to be told.
 */
#ifndef EMOSER_ENCODER_USE_H
#define EMOSER_ENCODER_USE_H

#include "pg/base/glue.h"

#include "utils/jsonb.h"

#include "core/dsp/spoken.h"
#include "core/lda/layers.h"
#include "core/model/hearing.h"
#include "pg/encoder/encoder.h"

typedef struct EncoderUse
{
	EncoderId id;
	char *name;                  /* what it is called; of a worker NULL */
	int width, n_layers;         /* of the encoder */
	int first_layer, last_layer; /* those that are made */
	int pooling;                 /* EmoPooling */
	bool is_learned;             /* training finds out how much each of them counts */
	bool with_features;          /* ours are behind them */
	const EmoHearing
		*hearing; /* of a model, whose features are made of them; NULL: these are the features */
} EncoderUse;

/* Stands for a layer: as many as there are, and those that training finds out. */
#define EMOSER_LAST_LAYER    (-2)
#define EMOSER_LEARNED_LAYER (-1)

/*
 * An encoder by its name, palloc'd; layer is its number, or one of the above.  Raises UNDEFINED_OBJECT as
 * emoser_named_encoder(), and INVALID_PARAMETER_VALUE for a layer that it doesn't have.
 */
extern EncoderUse *emoser_use_encoder(const char *name, int layer, EmoPooling pooling,
									  bool with_features);

/* The encoder of a model, mapped; raises UNDEFINED_OBJECT, by what the model calls it, if it is not here. */
extern EmoEncoder *emoser_encoder_of_hearing(const EmoHearing *hearing);

/* Raise likewise before workers are begun, and spare them to make its file. */
extern void emoser_prepare_encoder(const EncoderUse *use);

/* As a model hears; NULL for NULL. */
extern EncoderUse *emoser_use_of_hearing(const EmoHearing *hearing);

/* Whether they make the same; NULL: there is none. */
extern bool emoser_same_encoder_use(const EncoderUse *a, const EncoderUse *b);

/* Numbers that are made of a recording, and those that are made of these. */
extern int emoser_n_made(const EncoderUse *use);
extern int emoser_n_heard(const EncoderUse *use);

/* What the numbers that are made are. */
extern EmoLayers emoser_layers_of(const EncoderUse *use);

/* made[emoser_n_made()] of what is spoken; raises for whatever is wrong. */
extern void emoser_hear_layers(EmoEnv *env, const EncoderUse *use, const float *samples,
							   int64 n_samples, float *made);

/* features[emoser_n_heard()] of these. */
extern void emoser_combine_layers(EmoEnv *env, const EncoderUse *use, const float *made,
								  float *features);

/* How a model hears that was trained so, palloc'd; weights are of the layers that are made, NULL: 1. */
extern EmoHearing *emoser_hearing_of_use(const EncoderUse *use, const float *weights);

/* For a worker, and back again; raises INVALID_PARAMETER_VALUE for what can't be. */
extern Jsonb *emoser_write_encoder_use(const EncoderUse *use);
extern EncoderUse *emoser_read_encoder_use(Jsonb *given);

#endif
