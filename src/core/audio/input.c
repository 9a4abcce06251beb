/*
 * input.c
 *	  The bytes of a recording as a foreign library reads them, until the user wants to stop.
 */
#include "core/audio/input.h"

#include <stdio.h>
#include <string.h>

/* At the end, as parsers that look at where they are go on until they have come there. */
static bool
has_stopped(EmoInput *input)
{
	input->is_stopped = input->is_stopped || input->env->should_stop(input->env->host);
	if (input->is_stopped)
		input->position = input->n_bytes;
	return input->is_stopped;
}

int64_t
emo_input_read(EmoInput *input, void *target, int64_t n_bytes)
{
	int64_t left;

	if (has_stopped(input))
		return 0;
	left = input->n_bytes - input->position;
	if (n_bytes > left)
		n_bytes = left;
	if (n_bytes <= 0)
		return 0;
	memcpy(target, input->bytes + input->position, n_bytes);
	input->position += n_bytes;
	return n_bytes;
}

int64_t
emo_input_seek(EmoInput *input, int64_t offset, int whence)
{
	int64_t base = whence == SEEK_CUR ? input->position : whence == SEEK_END ? input->n_bytes : 0;
	int64_t position;

	if (has_stopped(input) || __builtin_add_overflow(base, offset, &position) || position < 0)
		return -1;
	input->position = position < input->n_bytes ? position : input->n_bytes;
	return input->position;
}

EmoStatus
emo_input_check(EmoInput *input)
{
	if (input->is_stopped)
		return emo_fail(input->env, EMO_CANCELED, "canceled by the user");
	return EMO_OK;
}
