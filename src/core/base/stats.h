/*
 * stats.h
 *	  From scores to probabilities and decisions, and what numbers may be.
 */
#ifndef EMO_STATS_H
#define EMO_STATS_H

#include <stdbool.h>
#include <stddef.h>

/* Stands for probability zero: exp() of it is 0, and sums of many of them are finite. */
#define EMO_MIN_LOG_POSTERIOR (-1e4f)

/*
 * log_posteriors[n] = ln softmax(scores / temperature), at least EMO_MIN_LOG_POSTERIOR.  A score of
 * -infinity counts as probability zero; NaN among the scores gives NaN.
 */
extern void emo_log_softmax(const double *scores, int n, double temperature, float *log_posteriors);

/* Place of the largest of n > 0 values; the first of equal ones. */
extern int emo_argmax(const float *values, int n);

/* Whether all n values are in a range; NaN is in none. */
extern bool emo_all_within(const float *values, size_t n, float least, float most);
extern bool emo_all_finite(const float *values, size_t n);

#endif
