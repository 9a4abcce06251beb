/*
 * hearing.h
 *	  How a model hears a recording by a pre-trained encoder, instead of by our features or beside them.
 *
 * The features of an utterance are the weighted sum of the pooled layers of the encoder, through a dense layer if there
 * is one, and behind that, if with_features, those of emo_features().
 */
#ifndef EMO_HEARING_H
#define EMO_HEARING_H

#include "core/encoder/embedding.h"
#include "core/encoder/image.h"
#include "core/features/features.h"

#define EMO_MAX_ENCODER_NAME_BYTES 63

typedef struct EmoHearing
{
	uint8_t encoder[EMO_ENCODER_ID_BYTES];
	char name[EMO_MAX_ENCODER_NAME_BYTES +
			  1];            /* what it was called in training, UTF-8; for messages */
	int32_t width, n_layers; /* of the encoder */
	EmoPooling pooling;
	bool with_features;
	float *layer_weights; /* [n_layers + 1], finite, >= 0, one of them > 0 */

	/* tanh(weight x + bias), as in a checkpoint's head; n_dense is 0 without. */
	int32_t n_dense;
	float *dense_weight; /* [n_dense][emo_hearing_length()] */
	float *dense_bias;   /* [n_dense] */
} EmoHearing;

/* Numbers of a pooled layer. */
extern int emo_hearing_length(const EmoHearing *hearing);

/* Features that come of the encoder. */
extern int emo_hearing_n_heard(const EmoHearing *hearing);

/* Length of the features. */
extern int emo_hearing_n_features(const EmoHearing *hearing);

/* The first and the last layer that have a weight. */
extern int emo_hearing_first_layer(const EmoHearing *hearing);
extern int emo_hearing_last_layer(const EmoHearing *hearing);

/* What comes of pooled layers, the first to the last that have a weight: heard[emo_hearing_n_heard()]. */
extern EmoStatus emo_hearing_combine(EmoEnv *env, const EmoHearing *hearing, const float *layers,
									 float *heard);

/* EMO_CORRUPTED unless the encoder has the shape that the model says. */
extern EmoStatus emo_hearing_check_encoder(EmoEnv *env, const EmoHearing *hearing,
										   const EmoEncoderConfig *config);

/*
 * features[emo_hearing_n_features()] of what is spoken, mono samples at 16 kHz; encoder is the one that hearing names.
 * Errors as emo_encoder_run(), emo_features() and emo_hearing_check_encoder().
 */
extern EmoStatus emo_hearing_features(EmoEnv *env, const EmoHearing *hearing, EmoEncoder *encoder,
									  EmoFeaturePlan *plan, const float *samples, int64_t n_samples,
									  float *features);

#endif
