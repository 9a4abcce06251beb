/*
 * target.c
 *	  The table that the answers of emoser_annotate() go to.
 */
#include "pg/annotate/target.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_collation.h"
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "pg/annotate/run.h"
#include "pg/base/name_lock.h"
#include "pg/base/own_table.h"
#include "pg/base/shown.h"

/* Columns of answers of several kinds. */
#define STATUS_COLUMN                                                                              \
	{                                                                                              \
		"status", TEXTOID, true,                                                                   \
			"ok; no speech: nobody speaks, or less than 0.3 s; error: see error and sqlstate; "    \
			"null: the source had no recording"                                                    \
	}
#define ERROR_COLUMN                                                                               \
	{                                                                                              \
		"error", TEXTOID, false, "why there is no answer"                                          \
	}
#define SQLSTATE_COLUMN                                                                            \
	{                                                                                              \
		"sqlstate", TEXTOID, false, "code of that error"                                           \
	}
#define TIME_COLUMN                                                                                \
	{                                                                                              \
		"annotated_at", TIMESTAMPTZOID, true, "when"                                               \
	}
#define MODEL_COLUMN                                                                               \
	{                                                                                              \
		"model", TEXTOID, true, "name of the model that answered"                                  \
	}
#define VERSION_COLUMN                                                                             \
	{                                                                                              \
		"version", INT4OID, true, "version of that model; 0 is a bundled one"                      \
	}

static const TargetColumn emotion_columns[] = {
	{"emotion", TEXTOID, false,
	 "the most probable one; NULL without an answer, or below min_confidence"},
	{"probability", FLOAT4OID, false, "of that emotion"},
	{"probabilities", JSONBOID, false, "of each emotion"},
	STATUS_COLUMN,
	ERROR_COLUMN,
	SQLSTATE_COLUMN,
	MODEL_COLUMN,
	VERSION_COLUMN,
	TIME_COLUMN};

static const TargetColumn turn_columns[] = {
	{"turn", INT4OID, true, "from 1, by start_s; 0 in the row of a recording without any"},
	{"channel", INT4OID, false, "as of emoser_turns(), as the columns up to level_dbfs are"},
	{"start_s", FLOAT8OID, false, "where it begins, in seconds"},
	{"end_s", FLOAT8OID, false, "where it ends"},
	{"speaker", TEXTOID, false, "who speaks, where that is known"},
	{"emotion", TEXTOID, false,
	 "the most probable one; NULL with too little speech, or below min_confidence"},
	{"probability", FLOAT4OID, false, "of that emotion"},
	{"probabilities", JSONBOID, false, "of each emotion"},
	{"speech_s", FLOAT8OID, false, "how much of the turn is speech, in seconds"},
	{"level_dbfs", FLOAT4OID, false, "its level, 0 for a square wave at full scale"},
	STATUS_COLUMN,
	ERROR_COLUMN,
	SQLSTATE_COLUMN,
	MODEL_COLUMN,
	VERSION_COLUMN,
	TIME_COLUMN};

static const TargetColumn feature_columns[] = {
	{"features", FLOAT4ARRAYOID, false, "of emoser_features()"},
	STATUS_COLUMN,
	ERROR_COLUMN,
	SQLSTATE_COLUMN,
	{"version", INT4OID, true, "version of the features, as emoser_models.feature_version"},
	TIME_COLUMN};

static const struct
{
	const TargetColumn *columns;
	int n;
} kinds[] = {[ANNOTATE_EMOTION] = {emotion_columns, lengthof(emotion_columns)},
			 [ANNOTATE_TURNS] = {turn_columns, lengthof(turn_columns)},
			 [ANNOTATE_FEATURES] = {feature_columns, lengthof(feature_columns)}};

const TargetColumn *
emoser_target_columns(AnnotationKind kind, int *n)
{
	*n = kinds[kind].n;
	return kinds[kind].columns;
}

static char *
collation_text(Oid oid)
{
	HeapTuple row = SearchSysCache1(COLLOID, ObjectIdGetDatum(oid));
	Form_pg_collation found;
	char *text;

	if (!HeapTupleIsValid(row))
		elog(ERROR, "collation %u was not found", oid);
	found = (Form_pg_collation) GETSTRUCT(row);
	text = psprintf("%s.%s", emoser_sql_quoted(get_namespace_name(found->collnamespace)),
					emoser_sql_quoted(NameStr(found->collname)));
	ReleaseSysCache(row);
	return text;
}

/* The type of a key as SQL, with its length and collation. */
static char *
key_definition(const AnnotationKey *key)
{
	char *type = format_type_extended(key->type, key->typmod,
									  FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY);

	/* It is quoted, and may have any name. */
	(void) emoser_sql_quoted(type);
	if (!OidIsValid(key->collation))
		return type;
	return psprintf("%s COLLATE %s", type, collation_text(key->collation));
}

/* The columns that are its key, quoted. */
static char *
key_columns(const Annotation *annotation)
{
	return psprintf("%s%s", emoser_sql_quoted(annotation->key.column),
					annotation->kind == ANNOTATE_TURNS ? ", turn" : "");
}

static void
comment_on(Sql *sql, const Annotation *annotation, const char *column, const char *comment)
{
	(void) emoser_sql_run(sql,
						  psprintf("COMMENT ON COLUMN %s.%s IS %s", annotation->target_name,
								   emoser_sql_quoted(column), quote_literal_cstr(comment)),
						  SQL_NO_VALUES);
}

static void
create(const Annotation *annotation)
{
	int n;
	const TargetColumn *columns = emoser_target_columns(annotation->kind, &n);
	StringInfoData text;
	Sql sql;

	emoser_sql_begin(&sql, annotation->function);
	initStringInfo(&text);
	appendStringInfo(&text, "CREATE TABLE %s (%s %s", annotation->target_name,
					 emoser_sql_quoted(annotation->key.column), key_definition(&annotation->key));
	for (int i = 0; i < n; i++)
		appendStringInfo(&text, ", %s %s%s", columns[i].name, format_type_be(columns[i].type),
						 columns[i].is_required ? " NOT NULL" : "");
	appendStringInfo(&text, ", PRIMARY KEY (%s))", key_columns(annotation));
	(void) emoser_sql_run(&sql, text.data, SQL_NO_VALUES);
	if (annotation->kind == ANNOTATE_FEATURES)
		(void) emoser_sql_run(&sql,
							  psprintf("ALTER TABLE %s ALTER features SET STORAGE EXTERNAL, "
									   "ALTER features SET STATISTICS 0",
									   annotation->target_name),
							  SQL_NO_VALUES);
	(void) emoser_sql_run(
		&sql,
		psprintf("COMMENT ON TABLE %s IS 'made by emoser_annotate()'", annotation->target_name),
		SQL_NO_VALUES);
	comment_on(&sql, annotation, annotation->key.column, "of the row of the source");
	for (int i = 0; i < n; i++)
		comment_on(&sql, annotation, columns[i].name, columns[i].comment);
	emoser_sql_end(&sql);
}

static void
check_column(TupleDesc columns, const char *name, Oid type)
{
	int column = emoser_find_column(columns, "the target has", name);
	Oid actual;

	if (column == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("the target has no column \"%s\"", emoser_shown(name)),
				 errhint("Name a table that is not there yet: it is made as it has to be.")));
	actual = getBaseType(TupleDescAttr(columns, column - 1)->atttypid);
	if (actual != type)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("column \"%s\" of the target is of type %s", emoser_shown(name),
							   format_type_be(actual)),
						errdetail("It must be of type %s.", format_type_be(type))));
}

/* ON CONFLICT needs an index that is neither partial nor deferred. */
static void
check_unique(const Annotation *annotation, TupleDesc columns)
{
	bool is_turns = annotation->kind == ANNOTATE_TURNS;
	int turn = is_turns ? emoser_find_column(columns, "the target has", "turn") : 0;
	Sql sql;

	emoser_sql_begin(&sql, annotation->function);
	if (emoser_sql_run(
			&sql,
			"SELECT FROM pg_index WHERE indrelid = $1 AND indisunique AND indisvalid "
			"AND indimmediate AND indpred IS NULL AND indexprs IS NULL AND "
			"indnkeyatts::integer = $2 AND $3 = ANY (indkey) AND ($4 = 0 OR $4 = ANY (indkey))",
			SQL_VALUES(
				sql_oid(annotation->target), sql_int4(is_turns ? 2 : 1),
				sql_int4(emoser_find_column(columns, "the target has", annotation->key.column)),
				sql_int4(turn))) == 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_TABLE_DEFINITION),
			 errmsg("the target has no primary key (%s)", emoser_shown(key_columns(annotation))),
			 errhint("Name a table that is not there yet: it is made as it has to be.")));
	emoser_sql_end(&sql);
}

static void
check(const Annotation *annotation)
{
	int n;
	const TargetColumn *wanted = emoser_target_columns(annotation->kind, &n);
	Relation table = table_open(annotation->target, AccessShareLock);
	TupleDesc columns = CreateTupleDescCopy(RelationGetDescr(table));

	table_close(table, NoLock);
	check_column(columns, annotation->key.column, annotation->key.type);
	for (int i = 0; i < n; i++)
		check_column(columns, wanted[i].name, wanted[i].type);
	check_unique(annotation, columns);
}

/* A column of answers can't be the key as well. */
static void
check_key_name(const Annotation *annotation)
{
	int n;
	const TargetColumn *columns = emoser_target_columns(annotation->kind, &n);

	for (int i = 0; i < n; i++)
		if (strcmp(columns[i].name, annotation->key.column) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("the key of the source has the name of a column of answers, \"%s\"",
							emoser_shown(columns[i].name)),
					 errhint("Give a query that calls it otherwise as the source.")));
}

void
emoser_find_target(Annotation *annotation, const char *name)
{
	RangeVar *table = emoser_table_of_name(cstring_to_text(name));
	LOCKTAG making;

	check_key_name(annotation);
	annotation->target = emoser_find_own_table(table);
	if (!OidIsValid(annotation->target))
	{
		annotation->target_name = emoser_new_table_name(table);
		/* Sessions that are called at the same time make it once. */
		making = emoser_name_lock_tag(emoser_annotations_table(annotation->function),
									  annotation->target_name);
		emoser_lock_name(&making);
		annotation->target = emoser_find_own_table(table);
	}
	if (!OidIsValid(annotation->target))
	{
		create(annotation);
		CommandCounterIncrement();
		annotation->target = emoser_find_own_table(table);
	}
	annotation->target_name = emoser_table_name(annotation->target);
	check(annotation);
}

/* What becomes of rows that the target has already. */
static char *
on_conflict(const Annotation *annotation)
{
	int n;
	const TargetColumn *columns = emoser_target_columns(annotation->kind, &n);
	StringInfoData text;

	if (annotation->kind == ANNOTATE_TURNS ||
		!(annotation->options.redo_older || annotation->options.retry_failed))
		return "DO NOTHING";
	initStringInfo(&text);
	for (int i = 0; i < n; i++)
		appendStringInfo(&text, "%s %s = EXCLUDED.%s", i == 0 ? "DO UPDATE SET" : ",",
						 columns[i].name, columns[i].name);
	return text.data;
}

static char *
insertion_of(const Annotation *annotation)
{
	int n;
	const TargetColumn *columns = emoser_target_columns(annotation->kind, &n);
	StringInfoData text, parameters;

	initStringInfo(&text);
	initStringInfo(&parameters);
	appendStringInfo(&text, "INSERT INTO %s (%s", annotation->target_name,
					 emoser_sql_quoted(annotation->key.column));
	for (int i = 0; i < n; i++)
	{
		appendStringInfo(&text, ", %s", columns[i].name);
		appendStringInfo(&parameters, ", $%d", i + 2);
	}
	appendStringInfo(&text, ") VALUES ($1%s) ON CONFLICT (%s) %s", parameters.data,
					 key_columns(annotation), on_conflict(annotation));
	return text.data;
}

void
emoser_target_remove(TargetWriter *writer, Datum key)
{
	const Annotation *annotation = writer->annotation;

	/* Of one row each, what is there is overwritten. */
	if (annotation->kind != ANNOTATE_TURNS ||
		!(annotation->options.redo_older || annotation->options.retry_failed))
		return;
	if (writer->removal == NULL)
		writer->removal =
			psprintf("DELETE FROM %s AS target WHERE target.%s %s $1", annotation->target_name,
					 emoser_sql_quoted(annotation->key.column), annotation->key.equal);
	(void) emoser_sql_run_again(writer->sql, &writer->remove, writer->removal,
								SQL_VALUES(sql_value(annotation->key.type, key)));
}

bool
emoser_target_insert(TargetWriter *writer, Datum key, const SqlValue *values)
{
	SqlValue all[1 + EMOSER_MAX_TARGET_COLUMNS];
	int n;

	(void) emoser_target_columns(writer->annotation->kind, &n);
	all[0] = sql_value(writer->annotation->key.type, key);
	memcpy(all + 1, values, n * sizeof(SqlValue));
	if (writer->insertion == NULL)
		writer->insertion = insertion_of(writer->annotation);
	return emoser_sql_run_again(writer->sql, &writer->insert, writer->insertion, all, n + 1) > 0;
}
