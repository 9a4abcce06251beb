/*
 * linalg.c
 *	  Symmetric matrices, by BLAS and LAPACK.
 *
 * Row-major upper triangles are column-major lower ones, which is how LAPACK sees them.
 */
#include "core/base/linalg.h"

#include <cblas.h>

/* LAPACK's Fortran symbols; the lengths of the character arguments are passed behind the others. */
extern void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info,
					size_t uplo_length);
extern void dpotrs_(const char *uplo, const int *n, const int *n_right, const double *a,
					const int *lda, double *b, const int *ldb, int *info, size_t uplo_length);
extern void dsyev_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda,
				   double *w, double *work, const int *lwork, int *info, size_t jobz_length,
				   size_t uplo_length);

/* Columns factored at once: wide enough for BLAS to be fast, narrow enough for a cancel. */
#define PANEL 256

/* Multiplications in one call of BLAS: about 20 ms. */
#define OPERATIONS_AT_ONCE 5e8

static EmoStatus
not_positive_definite(EmoEnv *env)
{
	emo_fail(env, EMO_BAD_DATA, "covariance of the features is not positive definite");
	emo_set_hint(env, "Use a larger \"shrinkage\".");
	return env->status;
}

/* A = U^T U by panels of rows (Golub & Van Loan, "Matrix computations", 4.2.9). */
static EmoStatus
factor(EmoEnv *env, double *a, int n)
{
	size_t stride = n;

	for (int first = 0; first < n; first += PANEL)
	{
		int width = n - first < PANEL ? n - first : PANEL;
		int after = first + width;
		double *panel = a + first * stride;
		int info;

		dpotrf_("L", &width, panel + first, &n, &info, 1);
		if (info != 0)
			return not_positive_definite(env);
		if (after < n)
			cblas_dtrsm(CblasRowMajor, CblasLeft, CblasUpper, CblasTrans, CblasNonUnit, width,
						n - after, 1, panel + first, n, panel + after, n);
		for (int row = after; row < n; row += PANEL)
		{
			int height = n - row < PANEL ? n - row : PANEL;

			if (emo_check_stop(env) != EMO_OK)
				return env->status;
			cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, height, n - row, width, -1,
						panel + row, n, panel + row, n, 1, a + row * stride + row, n);
		}
	}
	return EMO_OK;
}

EmoStatus
emo_cholesky_solve(EmoEnv *env, double *a, int n, double *right, int n_right)
{
	double fitting = OPERATIONS_AT_ONCE / (2.0 * n * n);
	int at_once = fitting < 1 ? 1 : fitting > n_right ? n_right : (int) fitting;

	if (factor(env, a, n) != EMO_OK)
		return env->status;
	for (int first = 0; first < n_right; first += at_once)
	{
		int count = n_right - first < at_once ? n_right - first : at_once;
		int info;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		dpotrs_("L", &n, &count, a, &n, right + (size_t) first * n, &n, &info, 1);
	}
	return EMO_OK;
}

EmoStatus
emo_symmetric_eigen(EmoEnv *env, int n, double *matrix, double *values)
{
	double work[4 * EMO_EIGEN_MAX_SIZE];
	int work_size = 4 * EMO_EIGEN_MAX_SIZE;
	int info = 0;

	/* Columns to Fortran are rows to C. */
	dsyev_("V", "U", &n, matrix, &n, values, work, &work_size, &info, 1, 1);
	if (info != 0)
		return emo_fail(env, EMO_BAD_DATA, "eigenvalues of a matrix could not be computed");
	return EMO_OK;
}
