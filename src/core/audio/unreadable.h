/*
 * unreadable.h
 *	  The error of a recording that is refused before a library looks at it.
 */
#ifndef EMO_AUDIO_UNREADABLE_H
#define EMO_AUDIO_UNREADABLE_H

#include "core/base/env.h"

/* EMO_BAD_DATA; detail is a sentence that says why. */
extern EmoStatus emo_fail_recording(EmoEnv *env, const char *detail);

#endif
