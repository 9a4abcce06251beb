/*
 * summed.h
 *	  Training of lda by sums over rows, which are made where the rows are: memory doesn't grow with their
 *	  number, and workers do it together.
 */
#ifndef EMOSER_SUMMED_H
#define EMOSER_SUMMED_H

#include "core/model/model.h"
#include "pg/source/set.h"
#include "pg/training/kept_states.h"
#include "pg/training/lda_options.h"
#include "pg/training/summed_folds.h"

/*
 * Train, and say in the set, which has no rows, what was trained on; NULL: it is to be done with all rows
 * in memory, since they are few or the options say so.  SPI must be connected; function is any of the
 * extension.  Fills the model as Algorithm.train does, and *states as Algorithm.train_source.
 */
extern TrainingSet *emoser_train_summed(Oid function, const char *source, const LdaOptions *lda,
										const TrainingSetOptions *set_options, EmoModel *model,
										StatesToKeep **states);

/* Folds of whole speakers by models that were trained without them, each at a temperature of the others. */
typedef struct FoldsJudged
{
	int n;
	bool has_profiles;
	int64 n_skipped;
	FoldJudged fold[EMOSER_MAX_FOLDS];
} FoldsJudged;

/*
 * The same way without a model: k folds of speakers, of which there must be more than so many.  NULL: it is to be done
 * with all rows in memory, as above, or since there are too few speakers or too many folds.
 */
extern FoldsJudged *emoser_judge_summed(Oid function, const char *source, const LdaOptions *lda,
										const TrainingSetOptions *set_options, int k,
										int more_speakers_than);

#endif
