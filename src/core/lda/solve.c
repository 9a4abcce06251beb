/*
 * solve.c
 *	  The discriminants of a selection of rows, from its sums.
 *
 * With S the within-class covariance on the scale z, v the selection's variances and
 * t = mean of S_jj / v_j, the shrunk covariance is A = (1 - shrinkage) S + shrinkage t diag(v), the
 * weights of class c are A^-1 (m_c - m), m_c its mean and m that of all.  The ridge on the diagonal
 * is called b below.
 *
 * A regression is the same with one class: S is the covariance of all rows then, and the right-hand
 * side of target t is the covariance of z and the target in the place of m_c - m, which makes it a
 * ridge regression.
 *
 * Primal: A is formed and factored, d x d.
 *
 * Dual: with P = sqrt((1 - shrinkage) / W) R diag(b)^-1/2, R the rows less their class means and W
 * their total weight, A = diag(b)^1/2 (I + P^T P) diag(b)^1/2, and by Woodbury's identity
 * (I + P^T P)^-1 = I - P^T (I + P P^T)^-1 P, so that only an n x n matrix is factored, whose
 * eigenvalues are at least 1.
 */
#include "core/lda/solve.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/base/linalg.h"

/* A selection's variance of a feature, relative to that of all rows, below which it is constant. */
#define MIN_VARIANCE 1e-12

/* Keeps the ridge above zero when the rows of each class are all alike. */
#define MIN_WITHIN_SHARE 1e-6

/* Multiplications in one call of BLAS: about 10 ms; and numbers in one block: 8 MB. */
#define OPERATIONS_AT_ONCE 5e8
#define NUMBERS_AT_ONCE    1e6

/* Narrower blocks would make BLAS slow. */
#define MIN_BLOCK_FEATURES 64

double
emo_lda_primal_cost(double n_features)
{
	return n_features * n_features * n_features / 3;
}

double
emo_lda_dual_cost(double n_rows, double n_features)
{
	return n_rows * n_rows * (n_features + n_rows / 3);
}

EmoStatus
emo_lda_new_discriminants(EmoEnv *env, int n_features, int n_outputs,
						  EmoLdaDiscriminants *discriminants)
{
	size_t n = n_features;

	if ((discriminants->weights = emo_alloc(env, n_outputs, n * sizeof(double))) == NULL ||
		(discriminants->bias = emo_alloc(env, n_outputs, sizeof(double))) == NULL ||
		(discriminants->ridge = emo_alloc(env, n, sizeof(double))) == NULL ||
		(discriminants->mean = emo_alloc(env, n, sizeof(double))) == NULL)
		return env->status;
	return EMO_OK;
}

void
emo_lda_free_discriminants(EmoEnv *env, EmoLdaDiscriminants *discriminants)
{
	emo_free(env, discriminants->mean);
	emo_free(env, discriminants->ridge);
	emo_free(env, discriminants->bias);
	emo_free(env, discriminants->weights);
}

static double
total_weight_of(const EmoLdaSums *sums)
{
	double total = 0;

	for (int c = 0; c < sums->n_classes; c++)
		total += sums->class_weight[c];
	return total;
}

/* Class means less the mean, which is known. */
static void
set_class_sides(const EmoLdaSums *sums, EmoLdaDiscriminants *discriminants)
{
	int n = sums->n_features;

	for (int c = 0; c < sums->n_classes; c++)
	{
		const double *class_sum = sums->class_sum + (size_t) c * n;
		double *right = discriminants->weights + (size_t) c * n;

		for (int j = 0; j < n; j++)
			right[j] = sums->class_rows[c] == 0 || isinf(discriminants->ridge[j])
						   ? 0
						   : class_sum[j] / sums->class_weight[c] - discriminants->mean[j];
	}
}

/* Covariances of features and targets. */
static void
set_target_sides(const EmoLdaSums *sums, EmoLdaDiscriminants *discriminants)
{
	int n = sums->n_features;
	double total_weight = total_weight_of(sums);

	for (int t = 0; t < sums->n_targets; t++)
	{
		const double *product = sums->target_product + (size_t) t * n;
		double *right = discriminants->weights + (size_t) t * n;

		for (int j = 0; j < n; j++)
			right[j] =
				isinf(discriminants->ridge[j])
					? 0
					: (product[j] - sums->target_sum[t] * discriminants->mean[j]) / total_weight;
	}
}

/*
 * What both forms start from: the mean, the ridge (infinite for a feature that doesn't vary), and
 * the right-hand sides, in weights.
 */
static void
prepare(const EmoLdaOptions *options, const EmoLdaSums *sums, EmoLdaDiscriminants *discriminants)
{
	int n = sums->n_features;
	int n_classes = sums->n_classes;
	double total_weight = total_weight_of(sums);
	double within_share = 0;
	int n_varying = 0;

	for (int j = 0; j < n; j++)
	{
		double sum = 0;
		double between = 0;
		double mean, variance;

		for (int c = 0; c < n_classes; c++)
		{
			double class_sum = sums->class_sum[(size_t) c * n + j];

			if (sums->class_rows[c] == 0)
				continue;
			sum += class_sum;
			between += class_sum * class_sum / sums->class_weight[c];
		}
		mean = sum / total_weight;
		variance = sums->square_sum[j] / total_weight - mean * mean;
		discriminants->mean[j] = mean;
		discriminants->ridge[j] = variance > MIN_VARIANCE ? variance : INFINITY;
		if (variance > MIN_VARIANCE)
		{
			within_share += fmax(sums->square_sum[j] - between, 0) / total_weight / variance;
			n_varying++;
		}
	}
	within_share = n_varying > 0 ? fmax(within_share / n_varying, MIN_WITHIN_SHARE) : 1;
	for (int j = 0; j < n; j++)
		discriminants->ridge[j] *= options->shrinkage * within_share;

	if (sums->n_targets > 0)
		set_target_sides(sums, discriminants);
	else
		set_class_sides(sums, discriminants);
}

/* The bias of each target; weights are final. */
static void
finish_targets(const EmoLdaSums *sums, EmoLdaDiscriminants *discriminants)
{
	int n = sums->n_features;

	for (int t = 0; t < sums->n_targets; t++)
	{
		const double *weights = discriminants->weights + (size_t) t * n;
		double bias = sums->target_sum[t] / total_weight_of(sums);

		for (int j = 0; j < n; j++)
			bias -= weights[j] * discriminants->mean[j];
		discriminants->bias[t] = bias;
	}
}

/* The bias of each class; weights are final, centred[n_classes][n_features] the class means. */
static void
finish_classes(const EmoLdaSums *sums, EmoLdaDiscriminants *discriminants)
{
	int n = sums->n_features;
	int n_classes = sums->n_classes;

	for (int c = 0; c < n_classes; c++)
	{
		const double *class_sum = sums->class_sum + (size_t) c * n;
		const double *weights = discriminants->weights + (size_t) c * n;
		double class_weight = sums->class_weight[c];
		double bias = 0;

		if (sums->class_rows[c] == 0)
		{
			discriminants->bias[c] = -INFINITY;
			continue;
		}
		/* -(m_c - m)/2 - m = -(m_c + m)/2 */
		for (int j = 0; j < n; j++)
			bias -= 0.5 * (class_sum[j] / class_weight + discriminants->mean[j]) * weights[j];
		discriminants->bias[c] = bias;
	}
}

static void
finish(const EmoLdaSums *sums, EmoLdaDiscriminants *discriminants)
{
	if (sums->n_targets > 0)
		finish_targets(sums, discriminants);
	else
		finish_classes(sums, discriminants);
}

/* Scatter as large as that of the rows, times the weight; not of features that don't vary. */
static EmoStatus
add_shifts(EmoEnv *env, const EmoLdaOptions *options, const EmoLdaSums *sums,
		   const EmoLdaShifts *shifts, const double *ridge, double *scatter)
{
	size_t n = sums->n_features;
	double *varying;

	if (shifts == NULL || shifts->n == 0 || options->shift_weight == 0)
		return EMO_OK;
	if ((varying = emo_alloc(env, shifts->n, n * sizeof(double))) == NULL)
		return env->status;
	for (int s = 0; s < shifts->n; s++)
		for (size_t j = 0; j < n; j++)
			varying[s * n + j] = isinf(ridge[j]) ? 0 : shifts->shift[s * n + j];
	cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, (int) n, shifts->n,
				options->shift_weight * total_weight_of(sums), varying, (int) n, 1, scatter,
				(int) n);
	emo_free(env, varying);
	return EMO_OK;
}

EmoStatus
emo_lda_solve_primal(EmoEnv *env, const EmoLdaOptions *options, const EmoLdaSums *sums,
					 const EmoLdaShifts *shifts, double *scatter,
					 EmoLdaDiscriminants *discriminants)
{
	int n = sums->n_features;
	int n_classes = sums->n_classes;
	int n_outputs = emo_lda_n_outputs(sums);
	double keep = (1 - options->shrinkage) / total_weight_of(sums);
	double *root_means = emo_alloc_zero(env, n_classes, n * sizeof(double));

	if (root_means == NULL)
		return env->status;
	prepare(options, sums, discriminants);

	/* The scatter about the class means is that about zero less sum of W_c m_c m_c^T. */
	for (int c = 0; c < n_classes; c++)
	{
		double root = sqrt(sums->class_weight[c]);

		for (int j = 0; j < n && sums->class_rows[c] > 0; j++)
			root_means[(size_t) c * n + j] = sums->class_sum[(size_t) c * n + j] / root;
	}
	cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, n, n_classes, -1, root_means, n, 1, scatter,
				n);
	emo_free(env, root_means);
	if (add_shifts(env, options, sums, shifts, discriminants->ridge, scatter) != EMO_OK)
		return env->status;
	for (int j = 0; j < n; j++)
	{
		double *row = scatter + (size_t) j * n;
		double ridge = discriminants->ridge[j];

		for (int k = j; k < n; k++)
			row[k] *= keep;
		row[j] += isinf(ridge) ? 1 : ridge;
	}
	if (emo_cholesky_solve(env, scatter, n, discriminants->weights, n_outputs) != EMO_OK)
		return env->status;
	for (int j = 0; j < n; j++)
		for (int c = 0; c < n_outputs && isinf(discriminants->ridge[j]); c++)
			discriminants->weights[(size_t) c * n + j] = 0;
	finish(sums, discriminants);
	return EMO_OK;
}

/* Rows of P, features first .. first + count - 1, into block[n_rows + shifts][count]. */
static void
fill_block(const EmoLdaScale *scale, const EmoLdaOptions *options, const EmoLdaSums *sums,
		   const double *inverse_root_ridge, const int64_t *rows, int64_t n_rows, int first,
		   int count, double *block)
{
	const EmoTrainingSet *set = scale->set;
	int n = set->n_features;
	double keep = (1 - options->shrinkage) / total_weight_of(sums);
	double of_shifts = sqrt((1 - options->shrinkage) * options->shift_weight);

	for (int64_t i = 0; i < n_rows; i++)
	{
		int label = set->label[rows[i]];
		const double *class_sum = sums->class_sum + (size_t) label * n + first;
		double inverse_weight = 1 / sums->class_weight[label];
		double factor = sqrt(keep * emo_row_weight(set, rows[i]));
		double *p = block + i * count;

		emo_lda_standardise(set->features + rows[i] * n, scale->mean, scale->inverse_deviation,
							scale->max_z, first, count, p);
		for (int j = 0; j < count; j++)
			p[j] = factor * (p[j] - class_sum[j] * inverse_weight) * inverse_root_ridge[first + j];
	}
	block += n_rows * count;
	for (int s = 0; s < scale->shifts.n; s++)
		for (int j = 0; j < count; j++)
			block[s * count + j] = of_shifts * scale->shifts.shift[(size_t) s * n + first + j] *
								   inverse_root_ridge[first + j];
}

EmoStatus
emo_lda_solve_dual(EmoEnv *env, const EmoLdaScale *scale, const EmoLdaOptions *options,
				   const EmoLdaSums *sums, const int64_t *rows, int64_t n_rows, double *gram,
				   EmoLdaDiscriminants *discriminants)
{
	int n = scale->set->n_features;
	int n_outputs = emo_lda_n_outputs(sums);
	int m = (int) n_rows + scale->shifts.n;
	double fitting = fmin(OPERATIONS_AT_ONCE / ((double) m * m), NUMBERS_AT_ONCE / m);
	int width = fitting < MIN_BLOCK_FEATURES ? MIN_BLOCK_FEATURES : fitting > n ? n : (int) fitting;
	double *weights = discriminants->weights;
	double *inverse_root_ridge = emo_alloc(env, n, sizeof(double));
	double *block = emo_alloc(env, m, width * sizeof(double));
	double *projected = emo_alloc_zero(env, n_outputs, m * sizeof(double));

	if (inverse_root_ridge == NULL || block == NULL || projected == NULL)
		return env->status;
	prepare(options, sums, discriminants);
	for (int j = 0; j < n; j++)
		inverse_root_ridge[j] = 1 / sqrt(discriminants->ridge[j]);
	for (int c = 0; c < n_outputs; c++)
		for (int j = 0; j < n; j++)
			weights[(size_t) c * n + j] *= inverse_root_ridge[j];

	memset(gram, 0, (size_t) m * m * sizeof(double));
	for (int i = 0; i < m; i++)
		gram[(size_t) i * m + i] = 1;
	for (int first = 0; first < n; first += width)
	{
		int count = n - first < width ? n - first : width;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		fill_block(scale, options, sums, inverse_root_ridge, rows, n_rows, first, count, block);
		cblas_dsyrk(CblasRowMajor, CblasUpper, CblasNoTrans, m, count, 1, block, count, 1, gram, m);
		cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n_outputs, m, count, 1,
					weights + first, n, block, count, 1, projected, m);
	}
	if (emo_cholesky_solve(env, gram, m, projected, n_outputs) != EMO_OK)
		return env->status;
	for (int first = 0; first < n; first += width)
	{
		int count = n - first < width ? n - first : width;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		/* A single block is still there. */
		if (width < n)
			fill_block(scale, options, sums, inverse_root_ridge, rows, n_rows, first, count, block);
		cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n_outputs, count, m, -1, projected,
					m, block, count, 1, weights + first, n);
	}
	for (int c = 0; c < n_outputs; c++)
		for (int j = 0; j < n; j++)
			weights[(size_t) c * n + j] *= inverse_root_ridge[j];
	finish(sums, discriminants);
	emo_free(env, projected);
	emo_free(env, block);
	emo_free(env, inverse_root_ridge);
	return EMO_OK;
}
