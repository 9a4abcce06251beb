/*
 * optimiser.h
 *	  From gradients to new weights.
 */
#ifndef EMO_NN_OPTIMISER_H
#define EMO_NN_OPTIMISER_H

#include "core/base/options.h"

typedef enum EmoNnOptimiserKind
{
	EMO_NN_SGD,  /* with momentum; decay is added to the gradient */
	EMO_NN_ADAM, /* Kingma & Ba 2015; decay is added to the gradient */
	EMO_NN_ADAMW /* Loshchilov & Hutter 2019: decay shrinks the weights themselves */
} EmoNnOptimiserKind;

typedef enum EmoNnSchedule
{
	EMO_NN_ONE_CYCLE, /* Smith 2018: up by a cosine for 30 % of the steps, then down to nothing */
	EMO_NN_COSINE,    /* from the full rate down to nothing */
	EMO_NN_CONSTANT
} EmoNnSchedule;

typedef struct EmoNnOptimiserOptions
{
	EmoNnOptimiserKind kind;
	EmoNnSchedule schedule;
	double learning_rate; /* the highest */
	double momentum;      /* of sgd */
	double weight_decay;  /* not for biases and batch-norm */
	double clip_norm;     /* longer gradients are shortened to this; 0: never */
} EmoNnOptimiserOptions;

/* Ranges and defaults of EmoNnOptimiserOptions. */
extern const EmoOptionTable emo_nn_optimiser_options;

/* The learning rate of a step, 0 .. n_steps - 1. */
extern double emo_nn_learning_rate(const EmoNnOptimiserOptions *options, int64_t step,
								   int64_t n_steps);

/*
 * One step (counted from 0): weights[n] by gradient[n], which is scaled when it is clipped.  first
 * and second are the moments, [n] each, zeros before the first step; sgd uses the first only.
 * decays[i] says whether weight i decays.  Returns the gradient's norm before clipping.
 */
extern double emo_nn_optimise(const EmoNnOptimiserOptions *options, double learning_rate,
							  int64_t step, int64_t n, const uint8_t *decays, float *gradient,
							  float *weights, float *first, float *second);

#endif
