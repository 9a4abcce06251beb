/*
 * grid_store.c
 *	  The tables emoser_grid_runs and emoser_grid_results: all SQL against them.
 */
#include "pg/training/grid_store.h"

#include <math.h>

#include "pg/base/shown.h"
#include "pg/base/sql.h"
#include "pg/base/table_rights.h"
#include "pg/model/names.h"
#include "pg/model/store.h"

#define RUNS_NAME    "emoser_grid_runs"
#define RESULTS_NAME "emoser_grid_results"

#define RUNS         "@extschema@." RUNS_NAME
#define RESULTS      "@extschema@." RESULTS_NAME

/* Best first. */
#define BEST_FIRST " ORDER BY uar DESC NULLS LAST, log_loss, combination LIMIT 1"

void
emoser_check_grid_rights(Oid function)
{
	static const char *const tables[] = {RUNS_NAME, RESULTS_NAME};

	emoser_check_model_rights(function, true);
	emoser_check_table_rights(function, tables, lengthof(tables));
}

/* Of a row that was found. */
static void
check_owner(const char *run, const char *creator)
{
	if (!emoser_acts_for(creator))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("grid search \"%s\" is of role \"%s\"", emoser_shown(run),
							   emoser_shown(creator)),
						errhint("Give this one another name: run => ...")));
}

void
emoser_check_run_owner(Oid function, Oid runs, const char *run)
{
	Sql sql;

	emoser_sql_begin(&sql, function);
	if (emoser_sql_run_as_owner(&sql, runs,
								"SELECT creator FROM " RUNS " WHERE run = $1 FOR KEY SHARE",
								SQL_VALUES(sql_text(run))) > 0)
		check_owner(run, emoser_sql_text(&sql, 0, 1));
	emoser_sql_end(&sql);
}

/* Insert the run unless it is there, and find it, told which of its arguments are these. */
static void
enter_run(Sql *sql, const GridRun *run)
{
	const SqlValue values[] = {
		sql_text(run->name),    sql_text(run->source),   sql_text(run->algorithm),
		sql_jsonb(run->grid),   sql_text(run->protocol), sql_int4(run->k),
		sql_float8(run->share), sql_int4(run->seed),     sql_text(run->data_hash)};

	emoser_sql_run(sql,
				   "INSERT INTO " RUNS
				   " (run, source, algorithm, grid, protocol, k, share, seed, data_hash) "
				   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (run) DO NOTHING",
				   values, lengthof(values));
	if (emoser_sql_run(sql,
					   "SELECT source = $2 AND algorithm = $3 AND grid = $4 AND protocol = $5 "
					   "AND k = $6 AND share = $7 AND seed = $8, data_hash = $9, creator "
					   "FROM " RUNS " WHERE run = $1",
					   values, lengthof(values)) == 0)
		ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
						errmsg("grid search \"%s\" was begun by another session",
							   emoser_shown(run->name))));
}

void
emoser_begin_grid_run(const GridRun *run)
{
	Sql sql;

	emoser_sql_begin(&sql, run->function);
	enter_run(&sql, run);
	check_owner(run->name, emoser_sql_text(&sql, 0, 3));
	if (!emoser_sql_bool(&sql, 0, 1))
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("grid search \"%s\" was begun with other arguments",
							   emoser_shown(run->name)),
						errhint("Give it the same ones to resume it, or another name.")));
	if (!emoser_sql_bool(&sql, 0, 2))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("grid search \"%s\" was begun with other data", emoser_shown(run->name)),
				 errdetail("The source has changed since."),
				 errhint("Begin again under another name.")));
	emoser_sql_end(&sql);
}

bool *
emoser_grid_done(const GridRun *run, int n_combinations)
{
	bool *done = palloc0(n_combinations);
	Sql sql;

	emoser_sql_begin(&sql, run->function);
	emoser_sql_run(&sql, "SELECT DISTINCT combination FROM " RESULTS " WHERE run = $1",
				   SQL_VALUES(sql_text(run->name)));
	for (uint64 i = 0; i < sql.n_rows; i++)
	{
		int combination = emoser_sql_int4(&sql, i, 1);

		if (combination >= 1 && combination <= n_combinations)
			done[combination - 1] = true;
	}
	emoser_sql_end(&sql);
	return done;
}

/* NULL for what can't be said of so few utterances. */
static SqlValue
metric(const GridScore *score, EmoMetric which)
{
	return sql_if(!isnan(score->metrics[which]), sql_float8(score->metrics[which]));
}

void
emoser_store_grid_score(const GridRun *run, const GridScore *score)
{
	Sql sql;

	emoser_sql_begin(&sql, run->function);
	emoser_sql_run(
		&sql,
		"INSERT INTO " RESULTS " (run, combination, options, fold, held_out, n, uar, war, "
		"macro_f1, log_loss) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
		"ON CONFLICT (run, combination, fold) DO NOTHING",
		SQL_VALUES(sql_text(run->name), sql_int4(score->combination), sql_jsonb(score->options),
				   sql_int4(score->fold), sql_text(score->held_out), sql_int8(score->n),
				   metric(score, EMO_METRIC_UAR), metric(score, EMO_METRIC_WAR),
				   metric(score, EMO_METRIC_MACRO_F1), metric(score, EMO_METRIC_LOG_LOSS)));
	emoser_sql_end(&sql);
}

void
emoser_clear_grid_tests(const GridRun *run)
{
	Sql sql;

	emoser_sql_begin(&sql, run->function);
	emoser_sql_run(&sql,
				   "UPDATE " RESULTS " SET test_n = NULL, test_uar = NULL, test_war = NULL, "
				   "test_macro_f1 = NULL, test_log_loss = NULL "
				   "WHERE run = $1 AND test_n IS NOT NULL",
				   SQL_VALUES(sql_text(run->name)));
	emoser_sql_end(&sql);
}

int
emoser_best_of_fold(const GridRun *run, int fold, Jsonb **options)
{
	int combination;
	Sql sql;

	emoser_sql_begin(&sql, run->function);
	if (emoser_sql_run(&sql,
					   "SELECT combination, options FROM " RESULTS
					   " WHERE run = $1 AND fold = $2" BEST_FIRST,
					   SQL_VALUES(sql_text(run->name), sql_int4(fold))) == 0)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("the scores of grid search \"%s\" have been deleted",
							   emoser_shown(run->name))));
	combination = emoser_sql_int4(&sql, 0, 1);
	*options = emoser_sql_jsonb(&sql, 0, 2);
	emoser_sql_end(&sql);
	return combination;
}

void
emoser_store_grid_test(const GridRun *run, const GridScore *score)
{
	Sql sql;

	emoser_sql_begin(&sql, run->function);
	emoser_sql_run(
		&sql,
		"UPDATE " RESULTS " SET test_n = $4, test_uar = $5, test_war = $6, "
		"test_macro_f1 = $7, test_log_loss = $8 "
		"WHERE run = $1 AND combination = $2 AND fold = $3",
		SQL_VALUES(sql_text(run->name), sql_int4(score->combination), sql_int4(score->fold),
				   sql_int8(score->n), metric(score, EMO_METRIC_UAR), metric(score, EMO_METRIC_WAR),
				   metric(score, EMO_METRIC_MACRO_F1), metric(score, EMO_METRIC_LOG_LOSS)));
	emoser_sql_end(&sql);
}

Jsonb *
emoser_read_best_options(Oid function, const char *run)
{
	Jsonb *best = NULL;
	Sql sql;

	emoser_sql_begin(&sql, function);
	if (emoser_sql_read(
			&sql,
			/* Sums in a fixed order: of equal means, the same is the best one each time. */
			"SELECT options FROM (SELECT combination, options, "
			"avg(uar ORDER BY fold) AS uar, "
			"avg(log_loss ORDER BY fold) AS log_loss FROM " RESULTS
			" WHERE run = $1 GROUP BY combination, options) AS means" BEST_FIRST,
			SQL_VALUES(sql_text(run))) > 0)
		best = emoser_sql_jsonb(&sql, 0, 1);
	emoser_sql_end(&sql);
	return best;
}
