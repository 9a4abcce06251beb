/*
 * cross.c
 *	  Scores on held-out rows, by taking folds out of what all rows add up to.
 */
#include <cblas.h>
#include <string.h>

#include "core/base/stats.h"
#include "core/lda/solve.h"

/* Rows by fold: those of fold f are order[start[f] .. start[f + 1] - 1], the others before. */
typedef struct Folds
{
	int64_t *order; /* [n_rows], first the rows of no fold */
	int64_t *start; /* [n_folds + 1] */
	int n_folds;
} Folds;

struct EmoLdaCross
{
	EmoLdaOptions options;
	EmoLdaScale scale;
	Folds folds;
	EmoLdaSums sums;      /* of all rows */
	EmoLdaSums fold_sums; /* of all rows but a fold's */
	bool dual;
	double *scatter; /* of all rows, for the primal form */
	double *matrix;  /* the fold's scatter or Gram matrix */
	int64_t *rows;   /* [n_rows], the rows that a fold trains on */
	EmoLdaDiscriminants discriminants;
};

static EmoStatus
sort_by_fold(EmoEnv *env, const EmoTrainingSet *set, const EmoFolds *given, Folds *folds)
{
	const int32_t *fold_of_row = given->fold_of;
	int n_folds = given->n_folds;
	int64_t *next;

	if (emo_check_rows(env, set->n_rows, set->n_classes, given, NULL) != EMO_OK)
		return env->status;
	if (n_folds < 1 || n_folds > set->n_rows)
		return emo_fail(env, EMO_INVALID_PARAMETER, "number of folds must be 1 to %lld",
						(long long) set->n_rows);
	folds->n_folds = n_folds;
	if ((folds->order = emo_alloc(env, set->n_rows, sizeof(int64_t))) == NULL ||
		(folds->start = emo_alloc(env, n_folds + 1, sizeof(int64_t))) == NULL ||
		(next = emo_alloc_zero(env, n_folds + 1, sizeof(int64_t))) == NULL)
		return env->status;

	/* A counting sort; next[0] is for the rows of no fold, next[f + 1] for fold f. */
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		if (fold_of_row[row] >= n_folds)
			return emo_fail(env, EMO_INVALID_PARAMETER, "fold of row %lld is out of range",
							(long long) row + 1);
		if (fold_of_row[row] < n_folds - 1)
			next[fold_of_row[row] < 0 ? 1 : fold_of_row[row] + 2]++;
	}
	for (int f = 1; f <= n_folds; f++)
		next[f] += next[f - 1];
	for (int f = 0; f < n_folds; f++)
		folds->start[f] = next[f + 1];
	folds->start[n_folds] = set->n_rows;
	for (int64_t row = 0; row < set->n_rows; row++)
		folds->order[next[fold_of_row[row] < 0 ? 0 : fold_of_row[row] + 1]++] = row;
	emo_free(env, next);
	return EMO_OK;
}

/* Take the form that needs fewer multiplications over all folds. */
static bool
dual_is_cheaper(const EmoTrainingSet *set, const Folds *folds)
{
	double n = set->n_features;
	double primal = 2 * n * n * (double) set->n_rows;
	double dual = 0;

	for (int f = 0; f < folds->n_folds; f++)
	{
		primal += emo_lda_primal_cost(n);
		dual +=
			emo_lda_dual_cost((double) (set->n_rows - (folds->start[f + 1] - folds->start[f])), n);
	}
	return set->n_rows < 2 * n && dual < primal;
}

static EmoStatus
begin(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options, const EmoFolds *folds,
	  EmoLdaCross *cross)
{
	size_t n = set->n_features;
	size_t order;

	cross->options = *options;
	if (emo_lda_measure_scale(env, set, options, &cross->scale) != EMO_OK ||
		sort_by_fold(env, set, folds, &cross->folds) != EMO_OK ||
		emo_lda_new_sums(env, set->n_features, set->n_classes, set->n_targets, &cross->sums) !=
			EMO_OK ||
		emo_lda_new_sums(env, set->n_features, set->n_classes, set->n_targets, &cross->fold_sums) !=
			EMO_OK ||
		emo_lda_new_discriminants(env, set->n_features, emo_n_outputs(set),
								  &cross->discriminants) != EMO_OK ||
		(cross->rows = emo_alloc(env, set->n_rows, sizeof(int64_t))) == NULL)
		return env->status;
	cross->dual = dual_is_cheaper(set, &cross->folds);
	order = cross->dual ? (size_t) set->n_rows + cross->scale.shifts.n : n;
	cross->scatter = NULL;
	if ((cross->matrix = emo_alloc(env, order, order * sizeof(double))) == NULL ||
		(!cross->dual && (cross->scatter = emo_alloc_zero(env, n, n * sizeof(double))) == NULL))
		return env->status;

	if (emo_lda_add_rows(env, &cross->scale, cross->folds.order, set->n_rows, 1, &cross->sums) !=
		EMO_OK)
		return env->status;
	if (!cross->dual && emo_lda_add_scatter(env, &cross->scale, cross->folds.order, set->n_rows, 1,
											cross->scatter) != EMO_OK)
		return env->status;
	return EMO_OK;
}

void
emo_lda_cross_end(EmoEnv *env, EmoLdaCross *cross)
{
	emo_free(env, cross->matrix);
	emo_free(env, cross->scatter);
	emo_free(env, cross->rows);
	emo_lda_free_discriminants(env, &cross->discriminants);
	emo_lda_free_sums(env, &cross->fold_sums);
	emo_lda_free_sums(env, &cross->sums);
	emo_free(env, cross->folds.start);
	emo_free(env, cross->folds.order);
	emo_free(env, cross->scale.target_mean);
	emo_free(env, cross->scale.shifts.shift);
	emo_free(env, cross->scale.inverse_deviation);
	emo_free(env, cross->scale.mean);
	emo_free(env, cross);
}

static void
copy_sums(const EmoTrainingSet *set, const EmoLdaSums *from, EmoLdaSums *to)
{
	size_t n = set->n_features;

	memcpy(to->class_rows, from->class_rows, set->n_classes * sizeof(int64_t));
	memcpy(to->class_weight, from->class_weight, set->n_classes * sizeof(double));
	memcpy(to->class_sum, from->class_sum, set->n_classes * n * sizeof(double));
	memcpy(to->square_sum, from->square_sum, n * sizeof(double));
	memcpy(to->target_sum, from->target_sum, set->n_targets * sizeof(double));
	memcpy(to->target_product, from->target_product, set->n_targets * n * sizeof(double));
}

/* The scatter of all rows but those of a fold. */
static EmoStatus
take_out_scatter(EmoEnv *env, EmoLdaCross *cross, int fold, double *scatter)
{
	size_t n = cross->scale.set->n_features;
	int64_t first = cross->folds.start[fold];

	memcpy(scatter, cross->scatter, n * n * sizeof(double));
	return emo_lda_add_scatter(env, &cross->scale, cross->folds.order + first,
							   cross->folds.start[fold + 1] - first, -1, scatter);
}

/* Into rows; returns how many there are. */
static int64_t
select_all_but(EmoLdaCross *cross, int fold)
{
	int64_t n_rows = cross->scale.set->n_rows;
	const int64_t *order = cross->folds.order;
	int64_t first = cross->folds.start[fold];
	int64_t after = cross->folds.start[fold + 1];

	memcpy(cross->rows, order, first * sizeof(int64_t));
	memcpy(cross->rows + first, order + after, (n_rows - after) * sizeof(int64_t));
	return n_rows - (after - first);
}

/* The shifts of all rows but a fold's, n_rows of them: never more than those of all. */
static EmoStatus
take_out_shifts(EmoEnv *env, EmoLdaCross *cross, int64_t n_rows)
{
	EmoLdaShifts *shifts = &cross->scale.shifts;

	if (shifts->shift == NULL)
		return EMO_OK;
	emo_free(env, shifts->shift);
	return emo_lda_measure_shifts(env, &cross->scale, cross->rows, n_rows, shifts);
}

/* Log posteriors, or values of targets, of the originals of a fold. */
static EmoStatus
score_fold(EmoEnv *env, EmoLdaCross *cross, int fold, EmoRowScores *scores)
{
	const EmoTrainingSet *set = cross->scale.set;
	const EmoLdaDiscriminants *discriminants = &cross->discriminants;
	int n = set->n_features, n_outputs = emo_n_outputs(set);
	double of_row[EMO_MAX_CLASSES];
	double *z = emo_alloc(env, n, sizeof(double));

	if (z == NULL || emo_check_stop(env) != EMO_OK ||
		emo_check_rows(env, set->n_rows, emo_n_outputs(set), NULL, scores) != EMO_OK)
		return env->status;
	for (int64_t i = cross->folds.start[fold]; i < cross->folds.start[fold + 1]; i++)
	{
		int64_t row = cross->folds.order[i];

		if (!emo_is_original(set, row))
			continue;
		emo_lda_standardise(set->features + row * n, cross->scale.mean,
							cross->scale.inverse_deviation, cross->scale.max_z, 0, n, z);
		memcpy(of_row, discriminants->bias, n_outputs * sizeof(double));
		cblas_dgemv(CblasRowMajor, CblasNoTrans, n_outputs, n, 1, discriminants->weights, n, z, 1,
					1, of_row, 1);
		if (set->n_targets == 0)
			emo_log_softmax(of_row, n_outputs, 1, emo_scores_of_row(scores, row));
		for (int t = 0; t < set->n_targets; t++)
			emo_scores_of_row(scores, row)[t] = (float) (of_row[t] + cross->scale.target_mean[t]);
	}
	emo_free(env, z);
	return EMO_OK;
}

static int
count_classes(const EmoTrainingSet *set, const EmoLdaSums *sums)
{
	int count = 0;

	for (int c = 0; c < set->n_classes; c++)
		count += sums->class_rows[c] > 0;
	return count;
}

/* The sums of all rows but those of a fold, of which two classes at least must be left. */
static EmoStatus
take_out_sums(EmoEnv *env, EmoLdaCross *cross, int fold)
{
	const EmoTrainingSet *set = cross->scale.set;
	int64_t first = cross->folds.start[fold];

	copy_sums(set, &cross->sums, &cross->fold_sums);
	if (emo_lda_add_rows(env, &cross->scale, cross->folds.order + first,
						 cross->folds.start[fold + 1] - first, -1, &cross->fold_sums) != EMO_OK)
		return env->status;
	if (count_classes(set, &cross->fold_sums) < emo_min_classes(set))
	{
		if (set->n_targets > 0)
			return emo_fail(env, EMO_BAD_DATA, "no rows are left outside a fold");
		emo_fail(env, EMO_BAD_DATA, "fewer than two classes are left outside a fold");
		emo_set_hint(env, "Spread the classes over more folds.");
		return env->status;
	}
	return EMO_OK;
}

/* A matrix of the fold's scatter for each that solves, since solving overwrites it. */
static EmoStatus
solve_each(EmoEnv *env, EmoLdaCross *cross, int fold, const EmoLdaOptions *options, int n_options,
		   EmoRowScores *scores)
{
	size_t n = cross->scale.set->n_features;
	int64_t n_rows = select_all_but(cross, fold);
	double *rest = cross->matrix;

	if (take_out_shifts(env, cross, n_rows) != EMO_OK)
		return env->status;
	if (!cross->dual && n_options > 1 && (rest = emo_alloc(env, n, n * sizeof(double))) == NULL)
		return env->status;
	if (!cross->dual && take_out_scatter(env, cross, fold, rest) != EMO_OK)
		return env->status;
	for (int i = 0; i < n_options; i++)
	{
		if (rest != cross->matrix)
			memcpy(cross->matrix, rest, n * n * sizeof(double));
		if ((cross->dual
				 ? emo_lda_solve_dual(env, &cross->scale, &options[i], &cross->fold_sums,
									  cross->rows, n_rows, cross->matrix, &cross->discriminants)
				 : emo_lda_solve_primal(env, &options[i], &cross->fold_sums, &cross->scale.shifts,
										cross->matrix, &cross->discriminants)) != EMO_OK ||
			score_fold(env, cross, fold, &scores[i]) != EMO_OK)
			return env->status;
	}
	if (rest != cross->matrix)
		emo_free(env, rest);
	return EMO_OK;
}

EmoStatus
emo_lda_cross_fold_by_each(EmoEnv *env, EmoLdaCross *cross, int fold, const EmoLdaOptions *options,
						   int n_options, EmoRowScores *scores)
{
	if (cross->folds.start[fold + 1] == cross->folds.start[fold])
		return EMO_OK;
	if (take_out_sums(env, cross, fold) != EMO_OK)
		return env->status;
	return solve_each(env, cross, fold, options, n_options, scores);
}

EmoStatus
emo_lda_cross_fold(EmoEnv *env, EmoLdaCross *cross, int fold, EmoRowScores *scores)
{
	return emo_lda_cross_fold_by_each(env, cross, fold, &cross->options, 1, scores);
}

EmoStatus
emo_lda_cross_begin(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
					const EmoFolds *folds, EmoLdaCross **cross)
{
	if ((*cross = emo_alloc(env, 1, sizeof(EmoLdaCross))) == NULL)
		return env->status;
	return begin(env, set, options, folds, *cross);
}

EmoStatus
emo_lda_cross_scores(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
					 const EmoFolds *folds, EmoRowScores *scores)
{
	EmoLdaCross *cross;

	if (emo_lda_cross_begin(env, set, options, folds, &cross) != EMO_OK)
		return env->status;
	for (int fold = 0; fold < folds->n_folds; fold++)
		if (emo_lda_cross_fold(env, cross, fold, scores) != EMO_OK)
			return env->status;
	emo_lda_cross_end(env, cross);
	return EMO_OK;
}
