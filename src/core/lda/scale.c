/*
 * scale.c
 *	  Training sets: checks, the scale of the features, sums over rows.
 */
#include "core/lda/solve.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <string.h>

/* Multiplications in one call of BLAS: about 10 ms. */
#define OPERATIONS_AT_ONCE 5e8

/* Rows that are put on the scale at once, at most. */
#define MAX_BLOCK_ROWS 512
#define MIN_BLOCK_ROWS 16

/* Rows between two looks at the clock in passes that only add up. */
#define ROWS_PER_STOP_CHECK 1024

/*
 * A feature whose deviation is below this share of its largest value doesn't vary: that is the
 * resolution of float.
 */
#define RELATIVE_RESOLUTION 1e-7

/* Smaller deviations have no finite inverse in float. */
#define MIN_DEVIATION 1e-30

EmoStatus
emo_lda_check_options(EmoEnv *env, const EmoLdaOptions *options)
{
	if (emo_check_options(env, &emo_lda_options, options) != EMO_OK)
		return env->status;
	return emo_check_parameter(env, "max_z", options->max_z, EMO_MIN_MAX_Z, EMO_MAX_MAX_Z, NULL);
}

static EmoStatus
check_sizes(EmoEnv *env, const EmoTrainingSet *set)
{
	if (set->n_targets < 0 || set->n_targets > EMO_MAX_TARGETS)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "more than %d targets", EMO_MAX_TARGETS);
	if (set->n_targets > 0 && set->n_classes != 1)
		return emo_fail(env, EMO_INVALID_PARAMETER, "a regression has rows of one class");
	if (set->n_classes < emo_min_classes(set))
		return emo_fail(env, EMO_BAD_DATA, "training needs at least two classes");
	if (set->n_classes > EMO_MAX_CLASSES)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "more than %d classes", EMO_MAX_CLASSES);
	if (set->n_features < 1)
		return emo_fail(env, EMO_BAD_DATA, "training needs at least one feature");
	if (set->n_features > EMO_MAX_FEATURES)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "more than %d features", EMO_MAX_FEATURES);
	if (set->n_rows < 1)
		return emo_fail(env, EMO_BAD_DATA, "training set is empty");
	return EMO_OK;
}

static EmoStatus
check_row(EmoEnv *env, const EmoTrainingSet *set, int64_t row)
{
	double weight = emo_row_weight(set, row);

	if (set->label[row] < 0 || set->label[row] >= set->n_classes)
		return emo_fail(env, EMO_BAD_DATA, "label of training row %lld is out of range",
						(long long) row + 1);
	if (!(weight > 0 && weight <= FLT_MAX))
		return emo_fail(env, EMO_BAD_DATA, "weight of training row %lld is not positive",
						(long long) row + 1);
	for (int t = 0; t < set->n_targets; t++)
		if (!isfinite(set->target[row * set->n_targets + t]))
			return emo_fail(env, EMO_BAD_DATA, "a target of training row %lld is not finite",
							(long long) row + 1);
	return EMO_OK;
}

/* sum[n_features] += w x, largest[n_features] = max |x|, over all rows, which are checked. */
static EmoStatus
sum_features(EmoEnv *env, const EmoTrainingSet *set, double *sum, float *largest,
			 double *total_weight)
{
	int n = set->n_features;

	for (int64_t row = 0; row < set->n_rows; row++)
	{
		const float *features = set->features + row * n;
		double weight = emo_row_weight(set, row);
		double not_finite = 0;

		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (check_row(env, set, row) != EMO_OK)
			return env->status;
		for (int i = 0; i < n; i++)
		{
			float size = fabsf(features[i]);

			sum[i] += weight * features[i];
			largest[i] = size > largest[i] ? size : largest[i];
			not_finite += features[i] * 0.0f; /* NaN for NaN and infinity, otherwise zero */
		}
		if (not_finite != 0)
		{
			emo_fail(env, EMO_BAD_DATA, "features of training row %lld are not finite",
					 (long long) row + 1);
			emo_set_hint(env, "Leave out rows with NaN or infinity.");
			return env->status;
		}
		*total_weight += weight;
	}
	return EMO_OK;
}

static EmoStatus
sum_squares(EmoEnv *env, const EmoTrainingSet *set, const float *mean, double *square_sum)
{
	int n = set->n_features;

	for (int64_t row = 0; row < set->n_rows; row++)
	{
		const float *features = set->features + row * n;
		double weight = emo_row_weight(set, row);

		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int i = 0; i < n; i++)
		{
			double distance = (double) features[i] - mean[i];

			square_sum[i] += weight * distance * distance;
		}
	}
	return EMO_OK;
}

static EmoStatus
measure_targets(EmoEnv *env, const EmoTrainingSet *set, double total_weight, EmoLdaScale *scale)
{
	int n = set->n_targets;

	if ((scale->target_mean = emo_alloc_zero(env, n, sizeof(double))) == NULL)
		return env->status;
	for (int64_t row = 0; n > 0 && row < set->n_rows; row++)
		for (int t = 0; t < n; t++)
			scale->target_mean[t] += emo_row_weight(set, row) * set->target[row * n + t];
	for (int t = 0; t < n; t++)
		scale->target_mean[t] /= total_weight;
	return EMO_OK;
}

EmoStatus
emo_lda_measure_scale(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
					  EmoLdaScale *scale)
{
	int n = set->n_features;
	double total_weight = 0;
	double *sum;
	float *largest;

	if (emo_lda_check_options(env, options) != EMO_OK || check_sizes(env, set) != EMO_OK)
		return env->status;
	scale->set = set;
	scale->max_z = (float) options->max_z;
	if ((scale->mean = emo_alloc(env, n, sizeof(float))) == NULL ||
		(scale->inverse_deviation = emo_alloc(env, n, sizeof(float))) == NULL ||
		(sum = emo_alloc_zero(env, n, sizeof(double))) == NULL ||
		(largest = emo_alloc_zero(env, n, sizeof(float))) == NULL)
		return env->status;

	if (sum_features(env, set, sum, largest, &total_weight) != EMO_OK ||
		measure_targets(env, set, total_weight, scale) != EMO_OK)
		return env->status;
	for (int i = 0; i < n; i++)
		scale->mean[i] = (float) (sum[i] / total_weight);
	memset(sum, 0, n * sizeof(double));
	if (sum_squares(env, set, scale->mean, sum) != EMO_OK)
		return env->status;
	for (int i = 0; i < n; i++)
	{
		double deviation = sqrt(sum[i] / total_weight);
		bool varies = deviation > RELATIVE_RESOLUTION * largest[i] && deviation > MIN_DEVIATION;

		scale->inverse_deviation[i] = varies ? (float) (1 / deviation) : 0;
	}
	emo_free(env, largest);
	emo_free(env, sum);
	return emo_lda_measure_shifts(env, scale, NULL, set->n_rows, &scale->shifts);
}

EmoStatus
emo_lda_new_sums(EmoEnv *env, int n_features, int n_classes, int n_targets, EmoLdaSums *sums)
{
	size_t n = n_features;

	sums->n_features = n_features;
	sums->n_classes = n_classes;
	sums->n_targets = n_targets;
	if ((sums->class_rows = emo_alloc_zero(env, n_classes, sizeof(int64_t))) == NULL ||
		(sums->class_weight = emo_alloc_zero(env, n_classes, sizeof(double))) == NULL ||
		(sums->class_sum = emo_alloc_zero(env, n_classes, n * sizeof(double))) == NULL ||
		(sums->square_sum = emo_alloc_zero(env, n, sizeof(double))) == NULL ||
		(sums->target_sum = emo_alloc_zero(env, n_targets, sizeof(double))) == NULL ||
		(sums->target_product = emo_alloc_zero(env, n_targets, n * sizeof(double))) == NULL)
		return env->status;
	return EMO_OK;
}

void
emo_lda_free_sums(EmoEnv *env, EmoLdaSums *sums)
{
	emo_free(env, sums->target_product);
	emo_free(env, sums->target_sum);
	emo_free(env, sums->square_sum);
	emo_free(env, sums->class_sum);
	emo_free(env, sums->class_weight);
	emo_free(env, sums->class_rows);
}

/* What a row of weight w has to do with each target. */
static void
add_targets(const EmoLdaScale *scale, int64_t row, double weight, const double *z, EmoLdaSums *sums)
{
	int n = sums->n_features;

	for (int t = 0; t < sums->n_targets; t++)
	{
		double distance = scale->set->target[row * sums->n_targets + t] - scale->target_mean[t];
		double *product = sums->target_product + (size_t) t * n;

		sums->target_sum[t] += weight * distance;
		for (int j = 0; j < n; j++)
			product[j] += weight * distance * z[j];
	}
}

void
emo_lda_spread_of_sums(const EmoLdaSums *sums, float *mean, float *deviation)
{
	size_t n = sums->n_features;
	double total = 0;

	for (int c = 0; c < sums->n_classes; c++)
		total += sums->class_weight[c];
	for (size_t j = 0; j < n; j++)
	{
		double sum = 0;

		for (int c = 0; c < sums->n_classes; c++)
			sum += sums->class_sum[c * n + j];
		mean[j] = (float) (sum / total);
		deviation[j] =
			(float) sqrt(fmax(sums->square_sum[j] / total - (sum / total) * (sum / total), 0));
	}
}

EmoStatus
emo_lda_add_rows(EmoEnv *env, const EmoLdaScale *scale, const int64_t *rows, int64_t n_rows,
				 double sign, EmoLdaSums *sums)
{
	const EmoTrainingSet *set = scale->set;
	int n = set->n_features;
	double *z = emo_alloc(env, n, sizeof(double));

	if (z == NULL)
		return env->status;
	for (int64_t i = 0; i < n_rows; i++)
	{
		int label = set->label[rows[i]];
		double weight = sign * emo_row_weight(set, rows[i]);
		double *class_sum = sums->class_sum + (size_t) label * n;

		if (i % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		emo_lda_standardise(set->features + rows[i] * n, scale->mean, scale->inverse_deviation,
							scale->max_z, 0, n, z);
		sums->class_rows[label] += sign > 0 ? 1 : -1;
		sums->class_weight[label] += weight;
		for (int j = 0; j < n; j++)
		{
			class_sum[j] += weight * z[j];
			sums->square_sum[j] += weight * z[j] * z[j];
		}
		add_targets(scale, rows[i], weight, z, sums);
	}
	emo_free(env, z);
	return EMO_OK;
}

EmoStatus
emo_lda_add_scatter(EmoEnv *env, const EmoLdaScale *scale, const int64_t *rows, int64_t n_rows,
					double sign, double *scatter)
{
	const EmoTrainingSet *set = scale->set;
	int n = set->n_features;
	double fitting = OPERATIONS_AT_ONCE / ((double) n * n);
	int block_rows = fitting > MAX_BLOCK_ROWS   ? MAX_BLOCK_ROWS
					 : fitting < MIN_BLOCK_ROWS ? MIN_BLOCK_ROWS
												: (int) fitting;
	double *block = emo_alloc(env, block_rows, n * sizeof(double));

	if (block == NULL)
		return env->status;
	for (int64_t first = 0; first < n_rows; first += block_rows)
	{
		int count = n_rows - first < block_rows ? (int) (n_rows - first) : block_rows;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int i = 0; i < count; i++)
		{
			int64_t row = rows[first + i];
			double *z = block + (size_t) i * n;
			double root = sqrt(emo_row_weight(set, row));

			emo_lda_standardise(set->features + row * n, scale->mean, scale->inverse_deviation,
								scale->max_z, 0, n, z);
			for (int j = 0; j < n; j++)
				z[j] *= root;
		}
		cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, n, count, sign, block, n, 1, scatter, n);
	}
	emo_free(env, block);
	return EMO_OK;
}
