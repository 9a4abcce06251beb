/*
 * linalg.h
 *	  Symmetric matrices: systems of equations, in pieces that can be canceled, and eigenvectors.
 */
#ifndef EMO_LINALG_H
#define EMO_LINALG_H

#include "core/base/env.h"

/*
 * Solve A x = b for each of n_right right-hand sides.  a[n][n] holds the upper triangle in rows and
 * is overwritten by its factor; right[n_right][n] holds one b per row and becomes the x.
 * EMO_BAD_DATA if A isn't positive definite.
 */
extern EmoStatus emo_cholesky_solve(EmoEnv *env, double *a, int n, double *right, int n_right);

/* Work space is on the stack. */
#define EMO_EIGEN_MAX_SIZE 64

/*
 * matrix[n][n], symmetric and finite, n up to EMO_EIGEN_MAX_SIZE, is overwritten by its eigenvectors
 * (one per row, of length 1); values[n] gets the eigenvalues in ascending order.
 */
extern EmoStatus emo_symmetric_eigen(EmoEnv *env, int n, double *matrix, double *values);

#endif
