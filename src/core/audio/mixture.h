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

/* Decide by levels, and by speech: stretches[levels->n_channels], in samples at 16 kHz. */
extern EmoStatus emo_decide_mixture(EmoEnv *env, const EmoChannelLevels *levels,
									const EmoStretches *stretches, EmoMixture *mixture);

/*
 * The same of a recording of several channels of which nothing is known yet: it is read for levels, and where
 * these say that channels may have speech of their own, once more.  Arguments and errors as of emo_reader_open().
 */
extern EmoStatus emo_measure_mixture(EmoEnv *env, const void *bytes, size_t n_bytes,
									 const EmoAudioLimits *limits, EmoMixture *mixture);

/* Stretches of speech of each channel of what is read, EMO_ALL_CHANNELS at 16 kHz, to its end. */
extern EmoStatus emo_read_channel_speech(EmoEnv *env, EmoAudioReader *reader,
										 EmoStretches *stretches);

#endif
