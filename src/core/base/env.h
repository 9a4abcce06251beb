/*
 * env.h
 *	  What the core needs from its host: memory, cancellation, and a place for errors.
 *
 * The core is plain C: it never raises, never exits and never calls back into code that could jump
 * over its frames.  Functions that can fail return an EmoStatus; the words for a person stand in
 * the environment.
 *
 * Memory from emo_alloc() belongs to the environment.  The host frees all of it at once when it
 * ends the environment, so error paths need not free it; only what comes from foreign libraries
 * (SNDFILE, soxr, FFTW) must be closed on every path.  emo_free() is for large temporaries.
 */
#ifndef EMO_ENV_H
#define EMO_ENV_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each status has one SQLSTATE; the table stands in src/pg/base/glue.c. */
typedef enum EmoStatus
{
	EMO_OK = 0,
	EMO_INVALID_PARAMETER, /* an argument or option out of range */
	EMO_NO_CHANNEL,        /* a recording without the channel that is asked for */
	EMO_NO_SPEECH,         /* a recording in which nobody speaks */
	EMO_LITTLE_SPEECH,     /* a recording in which somebody speaks too shortly */
	EMO_UNSUPPORTED,       /* what is meant is clear, but there is no such thing here */
	EMO_BAD_DATA,          /* a recording or training set that can't be used */
	EMO_LIMIT_EXCEEDED,    /* larger than a documented limit */
	EMO_REFUSED,           /* larger than a limit that the host has set */
	EMO_FORBIDDEN,         /* what the host lets nobody have, as a voice that must not be judged */
	EMO_UNDEFINED,         /* a name that doesn't exist */
	EMO_CORRUPTED,         /* a stored model whose bytes are damaged */
	EMO_IO_ERROR,          /* the host can't read what it has kept in a file */
	EMO_OUT_OF_MEMORY,
	EMO_CANCELED
} EmoStatus;

typedef struct EmoEnv
{
	/* Returns NULL when there is no memory.  The block need not be zeroed. */
	void *(*alloc)(void *host, size_t size);
	void (*release)(void *host, void *block);

	/* True when the user wants to stop.  Called at least every 50 ms of work. */
	bool (*should_stop)(void *host);
	void *host;

	EmoStatus status;
	char message[256]; /* lower case, no full stop */
	char detail[512];  /* a sentence, or empty */
	char hint[512];    /* a sentence, or empty */
} EmoEnv;

/* SIMD kernels want their rows on cache lines. */
#define EMO_ALIGNMENT 64

/*
 * Memory for count items of item_size bytes, aligned to EMO_ALIGNMENT, not zeroed.  Returns NULL
 * and sets EMO_OUT_OF_MEMORY in the environment when there is none or the product overflows.
 */
extern void *emo_alloc(EmoEnv *env, size_t count, size_t item_size);

/* The same, zeroed; large memory also looks at whether to stop, and gives NULL and EMO_CANCELED then. */
extern void *emo_alloc_zero(EmoEnv *env, size_t count, size_t item_size);
extern void emo_free(EmoEnv *env, void *block);

/* Record a failure and return its status, so that callers write "return emo_fail(...)". */
extern EmoStatus emo_fail(EmoEnv *env, EmoStatus status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
extern void emo_set_detail(EmoEnv *env, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
extern void emo_set_hint(EmoEnv *env, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Say what a failure means to the caller: another status and message, whose detail is that of the
 * failure; or whose detail begins with some words and ends with the failure's message.
 */
extern EmoStatus emo_fail_again(EmoEnv *env, EmoStatus status, const char *message);
extern EmoStatus emo_fail_because(EmoEnv *env, EmoStatus status, const char *message,
								  const char *detail);

/* EMO_CANCELED if the user wants to stop, otherwise EMO_OK. */
extern EmoStatus emo_check_stop(EmoEnv *env);

#endif
