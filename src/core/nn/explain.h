/*
 * explain.h
 *	  Which parts of a recording speak for one emotion rather than another, to a net.
 *
 * Integrated gradients (Sundararajan, Taly & Yan 2017, "Axiomatic attribution for deep networks"):
 * the recording is faded in from nothing, a x for a = 0 .. 1, and each value of each frame gets its
 * share of what the score gains on the way, x times the integral of the gradient.  Shares sum to the
 * difference between the score of the recording and that of nothing.
 *
 * Nothing is a recording whose every frame has the recording's mean spectrum, and no pitch.
 * Shares belong to the frames, not to a net's inputs: the way from mel bands to MFCC is linear, and
 * a mel band is more easily looked at.
 */
#ifndef EMO_NN_EXPLAIN_H
#define EMO_NN_EXPLAIN_H

#include "core/nn/model.h"

typedef struct EmoNnExplanation
{
	double difference; /* ln P(winner) - ln P(other), as of emo_nn_predict() */
	double baseline;   /* the same of nothing */
	double sum;        /* of the attributions; difference - baseline but for a numerical error */
	int n_gradients;   /* taken on the way */
	/*
	 * [n_frames][EMO_NN_FRAME_VALUES], in nats towards the winner; 0 for pitch if the net doesn't take
	 * it.
	 */
	float *attributions;
} EmoNnExplanation;

/* The sum of attributions is as exact as this, in nats, or this share of the difference. */
#define EMO_NN_EXPLAIN_TOLERANCE 0.01

/*
 * Why the net gives class winner rather than class other to a recording's frames[n_frames] (see
 * nn/input.h), n_frames >= 1; attributions are allocated from env.  Takes as many gradients as it
 * needs, some 20 to 300 for each net and each of its warps, each about three predictions.  EMO_CANCELED,
 * EMO_OUT_OF_MEMORY.
 */
extern EmoStatus emo_nn_explain(EmoEnv *env, const EmoNnModel *model, const uint16_t *frames,
								int n_frames, int winner, int other, EmoNnExplanation *explanation);

#endif
