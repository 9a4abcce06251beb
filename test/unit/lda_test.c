/*
 * lda_test.c
 *	  Shrinkage LDA against a naive solution and scikit-learn, folds against retraining, calibration.
 */
#include "unit.h"

#include <float.h>

#include "core/blas.h"
#include "core/lda_solve.h"

#define MAX_ROWS     80
#define MAX_FEATURES 90
#define MAX_CLASSES  5

/* No log posterior. */
#define UNTOUCHED 123.0f

/* A training set with its own storage. */
typedef struct Sample
{
	EmoTrainingSet set;
	float features[MAX_ROWS * MAX_FEATURES];
	int32_t label[MAX_ROWS];
	int32_t speaker[MAX_ROWS];
	int32_t recording[MAX_ROWS];
	int32_t copy_kind[MAX_ROWS];
	float row_weight[MAX_ROWS];
} Sample;

/* Knuth's MMIX generator; the upper bits, uniform in -1 .. 1. */
static double
uniform(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double) (int64_t) *state / 9223372036854775808.0;
}

/* Classes that overlap, features on scales from 0.01 to 1000 around means other than zero. */
static void
make_sample(Sample *sample, int n_rows, int n_features, int n_classes, uint64_t seed)
{
	memset(sample, 0, sizeof(*sample));
	sample->set = (EmoTrainingSet){.features = sample->features,
								   .label = sample->label,
								   .n_rows = n_rows,
								   .n_features = n_features,
								   .n_classes = n_classes,
								   .n_speakers = 6};
	for (int row = 0; row < n_rows; row++)
	{
		double common = uniform(&seed);

		sample->label[row] = row % n_classes;
		sample->speaker[row] = row / 3 % 6;
		sample->recording[row] = row / 2;
		sample->copy_kind[row] = row % 2;
		sample->row_weight[row] = (float) (1.5 + uniform(&seed));
		for (int i = 0; i < n_features; i++)
		{
			double scale = pow(10, i % 6 - 2);
			double shift = (i + row % n_classes) % n_classes;

			sample->features[row * n_features + i] =
				(float) (scale * (3 + 0.3 * shift + common + uniform(&seed)));
		}
	}
}

/* Solve a x = b in place by Gauss's elimination with row pivots; x replaces b. */
static void
naive_solve(double *a, double *b, int n)
{
	for (int k = 0; k < n; k++)
	{
		int pivot = k;

		for (int i = k + 1; i < n; i++)
			pivot = fabs(a[i * n + k]) > fabs(a[pivot * n + k]) ? i : pivot;
		for (int j = 0; j < n; j++)
		{
			double swapped = a[k * n + j];

			a[k * n + j] = a[pivot * n + j];
			a[pivot * n + j] = swapped;
		}
		double swapped = b[k];
		b[k] = b[pivot];
		b[pivot] = swapped;
		for (int i = k + 1; i < n; i++)
		{
			double factor = a[i * n + k] / a[k * n + k];

			for (int j = k; j < n; j++)
				a[i * n + j] -= factor * a[k * n + j];
			b[i] -= factor * b[k];
		}
	}
	for (int k = n - 1; k >= 0; k--)
	{
		for (int j = k + 1; j < n; j++)
			b[k] -= a[k * n + j] * b[j];
		b[k] /= a[k * n + k];
	}
}

static double
weight_of(const EmoTrainingSet *set, int row)
{
	return set->row_weight == NULL ? 1 : set->row_weight[row];
}

/* Train by the textbook, every step apart, and score one row of features. */
static void
naive_log_posteriors(const EmoTrainingSet *set, const EmoLdaOptions *options, const float *features,
					 double *log_posteriors)
{
	static double z[(MAX_ROWS + 1) * MAX_FEATURES], means[MAX_CLASSES * MAX_FEATURES];
	static double covariance[MAX_FEATURES * MAX_FEATURES], copy[MAX_FEATURES * MAX_FEATURES];
	int n = set->n_features, n_rows = (int) set->n_rows, n_classes = set->n_classes;
	double class_weight[MAX_CLASSES] = {0}, total = 0, trace = 0, largest = -INFINITY, sum = 0;

	for (int i = 0; i < n; i++)
	{
		double weight = 0, mean = 0, variance = 0;

		for (int row = 0; row < n_rows; row++)
		{
			weight += weight_of(set, row);
			mean += weight_of(set, row) * set->features[row * n + i];
		}
		mean /= weight;
		for (int row = 0; row < n_rows; row++)
			variance += weight_of(set, row) * pow(set->features[row * n + i] - mean, 2) / weight;
		for (int row = 0; row < n_rows; row++)
			z[row * n + i] = (set->features[row * n + i] - mean) / sqrt(variance);
		z[n_rows * n + i] = (features[i] - mean) / sqrt(variance);
	}
	memset(means, 0, sizeof(means));
	memset(covariance, 0, sizeof(covariance));
	for (int row = 0; row < n_rows; row++)
	{
		total += weight_of(set, row);
		class_weight[set->label[row]] += weight_of(set, row);
		for (int i = 0; i < n; i++)
			means[set->label[row] * n + i] += weight_of(set, row) * z[row * n + i];
	}
	for (int c = 0; c < n_classes; c++)
		for (int i = 0; i < n; i++)
			means[c * n + i] /= class_weight[c];
	for (int row = 0; row < n_rows; row++)
		for (int i = 0; i < n; i++)
			for (int j = 0; j < n; j++)
				covariance[i * n + j] += weight_of(set, row) / total *
										 (z[row * n + i] - means[set->label[row] * n + i]) *
										 (z[row * n + j] - means[set->label[row] * n + j]);
	for (int i = 0; i < n; i++)
		trace += covariance[i * n + i];
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			covariance[i * n + j] = (1 - options->shrinkage) * covariance[i * n + j] +
									(i == j ? options->shrinkage * trace / n : 0);
	for (int c = 0; c < n_classes; c++)
	{
		double weights[MAX_FEATURES], score = 0;

		memcpy(weights, means + c * n, n * sizeof(double));
		memcpy(copy, covariance, sizeof(copy));
		naive_solve(copy, weights, n);
		for (int i = 0; i < n; i++)
			score += weights[i] * (z[n_rows * n + i] - means[c * n + i] / 2);
		if (options->priors == EMO_PRIORS_EMPIRICAL)
			score += log(class_weight[c] / total);
		log_posteriors[c] = score;
		largest = score > largest ? score : largest;
	}
	for (int c = 0; c < n_classes; c++)
		sum += exp(log_posteriors[c] - largest);
	for (int c = 0; c < n_classes; c++)
		log_posteriors[c] -= largest + log(sum);
}

/* Float holds the weights of a head: 1e-7 of sums whose terms reach a few hundred. */
static double
tolerance(double log_posterior)
{
	return 1e-4 * (1 + fabs(log_posterior));
}

static void
compare_with_naive(EmoEnv *env, Sample *sample, const EmoLdaOptions *options)
{
	EmoLdaHead head;
	int n = sample->set.n_features;

	CHECK(emo_lda_fit(env, &sample->set, options, &head) == EMO_OK);
	for (int row = 0; row < sample->set.n_rows; row += 7)
	{
		float actual[MAX_CLASSES];
		double expected[MAX_CLASSES];

		emo_lda_log_posteriors(&head, sample->features + row * n, actual);
		naive_log_posteriors(&sample->set, options, sample->features + row * n, expected);
		for (int c = 0; c < sample->set.n_classes; c++)
			CHECK_NEAR(actual[c], expected[c], tolerance(expected[c]));
	}
}

static void
test_naive(EmoEnv *env)
{
	static Sample sample;
	EmoLdaOptions options = emo_lda_default_options();

	/* Fewer features than rows, then more. */
	make_sample(&sample, 70, 23, 4, 1);
	compare_with_naive(env, &sample, &options);
	sample.set.row_weight = sample.row_weight;
	options.priors = EMO_PRIORS_EMPIRICAL;
	compare_with_naive(env, &sample, &options);
	options.shrinkage = 0.01;
	compare_with_naive(env, &sample, &options);

	make_sample(&sample, 40, 85, 5, 2);
	compare_with_naive(env, &sample, &options);
	sample.set.row_weight = sample.row_weight;
	options.shrinkage = 1;
	compare_with_naive(env, &sample, &options);
}

/*
 * LinearDiscriminantAnalysis(solver='lsqr', shrinkage=0.3) of scikit-learn 1.2.1 on the standardised
 * rows; its priors are the frequencies.
 */
static void
test_scikit_learn(EmoEnv *env)
{
	static const float features[] = {1.0f, 5.2f, -0.3f, 1.4f, 4.9f, 0.1f,  0.7f, 5.8f, 0.4f,
									 1.9f, 5.1f, -0.9f, 2.1f, 6.3f, 0.2f,  3.2f, 4.1f, 1.1f,
									 2.8f, 3.6f, 0.7f,  3.9f, 4.4f, 1.9f,  3.1f, 3.2f, 0.3f,
									 5.5f, 6.1f, -1.2f, 4.7f, 7.0f, -0.4f, 5.1f, 6.6f, -2.0f};
	static const int32_t label[] = {0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2};
	static const float rows[3][3] = {{2.0f, 5.0f, 0.0f}, {4.0f, 5.0f, 0.0f}, {3.0f, 3.5f, 2.5f}};
	static const double expected[3][3] = {{-5.82049651e-06, -1.20541280e+01, -2.88289157e+01},
										  {-4.17563466e+00, -1.65563224e-02, -6.85460982e+00},
										  {-4.02182174e+01, 0, -8.45364891e+01}};
	EmoTrainingSet set = {
		.features = features, .label = label, .n_rows = 12, .n_features = 3, .n_classes = 3};
	EmoLdaOptions options = {.shrinkage = 0.3, .priors = EMO_PRIORS_EMPIRICAL, .max_z = 1e6};
	EmoLdaHead head;

	CHECK(emo_lda_fit(env, &set, &options, &head) == EMO_OK);
	for (int row = 0; row < 3; row++)
	{
		float actual[3];

		emo_lda_log_posteriors(&head, rows[row], actual);
		for (int c = 0; c < 3; c++)
			CHECK_NEAR(actual[c], expected[row][c], 1e-5 * (1 + fabs(expected[row][c])));
	}
}

/* Train on the rows outside a fold and score the fold, for every fold. */
static void
compare_with_retraining(EmoEnv *env, const Sample *sample, const int32_t *fold_of_row, int n_folds)
{
	static Sample rest;
	static float log_posteriors[MAX_ROWS * MAX_CLASSES];
	EmoLdaOptions options = emo_lda_default_options();
	const EmoTrainingSet *set = &sample->set;
	int n = set->n_features;

	for (int i = 0; i < MAX_ROWS * MAX_CLASSES; i++)
		log_posteriors[i] = UNTOUCHED;
	CHECK(emo_lda_cross_scores(env, set, &options, fold_of_row, n_folds, log_posteriors) == EMO_OK);
	for (int row = 0; row < set->n_rows; row++)
		if (fold_of_row[row] < 0 || (set->copy_kind != NULL && set->copy_kind[row] != 0))
			CHECK(log_posteriors[row * set->n_classes] == UNTOUCHED);
	for (int fold = 0; fold < n_folds; fold++)
	{
		EmoLdaHead head;
		int n_rest = 0;

		rest.set = *set;
		rest.set.features = rest.features;
		rest.set.label = rest.label;
		rest.set.row_weight = set->row_weight == NULL ? NULL : rest.row_weight;
		for (int row = 0; row < set->n_rows; row++)
		{
			if (fold_of_row[row] == fold)
				continue;
			memcpy(rest.features + n_rest * n, set->features + row * n, n * sizeof(float));
			rest.label[n_rest] = set->label[row];
			rest.row_weight[n_rest++] = sample->row_weight[row];
		}
		rest.set.n_rows = n_rest;
		CHECK(emo_lda_fit(env, &rest.set, &options, &head) == EMO_OK);
		for (int row = 0; row < set->n_rows; row++)
		{
			float expected[MAX_CLASSES];

			if (fold_of_row[row] != fold || (set->copy_kind != NULL && set->copy_kind[row] != 0))
				continue;
			emo_lda_log_posteriors(&head, set->features + row * n, expected);
			for (int c = 0; c < set->n_classes; c++)
				CHECK_NEAR(log_posteriors[row * set->n_classes + c], expected[c],
						   tolerance(expected[c]));
		}
	}
}

static void
test_folds_equal_retraining(EmoEnv *env)
{
	static Sample sample;
	int32_t fold_of_row[MAX_ROWS];

	/* Primal, then dual; rows of fold -1 are always trained on. */
	for (int n_features = 11; n_features <= 88; n_features += 77)
	{
		make_sample(&sample, 75, n_features, 4, 3);
		for (int row = 0; row < 75; row++)
			fold_of_row[row] = row / 2 % 7 - 1;
		compare_with_retraining(env, &sample, fold_of_row, 6);
		sample.set.copy_kind = sample.copy_kind;
		sample.set.row_weight = sample.row_weight;
		compare_with_retraining(env, &sample, fold_of_row, 6);

		/* A feature that varies in fold 2 only: constant in training, as if it weren't there. */
		for (int row = 0; row < 75; row++)
			sample.features[row * n_features + 5] = fold_of_row[row] == 2 ? (float) row : 7.3f;
		compare_with_retraining(env, &sample, fold_of_row, 6);
	}
}

static void
test_class_within_one_fold(EmoEnv *env)
{
	static Sample sample;
	static float log_posteriors[MAX_ROWS * MAX_CLASSES];
	int32_t fold_of_row[MAX_ROWS];
	EmoLdaOptions options = emo_lda_default_options();

	make_sample(&sample, 30, 8, 3, 4);
	for (int row = 0; row < 30; row++)
		fold_of_row[row] = sample.label[row] == 2 ? 0 : 1 + row % 2;
	CHECK(emo_lda_cross_scores(env, &sample.set, &options, fold_of_row, 3, log_posteriors) ==
		  EMO_OK);
	for (int row = 0; row < 30; row++)
		CHECK((log_posteriors[row * 3 + 2] == EMO_MIN_LOG_POSTERIOR) == (fold_of_row[row] == 0));

	for (int row = 0; row < 30; row++)
		fold_of_row[row] = sample.label[row] == 2 ? -1 : 0;
	CHECK(emo_lda_cross_scores(env, &sample.set, &options, fold_of_row, 1, log_posteriors) ==
		  EMO_BAD_DATA);
	CHECK(strcmp(env->message, "fewer than two classes are left outside a fold") == 0);
}

/*
 * Large enough that both forms work in several blocks and the factorisation in several panels.  The
 * scores are those of two different computations.
 */
static void
test_dual_equals_primal(EmoEnv *env)
{
	enum
	{
		n_rows = 1100,
		n_features = 1150,
		n_classes = 3
	};
	EmoTrainingSet set = {.n_rows = n_rows, .n_features = n_features, .n_classes = n_classes};
	EmoLdaOptions options = emo_lda_default_options();
	float *features = emo_alloc(env, n_rows * n_features, sizeof(float));
	int32_t *label = emo_alloc(env, n_rows, sizeof(int32_t));
	int64_t *rows = emo_alloc(env, n_rows, sizeof(int64_t));
	double *gram = emo_alloc_zero(env, n_rows, n_rows * sizeof(double));
	double *scatter = emo_alloc_zero(env, n_features, n_features * sizeof(double));
	uint64_t seed = 13;
	EmoLdaScale scale;
	EmoLdaSums sums;
	EmoLdaDiscriminants dual, primal;
	double largest = 0;

	for (int row = 0; row < n_rows; row++)
	{
		rows[row] = row;
		label[row] = row % n_classes;
		for (int i = 0; i < n_features; i++)
			features[row * n_features + i] =
				(float) (uniform(&seed) + (i % 5 == label[row] ? 0.2 : 0));
	}
	set.features = features;
	set.label = label;
	CHECK(emo_lda_measure_scale(env, &set, &options, &scale) == EMO_OK);
	CHECK(emo_lda_new_sums(env, &set, &sums) == EMO_OK);
	CHECK(emo_lda_new_discriminants(env, &set, &dual) == EMO_OK);
	CHECK(emo_lda_new_discriminants(env, &set, &primal) == EMO_OK);
	CHECK(emo_lda_add_rows(env, &scale, rows, n_rows, 1, &sums) == EMO_OK);
	CHECK(emo_lda_add_scatter(env, &scale, rows, n_rows, 1, scatter) == EMO_OK);
	CHECK(emo_lda_solve_primal(env, &scale, &options, &sums, scatter, &primal) == EMO_OK);
	CHECK(emo_lda_solve_dual(env, &scale, &options, &sums, rows, n_rows, gram, &dual) == EMO_OK);
	for (int i = 0; i < n_classes * n_features; i++)
		largest = fmax(largest, fabs(dual.weights[i] - primal.weights[i]));
	CHECK(largest < 1e-10 && fabs(primal.weights[0]) > 1e-4);
	for (int c = 0; c < n_classes; c++)
		CHECK_NEAR(dual.bias[c], primal.bias[c], 1e-10);
}

/* Powers of two and a shift by one change no information: only the bits that float rounds away. */
static void
test_scale_invariance(EmoEnv *env)
{
	static Sample sample, scaled;
	EmoLdaOptions options = emo_lda_default_options();
	EmoLdaHead head, scaled_head;

	make_sample(&sample, 60, 20, 3, 5);
	scaled = sample;
	scaled.set.features = scaled.features;
	for (int row = 0; row < 60; row++)
		for (int i = 0; i < 20; i++)
			scaled.features[row * 20 + i] *= i % 2 == 0 ? 1024.0f : 1 / 4096.0f;
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_OK);
	CHECK(emo_lda_fit(env, &scaled.set, &options, &scaled_head) == EMO_OK);
	CHECK(memcmp(head.weights, scaled_head.weights, sizeof(float) * 3 * 20) == 0);
	CHECK(memcmp(head.bias, scaled_head.bias, sizeof(float) * 3) == 0);
}

static void
test_same_bits(EmoEnv *env)
{
	static Sample sample;
	EmoLdaOptions options = emo_lda_default_options();

	for (int n_features = 30; n_features <= 90; n_features += 60)
	{
		EmoLdaHead first, second;

		make_sample(&sample, 66, n_features, 3, 6);
		sample.set.speaker = sample.speaker;
		CHECK(emo_lda_fit(env, &sample.set, &options, &first) == EMO_OK);
		CHECK(emo_lda_calibrate(env, &sample.set, &options, &first) == EMO_OK);
		CHECK(emo_lda_fit(env, &sample.set, &options, &second) == EMO_OK);
		CHECK(emo_lda_calibrate(env, &sample.set, &options, &second) == EMO_OK);
		CHECK(memcmp(first.weights, second.weights, sizeof(float) * 3 * n_features) == 0);
		CHECK(memcmp(first.bias, second.bias, sizeof(float) * 3) == 0);
		CHECK(first.temperature == second.temperature && first.temperature != 1);
	}
}

static void
test_constant_feature(EmoEnv *env)
{
	static Sample sample, without;
	EmoLdaOptions options = emo_lda_default_options();
	EmoLdaHead head, head_without;
	float log_posteriors[3], expected[3];

	make_sample(&sample, 45, 12, 3, 7);
	make_sample(&without, 45, 10, 3, 7);
	for (int row = 0; row < 45; row++)
	{
		/* The next float after a million is 0.0625 away: this one only rounds differently. */
		sample.features[row * 12 + 10] = row % 2 == 0 ? 1e6f : 1e6f + 0.0625f;
		sample.features[row * 12 + 11] = 0.1f;
		memcpy(without.features + row * 10, sample.features + row * 12, 10 * sizeof(float));
	}
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_OK);
	CHECK(emo_lda_fit(env, &without.set, &options, &head_without) == EMO_OK);
	CHECK(head.inverse_deviation[10] == 0 && head.inverse_deviation[11] == 0);
	for (int c = 0; c < 3; c++)
		CHECK(head.weights[c * 12 + 10] == 0 && head.weights[c * 12 + 11] == 0);
	sample.features[11] = 1e30f;
	emo_lda_log_posteriors(&head, sample.features, log_posteriors);
	emo_lda_log_posteriors(&head_without, sample.features, expected);
	for (int c = 0; c < 3; c++)
		CHECK_NEAR(log_posteriors[c], expected[c], 1e-5);
}

static void
test_hostile_features(EmoEnv *env)
{
	static const float hostile[] = {NAN, INFINITY, -INFINITY, FLT_MAX, -FLT_MAX, 1e-45f, 0};
	static Sample sample;
	EmoLdaOptions options = emo_lda_default_options();
	EmoLdaHead head;

	make_sample(&sample, 50, 14, 4, 8);
	for (int row = 0; row < 50; row++)
	{
		sample.features[row * 14] = row % 2 == 0 ? FLT_MAX : -FLT_MAX;
		sample.features[row * 14 + 1] = row % 3 == 0 ? 1e-45f : 0;
	}
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_OK);
	CHECK(emo_lda_calibrate(env, &sample.set, &options, &head) == EMO_OK);
	for (int first = 0; first < 7; first++)
	{
		float features[14], log_posteriors[4];
		double sum = 0;

		for (int i = 0; i < 14; i++)
			features[i] = hostile[(first + i * (first % 3)) % 7];
		emo_lda_log_posteriors(&head, features, log_posteriors);
		for (int c = 0; c < 4; c++)
		{
			CHECK(isfinite(log_posteriors[c]));
			sum += exp(log_posteriors[c]);
		}
		CHECK_NEAR(sum, 1, 1e-6);
	}
}

static void
test_nan_counts_as_the_mean(EmoEnv *env)
{
	static Sample sample;
	EmoLdaOptions options = emo_lda_default_options();
	EmoLdaHead head;
	float actual[4], expected[4];

	make_sample(&sample, 50, 14, 4, 14);
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_OK);
	sample.features[3] = head.mean[3];
	emo_lda_log_posteriors(&head, sample.features, expected);
	sample.features[3] = NAN;
	emo_lda_log_posteriors(&head, sample.features, actual);
	CHECK(memcmp(actual, expected, sizeof(actual)) == 0);
}

static void
test_max_z(EmoEnv *env)
{
	static Sample sample;
	EmoLdaOptions options = emo_lda_default_options();
	EmoLdaHead head;
	float actual[4], expected[4];

	make_sample(&sample, 50, 14, 4, 15);
	options.max_z = 2;
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_OK);
	sample.features[3] = head.mean[3] - 2.001f / head.inverse_deviation[3];
	emo_lda_log_posteriors(&head, sample.features, expected);
	sample.features[3] = -1e20f;
	emo_lda_log_posteriors(&head, sample.features, actual);
	CHECK(memcmp(actual, expected, sizeof(actual)) == 0);
}

static void
test_rows_of_a_class_all_alike(EmoEnv *env)
{
	static const float features[] = {0, 1, 0, 1, 5, 1, 5, 1};
	static const int32_t label[] = {0, 0, 1, 1};
	static const float near_second[] = {4, 1};
	EmoTrainingSet set = {
		.features = features, .label = label, .n_rows = 4, .n_features = 2, .n_classes = 2};
	EmoLdaOptions options = emo_lda_default_options();
	EmoLdaHead head;
	float log_posteriors[2];

	CHECK(emo_lda_fit(env, &set, &options, &head) == EMO_OK);
	CHECK(emo_lda_calibrate(env, &set, &options, &head) == EMO_OK);
	emo_lda_log_posteriors(&head, near_second, log_posteriors);
	CHECK(log_posteriors[1] > log_posteriors[0] && isfinite(log_posteriors[0]));
}

static double
log_loss(const EmoTrainingSet *set, const float *log_posteriors, double temperature)
{
	double loss = 0;

	for (int row = 0; row < set->n_rows; row++)
	{
		const float *s = log_posteriors + row * set->n_classes;
		double sum = 0;

		for (int c = 0; c < set->n_classes; c++)
			sum += exp(s[c] / temperature);
		loss += log(sum) - s[set->label[row]] / temperature;
	}
	return loss;
}

static void
test_calibration(EmoEnv *env)
{
	static Sample sample;
	static float log_posteriors[MAX_ROWS * MAX_CLASSES];
	int32_t fold_of_row[MAX_ROWS];
	int n_folds;
	EmoLdaOptions options = emo_lda_default_options();
	EmoLdaHead head;

	make_sample(&sample, 72, 40, 4, 9);
	sample.set.speaker = sample.speaker;
	options.shrinkage = 0.02;
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_OK);
	CHECK(emo_lda_calibrate(env, &sample.set, &options, &head) == EMO_OK);
	CHECK(emo_lda_calibration_folds(env, &sample.set, fold_of_row, &n_folds) == EMO_OK);
	CHECK(n_folds == 6);
	CHECK(emo_lda_cross_scores(env, &sample.set, &options, fold_of_row, n_folds, log_posteriors) ==
		  EMO_OK);

	/* Trained with hardly any shrinkage, the head is too sure of itself; and it is a minimum. */
	CHECK(head.temperature > 1);
	for (double factor = 0.5; factor < 2; factor += 0.1)
		CHECK(log_loss(&sample.set, log_posteriors, head.temperature) <=
			  log_loss(&sample.set, log_posteriors, head.temperature * factor) + 1e-6);
}

/* Copies, rows of no fold and rows of a class that was unknown don't count. */
static void
test_temperature_counts_originals(EmoEnv *env)
{
	static const float log_posteriors[] = {-0.1f, -2.35f, -0.2f, -1.7f,  -1.5f, -0.25f,
										   -9,    -1e-4f, -9,    -1e-4f, -1e4f, 0};
	static const int32_t label[] = {0, 0, 0, 0, 0, 0}, copy_kind[] = {0, 0, 0, 1, 0, 0};
	static const int32_t fold_of_row[] = {0, 1, 1, 0, -1, 0};
	EmoTrainingSet set = {
		.label = label, .copy_kind = copy_kind, .n_rows = 6, .n_features = 1, .n_classes = 2};
	float all, counting;

	CHECK(emo_lda_fit_temperature(env, &set, fold_of_row, log_posteriors, &all) == EMO_OK);
	set.n_rows = 3;
	CHECK(emo_lda_fit_temperature(env, &set, fold_of_row, log_posteriors, &counting) == EMO_OK);
	CHECK(all == counting && counting != 1);
}

static void
test_calibration_folds(EmoEnv *env)
{
	static Sample sample;
	int32_t fold_of_row[MAX_ROWS];
	int n_folds;

	/* 24 speakers, one unknown: ten folds, none split. */
	make_sample(&sample, 75, 5, 4, 10);
	sample.set.speaker = sample.speaker;
	sample.set.n_speakers = 24;
	for (int row = 0; row < 75; row++)
		sample.speaker[row] = row / 3 - 1;
	CHECK(emo_lda_calibration_folds(env, &sample.set, fold_of_row, &n_folds) == EMO_OK);
	CHECK(n_folds == 10);
	for (int row = 0; row < 75; row++)
	{
		CHECK(fold_of_row[row] == fold_of_row[row / 3 * 3]);
		CHECK(row < 3 ? fold_of_row[row] == -1 : fold_of_row[row] >= 0 && fold_of_row[row] < 10);
	}

	/* A single speaker: fifths of the recordings, copies beside their original. */
	sample.set.n_speakers = 1;
	memset(sample.speaker, 0, sizeof(sample.speaker));
	sample.set.recording = sample.recording;
	CHECK(emo_lda_calibration_folds(env, &sample.set, fold_of_row, &n_folds) == EMO_OK);
	CHECK(n_folds == 5);
	for (int row = 0; row < 75; row++)
		CHECK(fold_of_row[row] == fold_of_row[row / 2 * 2] && fold_of_row[row] >= 0);

	/* Two rows: nothing can be held out. */
	sample.set.speaker = NULL;
	sample.set.recording = NULL;
	sample.set.n_rows = 2;
	sample.set.n_classes = 2;
	CHECK(emo_lda_calibration_folds(env, &sample.set, fold_of_row, &n_folds) == EMO_OK);
	CHECK(n_folds == 0);
}

static void
test_refusals(EmoEnv *env)
{
	static Sample sample;
	EmoLdaOptions options = emo_lda_default_options();
	EmoLdaHead head;

	make_sample(&sample, 20, 6, 2, 11);
	options.shrinkage = 0;
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->message, "option \"shrinkage\" is out of range") == 0);
	CHECK(strcmp(env->detail, "It is 0; the range is 0.0001 to 1.") == 0);
	options.shrinkage = NAN;
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_INVALID_PARAMETER);
	options = emo_lda_default_options();
	options.max_z = 0.5;
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_INVALID_PARAMETER);
	options = emo_lda_default_options();

	sample.features[6 * 3 + 2] = NAN;
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_BAD_DATA);
	CHECK(strcmp(env->message, "features of training row 4 are not finite") == 0);
	sample.features[6 * 3 + 2] = INFINITY;
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_BAD_DATA);
	sample.features[6 * 3 + 2] = 0;
	sample.label[7] = 2;
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_BAD_DATA);
	sample.label[7] = 1;
	sample.set.n_classes = 3;
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_BAD_DATA);
	CHECK(strcmp(env->message, "class 2 has no training rows") == 0);
	sample.set.n_classes = 1;
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_BAD_DATA);
	sample.set.n_classes = 2;
	sample.set.n_features = EMO_MAX_FEATURES + 1;
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_LIMIT_EXCEEDED);
}

static bool
stop_after(void *host)
{
	(void) host;
	return true;
}

static void
test_cancel_and_memory(EmoEnv *env)
{
	static Sample sample;
	EmoLdaOptions options = emo_lda_default_options();
	UnitHost *host = env->host;
	EmoLdaHead head;
	EmoStatus status = EMO_OUT_OF_MEMORY;

	for (int n_features = 20; n_features <= 80; n_features += 60)
	{
		make_sample(&sample, 60, n_features, 3, 12);
		status = EMO_OUT_OF_MEMORY;
		for (int allowed = 0; status == EMO_OUT_OF_MEMORY && allowed < 200; allowed++)
		{
			host->allocations_left = allowed;
			status = emo_lda_fit(env, &sample.set, &options, &head);
			if (status == EMO_OK)
				status = emo_lda_calibrate(env, &sample.set, &options, &head);
		}
		CHECK(status == EMO_OK);
		host->allocations_left = -1;
		env->should_stop = stop_after;
		CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_CANCELED);
		env->should_stop = unit_should_stop;
	}
}

int
main(void)
{
	emo_blas_init();
	RUN(test_naive);
	RUN(test_scikit_learn);
	RUN(test_folds_equal_retraining);
	RUN(test_class_within_one_fold);
	RUN(test_dual_equals_primal);
	RUN(test_scale_invariance);
	RUN(test_same_bits);
	RUN(test_constant_feature);
	RUN(test_hostile_features);
	RUN(test_nan_counts_as_the_mean);
	RUN(test_max_z);
	RUN(test_rows_of_a_class_all_alike);
	RUN(test_calibration);
	RUN(test_temperature_counts_originals);
	RUN(test_calibration_folds);
	RUN(test_refusals);
	RUN(test_cancel_and_memory);
	return unit_finish();
}
