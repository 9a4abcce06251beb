/*
 * grid_store.c
 *	  The tables emoser_grid_runs and emoser_grid_results: all SQL against them.
 */
#include "pg/training/grid_store.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "pg/base/table_rights.h"
#include "pg/model/versions.h"

#define RUNS_NAME    "emoser_grid_runs"
#define RESULTS_NAME "emoser_grid_results"

/* Best first. */
#define BEST_FIRST "ORDER BY uar DESC NULLS LAST, log_loss, combination LIMIT 1"

static char *
table_of(Oid function, const char *name)
{
	char *schema = get_namespace_name(get_func_namespace(function));

	if (schema == NULL)
		elog(ERROR, "schema of function %u not found", function);
	return quote_qualified_identifier(schema, name);
}

static char *
runs_table(const GridRun *run)
{
	return table_of(run->function, RUNS_NAME);
}

static char *
results_table(const GridRun *run)
{
	return table_of(run->function, RESULTS_NAME);
}

static void
execute(const char *command, int n, Oid *types, Datum *values, const char *nulls, int expected)
{
	if (SPI_execute_with_args(command, n, types, values, nulls, false, 0) != expected)
		elog(ERROR, "could not execute \"%s\"", command);
}

static Datum
column(uint64 row, int number)
{
	bool is_null;

	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, number, &is_null);
}

void
emoser_check_grid_rights(Oid function)
{
	emoser_check_table_rights(function, RUNS_NAME, RESULTS_NAME);
}

/* The row that was found, unless it is that of somebody else. */
static void
check_owner(const GridRun *run, const char *creator)
{
	if (!emoser_is_owner(creator, false))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("grid search \"%s\" is of role \"%s\"", run->name, creator),
						errhint("Give this one another name: run => ...")));
}

void
emoser_begin_grid_run(const GridRun *run)
{
	Oid types[9] = {TEXTOID, TEXTOID,   TEXTOID, JSONBOID, TEXTOID,
					INT4OID, FLOAT8OID, INT4OID, TEXTOID};
	Datum values[9] = {CStringGetTextDatum(run->name),      CStringGetTextDatum(run->source),
					   CStringGetTextDatum(run->algorithm), JsonbPGetDatum(run->grid),
					   CStringGetTextDatum(run->protocol),  Int32GetDatum(run->k),
					   Float8GetDatum(run->share),          Int32GetDatum(run->seed),
					   CStringGetTextDatum(run->data_hash)};

	execute(psprintf("INSERT INTO %s (run, source, algorithm, grid, protocol, k, share, seed, "
					 "data_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
					 "ON CONFLICT (run) DO NOTHING",
					 runs_table(run)),
			9, types, values, NULL, SPI_OK_INSERT);
	execute(psprintf("SELECT source OPERATOR(pg_catalog.=) $2 "
					 "AND algorithm OPERATOR(pg_catalog.=) $3 AND grid OPERATOR(pg_catalog.=) $4 "
					 "AND protocol OPERATOR(pg_catalog.=) $5 AND k OPERATOR(pg_catalog.=) $6 "
					 "AND share OPERATOR(pg_catalog.=) $7 AND seed OPERATOR(pg_catalog.=) $8, "
					 "data_hash OPERATOR(pg_catalog.=) $9, creator "
					 "FROM %s WHERE run OPERATOR(pg_catalog.=) $1",
					 runs_table(run)),
			9, types, values, NULL, SPI_OK_SELECT);
	if (SPI_processed == 0)
		ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
						errmsg("grid search \"%s\" was begun by another session", run->name)));
	check_owner(run, TextDatumGetCString(column(0, 3)));
	if (!DatumGetBool(column(0, 1)))
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("grid search \"%s\" was begun with other arguments", run->name),
						errhint("Give it the same ones to resume it, or another name.")));
	if (!DatumGetBool(column(0, 2)))
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("grid search \"%s\" was begun with other data", run->name),
						errdetail("The source has changed since."),
						errhint("Begin again under another name.")));
}

bool *
emoser_grid_done(const GridRun *run, int n_combinations)
{
	Oid types[1] = {TEXTOID};
	Datum values[1] = {CStringGetTextDatum(run->name)};
	bool *done = palloc0(n_combinations);

	execute(psprintf("SELECT DISTINCT combination FROM %s WHERE run OPERATOR(pg_catalog.=) $1",
					 results_table(run)),
			1, types, values, NULL, SPI_OK_SELECT);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		int combination = DatumGetInt32(column(i, 1));

		if (combination >= 1 && combination <= n_combinations)
			done[combination - 1] = true;
	}
	return done;
}

/* Values and nulls of n, uar, war, macro_f1, log_loss. */
static void
fill_metrics(const GridScore *score, Datum *values, char *nulls)
{
	static const EmoMetric metrics[] = {EMO_METRIC_UAR, EMO_METRIC_WAR, EMO_METRIC_MACRO_F1,
										EMO_METRIC_LOG_LOSS};

	values[0] = Int64GetDatum(score->n);
	nulls[0] = ' ';
	for (int m = 0; m < (int) lengthof(metrics); m++)
	{
		values[1 + m] = Float8GetDatum(score->metrics[metrics[m]]);
		nulls[1 + m] = isnan(score->metrics[metrics[m]]) ? 'n' : ' ';
	}
}

void
emoser_store_grid_score(const GridRun *run, const GridScore *score)
{
	Oid types[10] = {TEXTOID, INT4OID,   JSONBOID,  INT4OID,   TEXTOID,
					 INT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID};
	Datum values[10] = {CStringGetTextDatum(run->name), Int32GetDatum(score->combination),
						JsonbPGetDatum(score->options), Int32GetDatum(score->fold),
						CStringGetTextDatum(score->held_out)};
	char nulls[10] = {' ', ' ', ' ', ' ', ' '};

	fill_metrics(score, values + 5, nulls + 5);
	execute(psprintf("INSERT INTO %s (run, combination, options, fold, held_out, n, uar, war, "
					 "macro_f1, log_loss) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
					 "ON CONFLICT (run, combination, fold) DO NOTHING",
					 results_table(run)),
			10, types, values, nulls, SPI_OK_INSERT);
}

void
emoser_clear_grid_tests(const GridRun *run)
{
	Oid types[1] = {TEXTOID};
	Datum values[1] = {CStringGetTextDatum(run->name)};

	execute(psprintf("UPDATE %s SET test_n = NULL, test_uar = NULL, test_war = NULL, "
					 "test_macro_f1 = NULL, test_log_loss = NULL "
					 "WHERE run OPERATOR(pg_catalog.=) $1 AND test_n IS NOT NULL",
					 results_table(run)),
			1, types, values, NULL, SPI_OK_UPDATE);
}

int
emoser_best_of_fold(const GridRun *run, int fold, Jsonb **options)
{
	Oid types[2] = {TEXTOID, INT4OID};
	Datum values[2] = {CStringGetTextDatum(run->name), Int32GetDatum(fold)};

	execute(psprintf("SELECT combination, options FROM %s WHERE run OPERATOR(pg_catalog.=) $1 AND "
					 "fold OPERATOR(pg_catalog.=) $2 " BEST_FIRST,
					 results_table(run)),
			2, types, values, NULL, SPI_OK_SELECT);
	if (SPI_processed == 0)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("the scores of grid search \"%s\" have been deleted", run->name)));
	*options = DatumGetJsonbPCopy(column(0, 2));
	return DatumGetInt32(column(0, 1));
}

void
emoser_store_grid_test(const GridRun *run, const GridScore *score)
{
	Oid types[8] = {TEXTOID, INT4OID, INT4OID, INT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID};
	Datum values[8] = {CStringGetTextDatum(run->name), Int32GetDatum(score->combination),
					   Int32GetDatum(score->fold)};
	char nulls[8] = {' ', ' ', ' '};

	fill_metrics(score, values + 3, nulls + 3);
	execute(psprintf("UPDATE %s SET test_n = $4, test_uar = $5, test_war = $6, "
					 "test_macro_f1 = $7, test_log_loss = $8 "
					 "WHERE run OPERATOR(pg_catalog.=) $1 AND "
					 "combination OPERATOR(pg_catalog.=) $2 AND fold OPERATOR(pg_catalog.=) $3",
					 results_table(run)),
			8, types, values, nulls, SPI_OK_UPDATE);
}

PG_FUNCTION_INFO_V1(emoser_best_options);
Datum
emoser_best_options(PG_FUNCTION_ARGS)
{
	MemoryContext outer = CurrentMemoryContext;
	Oid types[1] = {TEXTOID};
	Datum values[1] = {PG_GETARG_DATUM(0)};
	Jsonb *best;

	SPI_connect();
	if (SPI_execute_with_args(
			psprintf("SELECT options FROM (SELECT combination, options, "
					 "pg_catalog.avg(uar) AS uar, pg_catalog.avg(log_loss) AS log_loss "
					 "FROM %s WHERE run OPERATOR(pg_catalog.=) $1 GROUP BY combination, options) "
					 "AS means " BEST_FIRST,
					 table_of(fcinfo->flinfo->fn_oid, "emoser_grid_results")),
			1, types, values, NULL, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not read the results of a grid search");
	if (SPI_processed == 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("grid search \"%s\" has no results",
							   text_to_cstring(DatumGetTextPP(values[0]))),
						errhint("The table emoser_grid_runs lists what there is.")));
	MemoryContextSwitchTo(outer);
	best = DatumGetJsonbPCopy(column(0, 1));
	SPI_finish();
	PG_RETURN_JSONB_P(best);
}
