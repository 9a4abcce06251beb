/*
 * embedding.h
 *	  One vector for a recording: hidden states of an encoder, pooled over time.
 */
#ifndef EMO_EMBEDDING_H
#define EMO_EMBEDDING_H

#include "core/encoder/encoder.h"

typedef enum EmoPooling
{
	EMO_POOL_MEAN,
	EMO_POOL_MEAN_DEVIATION, /* the means, and behind them the standard deviations (of n, not n - 1) */
	EMO_POOL_MEAN_FILLED, /* of Whisper, the means over whole windows, silence that fills the last one up too: what heads of
							 it hear; of all others the means */
	EMO_N_POOLINGS
} EmoPooling;

/* "mean", "mean_deviation", "mean_filled", and NULL at the end. */
extern const char *const emo_pooling_names[EMO_N_POOLINGS + 1];

/* Numbers of a layer: width, or twice that. */
extern int emo_embedding_length(const EmoEncoderConfig *config, EmoPooling pooling);

/* embedding[emo_embedding_length()] of one layer, 0 .. n_layers.  Errors as emo_encoder_run(). */
extern EmoStatus emo_embed(EmoEnv *env, EmoEncoder *encoder, const float *samples,
						   int64_t n_samples, int layer, EmoPooling pooling, float *embedding);

/* The same of layers first_layer .. last_layer, one behind the other. */
extern EmoStatus emo_embed_layers(EmoEnv *env, EmoEncoder *encoder, const float *samples,
								  int64_t n_samples, int first_layer, int last_layer,
								  EmoPooling pooling, float *embeddings);

/*
 * Frames of one layer without pooling, hidden[emo_encoder_n_frames()][width], which is the caller's memory: they may be
 * a gigabyte, and nobody needs them twice.
 */
extern EmoStatus emo_embed_frames(EmoEnv *env, EmoEncoder *encoder, const float *samples,
								  int64_t n_samples, int layer, float *hidden);

#endif
