/*
 * unreadable.c
 *	  The error of a recording that is refused before a library looks at it.
 */
#include "core/audio/unreadable.h"

EmoStatus
emo_fail_recording(EmoEnv *env, const char *detail)
{
	EmoStatus status = emo_fail(env, EMO_BAD_DATA, "could not read audio");

	emo_set_detail(env, "%s", detail);
	return status;
}
