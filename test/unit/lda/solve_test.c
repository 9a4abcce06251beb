/*
 * solve_test.c
 *	  The two forms of the discriminants against each other, in several blocks.
 */
#include "lda_sample.h"
#include "naive_solve.h"

#include "core/base/blas.h"
#include "core/lda/solve.h"

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
		n_classes = 3,
		n_kinds = 4
	};
	EmoTrainingSet set = {.n_rows = n_rows, .n_features = n_features, .n_classes = n_classes};
	EmoLdaOptions options = emo_lda_default_options();
	float *features = emo_alloc(env, n_rows * n_features, sizeof(float));
	int32_t *label = emo_alloc(env, n_rows, sizeof(int32_t));
	int32_t *recording = emo_alloc(env, n_rows, sizeof(int32_t));
	int32_t *kind = emo_alloc(env, n_rows, sizeof(int32_t));
	int64_t *rows = emo_alloc(env, n_rows, sizeof(int64_t));
	double *gram = emo_alloc_zero(env, n_rows + n_kinds, (n_rows + n_kinds) * sizeof(double));
	double *scatter = emo_alloc_zero(env, n_features, n_features * sizeof(double));
	uint64_t seed = 13;
	EmoLdaScale scale;
	EmoLdaSums sums;
	EmoLdaDiscriminants dual, primal;
	double largest = 0;

	for (int row = 0; row < n_rows; row++)
	{
		rows[row] = row;
		recording[row] = row / n_kinds;
		kind[row] = row % n_kinds;
		label[row] = recording[row] % n_classes;
		for (int i = 0; i < n_features; i++)
			features[row * n_features + i] =
				(float) (uniform(&seed) + (i % 5 == label[row] ? 0.2 : 0) +
						 (i % 7 == kind[row] ? 0.3 : 0));
	}
	set.features = features;
	set.label = label;
	set.recording = recording;
	set.copy_kind = kind;
	options.shift_weight = 10;
	CHECK(emo_lda_measure_scale(env, &set, &options, &scale) == EMO_OK);
	CHECK(scale.shifts.n == n_kinds);
	CHECK(emo_lda_new_sums(env, n_features, n_classes, 0, &sums) == EMO_OK);
	CHECK(emo_lda_new_discriminants(env, n_features, n_classes, &dual) == EMO_OK);
	CHECK(emo_lda_new_discriminants(env, n_features, n_classes, &primal) == EMO_OK);
	CHECK(emo_lda_add_rows(env, &scale, rows, n_rows, 1, &sums) == EMO_OK);
	CHECK(emo_lda_add_scatter(env, &scale, rows, n_rows, 1, scatter) == EMO_OK);
	CHECK(emo_lda_solve_primal(env, &options, &sums, &scale.shifts, scatter, &primal) == EMO_OK);
	CHECK(emo_lda_solve_dual(env, &scale, &options, &sums, rows, n_rows, gram, &dual) == EMO_OK);
	for (int i = 0; i < n_classes * n_features; i++)
		largest = fmax(largest, fabs(dual.weights[i] - primal.weights[i]));
	CHECK(largest < 1e-10 && fabs(primal.weights[0]) > 1e-4);
	for (int c = 0; c < n_classes; c++)
		CHECK_NEAR(dual.bias[c], primal.bias[c], 1e-10);
}

enum
{
	SMALL_ROWS = 60,
	SMALL_FEATURES = 5,
	SMALL_CLASSES = 2,
	SMALL_KINDS = 3
};

/* The weights of class 1, by the definition; row r is of recording r / SMALL_KINDS. */
static void
reference_with_shifts(double z[SMALL_ROWS][SMALL_FEATURES], const int32_t *label,
					  const EmoLdaOptions *options, double *weights)
{
	double mean[SMALL_FEATURES] = {0}, of_class[SMALL_CLASSES][SMALL_FEATURES] = {{0}};
	double shift[SMALL_KINDS][SMALL_FEATURES] = {{0}}, usual[SMALL_FEATURES] = {0};
	double a[SMALL_FEATURES][SMALL_FEATURES] = {{0}}, variance[SMALL_FEATURES] = {0};
	double share = 0;
	int n_of_class[SMALL_CLASSES] = {0};

	for (int r = 0; r < SMALL_ROWS; r++)
		n_of_class[label[r]]++;
	for (int r = 0; r < SMALL_ROWS; r++)
		for (int j = 0; j < SMALL_FEATURES; j++)
		{
			mean[j] += z[r][j] / SMALL_ROWS;
			of_class[label[r]][j] += z[r][j] / n_of_class[label[r]];
			shift[r % SMALL_KINDS][j] +=
				(z[r][j] - z[r - r % SMALL_KINDS][j]) * SMALL_KINDS / SMALL_ROWS;
		}
	for (int k = 0; k < SMALL_KINDS; k++)
		for (int j = 0; j < SMALL_FEATURES; j++)
			usual[j] += shift[k][j] / SMALL_KINDS;
	for (int i = 0; i < SMALL_FEATURES; i++)
		for (int j = 0; j < SMALL_FEATURES; j++)
			for (int r = 0; r < SMALL_ROWS; r++)
				a[i][j] += (z[r][i] - of_class[label[r]][i]) * (z[r][j] - of_class[label[r]][j]) /
						   SMALL_ROWS;
	for (int j = 0; j < SMALL_FEATURES; j++)
	{
		for (int r = 0; r < SMALL_ROWS; r++)
			variance[j] += (z[r][j] - mean[j]) * (z[r][j] - mean[j]) / SMALL_ROWS;
		share += a[j][j] / variance[j] / SMALL_FEATURES;
	}
	for (int i = 0; i < SMALL_FEATURES; i++)
		for (int j = 0; j < SMALL_FEATURES; j++)
		{
			for (int k = 0; k < SMALL_KINDS; k++)
				a[i][j] += options->shift_weight * (shift[k][i] - usual[i]) *
						   (shift[k][j] - usual[j]) / SMALL_KINDS;
			a[i][j] *= 1 - options->shrinkage;
			a[i][j] += i == j ? options->shrinkage * share * variance[i] : 0;
		}
	for (int j = 0; j < SMALL_FEATURES; j++)
		weights[j] = of_class[1][j] - mean[j];
	naive_solve(a[0], weights, SMALL_FEATURES);
}

/* Shifts of a fold's copies that nobody else has are not known to those who are asked about it. */
static void
check_fold_is_left_out(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options)
{
	static float moved[SMALL_ROWS * SMALL_FEATURES];
	static float scores[2][SMALL_ROWS * SMALL_CLASSES];
	int32_t fold_of[SMALL_ROWS];
	EmoFolds folds = {.n_rows = SMALL_ROWS, .n_folds = 2, .fold_of = fold_of};
	EmoTrainingSet other = *set;

	memcpy(moved, set->features, sizeof(moved));
	other.features = moved;
	for (int r = 0; r < SMALL_ROWS; r++)
	{
		fold_of[r] = set->recording[r] / 2 % 2;
		/* A swap of values keeps the scale of all rows. */
		if (fold_of[r] == 0 && set->copy_kind[r] > 0)
			for (int j = 0; j < SMALL_FEATURES; j++)
				moved[r * SMALL_FEATURES + j] =
					set->features[(r + (set->copy_kind[r] == 1 ? 1 : -1)) * SMALL_FEATURES + j];
	}
	for (int i = 0; i < 2; i++)
	{
		EmoRowScores of_rows = {SMALL_ROWS, SMALL_CLASSES, scores[i]};

		CHECK(emo_lda_cross_scores(env, i == 0 ? set : &other, options, &folds, &of_rows) ==
			  EMO_OK);
	}
	for (int r = 0; r < SMALL_ROWS; r++)
		if (fold_of[r] == 0 && set->copy_kind[r] == 0)
			for (int c = 0; c < SMALL_CLASSES; c++)
				CHECK_NEAR(scores[0][r * SMALL_CLASSES + c], scores[1][r * SMALL_CLASSES + c],
						   1e-6);
}

/* Fitting and held-out scores take shifts of copies into account, and without copies there are none. */
static void
test_shifts_equal_reference(EmoEnv *env)
{
	static float features[SMALL_ROWS * SMALL_FEATURES];
	static double z[SMALL_ROWS][SMALL_FEATURES];
	int32_t label[SMALL_ROWS], recording[SMALL_ROWS], kind[SMALL_ROWS];
	EmoTrainingSet set = {.features = features,
						  .label = label,
						  .recording = recording,
						  .copy_kind = kind,
						  .n_rows = SMALL_ROWS,
						  .n_features = SMALL_FEATURES,
						  .n_classes = SMALL_CLASSES};
	EmoLdaOptions options = emo_lda_default_options(), of_profiles;
	double expected[SMALL_FEATURES];
	uint64_t seed = 7;
	EmoLdaHead head, plain, original;

	for (int r = 0; r < SMALL_ROWS; r++)
	{
		recording[r] = r / SMALL_KINDS;
		kind[r] = r % SMALL_KINDS;
		label[r] = recording[r] % SMALL_CLASSES;
		for (int j = 0; j < SMALL_FEATURES; j++)
			features[r * SMALL_FEATURES + j] =
				(float) (uniform(&seed) + (j < 2 ? 0.5 * label[r] : 0) +
						 (j % 2 == 1 ? 0.8 * kind[r] : 0));
	}
	options.shift_weight = 100;
	CHECK(emo_lda_fit(env, &set, &options, &head) == EMO_OK);
	for (int r = 0; r < SMALL_ROWS; r++)
		emo_lda_standardise(features + r * SMALL_FEATURES, head.mean, head.inverse_deviation,
							head.max_z, 0, SMALL_FEATURES, z[r]);
	reference_with_shifts(z, label, &options, expected);
	for (int j = 0; j < SMALL_FEATURES; j++)
		CHECK_NEAR(head.weights[SMALL_FEATURES + j], expected[j], 1e-5);

	check_fold_is_left_out(env, &set, &options);

	/* Feature 1 is moved by copies, and counts for less. */
	of_profiles = emo_lda_profile_options(&options);
	of_profiles.shrinkage = options.shrinkage;
	CHECK(emo_lda_fit(env, &set, &of_profiles, &plain) == EMO_OK);
	CHECK(fabs(head.weights[SMALL_FEATURES + 1]) < 0.7 * fabs(plain.weights[SMALL_FEATURES + 1]));

	set.copy_kind = NULL;
	set.recording = NULL;
	CHECK(emo_lda_fit(env, &set, &options, &original) == EMO_OK);
	CHECK(memcmp(original.weights, plain.weights, 2 * SMALL_FEATURES * sizeof(float)) == 0);
}

int
main(void)
{
	emo_blas_init();
	RUN(test_dual_equals_primal);
	RUN(test_shifts_equal_reference);
	return unit_finish();
}
