/*
 * samples.h
 *	  What holds of mono samples, wherever they come from.
 */
#ifndef EMO_SAMPLES_H
#define EMO_SAMPLES_H

#include "core/base/env.h"

#define EMO_MIN_SAMPLE_RATE 1000
#define EMO_MAX_SAMPLE_RATE 768000

/* EMO_INVALID_PARAMETER unless sample_rate lies between the two. */
extern EmoStatus emo_check_sample_rate(EmoEnv *env, int sample_rate);

/* Scale samples that go beyond full scale down to it, as a whole, so that none is clipped. */
extern void emo_limit_peak(float *samples, int64_t n_samples);

#endif
