/*
 * decoder.c
 *	  What the decoders share.
 */
#include "core/audio/decoder.h"

#define MAX_REASON_BYTES 200

/* One line, without the full stop that the sentence gets. */
static int
length_of_reason(const char *reason)
{
	int length = 0;

	while (reason[length] >= ' ' && reason[length] <= '~' && length < MAX_REASON_BYTES)
		length++;
	while (length > 0 && reason[length - 1] == '.')
		length--;
	return length;
}

EmoStatus
emo_fail_unreadable(EmoEnv *env, const char *library, const char *reason)
{
	EmoStatus status = emo_fail(env, EMO_BAD_DATA, "could not read audio");

	emo_set_detail(env, "%s reports: %.*s.", library, length_of_reason(reason), reason);
	emo_set_hint(env, "%s", emo_container_hint);
	return status;
}
