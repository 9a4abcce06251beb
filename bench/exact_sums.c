/*
 * exact_sums.c
 *	  How fast rows of features are summed exactly, by instruction set, and by BLAS.
 */
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/host.h"
#include "core/lda/profile.h"
#include "core/lda/state.h"

#define N_FEATURES 1528
#define N_ROWS     512
#define N_ROUNDS   7

/* As many rows at once are fast, and exact: 128 2^28 is below 2^53. */
#define BLAS_ROWS 128

static float features[N_ROWS * N_FEATURES], ones[N_FEATURES], zeros[N_FEATURES];
static int16_t q[N_ROWS * N_FEATURES];
static double block[BLAS_ROWS * N_FEATURES], scatter[N_FEATURES * N_FEATURES];
static int64_t triangle[N_FEATURES * (N_FEATURES + 1) / 2];

/* About normal, of deviation 1. */
static void
make_features(void)
{
	for (int i = 0; i < N_FEATURES; i++)
		ones[i] = 1;
	for (int i = 0; i < N_ROWS * N_FEATURES; i++)
		for (int k = 0; k < 12; k++)
			features[i] += (float) rand() / (float) RAND_MAX - 0.5f;
}

static void
quantise(const EmoLdaKernels *kernels)
{
	for (int row = 0; row < N_ROWS; row++)
		kernels->quantise(N_FEATURES, zeros, ones, features + row * N_FEATURES, EMO_STATE_UNIT,
						  EMO_STATE_MAX_Z, q + row * N_FEATURES);
}

static void
multiply(const EmoLdaKernels *kernels)
{
	EmoEnv env = bench_env();

	if (emo_scatter_add_with(&env, kernels, q, N_ROWS, N_FEATURES, 1, triangle) != EMO_OK)
		exit(1);
}

static void
add_to_profile(const EmoLdaKernels *kernels)
{
	static int64_t sums[EMO_PROFILE_WORDS * N_FEATURES];

	memset(sums, 0, sizeof(sums));
	for (int row = 0; row < N_ROWS; row++)
		kernels->add_to_profile(features + row * N_FEATURES, N_FEATURES, sums);
}

static void
multiply_by_blas(const EmoLdaKernels *kernels)
{
	(void) kernels;
	for (int first = 0; first < N_ROWS; first += BLAS_ROWS)
	{
		for (int i = 0; i < BLAS_ROWS * N_FEATURES; i++)
			block[i] = q[first * N_FEATURES + i];
		cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, N_FEATURES, BLAS_ROWS, 1, block,
					N_FEATURES, 1, scatter, N_FEATURES);
	}
}

static double
microseconds_a_row(void (*work)(const EmoLdaKernels *), const EmoLdaKernels *kernels)
{
	double best = INFINITY;

	for (int round = 0; round < N_ROUNDS; round++)
	{
		double start = cpu_s();

		work(kernels);
		best = fmin(best, cpu_s() - start);
	}
	return best * 1e6 / N_ROWS;
}

int
main(void)
{
	static const char *const names[] = {"baseline", "avx2", "avx512"};

	make_features();
	printf("%-10s %10s %10s %10s\n", "us a row", "quantise", "products", "profile");
	for (int i = 0; i < 3; i++)
	{
		const EmoLdaKernels *kernels = emo_lda_kernels_named(names[i]);

		if (kernels == NULL)
			continue;
		printf("%-10s %10.2f", names[i], microseconds_a_row(quantise, kernels));
		printf(" %10.2f", microseconds_a_row(multiply, kernels));
		printf(" %10.2f\n", microseconds_a_row(add_to_profile, kernels));
	}
	printf("%-10s %10s %10.2f\n", "dsyrk", "", microseconds_a_row(multiply_by_blas, NULL));
	return 0;
}
