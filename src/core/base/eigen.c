/*
 * eigen.c
 *	  Eigenvalues and eigenvectors of small symmetric matrices, by LAPACK.
 */
#include "core/base/eigen.h"

/* LAPACK's Fortran symbol, with the hidden lengths of its two strings. */
extern void dsyev_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda,
				   double *w, double *work, const int *lwork, int *info, size_t jobz_length,
				   size_t uplo_length);

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
