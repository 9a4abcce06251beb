/*
 * agreement.h
 *	  How well predicted numbers agree with actual ones, with bootstrap intervals.
 *
 * CCC is the concordance correlation coefficient (Lin 1989): 2 cov / (variances of both and the square
 * of the distance of their means), with moments divided by n.
 */
#ifndef EMO_AGREEMENT_H
#define EMO_AGREEMENT_H

#include <stdbool.h>

#include "core/base/env.h"

/* What some pairs add up to; all zero without pairs. */
typedef struct EmoAgreement
{
	int64_t n;
	double actual_mean, predicted_mean;
	double actual_square, predicted_square; /* sums of squared distances to the means */
	double product;                         /* sum of products of both distances */
	double error;                           /* sum of |predicted - actual| */
	double square_error;                    /* sum of (predicted - actual)^2 */
	int64_t n_covered;                      /* pairs whose actual number lies in the interval */
} EmoAgreement;

typedef enum EmoAgreementMetric
{
	EMO_AGREEMENT_CCC,
	EMO_AGREEMENT_PEARSON,
	EMO_AGREEMENT_MAE,  /* mean absolute error */
	EMO_AGREEMENT_RMSE, /* root of the mean squared error */
	EMO_N_AGREEMENTS
} EmoAgreementMetric;

extern void emo_agreement_add(EmoAgreement *agreement, double actual, double predicted);

/* Pairs of other, too: as if they had been added, but for rounding. */
extern void emo_agreement_merge(EmoAgreement *agreement, const EmoAgreement *other);

/*
 * values[EMO_N_AGREEMENTS]; NaN for what isn't defined: all without pairs, CCC of two equal constants,
 * Pearson's correlation with a constant.
 */
extern void emo_agreement_metrics(const EmoAgreement *agreement, double *values);

/* Pairs of numbers. */
typedef struct EmoPairs
{
	const double *actual, *predicted; /* of each row */
	const double *low, *high; /* of an interval about predicted, NaN: none; NULL: none has one */
} EmoPairs;

typedef struct EmoAgreementEstimates
{
	double value[EMO_N_AGREEMENTS], low[EMO_N_AGREEMENTS], high[EMO_N_AGREEMENTS];
	double coverage; /* share of actual numbers inside their intervals; NaN without intervals */
	int64_t n;
} EmoAgreementEstimates;

/*
 * Metrics of all rows of the units, with 95 % intervals by drawing units, as emo_estimate_metrics() has them.
 * Draws in which a value isn't defined don't count for it.
 */
extern EmoStatus emo_estimate_agreement(EmoEnv *env, const EmoPairs *pairs,
										const int64_t *row_of_unit, const int64_t *unit_start,
										int64_t n_units, EmoAgreementEstimates *estimates);

#endif
