/*
 * pooling.h
 *	  From frames of any number to one vector: mean and deviation over time.
 *
 * Each head weighs frames by a softmax over time of a linear score ("attentive statistics pooling",
 * Okabe, Koshinaka & Shinoda 2018); without attention there is one head that weighs all the same.
 */
#ifndef EMO_NN_POOLING_H
#define EMO_NN_POOLING_H

#include "core/base/env.h"

/*
 * pooled = mean[n_heads][n_features], then deviation[n_heads][n_features], of x[rows][n_features].
 * EMO_CANCELED.  attention[n_features][n_heads] may be NULL.  weights[rows][n_heads] receives how
 * much each frame counts (kept for the gradient).
 */
extern EmoStatus emo_nn_pool(EmoEnv *env, const float *x, int rows, int n_features, int n_heads,
							 const float *attention, float *weights, float *pooled);

/*
 * Given d_pooled, sets d_x[rows][n_features] and adds to d_attention[n_features][n_heads] (NULL if
 * attention is, or if it is not wanted).  work has room for n_features + rows floats; n_features is
 * a multiple of 16.
 */
extern EmoStatus emo_nn_pool_gradient(EmoEnv *env, const float *x, int rows, int n_features,
									  int n_heads, const float *attention, const float *weights,
									  const float *pooled, const float *d_pooled, float *work,
									  float *d_x, float *d_attention);

#endif
