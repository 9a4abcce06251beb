/*
 * grid_summed.c
 *	  A search for the best options whose rows are summed up where they are.
 */
#include "pg/evaluate/grid_search.h"

#include <math.h>

#include "tcop/pquery.h"

static void
take_judged(GridScore *score, const FoldJudged *judged)
{
	const EmoGridJudgement *head = &judged->head[0];

	score->n = judged->n;
	for (int m = 0; m < EMO_N_METRICS; m++)
		score->metrics[m] = NAN;
	score->metrics[EMO_METRIC_UAR] = head->uar;
	score->metrics[EMO_METRIC_WAR] = head->war;
	score->metrics[EMO_METRIC_MACRO_F1] = head->macro_f1;
	score->metrics[EMO_METRIC_LOG_LOSS] = head->log_loss;
}

void
emoser_try_summed_batch(GridSearch *search, const GridBatch *batch)
{
	int n_folds = search->folds.of_utterances.n_folds;
	FoldJudged *judged = palloc(batch->n * n_folds * sizeof(FoldJudged));

	/* After a commit there is none. */
	EnsurePortalSnapshotExists();
	emoser_score_grid(search->sums, batch->options, batch->n, judged);
	for (int i = 0; i < batch->n * n_folds; i++)
	{
		GridScore result = {.combination = batch->combinations[i / n_folds] + 1,
							.options = batch->json[i / n_folds],
							.fold = i % n_folds + 1,
							.held_out = search->folds.names[i % n_folds]};

		take_judged(&result, &judged[i]);
		if (emoser_summed_grid_has_rows(search->sums, i % n_folds))
			emoser_store_grid_score(&search->run, &result);
	}
	pfree(judged);
}

/* A combination that was chosen for a fold. */
typedef struct Chosen
{
	int combination; /* from 1 */
	Jsonb *json;     /* NULL: it has been tested, or the fold is empty */
} Chosen;

/* Test together what was chosen for this fold and what was chosen for later ones, if it wants the same sums. */
static void
test_summed_batch(GridSearch *search, Chosen *chosen, int first)
{
	int n_folds = search->folds.of_utterances.n_folds, most;
	void *options[EMOSER_MAX_GRID_BATCH];
	int combinations[EMOSER_MAX_GRID_BATCH], n = 0;
	FoldJudged *judged;

	emoser_need_set(search, chosen[first].json);
	most = emoser_summed_grid_batch(search->sums, EMOSER_MAX_GRID_BATCH);
	judged = palloc(most * n_folds * sizeof(FoldJudged));
	for (int fold = first; fold < n_folds && n < most; fold++)
	{
		bool is_there = chosen[fold].json == NULL;
		void *wanted;

		for (int i = 0; i < n; i++)
			is_there = is_there || combinations[i] == chosen[fold].combination;
		if (is_there)
			continue;
		wanted = emoser_read_combination(search, chosen[fold].json);
		if (!emoser_is_set_wanted(search, search->algorithm->set_options(wanted)))
			continue;
		combinations[n] = chosen[fold].combination;
		options[n++] = wanted;
	}
	EnsurePortalSnapshotExists();
	emoser_test_grid(search->sums, options, n, judged);
	for (int fold = first; fold < n_folds; fold++)
		for (int i = 0; i < n; i++)
		{
			GridScore result = {.combination = combinations[i], .fold = fold + 1};

			if (chosen[fold].json == NULL || chosen[fold].combination != combinations[i])
				continue;
			take_judged(&result, &judged[i * n_folds + fold]);
			emoser_store_grid_test(&search->run, &result);
			chosen[fold].json = NULL;
		}
	pfree(judged);
}

void
emoser_test_chosen_summed(GridSearch *search)
{
	int n_folds = search->folds.of_utterances.n_folds;
	Chosen *chosen = palloc0(n_folds * sizeof(Chosen));

	for (int fold = 0; fold < n_folds; fold++)
		if (emoser_summed_grid_has_rows(search->sums, fold))
			chosen[fold].combination =
				emoser_best_of_fold(&search->run, fold + 1, &chosen[fold].json);
	for (int fold = 0; fold < n_folds; fold++)
		if (chosen[fold].json != NULL)
			test_summed_batch(search, chosen, fold);
}
