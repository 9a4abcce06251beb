/*
 * sql_values.c
 *	  What a statement has returned.
 */
#include "pg/base/sql.h"

#include <math.h>

/* What somebody's trigger or rule has made nothing of isn't there, as with INSERT ... RETURNING. */
static HeapTuple
get_row(const Sql *sql, uint64 row)
{
	if (sql->table == NULL || row >= sql->table->numvals)
		ereport(ERROR, (errcode(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION),
						errmsg("a row of the extension's tables is missing after it was stored"),
						errdetail("A trigger or rule on the table has left it out.")));
	return sql->table->vals[row];
}

Datum
emoser_sql_datum(const Sql *sql, uint64 row, int column, bool *is_null)
{
	return SPI_getbinval(get_row(sql, row), sql->table->tupdesc, column, is_null);
}

bool
emoser_sql_is_null(const Sql *sql, uint64 row, int column)
{
	bool is_null;

	(void) emoser_sql_datum(sql, row, column, &is_null);
	return is_null;
}

char *
emoser_sql_text(const Sql *sql, uint64 row, int column)
{
	MemoryContext inner = MemoryContextSwitchTo(sql->outer);
	char *text = SPI_getvalue(get_row(sql, row), sql->table->tupdesc, column);

	MemoryContextSwitchTo(inner);
	return text;
}

struct varlena *
emoser_sql_varlena(const Sql *sql, uint64 row, int column)
{
	bool is_null;
	Datum datum = emoser_sql_datum(sql, row, column, &is_null);
	MemoryContext inner = MemoryContextSwitchTo(sql->outer);
	struct varlena *value = is_null ? NULL : PG_DETOAST_DATUM_COPY(datum);

	MemoryContextSwitchTo(inner);
	return value;
}

bool
emoser_sql_bool(const Sql *sql, uint64 row, int column)
{
	bool is_null;
	Datum datum = emoser_sql_datum(sql, row, column, &is_null);

	return !is_null && DatumGetBool(datum);
}

int32
emoser_sql_int4(const Sql *sql, uint64 row, int column)
{
	bool is_null;
	Datum datum = emoser_sql_datum(sql, row, column, &is_null);

	return is_null ? 0 : DatumGetInt32(datum);
}

int64
emoser_sql_int8(const Sql *sql, uint64 row, int column)
{
	bool is_null;
	Datum datum = emoser_sql_datum(sql, row, column, &is_null);

	return is_null ? 0 : DatumGetInt64(datum);
}

double
emoser_sql_float8(const Sql *sql, uint64 row, int column)
{
	bool is_null;
	Datum datum = emoser_sql_datum(sql, row, column, &is_null);

	return is_null ? NAN : DatumGetFloat8(datum);
}
