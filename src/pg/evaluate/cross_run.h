/*
 * cross_run.h
 *	  A cross-validation: models trained on some folds of a set, and what they say of the others.
 */
#ifndef EMOSER_CROSS_RUN_H
#define EMOSER_CROSS_RUN_H

#include "pg/evaluate/cross_protocol.h"
#include "pg/evaluate/evaluation.h"
#include "pg/evaluate/told_values.h"

typedef struct CrossRun
{
	const TrainingSet *set;
	CrossFolds folds;
	CrossScores scores;
	CrossValues values; /* in their place, if the set has targets */
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
	const ToldValues *told; /* in the place of what is judged, if the set has targets; or NULL */
} CrossEvaluation;

extern CrossEvaluation *emoser_evaluate_cross_run(const CrossRun *run);

/* What was told of an utterance: told[n_targets]. */
extern void emoser_told_of_run(const CrossRun *run, int64 utterance, ToldNumber *told);

/* Utterances of a set [n_utterances] in the order of the source. */
extern int64 *emoser_source_order(const TrainingSet *set);

/* What an utterance is called: its id, or else the number of its row in the source. */
extern char *emoser_utterance_name(const TrainingSet *set, int64 utterance);

#endif
