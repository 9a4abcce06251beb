/*
 * space_pca.c
 *	  Utterances on the first two principal components, by subspace iteration (Golub & Van Loan,
 *	  "Matrix computations", section 8.2.4).
 */
#include "core/explain/space.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/base/linalg.h"
#include "core/base/random.h"

/* Directions carried along: the two converge with the ratio of the second to the last variance. */
#define N_DIRECTIONS 8
#define MAX_ROUNDS   100

/* Variances that no longer change by more than that are found. */
#define TOLERANCE 1e-5

/* Rows at once: some milliseconds between two checks of whether to stop. */
#define BLOCK_ROWS 4096

typedef struct Subspace
{
	int64_t n_rows;
	int n_features;
	float *rows;       /* [n_rows][n_features], standardised */
	float *directions; /* [N_DIRECTIONS][n_features], orthonormal */
	float *images;     /* [N_DIRECTIONS][n_features], the covariance times them */
	float *scores;     /* [n_rows][N_DIRECTIONS] */
	double variance;   /* of all features together */
} Subspace;

static EmoStatus
standardise(EmoEnv *env, const EmoTrainingSet *set, Subspace *space)
{
	int d = set->n_features;

	for (int f = 0; f < d; f++)
	{
		double sum = 0, squares = 0, mean, deviation, scale;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int64_t i = 0; i < set->n_rows; i++)
			sum += set->features[i * d + f];
		mean = sum / (double) set->n_rows;
		for (int64_t i = 0; i < set->n_rows; i++)
			squares += pow(set->features[i * d + f] - mean, 2);
		if (!isfinite(squares))
			return emo_fail(env, EMO_BAD_DATA, "feature %d is not finite everywhere", f + 1);
		deviation = sqrt(squares / (double) set->n_rows);
		/* Less than a float can tell from its mean. */
		scale = deviation > 1e-6 * fabs(mean) && deviation > 1e-30 ? 1 / deviation : 0;
		space->variance += scale > 0;
		for (int64_t i = 0; i < set->n_rows; i++)
			space->rows[i * d + f] = (float) ((set->features[i * d + f] - mean) * scale);
	}
	return EMO_OK;
}

static EmoStatus
begin(EmoEnv *env, const EmoTrainingSet *set, Subspace *space)
{
	size_t d = (size_t) set->n_features;
	EmoRandom random;

	*space = (Subspace){.n_rows = set->n_rows, .n_features = set->n_features};
	space->rows = emo_alloc(env, (size_t) set->n_rows * d, sizeof(float));
	space->directions = emo_alloc(env, N_DIRECTIONS * d, sizeof(float));
	space->images = emo_alloc(env, N_DIRECTIONS * d, sizeof(float));
	space->scores = emo_alloc(env, (size_t) set->n_rows * N_DIRECTIONS, sizeof(float));
	if (space->rows == NULL || space->directions == NULL || space->images == NULL ||
		space->scores == NULL)
		return env->status;
	emo_random_seed(&random, 0);
	for (size_t i = 0; i < N_DIRECTIONS * d; i++)
		space->images[i] = (float) emo_random_normal(&random);
	return standardise(env, set, space);
}

/* directions = images, made orthonormal (modified Gram-Schmidt); one that is none becomes 0. */
static void
orthonormalise(Subspace *space)
{
	int d = space->n_features;

	memcpy(space->directions, space->images, N_DIRECTIONS * (size_t) d * sizeof(float));
	for (int a = 0; a < N_DIRECTIONS; a++)
	{
		float *direction = space->directions + (size_t) a * (size_t) d;
		double before = cblas_snrm2(d, direction, 1), after;

		/* Twice is enough (Giraud et al. 2005). */
		for (int pass = 0; pass < 2; pass++)
			for (int b = 0; b < a; b++)
			{
				const float *other = space->directions + (size_t) b * (size_t) d;

				cblas_saxpy(d, (float) -cblas_dsdot(d, other, 1, direction, 1), other, 1, direction,
							1);
			}
		after = cblas_snrm2(d, direction, 1);
		cblas_sscal(d, after > 1e-5 * before && after > 0 ? (float) (1 / after) : 0, direction, 1);
	}
}

/* scores of the directions, and images, the covariance times them. */
static EmoStatus
apply(EmoEnv *env, Subspace *space)
{
	int d = space->n_features;

	memset(space->images, 0, N_DIRECTIONS * (size_t) d * sizeof(float));
	for (int64_t first = 0; first < space->n_rows; first += BLOCK_ROWS)
	{
		int n = (int) (space->n_rows - first < BLOCK_ROWS ? space->n_rows - first : BLOCK_ROWS);
		const float *rows = space->rows + first * d;
		float *scores = space->scores + first * N_DIRECTIONS;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, N_DIRECTIONS, d, 1, rows, d,
					space->directions, d, 0, scores, N_DIRECTIONS);
		cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, N_DIRECTIONS, d, n,
					(float) (1.0 / (double) space->n_rows), scores, N_DIRECTIONS, rows, d, 1,
					space->images, d);
	}
	return EMO_OK;
}

/* vectors[N_DIRECTIONS][N_DIRECTIONS] and variances (ascending) of the directions' covariance. */
static EmoStatus
solve(EmoEnv *env, const Subspace *space, double *vectors, double *variances)
{
	int d = space->n_features;

	for (int a = 0; a < N_DIRECTIONS; a++)
		for (int b = 0; b < N_DIRECTIONS; b++)
			vectors[a * N_DIRECTIONS + b] =
				cblas_dsdot(d, space->directions + (size_t) a * (size_t) d, 1,
							space->images + (size_t) b * (size_t) d, 1);
	return emo_symmetric_eigen(env, N_DIRECTIONS, vectors, variances);
}

EmoStatus
emo_space_pca(EmoEnv *env, const EmoTrainingSet *set, float *points, double share[2])
{
	double vectors[N_DIRECTIONS * N_DIRECTIONS], variances[N_DIRECTIONS], before = 0;
	Subspace space;

	if (begin(env, set, &space) != EMO_OK)
		return env->status;
	for (int round = 0; round < MAX_ROUNDS; round++)
	{
		double now;

		orthonormalise(&space);
		if (apply(env, &space) != EMO_OK || solve(env, &space, vectors, variances) != EMO_OK)
			return env->status;
		now = variances[N_DIRECTIONS - 1] + variances[N_DIRECTIONS - 2];
		if (fabs(now - before) <= TOLERANCE * now)
			break;
		before = now;
	}
	for (int axis = 0; axis < 2; axis++)
	{
		const double *vector = vectors + (N_DIRECTIONS - 1 - axis) * N_DIRECTIONS;

		share[axis] = variances[N_DIRECTIONS - 1 - axis] / fmax(1, space.variance);
		for (int64_t i = 0; i < set->n_rows; i++)
		{
			double sum = 0;

			for (int a = 0; a < N_DIRECTIONS; a++)
				sum += vector[a] * space.scores[i * N_DIRECTIONS + a];
			points[2 * i + axis] = (float) sum;
		}
	}
	return EMO_OK;
}
