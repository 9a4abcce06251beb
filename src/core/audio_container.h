/*
 * audio_container.h
 *	  What can be told from a recording's bytes without decoding: which container it is, whether it
 *	  is cut short, and whether its header is one that libsndfile must not see.
 */
#ifndef EMO_AUDIO_CONTAINER_H
#define EMO_AUDIO_CONTAINER_H

#include "core/env.h"

/*
 * EMO_BAD_DATA for what is refused before libsndfile looks at it.  *truncated is set when a chunk
 * (or the last Ogg page) reaches beyond the end; an announced length of "unknown", as recorders
 * write into a pipe, is not a truncation.
 */
extern EmoStatus emo_container_check(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
									 bool *truncated);

/* Short names of libsndfile's format codes, such as "wav" and "pcm16". */
extern const char *emo_container_name(int format);
extern const char *emo_encoding_name(int format);

/* Does the header itself count frames, independently of how many bytes follow? */
extern bool emo_container_announces_frames(int format);

/* The largest magnitude that the encoding can express, 1 for those without such a bound. */
extern float emo_encoding_full_scale(int format);

#endif
