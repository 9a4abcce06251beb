/*
 * space.h
 *	  Utterances as points in a plane, by the two directions of their features that tell most.
 */
#ifndef EMO_SPACE_H
#define EMO_SPACE_H

#include "core/lda/lda.h"

/*
 * points[n_rows][2] on the first two discriminant axes (Fisher 1936; as by Hastie, Tibshirani &
 * Friedman, "The elements of statistical learning", section 4.3.3): the axes of the space of a shrunk
 * LDA's scores along which class means differ most, relative to the spread within classes; in units
 * of that spread.  share[2] is how much of what tells the means apart lies along each.  Two classes
 * have one axis; the other coordinate is 0 then.  Errors as emo_lda_fit(), and EMO_LIMIT_EXCEEDED for
 * more than EMO_EIGEN_MAX_SIZE classes.
 */
extern EmoStatus emo_space_lda(EmoEnv *env, const EmoTrainingSet *set, float *points,
							   double share[2]);

/*
 * The same on the first two principal components of the standardised features (Hotelling 1933), by
 * subspace iteration; share[2] is the share of the variance.  A feature that doesn't vary counts for
 * nothing.
 */
extern EmoStatus emo_space_pca(EmoEnv *env, const EmoTrainingSet *set, float *points,
							   double share[2]);

#endif
