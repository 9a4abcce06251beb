/*
 * shown.h
 *	  Texts of users in messages.
 *
 * They may be hundreds of megabytes long, and hold characters that do something to a terminal.  What a
 * message repeats of them goes through here.
 */
#ifndef EMOSER_SHOWN_H
#define EMOSER_SHOWN_H

#include "postgres.h"

/* More than any name that is stored has. */
#define EMOSER_MAX_SHOWN_BYTES 255

/*
 * The text for a message, palloc'd where it can't stay as it is: characters that nobody sees become
 * escapes such as \n or \u202E, and one of more than EMOSER_MAX_SHOWN_BYTES is its beginning and how
 * long it is.
 */
extern const char *emoser_shown(const char *text);

/* Likewise of a text that isn't terminated. */
extern const char *emoser_shown_part(const char *text, size_t length);

/* Likewise, but never shortened, other than by a character that is not whole. */
extern const char *emoser_shown_whole(const char *text);

/* Names in double quotes, the first of them if there are many: "a", "b" and 12 more.  palloc'd. */
extern char *emoser_shown_list(const char *const *names, int n);

/*
 * A literal that can be pasted into SQL and is the text; palloc'd.  '...' for one that is too long to
 * be shown.
 */
extern const char *emoser_shown_literal(const char *text);

/* The literal of a version's name, such as 'mine@3'. */
extern const char *emoser_shown_version(const char *name, int version);

#endif
