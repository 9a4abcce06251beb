/*
 * shown.c
 *	  Texts of users in messages.
 */
#include "pg/base/shown.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

/* Of a list. */
#define MAX_SHOWN_NAMES 20

/* Those of Unicode that are not seen, but move, turn or hide what is around them. */
static const struct
{
	pg_wchar first, last;
} invisible[] = {
	{0x80, 0x9F},     /* controls */
	{0x61C, 0x61C},   /* direction of writing, as many of those below */
	{0x200B, 0x200F}, /* joiners, marks of direction */
	{0x2028, 0x202E}, /* line and paragraph separators, embeddings */
	{0x2060, 0x206F}, /* joiners, isolates */
	{0xFEFF, 0xFEFF}, /* byte order mark */
};

static bool
is_invisible(pg_wchar character)
{
	for (int i = 0; i < (int) lengthof(invisible); i++)
		if (character >= invisible[i].first && character <= invisible[i].last)
			return true;
	return false;
}

static void
append_escaped_byte(StringInfo shown, unsigned char byte)
{
	switch (byte)
	{
		case '\n':
			appendStringInfoString(shown, "\\n");
			break;
		case '\r':
			appendStringInfoString(shown, "\\r");
			break;
		case '\t':
			appendStringInfoString(shown, "\\t");
			break;
		default:
			appendStringInfo(shown, "\\x%02X", byte);
	}
}

/* Returns whether anything had to be escaped.  In a literal, quotes and backslashes are doubled. */
static bool
append_visible(StringInfo shown, const char *text, int length, bool in_literal)
{
	bool is_utf8 = GetDatabaseEncoding() == PG_UTF8;
	bool any_escaped = false;

	for (int i = 0, n; i < length; i += n)
	{
		unsigned char first = text[i];

		n = Min(pg_mblen(text + i), length - i);
		if (n == 1 && (first < ' ' || first == 0x7F))
		{
			append_escaped_byte(shown, first);
			any_escaped = true;
		}
		else if (n > 1 && is_utf8 &&
				 is_invisible(utf8_to_unicode((const unsigned char *) text + i)))
		{
			appendStringInfo(shown, "\\u%04X", utf8_to_unicode((const unsigned char *) text + i));
			any_escaped = true;
		}
		else
		{
			if (in_literal && n == 1 && (first == '\'' || first == '\\'))
				appendStringInfoChar(shown, first);
			appendBinaryStringInfo(shown, text + i, n);
		}
	}
	return any_escaped;
}

static const char *
visible(const char *text, size_t length, size_t max_bytes)
{
	StringInfoData shown;
	/* Whole characters only; what is longer than an int counts is clipped anyway. */
	int n_shown = pg_mbcliplen(text, (int) Min(length, max_bytes + MAX_MULTIBYTE_CHAR_LEN),
							   (int) Min(length, max_bytes));

	initStringInfo(&shown);
	append_visible(&shown, text, n_shown, false);
	if (length > max_bytes)
		appendStringInfo(&shown, "... (%zu bytes)", length);
	return shown.data;
}

const char *
emoser_shown_part(const char *text, size_t length)
{
	return visible(text, length, EMOSER_MAX_SHOWN_BYTES);
}

const char *
emoser_shown(const char *text)
{
	return emoser_shown_part(text, strlen(text));
}

const char *
emoser_shown_whole(const char *text)
{
	return visible(text, strlen(text), strlen(text));
}

char *
emoser_shown_list(const char *const *names, int n)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < Min(n, MAX_SHOWN_NAMES); i++)
		appendStringInfo(&list, "%s\"%s\"", i > 0 ? ", " : "", emoser_shown(names[i]));
	if (n > MAX_SHOWN_NAMES)
		appendStringInfo(&list, " and %d more", n - MAX_SHOWN_NAMES);
	return list.data;
}

const char *
emoser_shown_literal(const char *text)
{
	size_t length = strlen(text);
	StringInfoData literal;

	if (length > EMOSER_MAX_SHOWN_BYTES)
		return "'...'";
	initStringInfo(&literal);
	appendStringInfoString(&literal, "E'");
	if (!append_visible(&literal, text, (int) length, true))
		return quote_literal_cstr(text);
	appendStringInfoChar(&literal, '\'');
	return literal.data;
}

const char *
emoser_shown_version(const char *name, int version)
{
	return emoser_shown_literal(psprintf("%s@%d", name, version));
}
