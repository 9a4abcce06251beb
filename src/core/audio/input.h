/*
 * input.h
 *	  The bytes of a recording as a foreign library reads them, until the user wants to stop.
 *
 * A library may go over a hundred megabytes in one call, in search of a sync word or from one tiny
 * chunk to the next.  All it does goes through these functions, so that they are where a cancel is
 * seen: from then on the recording has come to its end.
 */
#ifndef EMO_AUDIO_INPUT_H
#define EMO_AUDIO_INPUT_H

#include "core/base/env.h"

typedef struct EmoInput
{
	EmoEnv *env;
	const uint8_t *bytes;
	int64_t n_bytes;
	int64_t position;
	bool is_stopped; /* the user wanted to stop, and the library has been told that this is all */
} EmoInput;

/* Bytes that were read into target, 0 at the end. */
extern int64_t emo_input_read(EmoInput *input, void *target, int64_t n_bytes);

/* whence as in lseek(); the new position, or -1.  Beyond the end is the end. */
extern int64_t emo_input_seek(EmoInput *input, int64_t offset, int whence);

/* EMO_CANCELED if the library was told that the recording has ended before it has. */
extern EmoStatus emo_input_check(EmoInput *input);

#endif
