/*
 * corpora.c
 *	  emoser_parse_corpus() and emoser_load_corpus(): corpora of emotional speech, whose files are named
 *	  by what they hold; and the same of EmoDB, the Berlin Database of Emotional Speech.
 */
#include "pg/base/glue.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "core/audio/corpus_name.h"
#include "pg/base/options.h"
#include "pg/base/own_table.h"
#include "pg/base/server_file.h"
#include "pg/source/corpus_files.h"

/* In the order of EmoNamePart. */
static const char *const part_columns[EMO_N_NAME_PARTS] = {
	"speaker", "sex", "age", "text_code", "sentence", "emotion", "intensity", "kind", "version",
};

/* What stands between a table's file_name and audio; which parts those are. */
typedef struct Columns
{
	int n;
	EmoNamePart parts[EMO_N_NAME_PARTS];
} Columns;

static Columns
columns_of(const EmoCorpus *corpus)
{
	Columns columns = {0};

	for (int part = 0; part < EMO_N_NAME_PARTS; part++)
		if ((corpus->tells & (1u << part)) != 0)
			columns.parts[columns.n++] = part;
	return columns;
}

static const EmoCorpus *
corpus_argument(FunctionCallInfo fcinfo, int argument)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(argument));
	const EmoCorpus *corpus = emo_find_corpus(name);
	const char **names;

	if (corpus != NULL)
		return corpus;
	names = palloc0((emo_n_corpora + 1) * sizeof(char *));
	for (int i = 0; i < emo_n_corpora; i++)
		names[i] = emo_corpora[i].name;
	(void) emoser_find_word("corpus", name, names);
	pg_unreachable();
}

/* NULL where the name doesn't tell it. */
static const char *
text_of(const EmoCorpusName *name, EmoNamePart part)
{
	const char *text = NULL;

	switch (part)
	{
		case EMO_NAME_SPEAKER:
			text = name->speaker;
			break;
		case EMO_NAME_SEX:
			text = name->sex;
			break;
		case EMO_NAME_TEXT_CODE:
			text = name->text_code;
			break;
		case EMO_NAME_SENTENCE:
			text = pg_any_to_server(name->sentence, strlen(name->sentence), PG_UTF8);
			break;
		case EMO_NAME_EMOTION:
			text = name->emotion;
			break;
		case EMO_NAME_INTENSITY:
			text = name->intensity;
			break;
		case EMO_NAME_KIND:
			text = name->kind;
			break;
		case EMO_NAME_VERSION:
			text = name->version;
			break;
		default:
			break;
	}
	return text == NULL || text[0] == '\0' ? NULL : text;
}

/* The values of a name's columns; NULL where the name says nothing. */
static void
fill_columns(const Columns *columns, const EmoCorpusName *name, Datum *values, bool *nulls)
{
	for (int i = 0; i < columns->n; i++)
	{
		EmoNamePart part = columns->parts[i];
		const char *text = text_of(name, part);

		values[i] = part == EMO_NAME_AGE ? Int32GetDatum(name->age)
					: text != NULL       ? CStringGetTextDatum(text)
										 : (Datum) 0;
		nulls[i] = part == EMO_NAME_AGE ? name->age == 0 : text == NULL;
	}
}

/* The row of a name, with these columns. */
static Datum
parsed_row(FunctionCallInfo fcinfo, const EmoCorpus *corpus, const Columns *columns)
{
	char *file_name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	EmoCorpusName name;
	TupleDesc row_type;
	Datum values[EMO_N_NAME_PARTS] = {0};
	bool nulls[EMO_N_NAME_PARTS];

	if (get_call_result_type(fcinfo, NULL, &row_type) != TYPEFUNC_COMPOSITE ||
		row_type->natts != columns->n)
		elog(ERROR, "unexpected result type of a function that parses names");
	memset(nulls, true, sizeof(nulls));
	if (emo_read_corpus_name(corpus, file_name, &name))
		fill_columns(columns, &name, values, nulls);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row_type), values, nulls));
}

PG_FUNCTION_INFO_V1(emoser_parse_emodb);
Datum
emoser_parse_emodb(PG_FUNCTION_ARGS)
{
	Columns columns = columns_of(emo_emodb());

	return parsed_row(fcinfo, emo_emodb(), &columns);
}

PG_FUNCTION_INFO_V1(emoser_parse_corpus);
Datum
emoser_parse_corpus(PG_FUNCTION_ARGS)
{
	Columns all = {.n = EMO_N_NAME_PARTS};

	for (int part = 0; part < EMO_N_NAME_PARTS; part++)
		all.parts[part] = part;
	return parsed_row(fcinfo, corpus_argument(fcinfo, 1), &all);
}

static void
execute(const char *command)
{
	if (SPI_execute(command, false, 0) < 0)
		elog(ERROR, "could not execute: %s", command);
}

/* Runs with the caller's rights; no schema before pg_catalog can put other types in. */
static void
create_table(const char *table, const EmoCorpus *corpus, const Columns *columns)
{
	StringInfoData command;

	initStringInfo(&command);
	appendStringInfo(&command, "CREATE TABLE %s (file_name pg_catalog.text PRIMARY KEY", table);
	for (int i = 0; i < columns->n; i++)
		appendStringInfo(&command, ", %s %s%s", part_columns[columns->parts[i]],
						 columns->parts[i] == EMO_NAME_AGE ? "pg_catalog.int4" : "pg_catalog.text",
						 columns->parts[i] == EMO_NAME_EMOTION ? " NOT NULL" : "");
	appendStringInfoString(&command, ", audio pg_catalog.bytea NOT NULL)");
	execute(command.data);
	/* lz4 and pglz save nothing on speech and cost time at every read. */
	execute(psprintf("ALTER TABLE %s ALTER COLUMN audio SET STORAGE EXTERNAL", table));
	execute(psprintf("COMMENT ON TABLE %s IS 'Recordings named in the manner of %s'", table,
					 corpus->title));
}

static SPIPlanPtr
prepare_insert(const char *table, const Columns *columns)
{
	Oid types[EMO_N_NAME_PARTS + 2] = {TEXTOID};
	StringInfoData names, values;
	SPIPlanPtr plan;

	initStringInfo(&names);
	initStringInfo(&values);
	for (int i = 0; i < columns->n; i++)
	{
		types[i + 1] = columns->parts[i] == EMO_NAME_AGE ? INT4OID : TEXTOID;
		appendStringInfo(&names, ", %s", part_columns[columns->parts[i]]);
		appendStringInfo(&values, ", $%d", i + 2);
	}
	types[columns->n + 1] = BYTEAOID;
	plan = SPI_prepare(psprintf("INSERT INTO %s (file_name%s, audio) VALUES ($1%s, $%d) "
								"ON CONFLICT (file_name) DO NOTHING",
								table, names.data, values.data, columns->n + 2),
					   columns->n + 2, types);
	if (plan == NULL)
		elog(ERROR, "could not prepare the insertion into %s", table);
	return plan;
}

/* True if the row is new. */
static bool
insert_recording(SPIPlanPtr plan, const EmoCorpus *corpus, const Columns *columns, const char *path)
{
	EmoCorpusName name;
	Datum values[EMO_N_NAME_PARTS + 2] = {0};
	bool is_null[EMO_N_NAME_PARTS + 2] = {false};
	char nulls[EMO_N_NAME_PARTS + 2];

	if (!emo_read_corpus_name(corpus, path, &name))
		elog(ERROR, "\"%s\" is no recording of corpus \"%s\"", path, corpus->name);
	values[0] = CStringGetTextDatum(name.file_name);
	fill_columns(columns, &name, values + 1, is_null + 1);
	values[columns->n + 1] = PointerGetDatum(emoser_read_file(path));
	for (int i = 0; i < columns->n + 2; i++)
		nulls[i] = is_null[i] ? 'n' : ' ';
	if (SPI_execute_plan(plan, values, nulls, false, 0) < 0)
		elog(ERROR, "could not insert \"%s\"", path);
	return SPI_processed > 0;
}

/* How many are new. */
static int
insert_recordings(SPIPlanPtr plan, const EmoCorpus *corpus, const Columns *columns,
				  const List *paths)
{
	MemoryContext row_context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser recording", ALLOCSET_DEFAULT_SIZES);
	ListCell *cell;
	int n_new = 0;

	foreach (cell, paths)
	{
		MemoryContext outer = MemoryContextSwitchTo(row_context);

		CHECK_FOR_INTERRUPTS();
		n_new += insert_recording(plan, corpus, columns, strVal(lfirst(cell)));
		MemoryContextSwitchTo(outer);
		MemoryContextReset(row_context);
	}
	MemoryContextDelete(row_context);
	return n_new;
}

static void
load(const EmoCorpus *corpus, const char *directory, const text *table_name)
{
	Columns columns = columns_of(corpus);
	RangeVar *table = emoser_table_of_name(table_name);
	char *quoted_table = table->schemaname != NULL
							 ? quote_qualified_identifier(table->schemaname, table->relname)
							 : pstrdup(quote_identifier(table->relname));
	Oid found_table;
	List *paths;
	int n_new;

	emoser_check_may_read_server_files(
		"Load the recordings from the client instead: the README shows how.");
	paths = emoser_find_corpus_files(corpus, directory);

	SPI_connect();
	found_table = emoser_find_own_table(table);
	if (!OidIsValid(found_table))
	{
		create_table(quoted_table, corpus, &columns);
		CommandCounterIncrement();
		found_table = emoser_find_own_table(table);
	}
	n_new = insert_recordings(
		prepare_insert(OidIsValid(found_table) ? emoser_table_name(found_table) : quoted_table,
					   &columns),
		corpus, &columns, paths);
	SPI_finish();

	ereport(NOTICE, (errmsg("%d recordings loaded into %s, %d were there already", n_new,
							quoted_table, list_length(paths) - n_new)));
}

PG_FUNCTION_INFO_V1(emoser_load_emodb);
Datum
emoser_load_emodb(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"directory", "table_name"};

	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	load(emo_emodb(), text_to_cstring(PG_GETARG_TEXT_PP(0)), PG_GETARG_TEXT_PP(1));
	PG_RETURN_VOID();
}

/* In SQL without quotes. */
static const text *
table_of_corpus(const EmoCorpus *corpus)
{
	char *name = pstrdup(corpus->name);

	for (char *c = name; *c != '\0'; c++)
		if (*c == '-')
			*c = '_';
	return cstring_to_text(name);
}

PG_FUNCTION_INFO_V1(emoser_load_corpus);
Datum
emoser_load_corpus(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"directory", "corpus"};
	const EmoCorpus *corpus;

	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	corpus = corpus_argument(fcinfo, 1);
	load(corpus, text_to_cstring(PG_GETARG_TEXT_PP(0)),
		 PG_ARGISNULL(2) ? table_of_corpus(corpus) : PG_GETARG_TEXT_PP(2));
	PG_RETURN_VOID();
}
