/*
 * priors.h
 *	  How likely each class is before any features are known (for lda's own files).
 *
 * With scores s of equally likely classes, P(c) is proportional to exp(s[c] / temperature + ln
 * prior[c]): the temperature says how much the scores can be relied on, which has nothing to do with
 * how frequent a class is.  A head keeps temperature * ln prior in its bias, so that the division by
 * the temperature leaves the prior as it is, and nobody who applies the head need know of it.
 */
#ifndef EMO_LDA_PRIORS_H
#define EMO_LDA_PRIORS_H

#include "core/lda/solve.h"

/*
 * The ln priors of heads trained without fold f, (*log_priors)[n_folds][n_classes], allocated from
 * env: -infinity for a class without rows.  NULL for equal priors, which say nothing.  Without
 * folds no row is left out, and they are for one.
 */
extern EmoStatus emo_lda_log_priors(EmoEnv *env, const EmoTrainingSet *set, EmoPriors priors,
									const EmoFolds *folds, double **log_priors);

/* The same of one head, from the sums over its rows: [n_classes]. */
extern EmoStatus emo_lda_log_priors_of_sums(EmoEnv *env, EmoPriors priors, const EmoLdaSums *sums,
											double **log_priors);

/*
 * result[n_classes]: log posteriors of temperature 1 and equal priors, brought to a temperature and
 * to priors (NULL: equal ones).  May be in place.
 */
extern void emo_lda_posteriors(const float *log_posteriors, int n_classes, double temperature,
							   const double *log_prior, float *result);

#endif
