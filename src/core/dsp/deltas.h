/*
 * deltas.h
 *	  Derivatives over time of frame-wise features.
 */
#ifndef EMO_DELTAS_H
#define EMO_DELTAS_H

#include "core/base/env.h"

#define EMO_DELTA_MAX_WIDTH 101

/*
 * The first (order 1) or second (order 2) derivative per frame of x, by least squares over width
 * frames (odd, 3 .. EMO_DELTA_MAX_WIDTH): a line or parabola is fitted, as
 * librosa.feature.delta(width, order, mode="interp") does (Savitzky-Golay with polynomial degree =
 * order).  The first and last width/2 frames get the derivative of the polynomial fitted to the
 * first and last width frames.  A recording of fewer frames is continued with its first and last
 * frame (mode="nearest").
 *
 * x and out have n_frames rows of n_values, stride floats apart; they may be columns of one matrix.
 * EMO_CANCELED is the only error.
 */
extern EmoStatus emo_delta(EmoEnv *env, const float *x, int64_t n_frames, int n_values,
						   int64_t stride, int order, int width, float *out);

#endif
