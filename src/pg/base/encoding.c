/*
 * encoding.c
 *	  Texts of the database as the core and files take them.
 */
#include "pg/base/encoding.h"

#include "mb/pg_wchar.h"
#include "parser/scansup.h"

char *
emoser_utf8_text(const char *text)
{
	const char *utf8 = text;

	/* Nothing is known of bytes in SQL_ASCII; they go as they are. */
	if (GetDatabaseEncoding() != PG_SQL_ASCII)
		utf8 = pg_server_to_any(text, strlen(text), PG_UTF8);
	return utf8 == text ? pstrdup(text) : unconstify(char *, utf8);
}

char *
emoser_trimmed(char *text)
{
	size_t length;

	while (scanner_isspace(*text))
		text++;
	length = strlen(text);
	while (length > 0 && scanner_isspace(text[length - 1]))
		length--;
	text[length] = '\0';
	return text;
}
