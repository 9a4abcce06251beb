/*
 * envelope.h
 *	  Samples as columns of equal time: the least and the largest of each, which is what a waveform looks
 *	  like from afar.
 */
#ifndef EMO_ENVELOPE_H
#define EMO_ENVELOPE_H

#include "core/base/env.h"

/* Where a column of n values begins; column n_columns is the end. */
static inline int64_t
emo_column_start(int64_t n, int n_columns, int column)
{
	return n * column / n_columns;
}

/* lows[n_columns], highs[n_columns] of at least as many samples. */
extern EmoStatus emo_envelope(EmoEnv *env, const float *samples, int64_t n_samples, int n_columns,
							  float *lows, float *highs);

#endif
