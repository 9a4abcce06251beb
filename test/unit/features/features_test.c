/*
 * features_test.c
 *	  The utterance vector: groups against naive values, invariances, extreme recordings, and what
 *	  happens without memory or when the user wants to stop.
 *
 * Longer than 400 lines: each of the five groups has its naive values, and all share the recordings.
 */
#include "unit.h"

#include "core/features/features.h"
#include "core/features/groups.h"
#include "signals.h"

#define N_MFCC EMO_CONTOUR_N_MFCC

static float *
features_of(EmoEnv *env, const float *samples, int64_t n_samples)
{
	float *features = emo_alloc(env, emo_feature_count(), sizeof(float));
	EmoFeaturePlan *plan;

	CHECK(emo_feature_plan_create(env, &plan) == EMO_OK);
	CHECK(emo_features(env, plan, samples, n_samples, NULL, features) == EMO_OK);
	emo_feature_plan_destroy(env, plan);
	return features;
}

static int
index_of(const char *wanted)
{
	char name[EMO_FEATURE_NAME_SIZE];

	for (int i = 0; i < emo_feature_count(); i++)
	{
		emo_feature_name(i, name);
		if (strcmp(name, wanted) == 0)
			return i;
	}
	printf("no feature %s\n", wanted);
	exit(1);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
test_names(EmoEnv *env)
{
	int n = emo_feature_count();
	char(*names)[EMO_FEATURE_NAME_SIZE] = emo_alloc(env, n, EMO_FEATURE_NAME_SIZE);

	CHECK(n == 1528);
	for (int i = 0; i < n; i++)
	{
		emo_feature_name(i, names[i]);
		CHECK(strlen(names[i]) > 3 &&
			  strspn(names[i], "abcdefghijklmnopqrstuvwxyz0123456789_.") == strlen(names[i]));
	}
	qsort(names, n, EMO_FEATURE_NAME_SIZE, compare_names);
	for (int i = 1; i < n; i++)
		CHECK(strcmp(names[i - 1], names[i]) != 0);
}

/* Contours of n_frames frames, all active and voiced, f0 and voicing as given. */
static EmoFeatureInput
hand_made(EmoEnv *env, int64_t n_frames, const float *f0)
{
	EmoFeatureInput input = {.kernels = emo_kernels()};
	EmoContours *contours = &input.contours;

	contours->n_frames = n_frames;
	contours->spectral = emo_alloc_zero(env, n_frames, EMO_CONTOUR_STRIDE * sizeof(float));
	contours->f0 = emo_alloc(env, n_frames, sizeof(float));
	contours->voicing = emo_alloc(env, n_frames, sizeof(float));
	contours->active = emo_alloc(env, n_frames, sizeof(bool));
	contours->voiced = emo_alloc(env, n_frames, sizeof(bool));
	for (int64_t t = 0; t < n_frames; t++)
	{
		contours->f0[t] = f0[t];
		contours->active[t] = contours->voiced[t] = f0[t] > 0;
		contours->voicing[t] = f0[t] > 0 ? 0.9f : 0.1f;
	}
	return input;
}

static float
of_group(const EmoFeatureGroup *group, const float *features, const char *wanted)
{
	char name[EMO_FEATURE_NAME_SIZE];

	for (int i = 0; i < group->n_features; i++)
	{
		group->name(i, name);
		if (strcmp(name, wanted) == 0)
			return features[i];
	}
	printf("no feature %s\n", wanted);
	exit(1);
}

/* Two runs of 5 and 4 frames, rising by 1 and falling by 2 per frame, and a single voiced frame. */
static void
test_pitch_group(EmoEnv *env)
{
	static const float f0[20] = {0,  10, 11, 12, 13, 14, 0, 0, 0, 20,
								 18, 16, 14, 0,  7,  0,  0, 0, 0, 0};
	static const struct
	{
		const char *name;
		double value;
	} expected[] = {
		{"f0.mean", 13.5},
		{"f0.min", 7},
		{"f0.max", 20},
		{"f0.max_position", 0.5},
		{"f0.min_position", 0.9},
		{"f0.p50", 13.5},
		{"f0.p5_to_median", 7 + 0.45 * 3 - 13.5},
		{"f0.p95_to_median", 18 + 0.55 * 2 - 13.5},
		{"f0.delta.mean", (4 * 1 + 3 * -2) / 7.0},
		{"voicing.mean", 0.9},
		{"voiced.share", 0.5},
		{"voiced.run_mean", 0.1 / 3},
		{"voiced.run_sd", 0.0169967},
		{"voiced.runs_per_second", 15},
		{"f0.run_slope.mean", -5},
		{"f0.run_slope.sd", 15},
		{"f0.run_slope.min", -20},
		{"f0.run_slope.max", 10},
		{"f0.run_slope.mean_size", 15},
		{"f0.run_slope.first", 10},
		{"f0.run_slope.last", -20},
		{"f0.run_range.mean", 5},
		{"f0.run_range.min", 4},
		{"f0.run_roughness.max", 0},
		{"f0.run_level.mean", 14.5},
		{"f0.run_level.sd", 2.5},
		{"f0.run_level.change", 5},
		{"active.share", 0.5},
		{"pause.mean", 0.1 / 4},
		{"pause.max", 0.05},
		{"pauses_per_second", 20},
	};
	EmoFeatureInput input = hand_made(env, 20, f0);
	float features[200];

	CHECK(emo_pitch_group.n_features <= 200);
	CHECK(emo_pitch_group.fill(env, &input, features) == EMO_OK);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		CHECK_NEAR(of_group(&emo_pitch_group, features, expected[i].name), expected[i].value, 1e-5);
}

static void
test_pitch_group_unvoiced(EmoEnv *env)
{
	static const float f0[10] = {0};
	EmoFeatureInput input = hand_made(env, 10, f0);
	float features[200];

	CHECK(emo_pitch_group.fill(env, &input, features) == EMO_OK);
	CHECK(of_group(&emo_pitch_group, features, "f0.mean") == EMO_UNVOICED_F0);
	CHECK(of_group(&emo_pitch_group, features, "f0.run_level.mean") == EMO_UNVOICED_F0);
	CHECK(of_group(&emo_pitch_group, features, "f0.sd") == 0);
	CHECK(of_group(&emo_pitch_group, features, "voiced.share") == 0);
	CHECK(of_group(&emo_pitch_group, features, "pause.max") == 0.1f);
}

/* Seven active frames among others: thirds of 2, 2 and 3. */
static void
test_course_group(EmoEnv *env)
{
	static const float f0[10] = {1, 0, 2, 3, 4, 0, 0, 5, 6, 7};
	EmoFeatureInput input = hand_made(env, 10, f0);
	float features[100];

	for (int t = 0; t < 10; t++)
		input.contours.spectral[t * EMO_CONTOUR_STRIDE + EMO_LOG_ENERGY] = f0[t] * f0[t];
	input.contours.voiced[0] = false;
	CHECK(emo_course_group.fill(env, &input, features) == EMO_OK);
	CHECK_NEAR(of_group(&emo_course_group, features, "energy.third_1"), 2.5 - 20, 1e-5);
	CHECK_NEAR(of_group(&emo_course_group, features, "energy.third_2"), 12.5 - 20, 1e-5);
	CHECK_NEAR(of_group(&emo_course_group, features, "energy.third_3"), 110 / 3.0 - 20, 1e-5);
	CHECK_NEAR(of_group(&emo_course_group, features, "f0.third_1"), 2 - 4.5, 1e-5);
	CHECK_NEAR(of_group(&emo_course_group, features, "f0.third_3"), 6 - 4.5, 1e-5);
	CHECK_NEAR(of_group(&emo_course_group, features, "voiced.share.third_1"), 0.5 - 6 / 7.0, 1e-5);
}

/* exp(matrix) by its series, after halving ten times. */
static void
naive_exponential(double matrix[N_MFCC][N_MFCC])
{
	double term[N_MFCC][N_MFCC], sum[N_MFCC][N_MFCC], next[N_MFCC][N_MFCC];

	for (int i = 0; i < N_MFCC; i++)
		for (int j = 0; j < N_MFCC; j++)
		{
			matrix[i][j] /= 1024;
			term[i][j] = sum[i][j] = i == j;
		}
	for (int step = 1; step < 22; step++)
	{
		bool squares = step > 12;

		memset(next, 0, sizeof(next));
		for (int i = 0; i < N_MFCC; i++)
			for (int j = 0; j < N_MFCC; j++)
				for (int k = 0; k < N_MFCC; k++)
					next[i][j] +=
						squares ? sum[i][k] * sum[k][j] : term[i][k] * matrix[k][j] / step;
		for (int i = 0; i < N_MFCC; i++)
			for (int j = 0; j < N_MFCC; j++)
			{
				term[i][j] = next[i][j];
				sum[i][j] = squares ? next[i][j] : sum[i][j] + next[i][j];
			}
	}
	/* Nine squarings are done; this is the tenth. */
	for (int i = 0; i < N_MFCC; i++)
		for (int j = 0; j < N_MFCC; j++)
		{
			matrix[i][j] = 0;
			for (int k = 0; k < N_MFCC; k++)
				matrix[i][j] += sum[i][k] * sum[k][j];
		}
}

/* The exponential of the group's matrix is the covariance. */
static void
check_covariance(EmoEnv *env, int64_t n_frames)
{
	float *f0 = emo_alloc(env, n_frames, sizeof(float)), features[210];
	double matrix[N_MFCC][N_MFCC], mean[N_MFCC] = {0};
	EmoFeatureInput input;
	int64_t n = 0;
	int next = 0;

	for (int64_t t = 0; t < n_frames; t++)
	{
		f0[t] = t % 3 == 1 ? 0 : 10;
		n += f0[t] > 0;
	}
	input = hand_made(env, n_frames, f0);
	for (int64_t t = 0; t < n_frames; t++)
	{
		float *row = input.contours.spectral + t * EMO_CONTOUR_STRIDE;

		for (int j = 0; j < N_MFCC; j++)
		{
			row[j] = (float) rand() / (float) RAND_MAX * 3 + (j > 0 ? row[j - 1] / 2 : 0);
			mean[j] += f0[t] > 0 ? row[j] / (double) n : 0;
		}
	}
	CHECK(emo_covariance_group.fill(env, &input, features) == EMO_OK);
	for (int i = 0; i < N_MFCC; i++)
		for (int j = i; j < N_MFCC; j++)
			matrix[i][j] = matrix[j][i] = features[next++];
	naive_exponential(matrix);
	for (int i = 0; i < N_MFCC; i++)
		for (int j = 0; j < N_MFCC; j++)
		{
			double expected = i == j ? 0.05 : 0;

			for (int64_t t = 0; t < n_frames; t++)
			{
				const float *row = input.contours.spectral + t * EMO_CONTOUR_STRIDE;

				if (f0[t] > 0)
					expected += (row[i] - mean[i]) * (row[j] - mean[j]) / (double) n;
			}
			CHECK_NEAR(matrix[i][j], expected, 1e-5);
		}
}

static void
test_covariance_group(EmoEnv *env)
{
	check_covariance(env, 500);
	check_covariance(env, 12); /* of lower rank */
	check_covariance(env, 1);
}

static void
test_functionals_of_one(EmoEnv *env)
{
	float values[] = {1, 2, 4, 8, 16};
	float functionals[EMO_N_FUNCTIONALS];

	CHECK(emo_functionals_of_one(env, values, 5, functionals) == EMO_OK);
	CHECK_NEAR(functionals[EMO_MEAN], 6.2, 1e-6);
	CHECK_NEAR(functionals[EMO_P90], 12.8, 1e-5);
	CHECK_NEAR(functionals[EMO_KURTOSIS], -0.67405914, 1e-5);
}

/* Largest difference, relative to 1 or the value. */
static double
difference(const float *a, const float *b)
{
	double worst = 0;

	for (int i = 0; i < emo_feature_count(); i++)
	{
		char name[EMO_FEATURE_NAME_SIZE];

		emo_feature_name(i, name);
		if (strncmp(name, "loudness.level_", strlen("loudness.level_")) != 0)
			worst = fmax(worst, fabs(a[i] - b[i]) / fmax(1, fabs(a[i])));
	}
	return worst;
}

/* Gain, DC, and silence around the speech. */
static void
test_invariances(EmoEnv *env)
{
	const int n = 24000, before = 3200, after = 1600;
	const float *samples = make_utterance(env, n);
	const float *features = features_of(env, samples, n);
	float *changed = emo_alloc_zero(env, before + n + after, sizeof(float));

	for (int i = 0; i < n; i++)
		changed[i] = samples[i] * 0.25f;
	CHECK_NEAR(difference(features, features_of(env, changed, n)), 0, 0);
	for (int i = 0; i < n; i++)
		changed[i] = samples[i] * 0.7f + 0.125f;
	CHECK_NEAR(difference(features, features_of(env, changed, n)), 0, 0.02);
	memset(changed, 0, (before + n + after) * sizeof(float));
	memcpy(changed + before, samples, n * sizeof(float));
	CHECK_NEAR(difference(features, features_of(env, changed, before + n + after)), 0, 0.02);
	CHECK(difference(features, features_of(env, samples, n - 1600)) > 0.1);
}

static void
test_same_bits(EmoEnv *env)
{
	const int n = 20000;
	const float *samples = make_utterance(env, n), *other = make_noise(env, 50000, 0.1);
	float *features = emo_alloc(env, 3 * emo_feature_count(), sizeof(float));
	size_t size = emo_feature_count() * sizeof(float);
	EmoFeaturePlan *plan;

	/* The plan keeps nothing of another recording. */
	CHECK(emo_feature_plan_create(env, &plan) == EMO_OK);
	CHECK(emo_features(env, plan, samples, n, NULL, features) == EMO_OK);
	CHECK(emo_features(env, plan, other, 50000, NULL, features + emo_feature_count()) == EMO_OK);
	CHECK(emo_features(env, plan, samples, n, NULL, features + 2 * emo_feature_count()) == EMO_OK);
	CHECK(memcmp(features, features + 2 * emo_feature_count(), size) == 0);
	CHECK(memcmp(features, features + emo_feature_count(), size) != 0);
	emo_feature_plan_destroy(env, plan);
}

static void
check_finite(EmoEnv *env, const char *what, const float *samples, int64_t n_samples)
{
	const float *features = features_of(env, samples, n_samples);
	char name[EMO_FEATURE_NAME_SIZE];

	for (int i = 0; i < emo_feature_count(); i++)
		if (!isfinite(features[i]) || fabsf(features[i]) > 1e3f)
		{
			emo_feature_name(i, name);
			printf("%s: %s is %g\n", what, name, features[i]);
			CHECK(false);
			return;
		}
	CHECK(true);
}

static void
test_extremes(EmoEnv *env)
{
	const int n = 8000;
	float *samples = emo_alloc_zero(env, n, sizeof(float));

	check_finite(env, "silence", samples, n);
	check_finite(env, "one zero", samples, 1);
	samples[n / 2] = 1;
	check_finite(env, "click", samples, n);
	for (int i = 0; i < n; i++)
		samples[i] = 0.5f;
	check_finite(env, "DC", samples, n);
	check_finite(env, "one sample", samples, 1);
	for (int i = 0; i < n; i++)
		samples[i] = i / 40 % 2 ? 1 : -1;
	check_finite(env, "square wave", samples, n);
	check_finite(env, "20 ms", samples, 320);
	check_finite(env, "one frame", samples, 400);
	for (int i = 0; i < n; i++)
		samples[i] = i % 2 ? 1 : -1;
	check_finite(env, "half the sample rate", samples, n);
	check_finite(env, "noise", make_noise(env, n, 1), n);
	check_finite(env, "weak noise", make_noise(env, n, 1e-9), n);
	check_finite(env, "denormal numbers", make_noise(env, n, 1e-38), n);
	check_finite(env, "huge numbers", make_noise(env, n, 2147483648.0), n);
	check_finite(env, "sine", make_sine(env, n, 200, 1), n);
	check_finite(env, "low sine", make_sine(env, n, 5, 1), n);
	check_finite(env, "utterance", make_utterance(env, n), n);
	for (int length = 1; length < 3000; length = length * 3 / 2 + 1)
		check_finite(env, "short noise", make_noise(env, length, 0.1), length);
}

/* Longer than one piece of the modulation spectrum, and far from the first sample. */
static void
test_long(EmoEnv *env)
{
	const int64_t n = 40 * SIGNAL_RATE;
	float *samples = make_utterance(env, n);
	const float *features;

	check_finite(env, "40 s", samples, n);
	features = features_of(env, samples, n);
	/* 160 Hz is 18.5 semitones above 55 Hz; it swings by a quarter either way. */
	CHECK_NEAR(features[index_of("f0.mean")], 18.3, 0.5);
	CHECK_NEAR(features[index_of("voiced.runs_per_second")], 2.5, 0.3);
	CHECK_NEAR(features[index_of("active.share")], 0.65, 0.15);
}

static bool
stop_at_once(void *host)
{
	(void) host;
	return true;
}

static void
test_cancel(EmoEnv *env)
{
	float *samples = make_utterance(env, 20000);
	float *features = emo_alloc(env, emo_feature_count(), sizeof(float));
	EmoFeaturePlan *plan;

	CHECK(emo_feature_plan_create(env, &plan) == EMO_OK);
	env->should_stop = stop_at_once;
	CHECK(emo_features(env, plan, samples, 20000, NULL, features) == EMO_CANCELED);
	emo_feature_plan_destroy(env, plan);
}

/* Each allocation fails in turn; AddressSanitizer sees what is lost or used after. */
static void
test_out_of_memory(EmoEnv *env)
{
	const float *samples = make_utterance(env, 8000);
	float *features = emo_alloc(env, emo_feature_count(), sizeof(float));
	EmoStatus status = EMO_OUT_OF_MEMORY;
	long n_allocations = 0;

	for (; status == EMO_OUT_OF_MEMORY && n_allocations < 1000; n_allocations++)
	{
		UnitHost host = {NULL, n_allocations};
		EmoEnv poor = unit_env(&host);
		EmoFeaturePlan *plan;

		status = emo_feature_plan_create(&poor, &plan);
		CHECK((plan == NULL) == (status != EMO_OK));
		if (status == EMO_OK)
			status = emo_features(&poor, plan, samples, 8000, NULL, features);
		CHECK(status == EMO_OK || (status == EMO_OUT_OF_MEMORY && poor.message[0] != '\0'));
		emo_feature_plan_destroy(&poor, plan);
		unit_env_end(&host);
	}
	CHECK(status == EMO_OK && n_allocations > 10);
}

int
main(void)
{
	srand(1);
	RUN(test_names);
	RUN(test_pitch_group);
	RUN(test_pitch_group_unvoiced);
	RUN(test_course_group);
	RUN(test_covariance_group);
	RUN(test_functionals_of_one);
	RUN(test_invariances);
	RUN(test_same_bits);
	RUN(test_extremes);
	RUN(test_long);
	RUN(test_cancel);
	RUN(test_out_of_memory);
	return unit_finish();
}
