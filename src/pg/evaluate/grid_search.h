/*
 * grid_search.h
 *	  A search for the best options: what its parts share.
 */
#ifndef EMOSER_GRID_SEARCH_H
#define EMOSER_GRID_SEARCH_H

#include "pg/evaluate/cross_protocol.h"
#include "pg/training/grid.h"
#include "pg/training/grid_store.h"
#include "pg/training/summed_grid.h"

/* Combinations that are scored together, at most: each has scores of all utterances. */
#define EMOSER_MAX_GRID_BATCH 8

typedef struct GridSearch
{
	GridRun run;
	const Algorithm *algorithm;
	CrossProtocol protocol;
	Grid *grid;
	int *order; /* [n_order], the combinations to try */
	int n_order;
	bool atomic; /* inside a transaction block: nothing is committed */
	bool quiet;

	/* What was read last, and the options that it was read for: a set, or sums of all rows. */
	MemoryContext set_context;
	TrainingSet *set;
	SummedGrid *sums;
	bool is_read, is_summed;
	TrainingSetOptions set_options;
	CrossFolds folds; /* where rows are summed up, without those of utterances */
} GridSearch;

/* Combinations that are scored together. */
typedef struct GridBatch
{
	int combinations[EMOSER_MAX_GRID_BATCH];
	Jsonb *json[EMOSER_MAX_GRID_BATCH];
	void *options[EMOSER_MAX_GRID_BATCH];
	int n;
} GridBatch;

/* The options of the algorithm. */
extern void *emoser_read_combination(const GridSearch *search, Jsonb *options);

/* Whether what was read last is as these options want it. */
extern bool emoser_is_set_wanted(const GridSearch *search, TrainingSetOptions wanted);

/* Have the source read as these options want it. */
extern void emoser_need_set(GridSearch *search, Jsonb *json);

/* Let go of what was read last. */
extern void emoser_release_set(GridSearch *search);

/* Where rows are summed up: score all outer folds in one pass over the rows. */
extern void emoser_try_summed_batch(GridSearch *search, const GridBatch *batch);

/* There, test each outer fold by the combination that was chosen for it. */
extern void emoser_test_chosen_summed(GridSearch *search);

#endif
