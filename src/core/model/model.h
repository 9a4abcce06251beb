/*
 * model.h
 *	  A trained model in memory, and as bytes.
 *
 * The bytes (little-endian, floats IEEE 754 binary32):
 *
 *	  header    magic "EMOMODEL", uint32 format version, uint32 CRC-32C of all that follows the
 *	            header, uint64 length of the whole
 *	  sections  uint32 type, uint32 flags (1: a reader that doesn't know the type must refuse the
 *	            model), uint64 length, then so many bytes; types in model/format.h
 */
#ifndef EMO_MODEL_H
#define EMO_MODEL_H

#include "core/base/env.h"
#include "core/lda/cells.h"
#include "core/lda/certainty.h"
#include "core/lda/familiarity.h"
#include "core/lda/lda.h"
#include "core/lda/profile.h"
#include "core/lda/ridge.h"
#include "core/model/algorithm.h"
#include "core/model/hearing.h"
#include "core/nn/model.h"

/* Of the bytes, and of models as safetensors. */
#define EMO_MODEL_FORMAT_VERSION 1

#define EMO_MAX_HEADS            64

/* JSON texts of a model describe it; they are not data. */
#define EMO_MAX_MODEL_TEXT_BYTES 65536

/* Serialised models must fit into a varlena, and as base64 text too. */
#define EMO_MAX_MODEL_BYTES ((size_t) 512 * 1024 * 1024)

/*
 * One of the classifiers whose log posteriors the model adds up, by weights that depend on whether
 * a speaker profile is given.  A head on profile-normalised features has weight 0 without profile.
 */
typedef struct EmoModelHead
{
	bool on_profile;      /* its features are normalised by the speaker's profile */
	float weight;         /* >= 0, without profile */
	float profile_weight; /* >= 0, with profile */
	EmoLdaHead lda;
} EmoModelHead;

/*
 * A number that a regression tells: what is known of it from training.  An interval is about the value: 95 %
 * of what is actual is expected between value + low and value + high.  It is not known where low is high.
 */
typedef struct EmoTarget
{
	float mean, deviation, least, most; /* of the training's recordings */
	float low, high;                    /* of the interval, without profile */
	float profile_low, profile_high;    /* with profile */
} EmoTarget;

/* All of them are floats, and go as such. */
#define EMO_TARGET_NUMBERS       ((int) (sizeof(EmoTarget) / sizeof(float)))

#define EMO_MAX_COLLECTION_PRIOR 1e6f

/*
 * Recordings of somebody's own, without labels, that a model was adapted to: mean and deviation of their features
 * as predictions use them, already shrunk towards the training's population (model/adapt.h).
 */
typedef struct EmoCollection
{
	int64_t count;  /* recordings, at least 1 */
	int n_speakers; /* of them; 0: not told */
	float share;    /* 0 .. 1, of the heads for profiles where no profile of a speaker is given */
	float
		speaker_prior; /* 0 .. EMO_MAX_COLLECTION_PRIOR: counts as so many recordings in a speaker's profile */
	float *mean;      /* [n_features] */
	float *deviation; /* [n_features], >= 0 */
} EmoCollection;

typedef struct EmoModel
{
	const char *algorithm; /* a name of model/algorithm.h */
	/* Of emoser_features(), 0 if none are among them; of a "cnn", EMO_NN_INPUT_VERSION. */
	int feature_version;
	int n_features; /* 0 for a "cnn" */
	int n_classes;  /* of a regression, its targets */
	EmoTarget
		*targets; /* [n_classes], whose names are the labels; NULL unless it is a regression */
	const char **labels;         /* [n_classes], UTF-8, 1 .. EMO_MAX_LABEL_BYTES bytes, distinct */
	float *population_mean;      /* [n_features], of the training rows */
	float *population_deviation; /* [n_features], >= 0 */
	int n_heads;                 /* 0 for a "cnn", otherwise 1 .. EMO_MAX_HEADS */
	EmoModelHead *heads;
	EmoNnModel *net;              /* NULL for "lda" */
	float net_weight;             /* of its log posteriors, >= 0, without profile */
	float net_profile_weight;     /* >= 0, with profile */
	EmoFamiliarity *familiarity;  /* NULL: not known, and probabilities don't fade */
	EmoCells *cells;              /* of the training's recordings; NULL: not known */
	EmoCertainty *certainty;      /* of held-out utterances, without profile; NULL: not known */
	EmoCollection *collection;    /* NULL: not adapted; else a head is for profiles */
	EmoHearing *hearing;          /* NULL: features are those of emoser_features(), or the user's */
	const char *options;          /* JSON text, UTF-8: the options of the training */
	const char *feature_settings; /* JSON text, UTF-8: the settings of the features, may be "{}" */
} EmoModel;

/* True when a speaker profile makes a difference. */
extern bool emo_model_uses_profile(const EmoModel *model);

/*
 * How much the weights with profile count beside those without, 0 .. 1: 1 with a speaker's profile, without (NULL)
 * what the collection's is worth.
 */
extern double emo_model_profile_share(const EmoModel *model, const EmoProfile *profile);

/*
 * normalised[n_features] for the heads for profiles, by the speaker's, or without (NULL) by that of the collection.
 * To be called with one of both.
 */
extern void emo_model_normalise(const EmoModel *model, const EmoProfile *profile,
								const float *features, float *normalised);

/* A weight at such a share. */
static inline double
emo_mixed_weight(double share, float weight, float profile_weight)
{
	return (1 - share) * weight + share * profile_weight;
}

/* What a model of any algorithm predicts from. */
typedef struct EmoUtterance
{
	const float *features;     /* [n_features], any; NULL will do for a model without heads */
	const EmoProfile *profile; /* of n_features too; NULL: the speaker is unknown */
	const uint16_t *frames;    /* of emo_nn_frames(); NULL will do for a model without a net */
	int n_frames;              /* at least 1 with a net */
	const bool *asked; /* [n_classes], those that may be the answer, one at least; NULL: all */
} EmoUtterance;

/*
 * probabilities[n_classes], finite, summing to one: softmax of the weighted sum of the log posteriors
 * of heads and net, divided by emo_model_fading(), over the classes that are asked for; others have 0.  A profile is ignored by a model without a head for it.  predictor is one of
 * model->net, NULL if there is none.  EMO_CANCELED.
 */
extern EmoStatus emo_model_predict_utterance(EmoEnv *env, const EmoModel *model,
											 EmoNnPredictor *predictor,
											 const EmoUtterance *utterance, float *probabilities);

/* What a regression says of a target. */
typedef struct EmoValue
{
	float value;
	float low, high; /* NaN: not known */
} EmoValue;

/*
 * values[n_classes] of a regression: the weighted mean of what its heads say.  NaN if its weights are
 * so large that they say nothing.
 */
extern void emo_model_predict_values(const EmoModel *model, const EmoUtterance *utterance,
									 EmoValue *values);

/*
 * How usual such an utterance is among those that were held out in training: the share of them that is
 * at least as far off, whatever the profile.  NaN if the model doesn't know.
 */
extern float emo_model_familiarity(const EmoModel *model, const EmoUtterance *utterance);

/* By what the scores of an utterance are divided, since it is unlike the training: 1 or more. */
extern double emo_model_fading(const EmoModel *model, const EmoUtterance *utterance);

/* The bytes of a model, allocated from env.  EMO_INVALID_PARAMETER or EMO_LIMIT_EXCEEDED for a
 * model that emo_model_deserialize() would refuse. */
extern EmoStatus emo_model_serialize(EmoEnv *env, const EmoModel *model, uint8_t **bytes,
									 size_t *n_bytes);

/*
 * The model of some bytes, allocated from env; nothing in it points into bytes, which need not be
 * aligned.  Any bytes are safe: EMO_CORRUPTED unless they are a whole, undamaged model of a known
 * format with finite numbers.
 */
extern EmoStatus emo_model_deserialize(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
									   EmoModel **model);

/*
 * The group of each feature, group_of[n_features]: those of the voice (features/aspects.h) if they are as many as ours, and no encoder
 * made them, otherwise one.  Returns how many groups there are.
 */
extern int emo_model_feature_groups(int n_features, const EmoHearing *hearing, int32_t *group_of);

/*
 * Train the heads of an "lda" model by the recipe: one on plain features and, if the set has
 * speakers (two, and rows of every class among theirs), one on features normalised by speaker
 * profiles; each calibrated.  Fills algorithm,
 * n_features, n_classes, population_*, cells, familiarity, certainty and heads; the caller fills labels, feature_version, options
 * and feature_settings.  Errors as emo_lda_fit().
 */
extern EmoStatus emo_model_train_lda(EmoEnv *env, const EmoTrainingSet *set,
									 const EmoLdaOptions *options, bool with_profile,
									 EmoModel *model);

/*
 * The same of a "ridge" model, on a set with targets: held_out[2] becomes what held-out rows said of its one or
 * two heads.
 */
extern EmoStatus emo_model_train_ridge(EmoEnv *env, const EmoTrainingSet *set,
									   const EmoRidgeOptions *options, bool with_profile,
									   EmoModel *model, EmoHeldOutTargets *held_out);

#endif
