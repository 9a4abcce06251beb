/*
 * emodb.c
 *	  emoser_parse_emodb() and emoser_load_emodb(): the Berlin Database of Emotional Speech.
 */
#include "pg/base/glue.h"

#include "access/xact.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "core/audio/emodb.h"
#include "pg/base/own_table.h"
#include "pg/base/server_file.h"
#include "pg/base/shown.h"

/* speaker, sex, age, text_code, sentence, emotion, version */
#define N_NAME_COLUMNS 7

/* The same after file_name and before audio. */
#define N_TABLE_COLUMNS (N_NAME_COLUMNS + 2)

/* Fill the values of a name's columns; NULL where the name says nothing. */
static void
name_columns(const char *file_name, Datum *values, bool *nulls)
{
	EmoEmodbName name;
	const char *texts[N_NAME_COLUMNS] = {NULL};

	memset(values, 0, N_NAME_COLUMNS * sizeof(Datum));
	memset(nulls, true, N_NAME_COLUMNS * sizeof(bool));
	if (!emo_emodb_parse(file_name, &name))
		return;

	texts[0] = name.speaker;
	texts[1] = name.sex;
	texts[3] = name.text_code;
	if (name.sentence != NULL)
		texts[4] = pg_any_to_server(name.sentence, strlen(name.sentence), PG_UTF8);
	texts[5] = name.emotion;
	texts[6] = name.version;
	for (int i = 0; i < N_NAME_COLUMNS; i++)
	{
		nulls[i] = texts[i] == NULL;
		if (!nulls[i])
			values[i] = CStringGetTextDatum(texts[i]);
	}
	if (name.age > 0)
	{
		values[2] = Int32GetDatum(name.age);
		nulls[2] = false;
	}
}

PG_FUNCTION_INFO_V1(emoser_parse_emodb);
Datum
emoser_parse_emodb(PG_FUNCTION_ARGS)
{
	TupleDesc row_type;
	Datum values[N_NAME_COLUMNS];
	bool nulls[N_NAME_COLUMNS];

	if (get_call_result_type(fcinfo, NULL, &row_type) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	name_columns(text_to_cstring(PG_GETARG_TEXT_PP(0)), values, nulls);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row_type), values, nulls)));
}

static void
check_may_read_server_files(void)
{
	if (has_privs_of_role(GetUserId(), ROLE_PG_READ_SERVER_FILES))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("permission denied to read files of the server"),
			 errdetail("Only roles with privileges of the \"pg_read_server_files\" role may load a "
					   "directory of the server."),
			 errhint("Load the recordings from the client instead: the README shows how.")));
}

/* The names in the directory that are of EmoDB's form, sorted; the count of others is told. */
static List *
list_recordings(const char *directory)
{
	DIR *dir = emoser_open_directory(directory);
	struct dirent *entry;
	List *names = NIL;
	EmoEmodbName name;
	int n_others = 0;

	while ((entry = ReadDir(dir, directory)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		if (entry->d_name[0] == '.')
			continue;
		/* Names become text: those of another encoding than the database's are others. */
		if (pg_verifymbstr(entry->d_name, strlen(entry->d_name), true) &&
			emo_emodb_parse(entry->d_name, &name))
			names = lappend(names, makeString(pstrdup(entry->d_name)));
		else
			n_others++;
	}
	FreeDir(dir);

	if (names == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("no EmoDB recordings in directory \"%s\"", emoser_shown(directory)),
				 errdetail("None of its %d files has a name of the form 03a01Fa.wav.", n_others),
				 errhint("Give the folder \"wav\" of the unpacked EmoDB archive.")));
	if (n_others > 0)
		ereport(NOTICE, (errmsg_plural("%d file without a name of EmoDB's form was left out",
									   "%d files without a name of EmoDB's form were left out",
									   n_others, n_others)));
	return names;
}

static int
compare_names(const ListCell *a, const ListCell *b)
{
	return strcmp(strVal(lfirst(a)), strVal(lfirst(b)));
}

static void
execute(const char *command)
{
	if (SPI_execute(command, false, 0) < 0)
		elog(ERROR, "could not execute: %s", command);
}

/* Runs with the caller's rights; no schema before pg_catalog can put other types in. */
static void
create_table(const char *table)
{
	execute(psprintf("CREATE TABLE %s ("
					 "file_name pg_catalog.text PRIMARY KEY, speaker pg_catalog.text, "
					 "sex pg_catalog.text, age pg_catalog.int4, text_code pg_catalog.text, "
					 "sentence pg_catalog.text, emotion pg_catalog.text NOT NULL, "
					 "version pg_catalog.text, audio pg_catalog.bytea NOT NULL)",
					 table));
	/* lz4 and pglz save nothing on speech and cost time at every read. */
	execute(psprintf("ALTER TABLE %s ALTER COLUMN audio SET STORAGE EXTERNAL", table));
	execute(psprintf("COMMENT ON TABLE %s IS 'Recordings named in the manner of EmoDB "
					 "(Burkhardt et al., Interspeech 2005)'",
					 table));
}

static SPIPlanPtr
prepare_insert(const char *table)
{
	Oid types[N_TABLE_COLUMNS] = {TEXTOID, TEXTOID, TEXTOID, INT4OID, TEXTOID,
								  TEXTOID, TEXTOID, TEXTOID, BYTEAOID};
	SPIPlanPtr plan =
		SPI_prepare(psprintf("INSERT INTO %s (file_name, speaker, sex, age, text_code, sentence, "
							 "emotion, version, audio) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
							 "ON CONFLICT (file_name) DO NOTHING",
							 table),
					N_TABLE_COLUMNS, types);

	if (plan == NULL)
		elog(ERROR, "could not prepare the insertion into %s", table);
	return plan;
}

/* True if the row is new. */
static bool
insert_recording(SPIPlanPtr plan, const char *directory, const char *file_name)
{
	Datum values[N_TABLE_COLUMNS];
	bool is_null[N_TABLE_COLUMNS] = {false};
	char nulls[N_TABLE_COLUMNS];

	values[0] = CStringGetTextDatum(file_name);
	name_columns(file_name, values + 1, is_null + 1);
	values[N_TABLE_COLUMNS - 1] =
		PointerGetDatum(emoser_read_file(psprintf("%s/%s", directory, file_name)));
	for (int i = 0; i < N_TABLE_COLUMNS; i++)
		nulls[i] = is_null[i] ? 'n' : ' ';
	if (SPI_execute_plan(plan, values, nulls, false, 0) < 0)
		elog(ERROR, "could not insert \"%s\"", file_name);
	return SPI_processed > 0;
}

PG_FUNCTION_INFO_V1(emoser_load_emodb);
Datum
emoser_load_emodb(PG_FUNCTION_ARGS)
{
	char *directory;
	RangeVar *table;
	char *quoted_table;
	Oid found_table;
	List *file_names;
	ListCell *cell;
	SPIPlanPtr plan;
	MemoryContext row_context;
	int n_new = 0;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("directory and table_name must not be null")));
	directory = text_to_cstring(PG_GETARG_TEXT_PP(0));
	table = emoser_table_of_name(PG_GETARG_TEXT_PP(1));
	quoted_table = table->schemaname != NULL
					   ? quote_qualified_identifier(table->schemaname, table->relname)
					   : pstrdup(quote_identifier(table->relname));

	check_may_read_server_files();
	file_names = list_recordings(directory);
	list_sort(file_names, compare_names);

	SPI_connect();
	found_table = emoser_find_own_table(table);
	if (!OidIsValid(found_table))
	{
		create_table(quoted_table);
		CommandCounterIncrement();
		found_table = emoser_find_own_table(table);
	}
	plan = prepare_insert(OidIsValid(found_table) ? emoser_table_name(found_table) : quoted_table);

	row_context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser recording", ALLOCSET_DEFAULT_SIZES);
	foreach (cell, file_names)
	{
		MemoryContext outer = MemoryContextSwitchTo(row_context);

		CHECK_FOR_INTERRUPTS();
		n_new += insert_recording(plan, directory, strVal(lfirst(cell)));
		MemoryContextSwitchTo(outer);
		MemoryContextReset(row_context);
	}
	SPI_finish();

	ereport(NOTICE, (errmsg("%d recordings loaded into %s, %d were there already", n_new,
							quoted_table, list_length(file_names) - n_new)));
	PG_RETURN_VOID();
}
