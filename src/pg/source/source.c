/*
 * source.c
 *	  The source of a training or evaluation: a table or query, and its rows.
 */
#include "pg/source/source.h"

#include "executor/tuptable.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/portal.h"

#include "pg/base/sql.h"

/*
 * Rows are fetched together, as many as are likely to have so many bytes: a query may give values
 * of hundreds of megabytes.
 */
#define FETCH_BYTES    (1024 * 1024)
#define MAX_FETCH_ROWS 50

struct Source
{
	char *item;    /* of a FROM clause; NULL for a statement */
	Portal cursor; /* NULL before the first row, and after the last one */
	TupleDesc row_type;
	bool *is_used;          /* [row_type->natts] */
	bool uses_columns;      /* one at least */
	const char *expression; /* NULL: none */
	bool in_order;          /* rows come in the order of the query, without workers */
	int64 estimated_rows;
	SPITupleTable *fetched; /* NULL before the first fetch */
	uint64 n_fetched, next;
	int64 row_number;
	bool was_read;

	Tuplestorestate *kept; /* NULL: rows are gone once they were read */
	TupleTableSlot *slot;  /* a row of kept */
	MemoryContext context; /* as long as the source */
	MemoryContext row;     /* until the next row */
};

static int64
planned_rows(Portal cursor)
{
	double rows = linitial_node(PlannedStmt, cursor->stmts)->planTree->plan_rows;

	return (int64) Max(1, Min(rows, PG_INT32_MAX));
}

static Source *
new_source(bool keep)
{
	Source *source = palloc0(sizeof(Source));

	source->context = CurrentMemoryContext;
	source->row =
		AllocSetContextCreate(CurrentMemoryContext, "emoser source row", ALLOCSET_DEFAULT_SIZES);
	if (keep)
		source->kept = tuplestore_begin_heap(false, false, work_mem);
	return source;
}

static void
set_row_type(Source *source, TupleDesc row_type)
{
	source->row_type = row_type;
	source->is_used = palloc0(Max(row_type->natts, 1) * sizeof(bool));
	if (source->kept != NULL)
		source->slot = MakeSingleTupleTableSlot(row_type, &TTSOpsMinimalTuple);
}

/* Whoever may not read a source is told so, and not what is wrong with its columns.  Nothing is computed. */
static void
check_rights(const Source *source)
{
	SPI_cursor_close(
		emoser_sql_open_source(psprintf("SELECT FROM %s", source->item), SQL_NO_VALUES, false));
}

Source *
emoser_open_source(const char *text, bool keep)
{
	Source *source = new_source(keep);

	source->item = emoser_source_item(text);
	set_row_type(source, emoser_sql_source_row_type(psprintf("SELECT * FROM %s", source->item)));
	check_rights(source);
	return source;
}

Source *
emoser_open_statement(const char *statement, const SqlValue *values, int n_values, bool keep)
{
	Source *source = new_source(keep);

	source->cursor = emoser_sql_open_source(statement, values, n_values, false);
	source->estimated_rows = planned_rows(source->cursor);
	set_row_type(source, CreateTupleDescCopy(source->cursor->tupDesc));
	source->uses_columns = true;
	return source;
}

void
emoser_use_columns(Source *source, const int *columns, int n_columns)
{
	for (int i = 0; i < n_columns; i++)
		if (columns[i] > 0)
			source->is_used[columns[i] - 1] = source->uses_columns = true;
}

void
emoser_use_expression(Source *source, const char *expression)
{
	source->expression = expression;
}

void
emoser_read_in_order(Source *source)
{
	source->in_order = true;
}

char *
emoser_column_alias(int column)
{
	return psprintf("c%d", column);
}

/*
 * By alias, since several columns may have the same name.  What isn't used is NULL, so that columns keep
 * their numbers; the planner leaves out whatever it was computed from.
 */
static char *
reading_query(const Source *source)
{
	StringInfoData query, aliases;

	initStringInfo(&query);
	initStringInfo(&aliases);
	appendStringInfoString(&query, "SELECT ");
	for (int column = 1; column <= source->row_type->natts; column++)
	{
		const char *alias = emoser_column_alias(column);

		appendStringInfo(&aliases, "%s%s", column > 1 ? ", " : "", alias);
		if (source->uses_columns)
			appendStringInfo(&query, "%s%s", column > 1 ? ", " : "",
							 source->is_used[column - 1] ? alias : "NULL");
	}
	if (source->expression != NULL)
		appendStringInfo(&query, "%s%s", source->uses_columns ? ", " : "", source->expression);
	appendStringInfo(&query, " FROM %s (%s)", source->item, aliases.data);
	return query.data;
}

/* Run the query, as far as its plan. */
static void
start(Source *source)
{
	MemoryContext outer;

	if (source->cursor != NULL || source->was_read)
		return;
	outer = MemoryContextSwitchTo(source->context);
	source->cursor =
		emoser_sql_open_source(reading_query(source), SQL_NO_VALUES, !source->in_order);
	source->estimated_rows = planned_rows(source->cursor);
	MemoryContextSwitchTo(outer);
}

TupleDesc
emoser_source_row_type(const Source *source)
{
	return source->row_type;
}

int64
emoser_source_estimated_rows(Source *source)
{
	start(source);
	return source->estimated_rows;
}

int64
emoser_source_row_number(const Source *source)
{
	return source->row_number;
}

bool
emoser_source_was_read(const Source *source)
{
	return source->was_read;
}

bool
emoser_source_is_kept(const Source *source)
{
	return source->kept != NULL;
}

/* How many rows to fetch after those that were fetched last. */
static long
fetch_count(const Source *source)
{
	Size n_bytes = 0;

	if (source->fetched == NULL)
		return 1;
	for (uint64 i = 0; i < source->n_fetched; i++)
		n_bytes += source->fetched->vals[i]->t_len;
	return Max(1, Min(MAX_FETCH_ROWS, (long) (FETCH_BYTES * source->n_fetched / (n_bytes + 1))));
}

static HeapTuple
fetch_row(Source *source)
{
	start(source);
	if (source->cursor == NULL)
		return NULL;
	if (source->fetched == NULL || source->next == source->n_fetched)
	{
		long count = fetch_count(source);
		MemoryContext outer = MemoryContextSwitchTo(source->context);

		if (source->fetched != NULL)
			SPI_freetuptable(source->fetched);
		source->n_fetched = emoser_sql_fetch(source->cursor, count);
		MemoryContextSwitchTo(outer);
		source->fetched = SPI_tuptable;
		source->next = 0;
	}
	if (source->n_fetched == 0)
	{
		emoser_close_source(source);
		source->was_read = true;
		return NULL;
	}
	return source->fetched->vals[source->next++];
}

static HeapTuple
kept_row(Source *source)
{
	MemoryContext outer;
	HeapTuple row;

	if (!tuplestore_gettupleslot(source->kept, true, false, source->slot))
		return NULL;
	MemoryContextReset(source->row);
	outer = MemoryContextSwitchTo(source->row);
	row = ExecCopySlotHeapTuple(source->slot);
	MemoryContextSwitchTo(outer);
	return row;
}

HeapTuple
emoser_next_row(Source *source)
{
	HeapTuple row;

	CHECK_FOR_INTERRUPTS();
	if (source->was_read && source->kept != NULL)
		row = kept_row(source);
	else
	{
		row = fetch_row(source);
		if (row != NULL && source->kept != NULL)
			tuplestore_puttuple(source->kept, row);
	}
	source->row_number += row != NULL;
	return row;
}

void
emoser_rewind_source(Source *source)
{
	Assert(source->kept != NULL);
	while (!source->was_read)
		(void) emoser_next_row(source);
	tuplestore_rescan(source->kept);
	source->row_number = 0;
}

/* Takes rows as they come. */
typedef struct RowReceiver
{
	DestReceiver receiver;
	Source *source;
	void (*take)(void *argument, const SourceRow *row);
	void *argument;
} RowReceiver;

static void
start_receiving(DestReceiver *self, int operation, TupleDesc row_type)
{
	(void) self;
	(void) operation;
	(void) row_type;
}

static void
end_receiving(DestReceiver *self)
{
	(void) self;
}

/* In the types of the source, of which those that are not used are NULL. */
static SourceRow
row_of(const Source *source, TupleTableSlot *slot)
{
	int n_columns = source->uses_columns ? source->row_type->natts : 0;
	SourceRow row = {0};

	slot_getallattrs(slot);
	if (source->uses_columns)
		row.columns = heap_form_tuple(source->row_type, slot->tts_values, slot->tts_isnull);
	if (source->expression != NULL && !slot->tts_isnull[n_columns])
		row.expression = slot->tts_values[n_columns];
	return row;
}

static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	RowReceiver *receiver = (RowReceiver *) self;
	Source *source = receiver->source;
	MemoryContext outer = MemoryContextSwitchTo(source->row);
	SourceRow row = row_of(source, slot);

	CHECK_FOR_INTERRUPTS();
	source->row_number++;
	if (source->kept != NULL)
		tuplestore_puttuple(source->kept, row.columns);
	receiver->take(receiver->argument, &row);
	MemoryContextSwitchTo(outer);
	MemoryContextReset(source->row);
	return true;
}

static void
receive_rows(Source *source, void (*take)(void *argument, const SourceRow *row), void *argument)
{
	RowReceiver receiver = {.receiver = {.receiveSlot = receive_row,
										 .rStartup = start_receiving,
										 .rShutdown = end_receiving,
										 .rDestroy = end_receiving,
										 .mydest = DestNone},
							.source = source,
							.take = take,
							.argument = argument};

	start(source);
	emoser_sql_run_source(source->cursor, &receiver.receiver);
	emoser_close_source(source);
	source->was_read = true;
}

void
emoser_each_row(Source *source, void (*take)(void *argument, const SourceRow *row), void *argument)
{
	SourceRow row = {0};

	if (!source->was_read)
	{
		receive_rows(source, take, argument);
		return;
	}
	emoser_rewind_source(source);
	while ((row.columns = emoser_next_row(source)) != NULL)
	{
		MemoryContext outer = MemoryContextSwitchTo(source->row);

		take(argument, &row);
		MemoryContextSwitchTo(outer);
	}
}

void
emoser_close_source(Source *source)
{
	if (source->cursor == NULL)
		return;
	if (source->fetched != NULL)
		SPI_freetuptable(source->fetched);
	SPI_cursor_close(source->cursor);
	source->fetched = NULL;
	source->cursor = NULL;
}
