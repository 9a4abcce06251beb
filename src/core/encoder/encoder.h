/*
 * encoder.h
 *	  A pre-trained speech encoder: from samples to the hidden states of its layers.
 *
 * Layers are numbered as in output_hidden_states of Hugging Face's transformers: 0 is what the first layer is given,
 * n_layers the last one's result, normalised where the architecture ends in a normalisation.
 *
 * Attention looks at everything at once, so that it takes memory and time by the square of the length.  A recording
 * that is longer than EMO_ENCODER_WINDOW_S is heard in windows of equal length, each with a margin of
 * EMO_ENCODER_MARGIN_S on both sides whose frames are left to the neighbour; shorter ones are heard as a whole, as
 * transformers does.  Whisper hears windows of 30 s, one after the other, the last one filled with silence, and frames
 * of the filling are left out.
 */
#ifndef EMO_ENCODER_H
#define EMO_ENCODER_H

#include "core/encoder/config.h"
#include "core/encoder/weights.h"
#include "core/encoder/windows.h"

/* An encoder with its work space, which is kept from recording to recording. */
typedef struct EmoEncoder EmoEncoder;

/* config and weights have to stay, as has env, whose memory the encoder takes.  EMO_OUT_OF_MEMORY. */
extern EmoStatus emo_encoder_create(EmoEnv *env, const EmoEncoderConfig *config,
									const EmoEncoderWeights *weights, EmoEncoder **encoder);

extern const EmoEncoderConfig *emo_encoder_config(const EmoEncoder *encoder);

/*
 * Takes frames of a layer, hidden[n][width], the first of them being first.  Of a window the layers come in their
 * order, and windows one after the other.
 */
typedef EmoStatus (*EmoHiddenTaker)(void *argument, int layer, int64_t first, int n,
									const float *hidden);

/*
 * Hand the hidden states of layers 0 .. last_layer of mono samples at EMO_ENCODER_SAMPLE_RATE to take; last_layer is
 * at most n_layers, and what comes behind it is not computed.  Work memory comes from the encoder's env, failures
 * and cancellation go to env.  EMO_LITTLE_SPEECH for a recording that is too short for one frame,
 * EMO_OUT_OF_MEMORY, EMO_CANCELED.
 */
extern EmoStatus emo_encoder_run(EmoEnv *env, EmoEncoder *encoder, const float *samples,
								 int64_t n_samples, int last_layer, EmoHiddenTaker take,
								 void *argument);

#endif
