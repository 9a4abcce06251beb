/*
 * mixture.h
 *	  Which channels of a recording are mixed, so that mixing takes nothing away, and whether they are
 *	  talkers who should not be mixed at all.
 *
 * Silent channels are left out, as they would halve the level.  Where channels cancel each other out (one
 * is of opposite phase, or comes a little later), the one with the most voice is taken alone.  Where each
 * channel has something of its own, those without speech are left out.
 */
#ifndef EMO_MIXTURE_H
#define EMO_MIXTURE_H

#include "core/audio/channel_meter.h"
#include "core/audio/reader.h"
#include "core/dsp/speech_stretches.h"

/*
 * Decide by what levels tells; where that says that channels may have speech of their own, the recording
 * is read once more.  Arguments and errors as of emo_reader_open().
 */
extern EmoStatus emo_decide_mixture(EmoEnv *env, const void *bytes, size_t n_bytes,
									const EmoAudioLimits *limits, const EmoChannelLevels *levels,
									EmoMixture *mixture);

/* The same of a recording of several channels of which nothing is known yet. */
extern EmoStatus emo_measure_mixture(EmoEnv *env, const void *bytes, size_t n_bytes,
									 const EmoAudioLimits *limits, EmoMixture *mixture);

/* Stretches of speech of each channel: stretches[n_channels] of the recording, in samples at 16 kHz. */
extern EmoStatus emo_detect_channel_speech(EmoEnv *env, const void *bytes, size_t n_bytes,
										   const EmoAudioLimits *limits, int n_channels,
										   EmoStretches *stretches);

#endif
