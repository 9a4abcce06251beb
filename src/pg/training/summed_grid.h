/*
 * summed_grid.h
 *	  Combinations of options of lda, scored by sums over rows: what they change are the solutions alone.
 */
#ifndef EMOSER_SUMMED_GRID_H
#define EMOSER_SUMMED_GRID_H

#include "pg/source/set_options.h"
#include "pg/training/summed_folds.h"

/* The sums of a source as some options want it read. */
typedef struct SummedGrid SummedGrid;

/*
 * In the current memory context: k folds of speakers, of which there must be more than so many.  NULL: it is to be
 * done with all rows in memory.  SPI must be connected; function is any of the extension.
 */
extern SummedGrid *emoser_sum_grid(Oid function, const char *source, const LdaOptions *lda,
								   const TrainingSetOptions *set_options, int k,
								   int more_speakers_than);

extern int emoser_summed_grid_folds(const SummedGrid *grid);
extern bool emoser_summed_grid_has_rows(const SummedGrid *grid, int fold);
extern int64 emoser_summed_grid_skipped(const SummedGrid *grid);
extern char *emoser_summed_grid_hash(const SummedGrid *grid);

/* Whether what was read would be lost if the transaction ended. */
extern bool emoser_summed_grid_is_spooled(const SummedGrid *grid);

/* So many combinations at most can be scored together, so that their models take bounded memory; at least 1. */
extern int emoser_summed_grid_batch(const SummedGrid *grid, int most);

/*
 * Score n combinations in one pass over the rows, without looking at the fold that is held out: what models trained
 * without it and another fold say of that one, for all others together.  scores[n][folds]; no rows for a fold without
 * rows.
 */
extern void emoser_score_grid(const SummedGrid *grid, void *const *options, int n,
							  FoldJudged *scores);

/* What models trained without a fold say of it, as a cross-validation does; likewise. */
extern void emoser_test_grid(const SummedGrid *grid, void *const *options, int n,
							 FoldJudged *scores);

/* What it has read is gone; memory goes with its context. */
extern void emoser_end_summed_grid(SummedGrid *grid);

#endif
