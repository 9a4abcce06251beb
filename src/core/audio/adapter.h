/*
 * adapter.h
 *	  A part of a recording in the form of the whole: joined ones may differ in rate and channels.
 */
#ifndef EMO_AUDIO_ADAPTER_H
#define EMO_AUDIO_ADAPTER_H

#include "core/audio/decoder.h"

typedef struct EmoAdapter EmoAdapter;

/*
 * Reads part, which is open, with so many channels at such a rate.  Where it has another number of them,
 * each gets the mean of all.
 */
extern EmoStatus emo_adapter_open(EmoAudioStream *part, const EmoDecoder *decoder, int n_channels,
								  int sample_rate, EmoAdapter **adapter);

/* As EmoDecoder's read(). */
extern EmoStatus emo_adapter_read(EmoAdapter *adapter, float *samples, int64_t max_frames,
								  int64_t *n_frames);

/* NULL is allowed. */
extern void emo_adapter_close(EmoAdapter *adapter);

#endif
