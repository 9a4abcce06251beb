/*
 * model.h
 *	  A trained net: its bytes and its predictions.
 */
#ifndef EMO_NN_MODEL_H
#define EMO_NN_MODEL_H

#include "core/base/env.h"
#include "core/nn/architecture.h"
#include "core/nn/input.h"

/* Of the bytes below: the first is of a single net, the second says how many there are. */
#define EMO_NN_FORMAT_VERSION         1
#define EMO_NN_SEVERAL_FORMAT_VERSION 2

#define EMO_NN_MAX_NETS               16

#define EMO_NN_MAX_WARPS              9
#define EMO_NN_MAX_WARP               0.3

/* Longer recordings are read in pieces (30 s). */
#define EMO_NN_PIECE_FRAMES 3000

/* One net, or several of one architecture that were trained from different seeds: their scores are averaged. */
typedef struct EmoNnModel
{
	EmoNnArchitecture architecture;
	int n_classes;
	int n_nets;        /* 1 .. EMO_NN_MAX_NETS */
	int64_t n_weights; /* of each, emo_nn_weight_count(): parameters, then running statistics */
	float *weights;    /* [n_nets][n_weights], each in the order of emo_nn_tensors() */
	float input_deviation[EMO_NN_FRAME_VALUES]; /* of the training inputs, > 0 */
	float temperature;                          /* > 0; scores are divided by it */
	int n_warps; /* 1 .. EMO_NN_MAX_WARPS views that a prediction averages over */
	float warp;  /* they are warped by 1 - warp .. 1 + warp, evenly */
} EmoNnModel;

static inline float *
emo_nn_weights_of(const EmoNnModel *model, int net)
{
	return model->weights + net * model->n_weights;
}

/* By how much view i < n_warps is warped. */
extern double emo_nn_view_warp(const EmoNnModel *model, int i);

extern int64_t emo_nn_weight_count(const EmoNnArchitecture *architecture, int n_classes);

#define EMO_NN_TENSOR_NAME_BYTES 48 /* with the final '\0' */

/* One array among the weights, for export: its name as in PyTorch and its shape, row-major. */
typedef struct EmoNnTensor
{
	char name[EMO_NN_TENSOR_NAME_BYTES]; /* such as "blocks.0.conv.weight" */
	int n_dimensions;
	int64_t shape[4]; /* conv weights are [kernel time][kernel coefficient][in][out] */
	int64_t first;    /* index in the weights of a net */
	int64_t n;
	bool trained; /* false for running statistics */
	bool decays;  /* weight decay applies */
} EmoNnTensor;

#define EMO_NN_MAX_TENSORS (EMO_NN_MAX_BLOCKS * 6 + 8)

/* Tensors of a checked architecture; returns their number. */
extern int emo_nn_tensors(const EmoNnArchitecture *architecture, int n_classes,
						  EmoNnTensor tensors[EMO_NN_MAX_TENSORS]);

/*
 * The bytes of a model, allocated from env: little-endian, a magic, a format version and a
 * CRC-32C in front.  Reading takes any bytes: EMO_CORRUPTED unless they are a whole model with
 * finite weights.
 */
extern EmoStatus emo_nn_serialize(EmoEnv *env, const EmoNnModel *model, uint8_t **bytes,
								  size_t *n_bytes);
extern EmoStatus emo_nn_deserialize(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
									EmoNnModel **model);

/*
 * EMO_CORRUPTED, with a sentence about what is wrong, unless the numbers of a model are those of a
 * net: in range and finite.  Its architecture must have been checked, and n_weights fit it.  n_nets may be any.
 */
extern EmoStatus emo_nn_check_model(EmoEnv *env, const EmoNnModel *model);

/* A net ready for predictions, with work space; for one user at a time. */
typedef struct EmoNnPredictor EmoNnPredictor;

/* The model must outlive it.  Memory is env's. */
extern EmoStatus emo_nn_predictor_create(EmoEnv *env, const EmoNnModel *model,
										 EmoNnPredictor **predictor);

/*
 * log_probabilities[n_classes] of a recording's frames[n_frames] (see nn/input.h), n_frames >= 1:
 * the mean over n_warps views and all nets of ln P, normalised, at the model's temperature.  Recordings above
 * 30 s are read in pieces of equal length whose log probabilities are averaged, so that memory
 * doesn't grow.  env is the caller's, for cancellation and errors.
 */
extern EmoStatus emo_nn_predict(EmoEnv *env, EmoNnPredictor *predictor, const uint16_t *frames,
								int n_frames, float *log_probabilities);

#endif
