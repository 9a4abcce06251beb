/*
 * deltas.h
 *	  Derivatives over time of frame-wise features.
 */
#ifndef EMO_DELTAS_H
#define EMO_DELTAS_H

#include "core/base/env.h"

#define EMO_DELTA_MAX_WIDTH 101

/* What the first and last width/2 frames get. */
typedef enum EmoDeltaEdges
{
	EMO_DELTA_FITTED_EDGES, /* the derivative of what was fitted to the first or last width frames */
	EMO_DELTA_REPEATED_EDGES /* a fit in which the first or last frame is repeated */
} EmoDeltaEdges;

/*
 * The first (order 1) or second (order 2) derivative per frame of x, by least squares over width
 * frames (odd, 3 .. EMO_DELTA_MAX_WIDTH): a line or parabola is fitted, as
 * librosa.feature.delta(width, order, mode="interp") does (Savitzky-Golay with polynomial degree =
 * order; with EMO_DELTA_REPEATED_EDGES, mode="nearest").  A recording of fewer frames is always
 * continued with its first and last frame.
 *
 * x and out have n_frames rows of n_values, stride floats apart; they may be columns of one matrix.
 * EMO_CANCELED is the only error.
 */
extern EmoStatus emo_delta(EmoEnv *env, const float *x, int64_t n_frames, int n_values,
						   int64_t stride, int order, int width, EmoDeltaEdges edges, float *out);

#endif
