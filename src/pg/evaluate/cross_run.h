/*
 * cross_run.h
 *	  A cross-validation: models trained on some folds of a set, and what they say of the others.
 */
#ifndef EMOSER_CROSS_RUN_H
#define EMOSER_CROSS_RUN_H

#include "pg/evaluate/cross_protocol.h"

typedef struct CrossRun
{
	const TrainingSet *set;
	CrossFolds folds;
	CrossScores scores;
} CrossRun;

/* options are those of the algorithm, for which the set was read.  Raises as emoser_make_folds(). */
extern CrossRun emoser_cross_run(const Algorithm *algorithm, const void *options,
								 const TrainingSet *set, const CrossProtocol *protocol);

/* Utterances of a set [n_utterances] in the order of the source. */
extern int64 *emoser_source_order(const TrainingSet *set);

/* What an utterance is called: its id, or else the number of its row in the source. */
extern char *emoser_utterance_name(const TrainingSet *set, int64 utterance);

#endif
