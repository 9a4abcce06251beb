/*
 * grid_store.h
 *	  The tables emoser_grid_runs and emoser_grid_results: all SQL against them.
 */
#ifndef EMOSER_GRID_STORE_H
#define EMOSER_GRID_STORE_H

#include "pg/base/glue.h"

#include "utils/jsonb.h"

#include "core/base/metrics.h"

typedef struct GridRun
{
	Oid function; /* any of the extension: the tables are in its schema */
	const char *name;
	const char *source;
	const char *algorithm;
	Jsonb *grid;
	const char *protocol;
	int k;
	double share;
	int seed;
	const char *data_hash;
} GridRun;

/* Scores of a combination for one outer fold. */
typedef struct GridScore
{
	int combination; /* from 1 */
	Jsonb *options;
	int fold; /* from 1 */
	const char *held_out;
	int64 n;
	double metrics[EMO_N_METRICS];
} GridScore;

/* Raises INSUFFICIENT_PRIVILEGE or UNDEFINED_TABLE unless the user may search grids. */
extern void emoser_check_grid_rights(Oid function);

/*
 * What a row of results must pass: raise INSUFFICIENT_PRIVILEGE if the run of that name is somebody
 * else's by now, whatever the statement sees, and keep it until the end of the transaction.
 */
extern void emoser_check_run_owner(Oid function, Oid runs, const char *run);

/* All with the caller's rights. */

/*
 * Enter the run, or find it begun.  Raises OBJECT_NOT_IN_PREREQUISITE_STATE if it was begun with
 * other arguments or other data.
 */
extern void emoser_begin_grid_run(const GridRun *run);

/* done[combination - 1] for the combinations 1 .. n_combinations that have scores. */
extern bool *emoser_grid_done(const GridRun *run, int n_combinations);

/* Another session may have been faster: then its scores stay. */
extern void emoser_store_grid_score(const GridRun *run, const GridScore *score);

/* Forget the test scores of a run. */
extern void emoser_clear_grid_tests(const GridRun *run);

/* The combination (from 1) that is best for an outer fold by inner scores, and its options. */
extern int emoser_best_of_fold(const GridRun *run, int fold, Jsonb **options);

/* Set the test scores of the combination that was chosen for a fold. */
extern void emoser_store_grid_test(const GridRun *run, const GridScore *score);

/* The combination that is best on average; NULL: the run has no results. */
extern Jsonb *emoser_read_best_options(Oid function, const char *run);

#endif
