/*
 * cross_run.h
 *	  A cross-validation: models trained on some folds of a set, and what they say of the others.
 */
#ifndef EMOSER_CROSS_RUN_H
#define EMOSER_CROSS_RUN_H

#include "pg/evaluate/cross_protocol.h"
#include "pg/evaluate/evaluation.h"

typedef struct CrossRun
{
	const TrainingSet *set;
	CrossFolds folds;
	CrossScores scores;
} CrossRun;

/* options are those of the algorithm, for which the set was read.  Raises as emoser_make_folds(). */
extern CrossRun emoser_cross_run(const Algorithm *algorithm, const void *options,
								 const TrainingSet *set, const CrossProtocol *protocol);

/* What the models said of those that they were not trained on, which are the utterances of the evaluation. */
typedef struct CrossEvaluation
{
	Evaluation all;
	EmoJudged plain;
	bool has_profiles;
	EmoJudged with_profile; /* then */
} CrossEvaluation;

extern CrossEvaluation *emoser_evaluate_cross_run(const CrossRun *run);

/* Utterances of a set [n_utterances] in the order of the source. */
extern int64 *emoser_source_order(const TrainingSet *set);

/* What an utterance is called: its id, or else the number of its row in the source. */
extern char *emoser_utterance_name(const TrainingSet *set, int64 utterance);

#endif
