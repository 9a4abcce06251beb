/*
 * lda_test.c
 *	  Shrinkage LDA against a naive solution and scikit-learn; invariances; input that it refuses.
 *
 * Longer than 400 lines: the naive solution, against which all else here is held, is a part of it.
 */
#include "lda_sample.h"
#include "naive_solve.h"

#include <float.h>

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
	EmoLdaOptions options = emo_lda_default_options();
	EmoLdaHead head;

	options.shrinkage = 0.3;
	options.priors = EMO_PRIORS_EMPIRICAL;
	options.max_z = 1e6;
	CHECK(emo_lda_fit(env, &set, &options, &head) == EMO_OK);
	for (int row = 0; row < 3; row++)
	{
		float actual[3];

		emo_lda_log_posteriors(&head, rows[row], actual);
		for (int c = 0; c < 3; c++)
			CHECK_NEAR(actual[c], expected[row][c], 1e-5 * (1 + fabs(expected[row][c])));
	}
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

static void
test_refusals(EmoEnv *env)
{
	static Sample sample;
	EmoLdaOptions options = emo_lda_default_options();
	EmoLdaHead head;

	make_sample(&sample, 20, 6, 2, 11);
	options.shrinkage = 0;
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->message, "value 0 out of range for option \"shrinkage\"") == 0);
	CHECK(strcmp(env->detail, "Allowed range: 0.0001 to 1.") == 0);
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
	RUN(test_naive);
	RUN(test_scikit_learn);
	RUN(test_scale_invariance);
	RUN(test_same_bits);
	RUN(test_constant_feature);
	RUN(test_hostile_features);
	RUN(test_nan_counts_as_the_mean);
	RUN(test_max_z);
	RUN(test_rows_of_a_class_all_alike);
	RUN(test_refusals);
	RUN(test_cancel_and_memory);
	return unit_finish();
}
