/*
 * comparison.h
 *	  Two classifiers on the same rows: how far apart they are, and whether that could be chance.
 */
#ifndef EMO_COMPARISON_H
#define EMO_COMPARISON_H

#include "core/base/metrics.h"

/*
 * How likely it is that rows on which one of two classifiers alone is right are shared out as unevenly as
 * this, or more so, if both are as good: the exact McNemar test, two-sided (McNemar 1947; Dietterich
 * 1998, section 3.1).  1 without such rows.  Rows are taken as independent of each other.
 */
extern double emo_mcnemar(int64_t n_only_first, int64_t n_only_second);

/* second - first of a metric. */
typedef struct EmoDifference
{
	double first, second;
	double low, high; /* 95 % interval of the difference */
	double p;         /* two-sided, that there is none */
} EmoDifference;

typedef struct EmoComparison
{
	EmoDifference metric[EMO_N_METRICS]; /* NaN where not defined */
	int64_t n_only_first, n_only_second; /* rows that one of them alone recognises */
} EmoComparison;

/*
 * Of the same rows judged by both; each has its own labels.  Intervals and p by the paired percentile
 * bootstrap: units of rows (see emo_bootstrap()) are drawn for both alike, and p is twice the share of
 * draws on the other side of zero, no less than those 1000 draws can tell (Efron & Tibshirani 1993,
 * section 15.4), and no less than units can: if there is no difference, n of them are all on one side
 * in 2^(1 - n) of the cases, which draws of a few units don't know.
 */
extern EmoStatus emo_compare(EmoEnv *env, const EmoJudged *first, const EmoJudged *second,
							 const int64_t *row_of_unit, const int64_t *unit_start, int64_t n_units,
							 EmoComparison *comparison);

#endif
