/*
 * json.h
 *	  Reading JSON (RFC 8259) where it lies: files of others, trusting nothing.
 *
 * A text is checked as a whole, once; what the other functions are given are values of it, which have no faults.
 */
#ifndef EMO_JSON_H
#define EMO_JSON_H

#include "core/base/env.h"

/* A value within a checked text, without white space around it. */
typedef struct EmoJson
{
	const char *text;
	size_t n_bytes;
} EmoJson;

typedef enum EmoJsonType
{
	EMO_JSON_OBJECT,
	EMO_JSON_ARRAY,
	EMO_JSON_STRING,
	EMO_JSON_NUMBER,
	EMO_JSON_BOOLEAN,
	EMO_JSON_NULL
} EmoJsonType;

/* Deeper nesting is refused. */
#define EMO_JSON_MAX_DEPTH 64

/*
 * The value that the text is: UTF-8, of any length, with nothing behind it, and no \u0000 in strings.
 * EMO_CORRUPTED with a message that begins with what (such as "config.json") and a detail that says at which byte it is
 * no JSON; EMO_CANCELED.
 */
extern EmoStatus emo_json_check(EmoEnv *env, const char *what, const char *text, size_t n_bytes,
								EmoJson *value);

extern EmoJsonType emo_json_type(EmoJson value);

/* Goes through an object or array; for anything else there is nothing to go through. */
typedef struct EmoJsonItems
{
	const char *at, *end;
	bool is_object;
} EmoJsonItems;

extern EmoJsonItems emo_json_items(EmoJson container);

/* The next value, and its key (a string) if it is an object's; false at the end. */
extern bool emo_json_next(EmoJsonItems *items, EmoJson *key, EmoJson *value);

/* How many there are. */
extern int64_t emo_json_count(EmoJson container);

/* The member of an object; the last of several, as in Python and PostgreSQL.  False if there is none. */
extern bool emo_json_member(EmoJson object, const char *key, EmoJson *value);

/* A number that is written without point and exponent, and fits.  False for all others. */
extern bool emo_json_integer(EmoJson value, int64_t *number);

/* Any number that a double holds, written with less than 64 characters. */
extern bool emo_json_real(EmoJson value, double *number);

/* A string's text with its escapes resolved; false unless it is a string of less than size bytes. */
extern bool emo_json_string(EmoJson value, char *text, size_t size);

/* True of a string that is this. */
extern bool emo_json_is(EmoJson value, const char *text);

#endif
