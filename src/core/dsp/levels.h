/*
 * levels.h
 *	  The energy of a channel over time, in frames of 10 ms that do not overlap.
 */
#ifndef EMO_LEVELS_H
#define EMO_LEVELS_H

#include "core/base/env.h"

/* Samples at 16 kHz. */
#define EMO_LEVEL_FRAME        160
#define EMO_LEVEL_FRAMES_PER_S 100

typedef struct EmoLevels
{
	float *energy; /* [n_frames], mean of squares, without DC; full scale is 1 */
	int64_t n_frames;
} EmoLevels;

/* Of n_samples samples, at least one; the last frame may be a short one. */
extern EmoStatus emo_measure_levels(EmoEnv *env, const float *samples, int64_t n_samples,
									EmoLevels *levels);

/* A mean of squares in dBFS, 0 being that of a square wave at full scale; at least -120. */
extern float emo_dbfs(double mean_square);

#endif
