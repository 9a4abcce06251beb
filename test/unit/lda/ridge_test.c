/*
 * ridge_test.c
 *	  Ridge regression against a solver by Gauss elimination, with and without held-out rows.
 */
#include "lda_sample.h"
#include "naive_solve.h"

#include "core/base/blas.h"
#include "core/lda/ridge.h"

#define N_TARGETS 2

static float targets[MAX_ROWS][N_TARGETS];

/* Classes become targets that grow with two of the features. */
static void
make_targets(Sample *sample, int n_rows, int n_features, uint64_t seed)
{
	make_sample(sample, n_rows, n_features, 1, seed);
	for (int row = 0; row < n_rows; row++)
	{
		const float *features = sample->features + row * n_features;

		sample->label[row] = 0;
		targets[row][0] = (float) (5 + 0.02 * features[5] + 0.3 * uniform(&seed));
		targets[row][1] = (float) (-2 + 40 * features[0] - 0.4 * features[3] + uniform(&seed));
	}
	sample->set.target = targets[0];
	sample->set.n_targets = N_TARGETS;
}

/* Rows of the set outside a fold (-1: all of them), their standardised features and weights. */
typedef struct Rows
{
	int n;
	int row[MAX_ROWS];
	double weight[MAX_ROWS]; /* sum to one */
	double mean[MAX_FEATURES], deviation[MAX_FEATURES];
} Rows;

static double
standardised(const EmoTrainingSet *set, const Rows *rows, int row, int feature)
{
	return (set->features[row * set->n_features + feature] - rows->mean[feature]) /
		   rows->deviation[feature];
}

static Rows
rows_outside(const EmoTrainingSet *set, const EmoFolds *folds, int fold)
{
	Rows rows = {.n = 0};
	double total = 0;

	for (int row = 0; row < set->n_rows; row++)
		if (fold < 0 || folds->fold_of[row] != fold)
		{
			rows.row[rows.n] = row;
			rows.weight[rows.n] = emo_row_weight(set, row);
			total += rows.weight[rows.n++];
		}
	for (int i = 0; i < set->n_features; i++)
	{
		double square = 0;

		for (int k = 0; k < rows.n; k++)
		{
			rows.weight[k] /= i == 0 ? total : 1;
			rows.mean[i] += rows.weight[k] * set->features[rows.row[k] * set->n_features + i];
		}
		for (int k = 0; k < rows.n; k++)
			square += rows.weight[k] *
					  pow(set->features[rows.row[k] * set->n_features + i] - rows.mean[i], 2);
		rows.deviation[i] = sqrt(square);
	}
	return rows;
}

/* What a ridge regression of the rows outside a fold says of all rows, uncorrected. */
static void
naive(const EmoTrainingSet *set, double shrinkage, const EmoFolds *folds, int fold, int target,
	  double *values)
{
	static double a[MAX_FEATURES * MAX_FEATURES];
	double b[MAX_FEATURES] = {0}, y_mean = 0;
	int n = set->n_features;
	Rows rows = rows_outside(set, folds, fold);

	memset(a, 0, sizeof(a));
	for (int k = 0; k < rows.n; k++)
		y_mean += rows.weight[k] * set->target[rows.row[k] * N_TARGETS + target];
	for (int k = 0; k < rows.n; k++)
		for (int i = 0; i < n; i++)
		{
			double z = rows.weight[k] * standardised(set, &rows, rows.row[k], i);

			b[i] += z * (set->target[rows.row[k] * N_TARGETS + target] - y_mean);
			for (int j = 0; j < n; j++)
				a[i * n + j] +=
					(i == j ? 1 : 1 - shrinkage) * z * standardised(set, &rows, rows.row[k], j);
		}
	naive_solve(a, b, n);
	for (int row = 0; row < set->n_rows; row++)
	{
		values[row] = y_mean;
		for (int i = 0; i < n; i++)
			values[row] += b[i] * standardised(set, &rows, row, i);
	}
}

/* Both forms of the solver: more rows than features, and fewer. */
static void
test_fit(EmoEnv *env)
{
	for (int n_features = 12; n_features <= 84; n_features += 72)
	{
		static Sample sample;
		EmoLdaOptions options = emo_lda_default_options();
		EmoLdaHead head;

		options.shrinkage = 0.2;
		make_targets(&sample, 60, n_features, 3);
		sample.set.row_weight = sample.row_weight;
		CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_OK);
		CHECK(head.n_classes == N_TARGETS);
		for (int t = 0; t < N_TARGETS; t++)
		{
			double expected[MAX_ROWS];

			naive(&sample.set, 0.2, NULL, -1, t, expected);
			for (int row = 0; row < 60; row++)
			{
				float values[N_TARGETS];

				emo_ridge_values(&head, sample.features + row * n_features, values);
				CHECK_NEAR(values[t], expected[row], 1e-4);
			}
		}
	}
}

static void
test_cross_scores(EmoEnv *env)
{
	for (int n_features = 12; n_features <= 84; n_features += 72)
	{
		static Sample sample;
		EmoLdaOptions options = emo_lda_default_options();
		EmoFolds folds;
		EmoRowScores scores;

		make_targets(&sample, 60, n_features, 4);
		CHECK(emo_folds_of_groups(env, sample.speaker, 60, 6, 3, &folds) == EMO_OK);
		CHECK(emo_new_scores(env, 60, N_TARGETS, &scores) == EMO_OK);
		CHECK(emo_lda_cross_scores(env, &sample.set, &options, &folds, &scores) == EMO_OK);
		for (int fold = 0; fold < 3; fold++)
			for (int t = 0; t < N_TARGETS; t++)
			{
				double expected[MAX_ROWS];

				naive(&sample.set, options.shrinkage, &folds, fold, t, expected);
				for (int row = 0; row < 60; row++)
					if (folds.fold_of[row] == fold)
						CHECK_NEAR(emo_scores_of_row(&scores, row)[t], expected[row], 1e-4);
			}
	}
}

/* The head says what its held-out line makes of it, and how good that is. */
static void
test_correction(EmoEnv *env)
{
	static Sample sample;
	EmoRidgeOptions options = {.shrinkage = 0.5, .objective = EMO_OBJECTIVE_CCC};
	EmoLdaOptions of_lda = emo_ridge_lda_options(&options);
	EmoLdaHead plain, corrected;
	EmoHeldOutTargets held_out;

	make_targets(&sample, 60, 12, 5);
	sample.set.speaker = sample.speaker;
	CHECK(emo_lda_fit(env, &sample.set, &of_lda, &plain) == EMO_OK);
	CHECK(emo_ridge_fit(env, &sample.set, &options, &corrected, &held_out) == EMO_OK);
	CHECK(held_out.by_speaker);
	for (int t = 0; t < N_TARGETS; t++)
	{
		const EmoCorrection *line = &held_out.target[t];
		float before[N_TARGETS], after[N_TARGETS];

		CHECK(line->n_rows == 60 && line->slope > 0 && line->slope != 1);
		CHECK(line->value[EMO_AGREEMENT_CCC] > 0.5 && line->value[EMO_AGREEMENT_CCC] < 1);
		CHECK(line->low < 0 && line->high > 0);
		emo_ridge_values(&plain, sample.features, before);
		emo_ridge_values(&corrected, sample.features, after);
		CHECK_NEAR(after[t], line->offset + line->slope * before[t], 1e-4);
	}
}

/* Lines of held-out rows are fitted to the rows of other groups: another target in a row is none of its business. */
static void
test_correct_cross(EmoEnv *env)
{
	static Sample sample;
	EmoRidgeOptions options = {.shrinkage = 0.5, .objective = EMO_OBJECTIVE_CCC};
	EmoLdaOptions of_lda = emo_ridge_lda_options(&options);
	EmoFolds folds;
	EmoRowScores raw;
	float first[2][N_TARGETS];

	for (int pass = 0; pass < 2; pass++)
	{
		EmoRowValues values;

		make_targets(&sample, 60, 12, 6);
		CHECK(emo_folds_of_groups(env, sample.speaker, 60, 6, 6, &folds) == EMO_OK);
		CHECK(emo_new_scores(env, 60, N_TARGETS, &raw) == EMO_OK &&
			  emo_new_scores(env, 60, N_TARGETS, &values.value) == EMO_OK &&
			  emo_new_scores(env, 60, N_TARGETS, &values.low) == EMO_OK &&
			  emo_new_scores(env, 60, N_TARGETS, &values.high) == EMO_OK);
		CHECK(emo_lda_cross_scores(env, &sample.set, &of_lda, &folds, &raw) == EMO_OK);
		memcpy(values.value.ln_p, raw.ln_p, 60 * N_TARGETS * sizeof(float));
		targets[0][0] += pass * 100;
		CHECK(emo_ridge_correct_cross(env, &sample.set, &options, &folds, &values) == EMO_OK);
		memcpy(first[pass], emo_scores_of_row(&values.value, 0), sizeof(first[pass]));
		CHECK(fabs(first[pass][0] - emo_scores_of_row(&raw, 0)[0]) > 1e-5);
		CHECK(emo_scores_of_row(&values.low, 0)[0] < first[pass][0] &&
			  emo_scores_of_row(&values.high, 0)[0] > first[pass][0]);
	}
	CHECK(first[0][0] == first[1][0]);
}

static void
test_refused(EmoEnv *env)
{
	static Sample sample;
	EmoRidgeOptions options = {.shrinkage = 0.5, .objective = EMO_OBJECTIVE_CCC};
	EmoLdaHead head;
	EmoHeldOutTargets held_out;

	make_targets(&sample, 20, 12, 7);
	targets[3][1] = INFINITY;
	CHECK(emo_ridge_fit(env, &sample.set, &options, &head, &held_out) == EMO_BAD_DATA);
	make_targets(&sample, 20, 12, 7);
	options.shrinkage = 2;
	CHECK(emo_ridge_fit(env, &sample.set, &options, &head, &held_out) == EMO_INVALID_PARAMETER);
	options.shrinkage = 0.5;
	sample.set.n_targets = 0;
	CHECK(emo_ridge_fit(env, &sample.set, &options, &head, &held_out) == EMO_INVALID_PARAMETER);
	sample.set.n_targets = N_TARGETS;
	/* A single recording: nothing can be held out, and nothing is known of its errors. */
	sample.set.n_rows = 1;
	CHECK(emo_ridge_fit(env, &sample.set, &options, &head, &held_out) == EMO_OK);
	CHECK(held_out.target[0].n_rows == 0 && isnan(held_out.target[0].low));
}

int
main(void)
{
	emo_blas_init();
	RUN(test_fit);
	RUN(test_cross_scores);
	RUN(test_correction);
	RUN(test_correct_cross);
	RUN(test_refused);
	return unit_finish();
}
