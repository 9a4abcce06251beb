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

/* bytes begin with a frame: is the last one of those that follow each other up to the end cut short? */
extern EmoStatus emo_mpeg_check_end(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
									bool *is_cut);

#endif
