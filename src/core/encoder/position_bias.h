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

/*
 * The bias of a head for a query and a key of n frames; that for the next query is the one behind it, and that for the next
 * key the one before.
 */
extern const float *emo_distance_bias(const EmoEncoder *encoder, int head, int query, int key,
									  int n);

/* What it is multiplied by for rows queries from first, with zeros for the others: gates[EMO_PANEL_ROWS]. */
extern void emo_gates_of(const EmoEncoder *encoder, int head, int first, int rows, float *gates);

#endif
