/*
 * cross_run.c
 *	  A cross-validation: models trained on some folds of a set, and what they say of the others.
 */
#include "pg/evaluate/cross_run.h"

#include "miscadmin.h"
#include "utils/memutils.h"

CrossRun
emoser_cross_run(const Algorithm *algorithm, const void *options, const TrainingSet *set,
				 const CrossProtocol *protocol)
{
	CrossRun run = {.set = set, .folds = emoser_make_folds(set, protocol)};

	algorithm->score(set, options, &run.folds.of_utterances, true, &run.scores);
	return run;
}

static int
compare_source_rows(const void *a, const void *b, void *source_rows)
{
	int64 row_a = ((const int64 *) source_rows)[*(const int64 *) a];
	int64 row_b = ((const int64 *) source_rows)[*(const int64 *) b];

	CHECK_FOR_INTERRUPTS();
	return row_a < row_b ? -1 : row_a > row_b;
}

int64 *
emoser_source_order(const TrainingSet *set)
{
	int64 *order = MemoryContextAllocHuge(CurrentMemoryContext, set->n_utterances * sizeof(int64));

	for (int64 i = 0; i < set->n_utterances; i++)
		order[i] = i;
	qsort_arg(order, set->n_utterances, sizeof(int64), compare_source_rows, set->source_rows);
	return order;
}

char *
emoser_utterance_name(const TrainingSet *set, int64 utterance)
{
	return set->ids[utterance] != NULL ? set->ids[utterance]
									   : psprintf(INT64_FORMAT, set->source_rows[utterance]);
}
