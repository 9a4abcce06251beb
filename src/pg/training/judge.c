/*
 * judge.c
 *	  What scores of held-out utterances are worth.
 */
#include "pg/training/judge.h"

#include <math.h>

#include "utils/memutils.h"

EmoJudged
emoser_judge(const TrainingSet *set, const int32 *fold_of, const float *scores)
{
	Size n = set->n_utterances;
	int32 *predicted = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	float *confidence = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(float));
	float *loss = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(float));

	for (Size i = 0; i < n; i++)
	{
		const float *of_row = scores + i * set->core.n_classes;
		int best = 0;

		if (fold_of[i] < 0)
			continue;
		for (int c = 1; c < set->core.n_classes; c++)
			best = of_row[c] > of_row[best] ? c : best;
		predicted[i] = best;
		confidence[i] = expf(of_row[best]);
		loss[i] = emo_log_loss(exp(of_row[set->label[i]]));
	}
	return (EmoJudged){n, set->core.n_classes, set->label, predicted, confidence, loss};
}

int64
emoser_fold_metrics(const EmoJudged *judged, const int32 *fold_of, int fold, double *metrics)
{
	double *all = palloc(emo_metric_count(judged->n_labels) * sizeof(double));
	EmoTally tally;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_tally_new(&env, judged->n_labels, &tally));
	for (int64 i = 0; i < judged->n_rows; i++)
		if (fold_of[i] >= 0 && (fold < 0 || fold_of[i] == fold))
			emo_tally_add(&tally, judged, i);
	emo_tally_metrics(&tally, all);
	memcpy(metrics, all, EMO_N_METRICS * sizeof(double));
	emo_free(&env, tally.confusion);
	pfree(all);
	return tally.n_rows;
}
