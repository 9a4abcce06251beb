/*
 * activations.h
 *	  Inside of a net, of several the first: the patterns that its convolutions look for, and what its
 *	  layers give.
 */
#ifndef EMO_NN_ACTIVATIONS_H
#define EMO_NN_ACTIVATIONS_H

#include "core/nn/model.h"

/* A layer of a net, by its number among those of emo_nn_layers(), from 1. */
typedef struct EmoNnLayerChoice
{
	int number;
	int block; /* from 0; -1: none */
	EmoNnLayer layer;
} EmoNnLayerChoice;

/*
 * The layer of a number; 0 chooses the first convolution.  EMO_INVALID_PARAMETER if there is none
 * of that number, or if it isn't a convolution but has to be, or gives nothing over time but has to.
 */
extern EmoStatus emo_nn_choose_convolution(EmoEnv *env, const EmoNnModel *model, int number,
										   EmoNnLayerChoice *choice);
extern EmoStatus emo_nn_choose_over_time(EmoEnv *env, const EmoNnModel *model, int number,
										 EmoNnLayerChoice *choice);

/* What the filters of a convolution look for. */
typedef struct EmoNnFilters
{
	int n_filters, n_taps, n_rows; /* taps: over time */
	bool of_bands;                 /* rows are mel bands; otherwise inputs of the layer */
	float *weights;                /* [n_filters][n_taps][n_rows] */
} EmoNnFilters;

/*
 * Filters of a convolution, allocated from env.  Those of a first conv1d are turned from the net's
 * inputs to mel bands.  Otherwise rows are channels; of conv2d they are taps over coefficients,
 * within channels.
 */
extern EmoStatus emo_nn_filters(EmoEnv *env, const EmoNnModel *model,
								const EmoNnLayerChoice *choice, EmoNnFilters *filters);

/* What a layer gives for a recording. */
typedef struct EmoNnActivations
{
	int n_rows, n_channels;
	double frames_per_row; /* of the recording */
	float *values;         /* [n_rows][n_channels]; of conv2d the means over coefficients */
} EmoNnActivations;

/*
 * What a layer gives for frames[n_frames] (at most EMO_NN_PIECE_FRAMES are looked at), allocated
 * from env: a convolution its sums, another layer of a block what the whole block gives, the pooling
 * how much each of its heads attends to each time, the first layer the net's inputs.
 */
extern EmoStatus emo_nn_activations(EmoEnv *env, const EmoNnModel *model, const uint16_t *frames,
									int n_frames, const EmoNnLayerChoice *choice,
									EmoNnActivations *activations);

#endif
