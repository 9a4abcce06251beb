/*
 * periods.h
 *	  Jitter and shimmer: how much the periods of a voice differ from one to the next.
 */
#ifndef EMO_PERIODS_H
#define EMO_PERIODS_H

#include "core/base/env.h"

/* Differences of neighbouring periods, relative to their mean; 0 without any. */
typedef struct EmoPeriods
{
	int64_t n;                        /* pairs of neighbours */
	float jitter, jitter_deviation;   /* mean and deviation, of their lengths */
	float shimmer, shimmer_deviation; /* of the heights of their peaks */
} EmoPeriods;

/*
 * Of samples at 16 kHz whose frames, 25 ms every 10 ms, have the F0 f0_hz and may be voiced.  A
 * period ends at the highest peak about where F0 wants it.  EMO_CANCELED.
 */
extern EmoStatus emo_measure_periods(EmoEnv *env, const float *samples, int64_t n_samples,
									 const float *f0_hz, const bool *voiced, int64_t n_frames,
									 EmoPeriods *periods);

#endif
