/*
 * solve_test.c
 *	  The two forms of the discriminants against each other, in several blocks.
 */
#include "lda_sample.h"

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
	CHECK(emo_lda_new_sums(env, n_features, n_classes, 0, &sums) == EMO_OK);
	CHECK(emo_lda_new_discriminants(env, n_features, n_classes, &dual) == EMO_OK);
	CHECK(emo_lda_new_discriminants(env, n_features, n_classes, &primal) == EMO_OK);
	CHECK(emo_lda_add_rows(env, &scale, rows, n_rows, 1, &sums) == EMO_OK);
	CHECK(emo_lda_add_scatter(env, &scale, rows, n_rows, 1, scatter) == EMO_OK);
	CHECK(emo_lda_solve_primal(env, &options, &sums, scatter, &primal) == EMO_OK);
	CHECK(emo_lda_solve_dual(env, &scale, &options, &sums, rows, n_rows, gram, &dual) == EMO_OK);
	for (int i = 0; i < n_classes * n_features; i++)
		largest = fmax(largest, fabs(dual.weights[i] - primal.weights[i]));
	CHECK(largest < 1e-10 && fabs(primal.weights[0]) > 1e-4);
	for (int c = 0; c < n_classes; c++)
		CHECK_NEAR(dual.bias[c], primal.bias[c], 1e-10);
}

int
main(void)
{
	emo_blas_init();
	RUN(test_dual_equals_primal);
	return unit_finish();
}
