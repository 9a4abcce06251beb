/*
 * source.c
 *	  The source argument of emoser_train(): a table or query, and its columns.
 */
#include "pg/source/source.h"

#include <ctype.h>

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

/* Of a source in a message. */
#define MAX_SHOWN_BYTES 200

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
			(starts[i][0] == '(' || isspace((unsigned char) source[length]) ||
			 source[length] == '('))
			return true;
	}
	return false;
}

/* The parts of "database.schema.table". */
static List *
split_name(const char *source)
{
	List *parts;
	List *names = NIL;
	ListCell *cell;

	if (!SplitIdentifierString(pstrdup(source), '.', &parts) || parts == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("source \"%.*s\" is neither a table nor a query",
						pg_mbcliplen(source, strlen(source), MAX_SHOWN_BYTES), source),
				 errhint("Give the name of a table, in double quotes if it has other characters "
						 "than letters and digits, or a query that begins with SELECT, VALUES, "
						 "TABLE or WITH.")));
	foreach (cell, parts)
		names = lappend(names, makeString(pstrdup(lfirst(cell))));
	return names;
}

char *
emoser_source_item(const char *source)
{
	List *names;
	size_t length = strlen(source);

	if (!is_query(source))
	{
		names = split_name(source);
		/* Refuses more than database, schema and table. */
		(void) makeRangeVarFromNameList(names);
		return psprintf("%s AS source", NameListToQuotedString(names));
	}
	while (length > 0 && (isspace((unsigned char) source[length - 1]) || source[length - 1] == ';'))
		length--;
	/* The line break ends a comment at the end of the query. */
	return psprintf("(%.*s\n) AS source", (int) length, source);
}

static char *
list_columns(TupleDesc columns)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < columns->natts; i++)
		appendStringInfo(&list, "%s\"%s\"", i > 0 ? ", " : "",
						 NameStr(TupleDescAttr(columns, i)->attname));
	return list.data;
}

static int
find_column(TupleDesc columns, const char *name)
{
	int number = SPI_fnumber(columns, name);

	return number > 0 ? number : 0;
}

static void
missing_column(TupleDesc columns, const char *names)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN), errmsg("the source has no column %s", names),
			 errdetail("Its columns are %s.", list_columns(columns)),
			 errhint("A source has the columns \"emotion\", and \"audio\" (bytea) or \"features\" "
					 "(real[]), and optionally \"speaker\"; name them with AS in a query.")));
}

static void
check_column_type(TupleDesc columns, int column, Oid type)
{
	Oid actual;

	if (column == 0)
		return;
	actual = SPI_gettypeid(columns, column);
	if (actual != type)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("column \"%s\" of the source is of type %s",
							   NameStr(TupleDescAttr(columns, column - 1)->attname),
							   format_type_be(actual)),
						errdetail("It must be of type %s.", format_type_be(type)),
						errhint("Give a query as the source and cast the column in it.")));
}

SourceColumns
emoser_source_columns(TupleDesc columns, bool wants_audio)
{
	SourceColumns found = {.audio = find_column(columns, "audio"),
						   .features = find_column(columns, "features"),
						   .emotion = find_column(columns, "emotion"),
						   .speaker = find_column(columns, "speaker"),
						   .id = find_column(columns, "id")};

	if (found.emotion == 0)
		missing_column(columns, "\"emotion\"");
	if (found.audio == 0 && wants_audio)
		missing_column(columns, "\"audio\"");
	if (found.audio == 0 && found.features == 0)
		missing_column(columns, "\"audio\" or \"features\"");
	check_column_type(columns, found.audio, BYTEAOID);
	check_column_type(columns, found.features, FLOAT4ARRAYOID);
	if (wants_audio)
		found.features = 0;
	else if (found.features != 0)
		found.audio = 0;
	return found;
}

void
emoser_require_column(TupleDesc columns, const char *name, Oid type)
{
	int column = find_column(columns, name);

	if (column == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN), errmsg("the source has no column \"%s\"", name),
				 errdetail("Its columns are %s.", list_columns(columns))));
	if (OidIsValid(type))
		check_column_type(columns, column, type);
}

int64
emoser_count_source(const char *item)
{
	bool is_null;

	if (SPI_execute(psprintf("SELECT pg_catalog.count(*) FROM %s", item), true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not count the rows of the source");
	return DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
}
