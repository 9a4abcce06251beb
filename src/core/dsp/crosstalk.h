/*
 * crosstalk.h
 *	  Speech of one channel that is only another one leaking in.
 *
 * What leaks is quieter than where it comes from, and is the same sound, somewhat later.  So where two
 * channels speak at once and one is the quieter, the two are correlated over many delays.  If there is
 * a delay at which the quieter one follows the louder one, that is a path: its gain is measured, and
 * whatever is no louder than what comes over the path has come over it.
 */
#ifndef EMO_CROSSTALK_H
#define EMO_CROSSTALK_H

#include "core/dsp/levels.h"

typedef struct EmoChannelActivity
{
	const float *samples; /* [n_samples], at 16 kHz */
	int64_t n_samples;
	EmoLevels levels;
	bool *speaks; /* [levels.n_frames] */
} EmoChannelActivity;

/* Clear speaks wherever it is another channel that speaks.  All channels are equally long. */
extern EmoStatus emo_remove_crosstalk(EmoEnv *env, EmoChannelActivity *channels, int n_channels);

#endif
