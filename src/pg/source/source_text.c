/*
 * source_text.c
 *	  The text of a source: a query, or the name of a table.
 */
#include "pg/source/source.h"

#include <ctype.h>

#include "catalog/namespace.h"
#include "utils/lsyscache.h"
#include "utils/varlena.h"

#include "pg/base/shown.h"

/* Past white space and comments; nested comments don't come before what people type. */
static const char *
skip_comments(const char *source)
{
	for (;;)
	{
		const char *end;

		while (isspace((unsigned char) *source))
			source++;
		if (strncmp(source, "--", 2) == 0)
			end = strchr(source, '\n');
		else if (strncmp(source, "/*", 2) == 0 && (end = strstr(source + 2, "*/")) != NULL)
			end += 2;
		else
			return source;
		if (end == NULL)
			return source;
		source = end;
	}
}

/* What may follow such a word without a blank, as in SELECT*FROM calls. */
static bool
ends_word(char next)
{
	return isspace((unsigned char) next) || (next != '\0' && strchr("(*\"'", next) != NULL);
}

/* True for "SELECT ...", "with ...": a word that starts a query, and something after it. */
static bool
is_query(const char *source)
{
	static const char *const starts[] = {"select", "with", "values", "table", "("};

	source = skip_comments(source);
	for (int i = 0; i < (int) lengthof(starts); i++)
	{
		size_t length = strlen(starts[i]);

		if (pg_strncasecmp(source, starts[i], length) == 0 &&
			(starts[i][0] == '(' || ends_word(source[length])))
			return true;
	}
	return false;
}

static void
raise_no_source(const char *source)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_NAME),
					errmsg("source \"%s\" is neither a table nor a query", emoser_shown(source)),
					errhint("Give the name of a table, in double quotes if it has other characters "
							"than letters and digits, or a query that begins with SELECT, VALUES, "
							"TABLE or WITH.")));
}

/* The parts of "database.schema.table"; NIL for what is no name. */
static List *
split_name(const char *source)
{
	List *parts, *names = NIL;
	ListCell *cell;

	if (!SplitIdentifierString(pstrdup(source), '.', &parts))
		return NIL;
	foreach (cell, parts)
		names = lappend(names, makeString(pstrdup(lfirst(cell))));
	return names;
}

bool
emoser_is_source(const char *text)
{
	List *names;
	Oid schema;

	if (is_query(text))
		return true;
	names = split_name(text);
	if (list_length(names) == 1)
		return OidIsValid(RelnameGetRelid(strVal(linitial(names))));
	/* Of another database there is nothing. */
	if (list_length(names) != 2)
		return false;
	schema = LookupNamespaceNoError(strVal(linitial(names)));
	return OidIsValid(schema) && OidIsValid(get_relname_relid(strVal(lsecond(names)), schema));
}

char *
emoser_source_item(const char *text)
{
	List *names;
	size_t length = strlen(text);

	if (!is_query(text))
	{
		names = split_name(text);
		if (names == NIL)
			raise_no_source(text);
		/* Refuses more than database, schema and table. */
		(void) makeRangeVarFromNameList(names);
		return psprintf("%s AS source", NameListToQuotedString(names));
	}
	while (length > 0 && (isspace((unsigned char) text[length - 1]) || text[length - 1] == ';'))
		length--;
	/* The line break ends a comment at the end of the query. */
	return psprintf("(%.*s\n) AS source", (int) length, text);
}
