/*
 * mpeg_frames.h
 *	  Where frames of MPEG audio begin and end, by their headers.
 */
#ifndef EMO_AUDIO_MPEG_FRAMES_H
#define EMO_AUDIO_MPEG_FRAMES_H

#include "core/base/env.h"

/*
 * The offset of the first of several frames that follow each other, however much junk is before them;
 * n_bytes when there are none.  Those of free format, which don't tell their length, are not found.
 */
extern EmoStatus emo_mpeg_find_frames(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
									  size_t *offset);

/*
 * bytes begin with a frame: is the last one cut short?  Are all of one kind, and follow each other but for
 * tags at the end?
 */
extern EmoStatus emo_mpeg_check_frames(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
									   bool *is_cut, bool *is_uniform);

#endif
