/*
 * gradient.h
 *	  The gradient of a trained net's scores by its inputs.
 */
#ifndef EMO_NN_GRADIENT_H
#define EMO_NN_GRADIENT_H

#include "core/nn/model.h"
#include "core/nn/network.h"

/* A net in inference with room for the way back; for one recording at a time. */
typedef struct EmoNnGradient
{
	EmoNnNetwork *network; /* its input, frames[0] and scores are the caller's to use; n is 1 */
	float *d_input;        /* [max_frames][n_values], the result of emo_nn_input_gradient() */

	/* For the gradient itself: */
	float *d_first; /* by the first block's input, its channels padded to whole vectors */
	float *zeros;   /* [channels] */
} EmoNnGradient;

extern EmoStatus emo_nn_gradient_create(EmoEnv *env, const EmoNnArchitecture *architecture,
										int n_classes, int max_frames, EmoNnGradient **gradient);

/*
 * Scores by running statistics and without dropout, as in prediction, then d_input: the gradient of
 * sum d_scores[c] scores[c] by the input.  weights are not changed.  Where ReLU or a maximum has a
 * kink, it is that of one side.  EMO_CANCELED.
 */
extern EmoStatus emo_nn_input_gradient(EmoEnv *env, EmoNnGradient *gradient, float *weights,
									   const float *d_scores);

/*
 * Of all nets of a model, for what stands in the network's input: scores[n_classes] is their mean, and
 * d_input[frames][n_values] its gradient, given that by the mean scores.  EMO_CANCELED.
 */
extern EmoStatus emo_nn_mean_scores(EmoEnv *env, EmoNnGradient *gradient, const EmoNnModel *model,
									float *scores);
extern EmoStatus emo_nn_mean_gradient(EmoEnv *env, EmoNnGradient *gradient, const EmoNnModel *model,
									  const float *d_scores, float *d_input);

#endif
