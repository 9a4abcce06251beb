/*
 * band.h
 *	  Filters that leave a band of frequencies.
 */
#ifndef EMO_BAND_H
#define EMO_BAND_H

#include "core/base/env.h"

/*
 * Leave low_hz to high_hz (low_hz 0: no lower edge) in samples, in place and without delay: 6 dB
 * down at the edges, within 0.1 dB inside and below -50 dB outside of 100 Hz around them.
 */
extern EmoStatus emo_limit_band(EmoEnv *env, double low_hz, double high_hz, int sample_rate,
								int64_t n_samples, float *samples);

#endif
