/*
 * linalg_test.c
 *	  Eigenvalues against known ones, and that the parts make up the matrix again; solutions put back
 *	  into their equations.
 */
#include "unit.h"

#include "core/base/linalg.h"

static void
check_decomposition(EmoEnv *env, int n)
{
	double matrix[EMO_EIGEN_MAX_SIZE * EMO_EIGEN_MAX_SIZE];
	double vectors[EMO_EIGEN_MAX_SIZE * EMO_EIGEN_MAX_SIZE];
	double values[EMO_EIGEN_MAX_SIZE];
	double worst = 0, worst_product = 0;

	for (int i = 0; i < n; i++)
		for (int j = 0; j <= i; j++)
			matrix[i * n + j] = matrix[j * n + i] = (double) rand() / RAND_MAX - 0.5;
	memcpy(vectors, matrix, n * n * sizeof(double));
	CHECK(emo_symmetric_eigen(env, n, vectors, values) == EMO_OK);
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
		{
			double sum = 0, product = 0;

			for (int k = 0; k < n; k++)
			{
				sum += vectors[k * n + i] * values[k] * vectors[k * n + j];
				product += vectors[i * n + k] * vectors[j * n + k];
			}
			worst = fmax(worst, fabs(sum - matrix[i * n + j]));
			worst_product = fmax(worst_product, fabs(product - (i == j)));
		}
	CHECK_NEAR(worst, 0, 1e-13);
	CHECK_NEAR(worst_product, 0, 1e-13);
	for (int k = 1; k < n; k++)
		CHECK(values[k - 1] <= values[k]);
}

static void
test_random_matrices(EmoEnv *env)
{
	static const int sizes[] = {1, 2, 3, 20, EMO_EIGEN_MAX_SIZE};

	for (int i = 0; i < 5; i++)
		check_decomposition(env, sizes[i]);
}

/* The second difference's eigenvalues are 2 - 2 cos(pi k / (n + 1)), k = 1 .. n. */
static void
test_known_values(EmoEnv *env)
{
	enum
	{
		n = 20
	};
	double matrix[n * n] = {0}, values[n];

	for (int i = 0; i < n; i++)
	{
		matrix[i * n + i] = 2;
		if (i > 0)
			matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = -1;
	}
	CHECK(emo_symmetric_eigen(env, n, matrix, values) == EMO_OK);
	for (int k = 0; k < n; k++)
		CHECK_NEAR(values[k], 2 - 2 * cos(M_PI * (k + 1) / (n + 1)), 1e-13);
}

/* More rows than a panel of the factorisation has. */
static void
test_solutions(EmoEnv *env)
{
	enum
	{
		n = 300,
		n_right = 3
	};
	static double a[n * n], factor[n * n], right[n_right * n], x[n_right * n];
	double worst = 0;

	/* Diagonally dominant, and so positive definite. */
	for (int i = 0; i < n; i++)
		for (int j = 0; j <= i; j++)
			a[i * n + j] = a[j * n + i] = i == j ? n : (double) rand() / RAND_MAX - 0.5;
	for (int i = 0; i < n_right * n; i++)
		x[i] = right[i] = (double) rand() / RAND_MAX - 0.5;
	memcpy(factor, a, sizeof(a));
	CHECK(emo_cholesky_solve(env, factor, n, x, n_right) == EMO_OK);
	for (int r = 0; r < n_right; r++)
		for (int i = 0; i < n; i++)
		{
			double sum = 0;

			for (int j = 0; j < n; j++)
				sum += a[i * n + j] * x[r * n + j];
			worst = fmax(worst, fabs(sum - right[r * n + i]));
		}
	CHECK(worst < 1e-12);
	a[5 * n + 5] = -1;
	CHECK(emo_cholesky_solve(env, a, n, x, 1) == EMO_BAD_DATA);
}

int
main(void)
{
	srand(1);
	RUN(test_solutions);
	RUN(test_random_matrices);
	RUN(test_known_values);
	return unit_finish();
}
