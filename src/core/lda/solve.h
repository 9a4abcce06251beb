/*
 * solve.h
 *	  The inside of lda.h: rows on a common scale, their sums, and the discriminants of a selection.
 *
 * All rows of a training set are put on one scale z once.  A selection of them (all, or all but a
 * fold) is described by sums over its rows, so that a fold can be taken out by subtraction.  The
 * selection's own standardisation only stretches z by its deviations v: shrinking towards the
 * identity there is shrinking towards diag(v^2) here.
 */
#ifndef EMO_LDA_SOLVE_H
#define EMO_LDA_SOLVE_H

#include <math.h>

#include "core/lda/lda.h"

/*
 * How kinds of copies differ on the average from what all of them have in common, on a scale z,
 * divided by the root of their number: the sum of their squares is a covariance.
 */
typedef struct EmoLdaShifts
{
	int n;         /* 0: no copies */
	double *shift; /* [n][n_features] */
} EmoLdaShifts;

/* A training set seen on the scale z of a head's mean, inverse_deviation and max_z. */
typedef struct EmoLdaScale
{
	const EmoTrainingSet *set;
	float *mean;              /* [n_features] */
	float *inverse_deviation; /* [n_features] */
	float max_z;
	double *target_mean; /* [set->n_targets]; targets are summed up as distances to it */
	EmoLdaShifts shifts;
} EmoLdaScale;

/* Sums over a selection of rows; w is the weight of a row. */
typedef struct EmoLdaSums
{
	int n_features;
	int n_classes;
	int64_t *class_rows;  /* [n_classes], number of rows */
	double *class_weight; /* [n_classes], sum of w */
	double *class_sum;    /* [n_classes][n_features], sum of w z */
	double *square_sum;   /* [n_features], sum of w z^2 */

	/* Of a regression, whose rows are of one class; y is the distance of a target to its mean. */
	int n_targets;
	double *target_sum;     /* [n_targets], sum of w y */
	double *target_product; /* [n_targets][n_features], sum of w y z */
} EmoLdaSums;

static inline int
emo_lda_n_outputs(const EmoLdaSums *sums)
{
	return sums->n_targets > 0 ? sums->n_targets : sums->n_classes;
}

/*
 * What training gives: score of class c = weights[c] . z + bias[c], of equally likely classes.  Of a
 * regression, it is the distance of target c to its mean.
 */
typedef struct EmoLdaDiscriminants
{
	double *weights; /* [n_outputs][n_features] */
	double *bias;    /* [n_outputs], -infinity for a class without rows */
	double *ridge;   /* [n_features], working space */
	double *mean;    /* [n_features], working space */
} EmoLdaDiscriminants;

/* z of features first .. first + count - 1 of a row; NaN counts as the mean. */
static inline void
emo_lda_standardise(const float *features, const float *mean, const float *inverse_deviation,
					double max_z, int first, int count, double *z)
{
	for (int i = 0; i < count; i++)
	{
		double value = ((double) features[first + i] - mean[first + i]) *
					   (double) inverse_deviation[first + i];

		value = isnan(value) ? 0 : value;
		value = value < max_z ? value : max_z;
		value = value > -max_z ? value : -max_z;
		z[i] = value;
	}
}

/* EMO_INVALID_PARAMETER unless all are in range. */
extern EmoStatus emo_lda_check_options(EmoEnv *env, const EmoLdaOptions *options);

/* Of the copies among rows[n_rows] (NULL: all) of the set, by the rest of the scale; see shifts.c. */
extern EmoStatus emo_lda_measure_shifts(EmoEnv *env, const EmoLdaScale *scale, const int64_t *rows,
										int64_t n_rows, EmoLdaShifts *shifts);

/* Check set and options, then measure the scale. */
extern EmoStatus emo_lda_measure_scale(EmoEnv *env, const EmoTrainingSet *set,
									   const EmoLdaOptions *options, EmoLdaScale *scale);

extern EmoStatus emo_lda_new_sums(EmoEnv *env, int n_features, int n_classes, int n_targets,
								  EmoLdaSums *sums);
/* Mean and deviation of each feature over the rows summed up, of which there are some. */
extern void emo_lda_spread_of_sums(const EmoLdaSums *sums, float *mean, float *deviation);

extern void emo_lda_free_sums(EmoEnv *env, EmoLdaSums *sums);
extern EmoStatus emo_lda_new_discriminants(EmoEnv *env, int n_features, int n_outputs,
										   EmoLdaDiscriminants *discriminants);
extern void emo_lda_free_discriminants(EmoEnv *env, EmoLdaDiscriminants *discriminants);

/* Add (sign 1) or take out (sign -1) rows[n_rows]. */
extern EmoStatus emo_lda_add_rows(EmoEnv *env, const EmoLdaScale *scale, const int64_t *rows,
								  int64_t n_rows, double sign, EmoLdaSums *sums);

/* The same for scatter[n_features][n_features], the upper triangle of the sum of w z z^T. */
extern EmoStatus emo_lda_add_scatter(EmoEnv *env, const EmoLdaScale *scale, const int64_t *rows,
									 int64_t n_rows, double sign, double *scatter);

/* Train on a selection through its scatter, which is overwritten; shifts may be NULL. */
extern EmoStatus emo_lda_solve_primal(EmoEnv *env, const EmoLdaOptions *options,
									  const EmoLdaSums *sums, const EmoLdaShifts *shifts,
									  double *scatter, EmoLdaDiscriminants *discriminants);

/* Train on a selection through the Gram matrix of its rows[n_rows] and the scale's shifts;
 * gram[n_rows + shifts][n_rows + shifts] is working space. */
extern EmoStatus emo_lda_solve_dual(EmoEnv *env, const EmoLdaScale *scale,
									const EmoLdaOptions *options, const EmoLdaSums *sums,
									const int64_t *rows, int64_t n_rows, double *gram,
									EmoLdaDiscriminants *discriminants);

/* Multiplications of training on n_rows rows either way, without the scatter for the primal one. */
extern double emo_lda_primal_cost(double n_features);
extern double emo_lda_dual_cost(double n_rows, double n_features);

#endif
