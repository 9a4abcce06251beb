/*
 * value_text.c
 *	  The text of values of our base types.
 */
#include "pg/base/value_text.h"

#include "common/base64.h"
#include "libpq/pqformat.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#include "pg/base/shown.h"

static void
check_size(const ValueText *form, Size n_bytes)
{
	if (n_bytes > form->max_bytes)
		form->raise_damaged("It has more bytes than it can have.");
}

struct varlena *
emoser_value_of_text(const ValueText *form, const char *text)
{
	Size prefix_length = strlen(form->prefix);
	Size length, room;
	struct varlena *value;
	int n_bytes;

	if (strncmp(text, form->prefix, prefix_length) != 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						errmsg("invalid input syntax for type %s: \"%s\"", form->type_name,
							   emoser_shown(text)),
						errdetail("The text of %s begins with \"%s\".", form->noun, form->prefix)));
	text += prefix_length;
	length = strlen(text);
	room = length / 4 * 3;
	/* Up to two of them are padding. */
	check_size(form, Max(room, 2) - 2);
	room += 3;
	value = palloc(VARHDRSZ + room);
	n_bytes = pg_b64_decode(text, length, (void *) VARDATA(value), room);
	if (n_bytes < 0)
		form->raise_damaged("Its text is not valid base64.");
	SET_VARSIZE(value, VARHDRSZ + n_bytes);
	return value;
}

char *
emoser_text_of_value(const ValueText *form, const void *bytes, Size n_bytes)
{
	Size prefix_length = strlen(form->prefix);
	Size room;
	int length;
	char *text;

	check_size(form, n_bytes);
	/* pg_b64_enc_len() overflows for the largest of values. */
	room = (n_bytes + 2) / 3 * 4;
	text = palloc(prefix_length + room + 1);
	memcpy(text, form->prefix, prefix_length);
	length = pg_b64_encode(bytes, n_bytes, text + prefix_length, room);
	if (length < 0)
		elog(ERROR, "could not encode %s", form->noun);
	text[prefix_length + length] = '\0';
	return text;
}

struct varlena *
emoser_value_of_message(const ValueText *form, StringInfo message)
{
	int n_bytes = message->len - message->cursor;
	struct varlena *value;

	check_size(form, n_bytes);
	value = palloc(VARHDRSZ + n_bytes);
	SET_VARSIZE(value, VARHDRSZ + n_bytes);
	pq_copymsgbytes(message, VARDATA(value), n_bytes);
	return value;
}
