/*
 * grid.c
 *	  CALL emoser_grid_search(...): which options are best, without looking at who is tested.
 *
 * For each outer fold, all combinations are scored on inner folds of the utterances outside it.
 * Only the best one, by these scores, is then tested on the outer fold.
 */
#include "pg/evaluate/grid_search.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/lda/lda.h"
#include "pg/base/progress.h"
#include "pg/base/shown.h"
#include "pg/base/sql.h"
#include "pg/training/inner_folds.h"
#include "pg/training/live.h"

#define PROTOCOL_ARGUMENT 3
#define BUDGET_ARGUMENT   7
#define RUN_ARGUMENT      8
#define MAX_RUN_BYTES     63

/* Refuse before any work what would be refused after hours. */
static void
check_combinations(GridSearch *search)
{
	MemoryContext work =
		AllocSetContextCreate(CurrentMemoryContext, "emoser options", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(work);

	for (int i = 0; i < search->n_order; i++)
	{
		Jsonb *all;

		CHECK_FOR_INTERRUPTS();
		(void) search->algorithm->read_options(emoser_grid_options(search->grid, search->order[i]),
											   &all, &search->quiet);
		MemoryContextReset(work);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
}

/* Inner folds of all utterances outside an outer fold. */
static EmoFolds
inner_folds(const GridSearch *search, int outer_fold)
{
	EmoFolds inner = emoser_inner_folds(search->set, &search->folds.of_utterances, outer_fold);

	if (inner.n_folds == 0)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("too few utterances outside \"%s\" for inner folds",
							   emoser_shown(search->folds.names[outer_fold]))));
	return inner;
}

static void
judge(const GridSearch *search, const EmoFolds *folds, const CrossScores *scores, GridScore *score)
{
	EmoJudged judged = emoser_judge(search->set, folds, &scores->plain);

	score->n = emoser_fold_metrics(&judged, folds, -1, score->metrics);
}

static void
score(const GridSearch *search, void *options, const EmoFolds *folds, GridScore *score)
{
	CrossScores scores;

	search->algorithm->score(search->set, options, folds, false, &scores);
	judge(search, folds, &scores, score);
}

static void
try_batch(GridSearch *search, const GridBatch *batch)
{
	MemoryContext work =
		AllocSetContextCreate(CurrentMemoryContext, "emoser combinations", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(work);

	for (int fold = 0; fold < search->folds.of_utterances.n_folds; fold++)
	{
		EmoFolds inner;
		CrossScores scores[EMOSER_MAX_GRID_BATCH];

		CHECK_FOR_INTERRUPTS();
		inner = inner_folds(search, fold);
		if (batch->n > 1)
			search->algorithm->score_by_each(search->set, batch->options, batch->n, &inner, scores);
		else
			search->algorithm->score(search->set, batch->options[0], &inner, false, &scores[0]);
		for (int i = 0; i < batch->n; i++)
		{
			GridScore result = {.combination = batch->combinations[i] + 1,
								.options = batch->json[i],
								.fold = fold + 1,
								.held_out = search->folds.names[fold]};

			judge(search, &inner, &scores[i], &result);
			emoser_store_grid_score(&search->run, &result);
		}
		MemoryContextReset(work);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
}

/* The next ones from order[*next] on that are not done, and that want the set that the first of them does. */
static void
next_batch(GridSearch *search, const bool *done, int *next, GridBatch *batch)
{
	int most = search->algorithm->score_by_each != NULL ? EMOSER_MAX_GRID_BATCH : 1;

	for (batch->n = 0; *next < search->n_order && batch->n < most; (*next)++)
	{
		int combination = search->order[*next];
		Jsonb *json;
		void *options;

		if (done[combination])
			continue;
		json = emoser_grid_options(search->grid, combination);
		options = emoser_read_combination(search, json);
		if (batch->n == 0)
		{
			emoser_need_set(search, json);
			if (search->is_summed)
				most = emoser_summed_grid_batch(search->sums, EMOSER_MAX_GRID_BATCH);
		}
		else if (!emoser_is_set_wanted(search, search->algorithm->set_options(options)))
			return;
		batch->combinations[batch->n] = combination;
		batch->json[batch->n] = json;
		batch->options[batch->n++] = options;
	}
}

/* The outer folds, each by the combination that its inner folds have chosen. */
static void
test_chosen(GridSearch *search)
{
	emoser_clear_grid_tests(&search->run);
	if (search->is_summed)
	{
		emoser_test_chosen_summed(search);
		return;
	}
	for (int fold = 0; fold < search->folds.of_utterances.n_folds; fold++)
	{
		GridScore result = {.fold = fold + 1};
		EmoFolds one;
		Jsonb *json;

		CHECK_FOR_INTERRUPTS();
		result.combination = emoser_best_of_fold(&search->run, fold + 1, &json);
		emoser_need_set(search, json);
		one = emoser_new_folds(search->set, 1);
		for (int64 i = 0; i < one.n_rows; i++)
			one.fold_of[i] =
				search->folds.of_utterances.fold_of[i] == fold ? 0 : EMO_ALWAYS_TRAINED;
		score(search, emoser_read_combination(search, json), &one, &result);
		emoser_store_grid_test(&search->run, &result);
	}
}

static void
commit(const GridSearch *search)
{
	/* What was made of recordings ends with the transaction, and is dearer than what would be kept. */
	bool is_bound = search->sums != NULL && emoser_summed_grid_is_spooled(search->sums);

	if (!search->atomic && !is_bound)
		emoser_sql_commit();
}

/* The same arguments have the same name, so that calling again resumes. */
static char *
name_of_run(const GridSearch *search)
{
	const GridRun *run = &search->run;
	char *arguments = psprintf("%s\n%s\n%s\n%d\n%.17g\n%d", run->source,
							   JsonbToCString(NULL, &run->grid->root, VARSIZE(run->grid)),
							   run->protocol, run->k, run->share, run->seed);
	uint32 hash = hash_bytes((const unsigned char *) arguments, strlen(arguments));

	return psprintf("%s-%08x", run->algorithm, hash);
}

static void
read_arguments(FunctionCallInfo fcinfo, GridSearch *search)
{
	static const char *const argument_names[] = {"source", "algorithm", "grid", "protocol",
												 "k",      "share",     "seed"};
	GridRun *run = &search->run;
	int budget = 0;

	emoser_check_no_nulls(fcinfo, argument_names, lengthof(argument_names));
	run->function = fcinfo->flinfo->fn_oid;
	run->source = text_to_cstring(PG_GETARG_TEXT_PP(0));
	run->algorithm = text_to_cstring(PG_GETARG_TEXT_PP(1));
	run->grid = DatumGetJsonbPCopy(PG_GETARG_DATUM(2));
	search->algorithm = emoser_find_algorithm(run->algorithm);
	search->grid = emoser_read_grid(run->grid);
	search->protocol = emoser_read_protocol(fcinfo, PROTOCOL_ARGUMENT);
	run->protocol = emoser_protocol_name(search->protocol.kind);
	run->k = search->protocol.k;
	run->share = search->protocol.share;
	run->seed = search->protocol.seed;
	if (!PG_ARGISNULL(BUDGET_ARGUMENT) && (budget = PG_GETARG_INT32(BUDGET_ARGUMENT)) < 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("budget must be at least 1"), errdetail("It is %d.", budget)));
	search->order = emoser_draw_combinations(search->grid, budget, run->seed, &search->n_order);
	run->name = PG_ARGISNULL(RUN_ARGUMENT) ? name_of_run(search)
										   : text_to_cstring(PG_GETARG_TEXT_PP(RUN_ARGUMENT));
	if (run->name[0] == '\0' || strlen(run->name) > MAX_RUN_BYTES)
		ereport(ERROR, (errcode(ERRCODE_INVALID_NAME),
						errmsg("invalid name of a grid search \"%s\"", emoser_shown(run->name)),
						errdetail("A name has 1 to %d bytes.", MAX_RUN_BYTES)));
}

PG_FUNCTION_INFO_V1(emoser_grid_search);
Datum
emoser_grid_search(PG_FUNCTION_ARGS)
{
	GridSearch search = {0};
	Progress progress;
	bool *done;
	bool atomic = !emoser_may_commit(fcinfo);
	Sql sql;

	emoser_sql_begin_procedure(&sql, fcinfo->flinfo->fn_oid, !atomic);
	MemoryContextSwitchTo(
		AllocSetContextCreate(CurrentMemoryContext, "emoser grid search", ALLOCSET_DEFAULT_SIZES));
	search.atomic = atomic;
	read_arguments(fcinfo, &search);
	emoser_check_grid_rights(search.run.function);
	check_combinations(&search);
	emoser_need_set(&search, emoser_grid_options(search.grid, search.order[0]));
	emoser_begin_grid_run(&search.run);
	done = emoser_grid_done(&search.run, search.grid->n_combinations);
	commit(&search);

	emoser_progress_start(&progress, "combinations scored", search.n_order, search.quiet);
	for (int next = 0; next < search.n_order;)
	{
		GridBatch batch;

		next_batch(&search, done, &next, &batch);
		if (batch.n > 0 && search.is_summed)
			emoser_try_summed_batch(&search, &batch);
		else if (batch.n > 0)
			try_batch(&search, &batch);
		commit(&search);
		emoser_progress_report(&progress, next);
	}
	test_chosen(&search);
	emoser_release_set(&search);
	if (!search.quiet)
		ereport(NOTICE, (errmsg_plural("grid search \"%s\": %d combination scored",
									   "grid search \"%s\": %d combinations scored", search.n_order,
									   emoser_shown(search.run.name), search.n_order),
						 errhint("SELECT emoser_best_options(%s) has the best one.",
								 emoser_shown_literal(search.run.name))));
	emoser_sql_end(&sql);
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(emoser_best_options);
Datum
emoser_best_options(PG_FUNCTION_ARGS)
{
	char *run = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Jsonb *best = emoser_read_best_options(fcinfo->flinfo->fn_oid, run);

	if (best == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("grid search \"%s\" has no results", emoser_shown(run)),
						errhint("The table emoser_grid_runs lists what there is.")));
	PG_RETURN_JSONB_P(best);
}
