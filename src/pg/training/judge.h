/*
 * judge.h
 *	  What scores of held-out utterances are worth.
 */
#ifndef EMOSER_JUDGE_H
#define EMOSER_JUDGE_H

#include "core/base/metrics.h"
#include "pg/training/algorithm.h"

/* What scores say of all utterances that have a fold. */
extern EmoJudged emoser_judge(const TrainingSet *set, const EmoFolds *folds,
							  const EmoRowScores *scores);

/* Metrics [EMO_N_METRICS] of the utterances of a fold; -1: of all folds. */
extern int64 emoser_fold_metrics(const EmoJudged *judged, const EmoFolds *folds, int fold,
								 double *metrics);

#endif
