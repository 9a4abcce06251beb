/*
 * position_bias.h
 *	  WavLM's position bias: how much a frame looks at others by how far they are, through a gate of the frame itself.
 */
#ifndef EMO_ENCODER_POSITION_BIAS_H
#define EMO_ENCODER_POSITION_BIAS_H

#include "core/encoder/pass.h"

/* encoder->distance_bias of n frames, that of all layers. */
extern EmoStatus emo_prepare_distance_bias(EmoEnv *env, EmoEncoder *encoder, int n);

/* encoder->gates of a layer's input[n][width]. */
extern EmoStatus emo_open_gates(EmoEnv *env, EmoEncoder *encoder, const EmoLayerWeights *layer,
								const float *input, int n);

/* scores[rows][n] of a head += the bias of queries from first and all n frames. */
extern void emo_add_distance_bias(const EmoEncoder *encoder, int head, int first, int rows, int n,
								  float *scores);

#endif
