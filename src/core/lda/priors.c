/*
 * priors.c
 *	  How likely each class is before any features are known.
 */
#include "core/lda/priors.h"

#include <math.h>

#include "core/base/stats.h"

/* Number and weight of some rows. */
typedef struct Share
{
	int64_t n_rows;
	double weight;
} Share;

static void
add_row(Share *share, double weight)
{
	share->n_rows++;
	share->weight += weight;
}

/* ln of the share of all rows but those of a fold. */
static void
log_shares_without(const Share *all, const Share *of_fold, int n_classes, double *log_prior)
{
	double total = 0;

	for (int c = 0; c < n_classes; c++)
		if (all[c].n_rows > of_fold[c].n_rows)
			total += all[c].weight - of_fold[c].weight;
	for (int c = 0; c < n_classes; c++)
		log_prior[c] = all[c].n_rows > of_fold[c].n_rows
						   ? log((all[c].weight - of_fold[c].weight) / total)
						   : -INFINITY;
}

EmoStatus
emo_lda_log_priors(EmoEnv *env, const EmoTrainingSet *set, EmoPriors priors, const EmoFolds *folds,
				   double **log_priors)
{
	size_t n_classes = set->n_classes;
	int n_folds = folds != NULL ? folds->n_folds : 1;
	Share *all, *of_fold;

	*log_priors = NULL;
	if (priors == EMO_PRIORS_EQUAL)
		return EMO_OK;
	if (emo_check_rows(env, set->n_rows, set->n_classes, folds, NULL) != EMO_OK ||
		(all = emo_alloc_zero(env, n_classes, sizeof(Share))) == NULL ||
		(of_fold = emo_alloc_zero(env, n_folds, n_classes * sizeof(Share))) == NULL ||
		(*log_priors = emo_alloc(env, n_folds, n_classes * sizeof(double))) == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		int label = set->label[row];

		add_row(&all[label], emo_row_weight(set, row));
		if (folds != NULL && folds->fold_of[row] >= 0)
			add_row(&of_fold[folds->fold_of[row] * n_classes + label], emo_row_weight(set, row));
	}
	for (int f = 0; f < n_folds; f++)
		log_shares_without(all, of_fold + f * n_classes, set->n_classes,
						   *log_priors + f * n_classes);
	emo_free(env, of_fold);
	emo_free(env, all);
	return EMO_OK;
}

EmoStatus
emo_lda_log_priors_of_sums(EmoEnv *env, EmoPriors priors, const EmoLdaSums *sums,
						   double **log_priors)
{
	double total = 0;

	*log_priors = NULL;
	if (priors == EMO_PRIORS_EQUAL)
		return EMO_OK;
	if ((*log_priors = emo_alloc(env, sums->n_classes, sizeof(double))) == NULL)
		return env->status;
	for (int c = 0; c < sums->n_classes; c++)
		total += sums->class_weight[c];
	for (int c = 0; c < sums->n_classes; c++)
		(*log_priors)[c] = log(sums->class_weight[c] / total);
	return EMO_OK;
}

void
emo_lda_posteriors(const float *log_posteriors, int n_classes, double temperature,
				   const double *log_prior, float *result)
{
	double scores[EMO_MAX_CLASSES];

	for (int c = 0; c < n_classes; c++)
	{
		scores[c] = log_posteriors[c] > EMO_MIN_LOG_POSTERIOR ? log_posteriors[c] : -INFINITY;
		if (log_prior != NULL)
			scores[c] += temperature * log_prior[c];
	}
	emo_log_softmax(scores, n_classes, temperature, result);
}
