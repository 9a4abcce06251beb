/*
 * call.h
 *	  The channels of a call, and when somebody speaks on each.
 */
#ifndef EMO_CALL_H
#define EMO_CALL_H

#include "core/dsp/crosstalk.h"
#include "core/dsp/speech.h"

/* A call whose speech has been looked for. */
typedef struct EmoCall
{
	int n_channels;
	EmoChannelActivity *channels;
} EmoCall;

/*
 * Look for speech in n_channels channels of n_samples samples at 16 kHz, at least one of each; with
 * own_only, without what leaks in from other channels.  The samples must stay.
 */
extern EmoStatus emo_call_listen(EmoEnv *env, const float *const *samples, int n_channels,
								 int64_t n_samples, bool own_only, EmoCall *call);

/* The same where speech has been looked for: stretches[n_channels], in samples at 16 kHz. */
extern EmoStatus emo_call_begin(EmoEnv *env, const float *const *samples, int n_channels,
								int64_t n_samples, const EmoStretches *stretches, bool own_only,
								EmoCall *call);

#endif
