/*
 * sql.h
 *	  All SQL that the extension runs.
 *
 * Its own statements are plain SQL.  They run with the caller's rights, and with a search_path of
 * pg_catalog and pg_temp, so that each name, operator and overload is the server's whatever is in
 * the caller's search_path.  What belongs to the extension is written @extschema@.name, its functions
 * with all of their arguments, in their order and of just their types: no overload that somebody has
 * put into that schema fits better then.  Statements that a user has given as a source run with the
 * search_path of that user, as cursors, and are never part of another statement.
 *
 *	  Sql sql;
 *
 *	  emoser_sql_begin(&sql, function);
 *	  if (emoser_sql_read(&sql, "SELECT version FROM @extschema@.emoser_models WHERE name = $1",
 *						  SQL_VALUES(sql_text(name))) > 0)
 *		  version = emoser_sql_int4(&sql, 0, 1);
 *	  emoser_sql_end(&sql);
 */
#ifndef EMOSER_SQL_H
#define EMOSER_SQL_H

#include "pg/base/glue.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

/* Statements from emoser_sql_begin() to emoser_sql_end(). */
typedef struct Sql
{
	Oid function;         /* any of the extension, which is in the schema @extschema@ */
	MemoryContext outer;  /* the caller's, where values are put that are taken from rows */
	SPITupleTable *table; /* what the last statement returned; NULL: nothing */
	uint64 n_rows;        /* that the last statement returned or touched */
} Sql;

/* A parameter. */
typedef struct SqlValue
{
	Oid type;
	Datum datum;
	bool is_null;
} SqlValue;

/* The parameters $1, $2, ... of a statement, as two arguments. */
#define SQL_VALUES(...)                                                                            \
	(const SqlValue[]){__VA_ARGS__},                                                               \
		(int) (sizeof((const SqlValue[]){__VA_ARGS__}) / sizeof(SqlValue))
#define SQL_NO_VALUES NULL, 0

static inline SqlValue
sql_value(Oid type, Datum datum)
{
	return (SqlValue){.type = type, .datum = datum};
}

static inline SqlValue
sql_null(Oid type)
{
	return (SqlValue){.type = type, .is_null = true};
}

/* text may be NULL, as may what other pointers point to. */
static inline SqlValue
sql_text(const char *text)
{
	return text == NULL ? sql_null(TEXTOID) : sql_value(TEXTOID, CStringGetTextDatum(text));
}

static inline SqlValue
sql_jsonb(Jsonb *json)
{
	return json == NULL ? sql_null(JSONBOID) : sql_value(JSONBOID, JsonbPGetDatum(json));
}

static inline SqlValue
sql_varlena(Oid type, const void *value)
{
	return value == NULL ? sql_null(type) : sql_value(type, PointerGetDatum(value));
}

static inline SqlValue
sql_bool(bool value)
{
	return sql_value(BOOLOID, BoolGetDatum(value));
}

static inline SqlValue
sql_oid(Oid oid)
{
	return sql_value(OIDOID, ObjectIdGetDatum(oid));
}

static inline SqlValue
sql_int4(int32 number)
{
	return sql_value(INT4OID, Int32GetDatum(number));
}

static inline SqlValue
sql_int8(int64 number)
{
	return sql_value(INT8OID, Int64GetDatum(number));
}

static inline SqlValue
sql_float8(double number)
{
	return sql_value(FLOAT8OID, Float8GetDatum(number));
}

/* NULL in the place of a value that isn't there. */
static inline SqlValue
sql_if(bool is_present, SqlValue value)
{
	value.is_null = value.is_null || !is_present;
	return value;
}

/*
 * The current memory context becomes one of its own until emoser_sql_end().  Between the two, other
 * code may do the same.
 */
extern void emoser_sql_begin(Sql *sql, Oid function);

/* In a procedure that commits in between if may_commit is set. */
extern void emoser_sql_begin_procedure(Sql *sql, Oid function, bool may_commit);

/* The memory context is that of emoser_sql_begin() again. */
extern void emoser_sql_end(Sql *sql);

/* Commit and begin a new transaction, in a procedure that may; with the caller's SET LOCAL ROLE. */
extern void emoser_sql_commit(void);

/*
 * Run a statement; returns sql->n_rows.  What is read is as the caller's snapshot has it.  A statement
 * that is run is one as in a VOLATILE function: it may write, and sees what was committed meanwhile.
 */
extern uint64 emoser_sql_read(Sql *sql, const char *statement, const SqlValue *values,
							  int n_values);
extern uint64 emoser_sql_run(Sql *sql, const char *statement, const SqlValue *values, int n_values);

/*
 * The same as the owner of a table of the extension, and with all that is committed by now in sight,
 * whatever the isolation level: for what has to hold between all users, as foreign keys do it.  In
 * parallel mode it is what the statement sees.
 */
extern uint64 emoser_sql_read_as_owner(Sql *sql, Oid table, const char *statement,
									   const SqlValue *values, int n_values);
extern uint64 emoser_sql_run_as_owner(Sql *sql, Oid table, const char *statement,
									  const SqlValue *values, int n_values);

/* A function of the extension that has no arguments. */
extern Oid emoser_sql_function(Oid function, const char *name);

/* The name of something in the schema of the extension, quoted, to be shown to a user. */
extern char *emoser_sql_name(Oid function, const char *name);

/* Any function of the extension, where none is at hand. */
extern Oid emoser_sql_any_function(void);

/* The same where no function of the extension is at hand. */
extern char *emoser_sql_extension_name(const char *name);

/*
 * A name of the user's in a statement of ours, quoted as needed.  Raises INVALID_NAME for one in which the
 * schema would be put.
 */
extern const char *emoser_sql_quoted(const char *name);

/* A plan that a backend keeps, in a static variable that starts as zeros. */
typedef struct SqlPlan
{
	SPIPlanPtr plan; /* NULL: not prepared yet */
	char *schema;    /* that @extschema@ stood for */
} SqlPlan;

/* As emoser_sql_read(), for a statement that is run often; always the same one for a plan. */
extern uint64 emoser_sql_read_kept(Sql *sql, SqlPlan *kept, const char *statement,
								   const SqlValue *values, int n_values);

/*
 * As emoser_sql_run(), for a statement that is run often between emoser_sql_begin() and
 * emoser_sql_end(): plan starts as zeros, and is gone with the latter.
 */
extern uint64 emoser_sql_run_again(Sql *sql, SqlPlan *plan, const char *statement,
								   const SqlValue *values, int n_values);

/* Columns count from 1, rows from 0.  A NULL is an empty datum. */
extern Datum emoser_sql_datum(const Sql *sql, uint64 row, int column, bool *is_null);

/* Any column as text, palloc'd in the caller's memory; NULL for NULL. */
extern char *emoser_sql_text(const Sql *sql, uint64 row, int column);

/* Likewise, detoasted: a column of a type with a header. */
extern struct varlena *emoser_sql_varlena(const Sql *sql, uint64 row, int column);

static inline Jsonb *
emoser_sql_jsonb(const Sql *sql, uint64 row, int column)
{
	return (Jsonb *) emoser_sql_varlena(sql, row, column);
}

/* Columns of these types; false and 0 for NULL, but NaN as a double. */
extern bool emoser_sql_bool(const Sql *sql, uint64 row, int column);
extern int32 emoser_sql_int4(const Sql *sql, uint64 row, int column);
extern int64 emoser_sql_int8(const Sql *sql, uint64 row, int column);
extern double emoser_sql_float8(const Sql *sql, uint64 row, int column);

extern bool emoser_sql_is_null(const Sql *sql, uint64 row, int column);

/*
 * The columns of a query that the user has given, palloc'd, without running it.  As whatever follows, it is
 * resolved with the search_path of the user.
 */
extern TupleDesc emoser_sql_source_row_type(const char *query);

/* Whether such a query may be run several times for the same rows, see emoser_is_repeatable(). */
extern bool emoser_sql_source_is_repeatable(const char *query);

/*
 * A read-only cursor over such a query.  It has its columns in tupDesc, and its rows are either fetched by
 * emoser_sql_fetch() or run through by emoser_sql_run_source(), which alone runs parallel plans.  Operators
 * that are ours in it are written with their schema.
 */
extern Portal emoser_sql_open_source(const char *query, const SqlValue *values, int n_values,
									 bool may_be_parallel);

/* The next rows, at most n of them, as SPI_tuptable; returns how many. */
extern uint64 emoser_sql_fetch(Portal portal, long n);

/* Hand all rows to a receiver.  The cursor has none any more then. */
extern void emoser_sql_run_source(Portal portal, DestReceiver *receiver);

/*
 * A statement that reads a source as a whole, and may be run by parallel workers: planned as if starting
 * them and moving rows cost nothing, since what is done to a row takes long.  has_branches: of a UNION ALL,
 * which they share.  It is run with the search_path
 * of the user, so that all that is ours in it is written with its schema.  *cost is what the planner
 * expects, *is_parallel whether it has workers.  Until the end of SPI.
 */
extern SPIPlanPtr emoser_sql_plan_for_workers(const char *statement, const Oid *types, int n_types,
											  bool has_branches, double *cost, bool *is_parallel);

/* The same by one process, so that rows come as they lie. */
extern SPIPlanPtr emoser_sql_plan_in_order(const char *statement);

typedef void (*SqlRowFunction)(void *argument, TupleTableSlot *row);

/* Run it, and hand over its rows, one after the other, as they come. */
extern void emoser_sql_run_planned(SPIPlanPtr plan, const SqlValue *values, int n_values,
								   SqlRowFunction take, void *argument);

#endif
