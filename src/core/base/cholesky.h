/*
 * cholesky.h
 *	  Solve symmetric positive definite systems, in pieces that can be canceled.
 */
#ifndef EMO_CHOLESKY_H
#define EMO_CHOLESKY_H

#include "core/base/env.h"

/*
 * Solve A x = b for each of n_right right-hand sides.  a[n][n] holds the upper triangle in rows and
 * is overwritten by its factor; right[n_right][n] holds one b per row and becomes the x.
 * EMO_BAD_DATA if A isn't positive definite.
 */
extern EmoStatus emo_cholesky_solve(EmoEnv *env, double *a, int n, double *right, int n_right);

#endif
