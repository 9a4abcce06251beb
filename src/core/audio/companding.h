/*
 * companding.h
 *	  What telephone codecs do to samples of 8 kHz: logarithmic steps, and coarse residuals.
 *
 * Not codecs: there is no stream of bits, only what is left of a recording that has gone through one.
 */
#ifndef EMO_COMPANDING_H
#define EMO_COMPANDING_H

#include "core/base/env.h"

typedef enum EmoTelephoneCodec
{
	EMO_MU_LAW, /* the curve of G.711, North America and Japan */
	EMO_A_LAW,  /* the curve of G.711 elsewhere */
	EMO_RPE, /* as GSM 06.10 "full rate": linear prediction, and every third sample of its residual */
	EMO_N_TELEPHONE_CODECS
} EmoTelephoneCodec;

/* In place.  Full scale is 1, and what is beyond it is clipped. */
extern EmoStatus emo_telephone_codec(EmoEnv *env, EmoTelephoneCodec codec, int64_t n_samples,
									 float *samples);

#endif
