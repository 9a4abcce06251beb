/*
 * env.c
 *	  Memory, cancellation and error texts of the core.
 */
#include "core/base/env.h"

#include <stdio.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

/* Room to move the block up to the next aligned address and to keep the host's pointer below it. */
#define ALIGNMENT_ROOM (EMO_ALIGNMENT + sizeof(void *))

void *
emo_alloc(EmoEnv *env, size_t count, size_t item_size)
{
	size_t size;
	void *block;
	uintptr_t aligned;

	if (__builtin_mul_overflow(count, item_size, &size) || size > SIZE_MAX - ALIGNMENT_ROOM ||
		(block = env->alloc(env->host, size + ALIGNMENT_ROOM)) == NULL)
	{
		emo_fail(env, EMO_OUT_OF_MEMORY, "out of memory");
		emo_set_detail(env, "Failed on a request for %zu items of %zu bytes.", count, item_size);
		return NULL;
	}
	aligned = ((uintptr_t) block + ALIGNMENT_ROOM) & ~(uintptr_t) (EMO_ALIGNMENT - 1);
#ifdef __SANITIZE_ADDRESS__
	/* What alignment has left over is nobody's. */
	ASAN_POISON_MEMORY_REGION((char *) aligned + size,
							  (uintptr_t) block + ALIGNMENT_ROOM - aligned);
#endif
	((void **) aligned)[-1] = block;
	return (void *) aligned;
}

/*
 * Zeroed between two looks at whether to stop: fresh pages cost some 0.5 ms per MB, and an hour of
 * samples has 230 of them.
 */
#define ZERO_BLOCK_BYTES ((size_t) 8 << 20)

void *
emo_alloc_zero(EmoEnv *env, size_t count, size_t item_size)
{
	char *block = emo_alloc(env, count, item_size);
	size_t n_bytes = count * item_size;

	for (size_t at = 0; block != NULL && at < n_bytes; at += ZERO_BLOCK_BYTES)
	{
		if (at > 0 && emo_check_stop(env) != EMO_OK)
		{
			emo_free(env, block);
			return NULL;
		}
		memset(block + at, 0, n_bytes - at < ZERO_BLOCK_BYTES ? n_bytes - at : ZERO_BLOCK_BYTES);
	}
	return block;
}

void
emo_free(EmoEnv *env, void *block)
{
	if (block != NULL)
		env->release(env->host, ((void **) block)[-1]);
}

EmoStatus
emo_fail(EmoEnv *env, EmoStatus status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(env->message, sizeof(env->message), format, args);
	va_end(args);
	env->detail[0] = '\0';
	env->hint[0] = '\0';
	env->status = status;
	return status;
}

void
emo_set_detail(EmoEnv *env, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(env->detail, sizeof(env->detail), format, args);
	va_end(args);
}

void
emo_set_hint(EmoEnv *env, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(env->hint, sizeof(env->hint), format, args);
	va_end(args);
}

EmoStatus
emo_fail_again(EmoEnv *env, EmoStatus status, const char *message)
{
	char detail[sizeof(env->detail)];

	memcpy(detail, env->detail, sizeof(detail));
	emo_fail(env, status, "%s", message);
	memcpy(env->detail, detail, sizeof(detail));
	return status;
}

EmoStatus
emo_fail_because(EmoEnv *env, EmoStatus status, const char *message, const char *detail)
{
	char cause[sizeof(env->message)];

	memcpy(cause, env->message, sizeof(cause));
	emo_fail(env, status, "%s", message);
	emo_set_detail(env, "%s: %s.", detail, cause);
	return status;
}

EmoStatus
emo_check_stop(EmoEnv *env)
{
	if (env->should_stop(env->host))
		return emo_fail(env, EMO_CANCELED, "canceled by the user");
	return EMO_OK;
}
