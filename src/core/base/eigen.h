/*
 * eigen.h
 *	  Eigenvalues and eigenvectors of small symmetric matrices.
 */
#ifndef EMO_EIGEN_H
#define EMO_EIGEN_H

#include "core/base/env.h"

/* Work space is on the stack. */
#define EMO_EIGEN_MAX_SIZE 64

/*
 * matrix[n][n], symmetric and finite, n up to EMO_EIGEN_MAX_SIZE, is overwritten by its eigenvectors
 * (one per row, of length 1); values[n] gets the eigenvalues in ascending order.
 */
extern EmoStatus emo_symmetric_eigen(EmoEnv *env, int n, double *matrix, double *values);

#endif
