/*
 * file.h
 *	  A recording in memory, opened with the library that its container asks for: interleaved frames
 *	  at the recording's own rate, checked before anything is spent on them.
 */
#ifndef EMO_AUDIO_FILE_H
#define EMO_AUDIO_FILE_H

#include "core/audio/decoder.h"
#include "core/audio/limits.h"

typedef struct EmoAudioFile
{
	EmoAudioStream stream;
	const EmoDecoder *decoder;
	int64_t n_frames; /* read so far */
	int64_t max_frames;
	double max_duration_s;
} EmoAudioFile;

/* file is filled in; it need not be closed on failure.  Errors as in emo_audio_decode(). */
extern EmoStatus emo_audio_file_open(EmoEnv *env, const void *bytes, size_t n_bytes,
									 const EmoAudioLimits *limits, EmoAudioFile *file);

/*
 * Up to max_frames frames of file->stream.n_channels interleaved samples, at most about 64k samples in one
 * call; *n_frames is 0 at the end only.  Samples are finite and within EMO_MAX_SAMPLE_VALUE.
 */
extern EmoStatus emo_audio_file_read(EmoAudioFile *file, float *samples, int64_t max_frames,
									 int64_t *n_frames);

/*
 * Go on with a frame, counted from the beginning, before anything is read: the same samples come as after
 * all others, which are decoded only where the library can't do without.  Beyond the end is the end.
 */
extern EmoStatus emo_audio_file_seek(EmoAudioFile *file, int64_t frame);

extern void emo_audio_file_close(EmoAudioFile *file);

/* More than the largest integer sample, and small enough that its power is a finite float. */
#define EMO_MAX_SAMPLE_VALUE 2147483648.0f

#endif
