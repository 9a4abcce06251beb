/*
 * shifts.c
 *	  What copies have in common, whatever was said and however.
 *
 * A telephone or a room moves all recordings about alike.  So does the place where somebody else will
 * record; training has not heard that one, but its copies tell in which directions places lie.
 * Scatter along these is added to the covariance (nuisance attribute projection, Solomonoff et al.
 * 2005, as a penalty), so that discriminants hardly look there.
 */
#include "core/lda/solve.h"

#include <string.h>

/* Rows between two looks at the clock. */
#define ROWS_PER_STOP_CHECK 1024

static EmoStatus
find_originals(EmoEnv *env, const EmoTrainingSet *set, int64_t **original_of, int *n_kinds)
{
	*n_kinds = 1;
	if ((*original_of = emo_alloc(env, set->n_rows, sizeof(int64_t))) == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		(*original_of)[row] = -1;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		int64_t recording = emo_recording_of(set, row);
		int kind = emo_copy_kind(set, row);

		if (recording < 0 || recording >= set->n_rows)
			return emo_fail(env, EMO_BAD_DATA, "recording of training row %lld is out of range",
							(long long) row + 1);
		*n_kinds = kind >= *n_kinds ? kind + 1 : *n_kinds;
		if (emo_is_original(set, row))
			(*original_of)[recording] = row;
	}
	return EMO_OK;
}

/* Add up what each copy of the selection differs from its recording by; sum[n_kinds][n_features], count[n_kinds]. */
static EmoStatus
add_differences(EmoEnv *env, const EmoLdaScale *scale, const int64_t *rows, int64_t n_rows,
				const int64_t *original_of, double *sum, int64_t *count)
{
	const EmoTrainingSet *set = scale->set;
	int n = set->n_features;
	double *copy = emo_alloc(env, n, sizeof(double));
	double *original = emo_alloc(env, n, sizeof(double));

	if (copy == NULL || original == NULL)
		return env->status;
	for (int64_t i = 0; i < n_rows; i++)
	{
		int64_t row = rows == NULL ? i : rows[i];
		int64_t original_row = original_of[emo_recording_of(set, row)];
		double *of_kind = sum + (size_t) emo_copy_kind(set, row) * n;

		if (i % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (emo_is_original(set, row) || original_row < 0)
			continue;
		emo_lda_standardise(set->features + row * n, scale->mean, scale->inverse_deviation,
							scale->max_z, 0, n, copy);
		emo_lda_standardise(set->features + original_row * n, scale->mean, scale->inverse_deviation,
							scale->max_z, 0, n, original);
		for (int j = 0; j < n; j++)
			of_kind[j] += copy[j] - original[j];
		count[emo_copy_kind(set, row)]++;
	}
	emo_free(env, original);
	emo_free(env, copy);
	return EMO_OK;
}

/* Means of the kinds that there are, recordings as they are among them, about the mean of these. */
static void
centre(const double *sum, const int64_t *count, int n_kinds, int n_features, EmoLdaShifts *shifts)
{
	size_t n = n_features;

	for (int kind = 0; kind < n_kinds; kind++)
	{
		double *shift = shifts->shift + shifts->n * n;

		if (kind > 0 && count[kind] == 0)
			continue;
		for (size_t j = 0; j < n; j++)
			shift[j] = kind > 0 ? sum[kind * n + j] / (double) count[kind] : 0;
		shifts->n++;
	}
	for (size_t j = 0; j < n; j++)
	{
		double mean = 0;

		for (int s = 0; s < shifts->n; s++)
			mean += shifts->shift[s * n + j] / shifts->n;
		for (int s = 0; s < shifts->n; s++)
			shifts->shift[s * n + j] = (shifts->shift[s * n + j] - mean) / sqrt(shifts->n);
	}
}

EmoStatus
emo_lda_measure_shifts(EmoEnv *env, const EmoLdaScale *scale, const int64_t *rows, int64_t n_rows,
					   EmoLdaShifts *shifts)
{
	const EmoTrainingSet *set = scale->set;
	size_t n = set->n_features;
	int64_t *original_of, *count;
	double *sum;
	int n_kinds;

	*shifts = (EmoLdaShifts){0};
	if (set->copy_kind == NULL || set->n_targets > 0)
		return EMO_OK;
	if (find_originals(env, set, &original_of, &n_kinds) != EMO_OK ||
		(sum = emo_alloc_zero(env, n_kinds, n * sizeof(double))) == NULL ||
		(count = emo_alloc_zero(env, n_kinds, sizeof(int64_t))) == NULL ||
		(shifts->shift = emo_alloc(env, n_kinds, n * sizeof(double))) == NULL ||
		add_differences(env, scale, rows, n_rows, original_of, sum, count) != EMO_OK)
		return env->status;
	centre(sum, count, n_kinds, set->n_features, shifts);
	/* Of recordings as they are alone there is none. */
	shifts->n = shifts->n > 1 ? shifts->n : 0;
	emo_free(env, count);
	emo_free(env, sum);
	emo_free(env, original_of);
	return EMO_OK;
}
