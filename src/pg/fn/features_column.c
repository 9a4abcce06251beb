/*
 * features_column.c
 *	  emoser_add_features_column(): where features are stored.
 */
#include "pg/base/sql.h"

#include "catalog/pg_class.h"
#include "utils/lsyscache.h"

#include "pg/base/own_table.h"
#include "pg/base/shown.h"

enum
{
	ARG_TABLE,
	ARG_COLUMN,
	ARG_RECORDING
};

/* What the column is made of: nothing if recording is NULL. */
static char *
generation(const char *recording)
{
	if (recording == NULL)
		return "";
	return psprintf(" GENERATED ALWAYS AS (@extschema@.emoser_features(%s, NULL::integer, "
					"'null'::text, 'null'::text)) STORED",
					emoser_sql_quoted(recording));
}

static void
check_recording(Oid table, const char *recording)
{
	AttrNumber column = get_attnum(table, recording);
	Oid type;

	if (column == InvalidAttrNumber)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
						errmsg("the table has no column \"%s\"", emoser_shown(recording))));
	type = getBaseType(get_atttype(table, column));
	if (type != BYTEAOID)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("column \"%s\" of the table is of type %s", emoser_shown(recording),
							   format_type_be(type)),
						errdetail("Recordings are of type %s.", format_type_be(BYTEAOID))));
}

PG_FUNCTION_INFO_V1(emoser_add_features_column);
Datum
emoser_add_features_column(PG_FUNCTION_ARGS)
{
	static const char *const argument_names[] = {"table_name", "column_name"};
	const char *column, *recording = NULL;
	Oid table;
	Sql sql;

	emoser_check_no_nulls(fcinfo, argument_names, lengthof(argument_names));
	table = PG_GETARG_OID(ARG_TABLE);
	column = NameStr(*PG_GETARG_NAME(ARG_COLUMN));
	if (get_rel_name(table) == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
						errmsg("relation with OID %u does not exist", table)));
	if (!PG_ARGISNULL(ARG_RECORDING))
	{
		recording = NameStr(*PG_GETARG_NAME(ARG_RECORDING));
		check_recording(table, recording);
	}
	emoser_sql_begin(&sql, fcinfo->flinfo->fn_oid);
	/* Three statements: in one of them, the column is not there yet for the others. */
	(void) emoser_sql_run(&sql,
						  psprintf("ALTER TABLE %s ADD COLUMN %s real[]%s",
								   emoser_table_name(table), emoser_sql_quoted(column),
								   generation(recording)),
						  SQL_NO_VALUES);
	(void) emoser_sql_run(&sql,
						  psprintf("ALTER TABLE %s ALTER COLUMN %s SET STORAGE EXTERNAL, "
								   "ALTER COLUMN %s SET STATISTICS 0",
								   emoser_table_name(table), emoser_sql_quoted(column),
								   emoser_sql_quoted(column)),
						  SQL_NO_VALUES);
	(void) emoser_sql_run(&sql,
						  psprintf("COMMENT ON COLUMN %s.%s IS 'of emoser_features()'",
								   emoser_table_name(table), emoser_sql_quoted(column)),
						  SQL_NO_VALUES);
	emoser_sql_end(&sql);
	PG_RETURN_VOID();
}
