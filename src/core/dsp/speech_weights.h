/*
 * speech_weights.h
 *	  The weights of the net that hears speech.
 */
#ifndef EMO_SPEECH_WEIGHTS_H
#define EMO_SPEECH_WEIGHTS_H

#include <stdint.h>

#define EMO_SPEECH_NET_CHANNELS 32

/* What 1 in the table stands for. */
#define EMO_SPEECH_NET_WEIGHT_UNIT (1 / 2048.0f)

/* Each layer in turn, a row for each output: for each tap all inputs, then the bias. */
extern const int16_t emo_speech_net_weights[];

#endif
