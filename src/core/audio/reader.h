/*
 * reader.h
 *	  A recording block by block at one rate, for recordings that need not be in memory at once: one of
 *	  its channels, all of them mixed, or each of them.
 */
#ifndef EMO_AUDIO_READER_H
#define EMO_AUDIO_READER_H

#include "core/audio/channels.h"
#include "core/audio/file.h"
#include "core/base/samples.h"

typedef struct EmoAudioReader EmoAudioReader;

/* How the channels of a recording are mixed, see mixture.h. */
typedef struct EmoMixture
{
	int *taken; /* [n_taken], from 0: their mean is heard */
	int n_taken;
	bool cancels; /* all of them together would cancel out */
	bool differs; /* two at least have speech of their own */
} EmoMixture;

/*
 * The bytes must stay until the reader is closed.  sample_rate and limits as of emo_audio_decode().
 * *reader is NULL on failure.  EMO_MIXED is the mean of all channels until emo_reader_mix() says
 * otherwise; emo_audio_open() does both.
 */
extern EmoStatus emo_reader_open(EmoEnv *env, const void *bytes, size_t n_bytes, int sample_rate,
								 int channel, const EmoAudioLimits *limits,
								 EmoAudioReader **reader);

/* Before anything is read of a recording that is mixed. */
extern void emo_reader_mix(EmoAudioReader *reader, const EmoMixture *mixture);

/*
 * Called with each block of frames as it comes out of the file, with all of its channels and at its own rate,
 * so that what is read can be measured without being decoded again.  Set before anything is read.
 */
typedef EmoStatus (*EmoFrameWatcher)(void *watching, const float *frames, int64_t n_frames);

extern void emo_reader_watch(EmoAudioReader *reader, EmoFrameWatcher watcher, void *watching);

/* What is read from. */
extern const EmoAudioFile *emo_reader_file(const EmoAudioReader *reader);

/*
 * Up to max_frames frames: of emo_audio_lanes() samples each.  *n_frames is 0 at the end only.
 */
extern EmoStatus emo_audio_read(EmoAudioReader *reader, float *samples, int64_t max_frames,
								int64_t *n_frames);

/* NULL is allowed. */
extern void emo_audio_close(EmoAudioReader *reader);

/* Whether talkers with channels of their own are mixed. */
extern bool emo_audio_differs(const EmoAudioReader *reader);

/* Channels of the recording; and those that are read: as many with EMO_ALL_CHANNELS, or else one. */
extern int emo_audio_channels(const EmoAudioReader *reader);
extern int emo_audio_lanes(const EmoAudioReader *reader);

extern int emo_audio_rate(const EmoAudioReader *reader); /* Hz, of what is read */

/* Frames that the header announces, at that rate; -1 when it does not say. */
extern int64_t emo_audio_announced_samples(const EmoAudioReader *reader);

/* No more than these, as far as can be told before the end without belief in what a header announces. */
extern int64_t emo_audio_plausible_samples(const EmoAudioReader *reader);

/* The container announces more than there is; known for certain at the end. */
extern bool emo_audio_truncated(const EmoAudioReader *reader);

#endif
