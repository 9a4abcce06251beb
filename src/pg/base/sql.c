/*
 * sql.c
 *	  All SQL that the extension runs.
 *
 * Longer than 400 lines: what guards a statement of ours, its search_path, user and snapshot, is
 * known here alone.
 */
#include "pg/base/sql.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "commands/extension.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/params.h"
#include "tcop/dest.h"
#include "tcop/pquery.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "pg/base/repeatable.h"

#define SCHEMA_PLACEHOLDER "@extschema@"

/* pg_temp comes last where it is named, so that temporary tables hide nothing of the server. */
#define OWN_SEARCH_PATH "pg_catalog, pg_temp"

/* The user's search_path while a statement of our own runs; NULL: it is the present one. */
static char *users_search_path = NULL;

/* What namespace_search_path points to meanwhile, unless somebody has set another one. */
static const char *own_search_path = NULL;

/* What is to be put back when a statement is done. */
typedef struct SearchPath
{
	int nest_level; /* of settings; 0: nothing has been set */
	char *users;
	const char *own;
} SearchPath;

/*
 * Statements of our own may call functions of our own, which read a source.  A function that such a
 * statement calls, such as a trigger, may have set a search_path of its own, which is the user's then,
 * even if it says the same.
 */
static bool
is_within_own_statement(void)
{
	return users_search_path != NULL && namespace_search_path == own_search_path;
}

static SearchPath
enter_search_path(const char *search_path, char *users)
{
	SearchPath before = {NewGUCNestLevel(), users_search_path, own_search_path};

	(void) set_config_option("search_path", search_path, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	users_search_path = users;
	own_search_path = users != NULL ? namespace_search_path : NULL;
	return before;
}

static SearchPath
enter_own_search_path(void)
{
	if (is_within_own_statement())
		return (SearchPath){0, users_search_path, own_search_path};
	return enter_search_path(OWN_SEARCH_PATH, pstrdup(namespace_search_path));
}

static SearchPath
enter_users_search_path(void)
{
	if (!is_within_own_statement())
		return (SearchPath){0, users_search_path, own_search_path};
	return enter_search_path(users_search_path, NULL);
}

/* After an error too: the end of the transaction would put back the setting, not the variable. */
static void
leave_search_path(const SearchPath *before)
{
	if (before->nest_level != 0)
		AtEOXact_GUC(true, before->nest_level);
	users_search_path = before->users;
	own_search_path = before->own;
}

void
emoser_sql_begin_procedure(Sql *sql, Oid function, bool may_commit)
{
	*sql = (Sql){.function = function, .outer = CurrentMemoryContext};
	if (SPI_connect_ext(may_commit ? SPI_OPT_NONATOMIC : 0) != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
}

void
emoser_sql_begin(Sql *sql, Oid function)
{
	emoser_sql_begin_procedure(sql, function, false);
}

void
emoser_sql_end(Sql *sql)
{
	SPI_finish();
	MemoryContextSwitchTo(sql->outer);
	*sql = (Sql){0};
}

static const char *
schema_of(Oid function)
{
	char *schema = get_namespace_name(get_func_namespace(function));

	if (schema == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("the extension emoser was dropped while a function of it ran")));
	return quote_identifier(schema);
}

char *
emoser_sql_name(Oid function, const char *name)
{
	return psprintf("%s.%s", schema_of(function), quote_identifier(name));
}

/* There is none of the server's own before PostgreSQL 16. */
static Oid
schema_of_extension(Oid extension)
{
	Relation extensions = table_open(ExtensionRelationId, AccessShareLock);
	Oid schema = InvalidOid;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple row;

	ScanKeyInit(&key, Anum_pg_extension_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(extension));
	scan = systable_beginscan(extensions, ExtensionOidIndexId, true, NULL, 1, &key);
	if (HeapTupleIsValid(row = systable_getnext(scan)))
		schema = ((Form_pg_extension) GETSTRUCT(row))->extnamespace;
	systable_endscan(scan);
	table_close(extensions, AccessShareLock);
	return schema;
}

char *
emoser_sql_extension_name(const char *name)
{
	char *schema = get_namespace_name(schema_of_extension(get_extension_oid("emoser", false)));

	if (schema == NULL)
		elog(ERROR, "the schema of the extension was not found");
	return quote_qualified_identifier(schema, name);
}

Oid
emoser_sql_any_function(void)
{
	Oid schema = schema_of_extension(get_extension_oid("emoser", false));
	Oid function =
		GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum("emoser_feature_names"),
						PointerGetDatum(buildoidvector(NULL, 0)), ObjectIdGetDatum(schema));

	if (!OidIsValid(function))
		elog(ERROR, "no function of the extension was found");
	return function;
}

const char *
emoser_sql_quoted(const char *name)
{
	if (strstr(name, SCHEMA_PLACEHOLDER) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("names with \"%s\" in them cannot be used here", SCHEMA_PLACEHOLDER)));
	return quote_identifier(name);
}

Oid
emoser_sql_function(Oid function, const char *name)
{
	return GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum(name),
						   PointerGetDatum(buildoidvector(NULL, 0)),
						   ObjectIdGetDatum(get_func_namespace(function)));
}

/* The statement with the schema in its place. */
static char *
in_schema(const char *statement, const char *schema)
{
	StringInfoData text;
	const char *place;

	initStringInfo(&text);
	while ((place = strstr(statement, SCHEMA_PLACEHOLDER)) != NULL)
	{
		appendBinaryStringInfo(&text, statement, place - statement);
		appendStringInfoString(&text, schema);
		statement = place + strlen(SCHEMA_PLACEHOLDER);
	}
	appendStringInfoString(&text, statement);
	return text.data;
}

static void
take_result(Sql *sql, int code, const char *statement)
{
	if (code < 0)
		elog(ERROR, "could not run \"%s\": %s", statement, SPI_result_code_string(code));
	sql->table = SPI_tuptable;
	sql->n_rows = SPI_processed;
}

/* Parameters as SPI wants them. */
typedef struct Parameters
{
	Oid *types;
	Datum *datums;
	char *nulls;
} Parameters;

static Parameters
parameters_of(const SqlValue *values, int n)
{
	Parameters parameters = {palloc(n * sizeof(Oid)), palloc(n * sizeof(Datum)), palloc(n)};

	for (int i = 0; i < n; i++)
	{
		parameters.types[i] = values[i].type;
		parameters.datums[i] = values[i].datum;
		parameters.nulls[i] = values[i].is_null ? 'n' : ' ';
	}
	return parameters;
}

static uint64
run(Sql *sql, const char *statement, const SqlValue *values, int n_values, bool read_only)
{
	char *text = in_schema(statement, schema_of(sql->function));
	Parameters parameters = parameters_of(values, n_values);
	SearchPath before = enter_own_search_path();

	PG_TRY();
	{
		take_result(sql,
					SPI_execute_with_args(text, n_values, parameters.types, parameters.datums,
										  parameters.nulls, read_only, 0),
					text);
	}
	PG_FINALLY();
	{
		leave_search_path(&before);
	}
	PG_END_TRY();
	return sql->n_rows;
}

uint64
emoser_sql_read(Sql *sql, const char *statement, const SqlValue *values, int n_values)
{
	return run(sql, statement, values, n_values, true);
}

uint64
emoser_sql_run(Sql *sql, const char *statement, const SqlValue *values, int n_values)
{
	return run(sql, statement, values, n_values, false);
}

static Oid
owner_of(Oid table)
{
	HeapTuple row = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
	Oid owner;

	if (!HeapTupleIsValid(row))
		elog(ERROR, "a table of the extension was not found");
	owner = ((Form_pg_class) GETSTRUCT(row))->relowner;
	ReleaseSysCache(row);
	return owner;
}

static void
execute_now(Sql *sql, const char *statement, const Parameters *parameters, int n_values,
			bool read_only)
{
	SPIPlanPtr plan = SPI_prepare(statement, n_values, parameters->types);
	/* Parallel workers have the snapshot of the statement, and none of their own. */
	Snapshot snapshot = IsInParallelMode() ? GetActiveSnapshot() : GetLatestSnapshot();

	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", statement, SPI_result_code_string(SPI_result));
	take_result(sql,
				SPI_execute_snapshot(plan, parameters->datums, parameters->nulls, snapshot,
									 InvalidSnapshot, read_only, true, 0),
				statement);
}

static uint64
run_as_owner(Sql *sql, Oid table, const char *statement, const SqlValue *values, int n_values,
			 bool read_only)
{
	char *text = in_schema(statement, schema_of(sql->function));
	Parameters parameters = parameters_of(values, n_values);
	SearchPath before = enter_own_search_path();
	Oid user;
	int security;

	GetUserIdAndSecContext(&user, &security);
	/* Put back by the end of the transaction after an error, but this may be caught before. */
	PG_TRY();
	{
		SetUserIdAndSecContext(owner_of(table),
							   security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
		execute_now(sql, text, &parameters, n_values, read_only);
	}
	PG_FINALLY();
	{
		SetUserIdAndSecContext(user, security);
		leave_search_path(&before);
	}
	PG_END_TRY();
	return sql->n_rows;
}

uint64
emoser_sql_read_as_owner(Sql *sql, Oid table, const char *statement, const SqlValue *values,
						 int n_values)
{
	return run_as_owner(sql, table, statement, values, n_values, true);
}

uint64
emoser_sql_run_as_owner(Sql *sql, Oid table, const char *statement, const SqlValue *values,
						int n_values)
{
	return run_as_owner(sql, table, statement, values, n_values, false);
}

static void
prepare(SqlPlan *kept, const char *statement, const char *schema, int n_values, Oid *types)
{
	/* Planned once, whatever the parameters are. */
	SPIPlanPtr plan =
		SPI_prepare_cursor(in_schema(statement, schema), n_values, types, CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", statement, SPI_result_code_string(SPI_result));
	if (kept->plan != NULL)
	{
		SPI_freeplan(kept->plan);
		pfree(kept->schema);
		kept->plan = NULL;
	}
	kept->schema = MemoryContextStrdup(TopMemoryContext, schema);
	if (SPI_keepplan(plan) != 0)
		elog(ERROR, "could not keep the plan of \"%s\"", statement);
	kept->plan = plan;
}

uint64
emoser_sql_read_kept(Sql *sql, SqlPlan *kept, const char *statement, const SqlValue *values,
					 int n_values)
{
	const char *schema = schema_of(sql->function);
	Parameters parameters = parameters_of(values, n_values);
	SearchPath before = enter_own_search_path();

	PG_TRY();
	{
		if (kept->plan == NULL || strcmp(kept->schema, schema) != 0)
			prepare(kept, statement, schema, n_values, parameters.types);
		take_result(sql, SPI_execute_plan(kept->plan, parameters.datums, parameters.nulls, true, 0),
					statement);
	}
	PG_FINALLY();
	{
		leave_search_path(&before);
	}
	PG_END_TRY();
	return sql->n_rows;
}

uint64
emoser_sql_run_again(Sql *sql, SqlPlan *plan, const char *statement, const SqlValue *values,
					 int n_values)
{
	Parameters parameters = parameters_of(values, n_values);
	SearchPath before = enter_own_search_path();

	PG_TRY();
	{
		if (plan->plan == NULL)
			plan->plan = SPI_prepare(in_schema(statement, schema_of(sql->function)), n_values,
									 parameters.types);
		if (plan->plan == NULL)
			elog(ERROR, "could not prepare \"%s\": %s", statement,
				 SPI_result_code_string(SPI_result));
		take_result(sql,
					SPI_execute_plan(plan->plan, parameters.datums, parameters.nulls, false, 0),
					statement);
	}
	PG_FINALLY();
	{
		leave_search_path(&before);
	}
	PG_END_TRY();
	return sql->n_rows;
}

static TupleDesc
row_type_of(const char *query)
{
	SPIPlanPtr plan = SPI_prepare(query, 0, NULL);
	TupleDesc row_type;

	if (plan == NULL)
		elog(ERROR, "could not prepare the reading of a source: %s",
			 SPI_result_code_string(SPI_result));
	row_type = CreateTupleDescCopy(
		linitial_node(CachedPlanSource, SPI_plan_get_plan_sources(plan))->resultDesc);
	/* Whoever may not read it is told that, and not which columns it has. */
	SPI_cursor_close(SPI_cursor_open(NULL, plan, NULL, NULL, true));
	SPI_freeplan(plan);
	return row_type;
}

TupleDesc
emoser_sql_source_row_type(const char *query)
{
	SearchPath before = enter_users_search_path();
	TupleDesc volatile row_type = NULL;

	PG_TRY();
	{
		row_type = row_type_of(query);
	}
	PG_FINALLY();
	{
		leave_search_path(&before);
	}
	PG_END_TRY();
	return row_type;
}

static bool
is_repeatable(const char *query)
{
	SPIPlanPtr plan = SPI_prepare(query, 0, NULL);
	bool is_repeatable;

	if (plan == NULL)
		elog(ERROR, "could not prepare the reading of a source: %s",
			 SPI_result_code_string(SPI_result));
	is_repeatable = emoser_is_repeatable(linitial_node(
		Query, linitial_node(CachedPlanSource, SPI_plan_get_plan_sources(plan))->query_list));
	SPI_freeplan(plan);
	return is_repeatable;
}

bool
emoser_sql_source_is_repeatable(const char *query)
{
	SearchPath before = enter_users_search_path();
	bool volatile repeatable = false;

	PG_TRY();
	{
		repeatable = is_repeatable(query);
	}
	PG_FINALLY();
	{
		leave_search_path(&before);
	}
	PG_END_TRY();
	return repeatable;
}

static Portal
open_cursor(const char *query, const Parameters *parameters, int n_values, bool may_be_parallel)
{
	int options = CURSOR_OPT_NO_SCROLL | (may_be_parallel ? CURSOR_OPT_PARALLEL_OK : 0);

	return SPI_cursor_open_with_args(NULL, query, n_values, parameters->types, parameters->datums,
									 parameters->nulls, true, options);
}

Portal
emoser_sql_open_source(const char *query, const SqlValue *values, int n_values,
					   bool may_be_parallel)
{
	Parameters parameters = parameters_of(values, n_values);
	SearchPath before = enter_users_search_path();
	Portal volatile portal = NULL;

	PG_TRY();
	{
		portal = open_cursor(query, &parameters, n_values, may_be_parallel);
	}
	PG_FINALLY();
	{
		leave_search_path(&before);
	}
	PG_END_TRY();
	return portal;
}

uint64
emoser_sql_fetch(Portal portal, long n)
{
	SearchPath before = enter_users_search_path();

	PG_TRY();
	{
		SPI_cursor_fetch(portal, true, n);
	}
	PG_FINALLY();
	{
		leave_search_path(&before);
	}
	PG_END_TRY();
	return SPI_processed;
}

/* As the server's own statements are: at once and to the end, without which there are no workers. */
static void
run_portal(Portal portal, DestReceiver *receiver)
{
#if PG_VERSION_NUM >= 180000
	(void) PortalRun(portal, FETCH_ALL, false, receiver, receiver, NULL);
#else
	(void) PortalRun(portal, FETCH_ALL, false, true, receiver, receiver, NULL);
#endif
}

void
emoser_sql_run_source(Portal portal, DestReceiver *receiver)
{
	SearchPath before = enter_users_search_path();

	PG_TRY();
	{
		run_portal(portal, receiver);
	}
	PG_FINALLY();
	{
		leave_search_path(&before);
	}
	PG_END_TRY();
}

/*
 * What keeps the planner from parallel plans where a row is small, and what is done to it is not.  The
 * branches of a UNION ALL are shared by workers if no scan inside of them is.
 */
static void
favour_workers(bool has_branches)
{
	static const char *const settings[] = {"parallel_setup_cost", "parallel_tuple_cost",
										   "min_parallel_table_scan_size"};

	for (int i = 0; i < (int) lengthof(settings); i++)
		(void) set_config_option(settings[i], "0", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
								 true, 0, false);
	if (has_branches)
		(void) set_config_option("min_parallel_table_scan_size", "715827882", PGC_USERSET,
								 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

/*
 * Values may be large: they are handed to workers as such, and not as a text in the plan; but Citus plans
 * nothing over its tables before it knows them.
 */
static int
when_to_plan(void)
{
	return OidIsValid(get_relname_relid("pg_dist_partition", PG_CATALOG_NAMESPACE))
			   ? CURSOR_OPT_CUSTOM_PLAN
			   : CURSOR_OPT_GENERIC_PLAN;
}

static SPIPlanPtr
plan_for_workers(const char *statement, const Oid *types, int n_types, double *cost,
				 bool *is_parallel)
{
	SPIPlanPtr plan =
		SPI_prepare_cursor(statement, n_types, unconstify(Oid *, types),
						   CURSOR_OPT_NO_SCROLL | CURSOR_OPT_PARALLEL_OK | when_to_plan());
	CachedPlan *planned;

	if (plan == NULL)
		elog(ERROR, "could not prepare the reading of a source: %s",
			 SPI_result_code_string(SPI_result));
	/* It is kept: when it is run, settings are the user's again. */
	planned = SPI_plan_get_cached_plan(plan);
	if (planned == NULL)
		elog(ERROR, "could not plan the reading of a source");
	*cost = linitial_node(PlannedStmt, planned->stmt_list)->planTree->total_cost;
	*is_parallel = linitial_node(PlannedStmt, planned->stmt_list)->parallelModeNeeded;
	ReleaseCachedPlan(planned, NULL);
	return plan;
}

SPIPlanPtr
emoser_sql_plan_for_workers(const char *statement, const Oid *types, int n_types, bool has_branches,
							double *cost, bool *is_parallel)
{
	SearchPath before = enter_users_search_path();
	int nest_level = NewGUCNestLevel();
	SPIPlanPtr volatile plan = NULL;

	PG_TRY();
	{
		favour_workers(has_branches);
		plan = plan_for_workers(statement, types, n_types, cost, is_parallel);
	}
	PG_FINALLY();
	{
		AtEOXact_GUC(true, nest_level);
		leave_search_path(&before);
	}
	PG_END_TRY();
	return plan;
}

SPIPlanPtr
emoser_sql_plan_in_order(const char *statement)
{
	SearchPath before = enter_users_search_path();
	SPIPlanPtr volatile plan = NULL;

	PG_TRY();
	{
		plan = SPI_prepare_cursor(statement, 0, NULL, CURSOR_OPT_NO_SCROLL);
		if (plan == NULL)
			elog(ERROR, "could not prepare the reading of a source: %s",
				 SPI_result_code_string(SPI_result));
	}
	PG_FINALLY();
	{
		leave_search_path(&before);
	}
	PG_END_TRY();
	return plan;
}

/* Hands rows to a function. */
typedef struct RowReceiver
{
	DestReceiver receiver;
	SqlRowFunction take;
	void *argument;
} RowReceiver;

static bool
receive_row(TupleTableSlot *row, DestReceiver *self)
{
	RowReceiver *receiver = (RowReceiver *) self;

	receiver->take(receiver->argument, row);
	return true;
}

static void
start_rows(DestReceiver *self, int operation, TupleDesc row_type)
{
	(void) self;
	(void) operation;
	(void) row_type;
}

static void
end_rows(DestReceiver *self)
{
	(void) self;
}

/* NULL for none, as of SPI: Citus crashes at an empty list. */
static ParamListInfo
parameter_list(const SqlValue *values, int n_values)
{
	ParamListInfo list;

	if (n_values == 0)
		return NULL;
	list = makeParamList(n_values);
	for (int i = 0; i < n_values; i++)
	{
		list->params[i].value = values[i].datum;
		list->params[i].isnull = values[i].is_null;
		list->params[i].pflags = 0;
		list->params[i].ptype = values[i].type;
	}
	return list;
}

void
emoser_sql_run_planned(SPIPlanPtr plan, const SqlValue *values, int n_values, SqlRowFunction take,
					   void *argument)
{
	RowReceiver receiver = {.receiver = {.receiveSlot = receive_row,
										 .rStartup = start_rows,
										 .rShutdown = end_rows,
										 .rDestroy = end_rows,
										 .mydest = DestTuplestore},
							.take = take,
							.argument = argument};
	SearchPath before = enter_users_search_path();

	PG_TRY();
	{
		/* As a portal, so that errors don't show the statement, which nobody has written. */
		Portal portal =
			SPI_cursor_open_with_paramlist(NULL, plan, parameter_list(values, n_values), true);

		run_portal(portal, &receiver.receiver);
		SPI_cursor_close(portal);
	}
	PG_FINALLY();
	{
		leave_search_path(&before);
	}
	PG_END_TRY();
}
