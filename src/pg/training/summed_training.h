/*
 * summed_training.h
 *	  What a training or a cross-validation by sums over rows knows of its source.
 */
#ifndef EMOSER_SUMMED_TRAINING_H
#define EMOSER_SUMMED_TRAINING_H

#include "pg/source/set.h"
#include "pg/training/row_tuples.h"
#include "pg/training/summed_folds.h"

/* A training in the making. */
typedef struct SummedTraining
{
	MemoryContext context;
	Oid function;
	const char *text; /* of the source */
	const LdaOptions *lda;
	TrainingSetOptions set_options;
	bool in_place; /* not of rows that are read once, and kept apart from their source */
	TupleDesc row_type;
	SourceColumns columns;
	RowLayout layout;
	bool is_spooled;
	SpooledRows spooled; /* if so */
	int64 n_skipped;
	Survey *survey;
	const EmoModel *settings_of; /* NULL: settings are measured */
	SummedSource source;
} SummedTraining;

/*
 * Find out all that passes over the rows need; function, text, lda and set_options are set.  False: rows are to be kept
 * in memory.
 */
extern bool emoser_prepare_summed(SummedTraining *training);

/*
 * The sums of k folds of speakers, of which there must be more than so many, for models that are trained without one
 * of them.  False: rows are to be kept in memory, as above, or since there are too few speakers or too many folds.
 */
extern bool emoser_sum_folds_of_speakers(SummedTraining *training, int k, int more_speakers_than,
										 SummedFolds *folds);

/* Each fold at the temperature at which all others are most likely; grids are those of its model. */
extern void emoser_judge_folds(const SummedTraining *training, const SummedFolds *folds,
							   const FoldGrids grids[EMOSER_MAX_FOLDS],
							   FoldJudged judged[EMOSER_MAX_FOLDS]);

/* Of what the speakers are called, as in a training that has read the rows itself. */
extern void emoser_warn_of_summed_speakers(const SummedTraining *training,
										   const SummedFolds *summed);

#endif
