/*
 * value_text.h
 *	  The text of values of our base types: a prefix that names the type and the version of its text,
 *	  then the value's bytes in base64.
 */
#ifndef EMOSER_VALUE_TEXT_H
#define EMOSER_VALUE_TEXT_H

#include "postgres.h"

#include "lib/stringinfo.h"

typedef struct ValueText
{
	const char *type_name;
	const char *noun;   /* "a model" */
	const char *prefix; /* "emoser-model:1:" */
	Size max_bytes;     /* of a value, without the header of a varlena */
	void (*raise_damaged)(const char *detail);
} ValueText;

/*
 * The bytes behind the header of a varlena, palloc'd; what they are is left to the caller.  Raises
 * INVALID_TEXT_REPRESENTATION for another prefix.
 */
extern struct varlena *emoser_value_of_text(const ValueText *form, const char *text);

extern char *emoser_text_of_value(const ValueText *form, const void *bytes, Size n_bytes);

/* Likewise the rest of a message, for receive functions. */
extern struct varlena *emoser_value_of_message(const ValueText *form, StringInfo message);

#endif
