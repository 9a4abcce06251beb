/*
 * judge.c
 *	  What scores of held-out utterances are worth.
 */
#include "pg/training/judge.h"

EmoJudged
emoser_judge(const TrainingSet *set, const int32 *fold_of, const float *scores)
{
	EmoScores of_classes = {.n_rows = set->n_utterances,
							.n_classes = set->core.n_classes,
							.score = scores,
							.are_logarithms = true,
							.fold_of = fold_of};
	EmoJudged judged;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_judge(&env, &of_classes, set->label, set->core.n_classes, &judged));
	return judged;
}

int64
emoser_fold_metrics(const EmoJudged *judged, const int32 *fold_of, int fold, double *metrics)
{
	int64_t n_rows;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_fold_metrics(&env, judged, fold_of, fold, metrics, &n_rows));
	return n_rows;
}
