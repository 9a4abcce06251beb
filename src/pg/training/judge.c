/*
 * judge.c
 *	  What scores of held-out utterances are worth.
 */
#include "pg/training/judge.h"

EmoJudged
emoser_judge(const TrainingSet *set, const EmoFolds *folds, const EmoRowScores *scores)
{
	EmoScores of_classes = {.n_rows = scores->n_rows,
							.n_classes = scores->n_classes,
							.score = scores->ln_p,
							.are_logarithms = true,
							.folds = folds};
	EmoJudged judged;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_check_rows(&env, set->n_utterances, set->core.n_classes, folds, scores));
	emoser_check(&env, emo_judge(&env, &of_classes, set->label, set->core.n_classes, &judged));
	return judged;
}

int64
emoser_fold_metrics(const EmoJudged *judged, const EmoFolds *folds, int fold, double *metrics)
{
	int64_t n_rows;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_fold_metrics(&env, judged, folds, fold, metrics, &n_rows));
	return n_rows;
}
