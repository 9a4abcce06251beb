/*
 * cells.c
 *	  How the features of a training's recordings are spread.
 */
#include "core/lda/cells.h"

#include <math.h>

#include "core/base/calibration.h"
#include "core/base/psi.h"

/* Rows between two looks at whether to stop. */
#define ROWS_PER_STOP_CHECK 256

/* Where a normal has 20, 40, 60 and 80 %. */
static const double cuts[EMO_N_CELLS - 1] = {-0.841621, -0.253347, 0.253347, 0.841621};

EmoStatus
emo_new_cells(EmoEnv *env, int n_features, int n_groups, EmoCells **cells)
{
	EmoCells *new = emo_alloc_zero(env, 1, sizeof(EmoCells));

	if (new == NULL)
		return env->status;
	new->n_groups = n_groups;
	new->spread = emo_alloc_zero(env, n_groups, sizeof(float));
	new->units = emo_alloc(env, n_features, (EMO_N_CELLS - 1) * sizeof(float));
	*cells = new;
	return new->spread == NULL || new->units == NULL ? env->status : EMO_OK;
}

int
emo_cell_of(float feature, float mean, float deviation)
{
	double off = (double) feature - mean;
	int cell = 0;

	/* One that never varied in training is in the middle, or off. */
	if (!(deviation > 0))
		return off < 0 ? 0 : off > 0 ? EMO_N_CELLS - 1 : EMO_N_CELLS / 2;
	for (int i = 0; i < EMO_N_CELLS - 1; i++)
		cell += off >= cuts[i] * deviation;
	return cell;
}

void
emo_units_of_counts(const int64_t counts[EMO_N_CELLS], float units[EMO_N_CELLS - 1])
{
	int64_t n = 0, below = 0;
	double last = 0;

	for (int i = 0; i < EMO_N_CELLS; i++)
		n += counts[i];
	/* By the ends of cells, so that nothing is lost by rounding. */
	for (int i = 0; i < EMO_N_CELLS - 1; i++)
	{
		double end;

		below += counts[i];
		end = round((double) below / (double) n * EMO_CELL_UNITS);
		units[i] = (float) (end - last);
		last = end;
	}
}

/* Of one of EMO_CELL_UNITS, none of which is sure or impossible. */
static double
share_of_units(double units)
{
	return (units + 0.5) / (EMO_CELL_UNITS + 0.5 * EMO_N_CELLS);
}

void
emo_shares_of_units(const float units[EMO_N_CELLS - 1], double shares[EMO_N_CELLS])
{
	double rest = EMO_CELL_UNITS;

	for (int i = 0; i < EMO_N_CELLS - 1; i++)
	{
		shares[i] = share_of_units(units[i]);
		rest -= units[i];
	}
	shares[EMO_N_CELLS - 1] = share_of_units(rest);
}

void
emo_fill_chance(int64_t n_rows, EmoCellChance *chance)
{
	for (int units = 0; units <= EMO_CELL_UNITS; units++)
		chance->of_units[units] = emo_psi_by_chance(n_rows, share_of_units(units));
}

double
emo_psi_of_feature(const double counts[EMO_N_CELLS], double n, const float units[EMO_N_CELLS - 1])
{
	double shares[EMO_N_CELLS], psi = 0;

	emo_shares_of_units(units, shares);
	for (int i = 0; i < EMO_N_CELLS; i++)
		psi += emo_psi_of_cell(counts[i], n, shares[i]);
	return psi;
}

double
emo_chance_of_feature(const EmoCellChance *chance, const float units[EMO_N_CELLS - 1])
{
	double sum = 0;
	int rest = EMO_CELL_UNITS;

	for (int i = 0; i < EMO_N_CELLS - 1; i++)
	{
		sum += chance->of_units[(int) units[i]];
		rest -= (int) units[i];
	}
	return sum + chance->of_units[rest];
}

EmoStatus
emo_new_cell_counts(EmoEnv *env, int n_features, int n_folds, EmoCellCounts *counts)
{
	*counts = (EmoCellCounts){.n_features = n_features, .n_folds = n_folds};
	counts->counts =
		emo_alloc_zero(env, (size_t) (n_folds + 1) * n_features, EMO_N_CELLS * sizeof(int64_t));
	counts->n_rows = emo_alloc_zero(env, n_folds + 1, sizeof(int64_t));
	counts->n_speakers = emo_alloc_zero(env, n_folds + 1, sizeof(int64_t));
	return counts->counts == NULL || counts->n_rows == NULL || counts->n_speakers == NULL
			   ? env->status
			   : EMO_OK;
}

void
emo_free_cell_counts(EmoEnv *env, EmoCellCounts *counts)
{
	emo_free(env, counts->n_speakers);
	emo_free(env, counts->n_rows);
	emo_free(env, counts->counts);
}

int64_t *
emo_cell_counts_of(const EmoCellCounts *counts, int fold)
{
	return counts->counts + (size_t) fold * counts->n_features * EMO_N_CELLS;
}

void
emo_count_cells(const float *features, int n_features, const float *mean, const float *deviation,
				int64_t *counts)
{
	for (int i = 0; i < n_features; i++)
		counts[(size_t) i * EMO_N_CELLS + emo_cell_of(features[i], mean[i], deviation[i])]++;
}

/*
 * Of the recordings of one speaker, by those of a fold's against all others.  What is beyond chance falls
 * with the number of speakers.
 */
static EmoStatus
add_spread_of_fold(EmoEnv *env, const EmoCellCounts *counts, int fold, const int32_t *group_of,
				   double *sum)
{
	const int64_t *of_fold = emo_cell_counts_of(counts, fold);
	const int64_t *of_all = emo_cell_counts_of(counts, counts->n_folds);
	int64_t n = counts->n_rows[fold], n_rest = counts->n_rows[counts->n_folds] - n;
	EmoCellChance here, there;

	emo_fill_chance(n, &here);
	emo_fill_chance(n_rest, &there);
	for (int i = 0; i < counts->n_features; i++, of_fold += EMO_N_CELLS, of_all += EMO_N_CELLS)
	{
		double found[EMO_N_CELLS];
		int64_t rest[EMO_N_CELLS];
		float units[EMO_N_CELLS - 1];

		if (i % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int c = 0; c < EMO_N_CELLS; c++)
		{
			found[c] = (double) of_fold[c];
			rest[c] = of_all[c] - of_fold[c];
		}
		emo_units_of_counts(rest, units);
		sum[group_of[i]] +=
			(double) counts->n_speakers[fold] *
			(emo_psi_of_feature(found, (double) n, units) - emo_chance_of_feature(&here, units) -
			 emo_chance_of_feature(&there, units));
	}
	return EMO_OK;
}

static EmoStatus
measure_spread(EmoEnv *env, const EmoCellCounts *counts, const int32_t *group_of, EmoCells *cells)
{
	int n_groups = cells->n_groups, all = counts->n_folds, n_folds = 0;
	double *sum = emo_alloc_zero(env, n_groups, sizeof(double));
	int64_t *n_of_group = emo_alloc_zero(env, n_groups, sizeof(int64_t));

	if (sum == NULL || n_of_group == NULL)
		return env->status;
	for (int i = 0; i < counts->n_features; i++)
		n_of_group[group_of[i]]++;
	for (int fold = 0; fold < all; fold++)
	{
		if (counts->n_rows[fold] == 0 || counts->n_rows[fold] == counts->n_rows[all])
			continue;
		if (add_spread_of_fold(env, counts, fold, group_of, sum) != EMO_OK)
			return env->status;
		n_folds++;
	}
	for (int g = 0; g < n_groups && n_folds > 0; g++)
		if (n_of_group[g] > 0)
			cells->spread[g] = (float) fmax(0, sum[g] / n_folds / (double) n_of_group[g]);
	cells->n_speakers = (float) counts->n_speakers[all];
	emo_free(env, n_of_group);
	emo_free(env, sum);
	return EMO_OK;
}

EmoStatus
emo_cells_of_counts(EmoEnv *env, const EmoCellCounts *counts, const int32_t *group_of, int n_groups,
					EmoCells **cells)
{
	const int64_t *of_all = emo_cell_counts_of(counts, counts->n_folds);

	*cells = NULL;
	if (counts->n_rows[counts->n_folds] < EMO_CELLS_MIN_ROWS)
		return EMO_OK;
	if (emo_new_cells(env, counts->n_features, n_groups, cells) != EMO_OK ||
		(counts->n_folds > 0 && measure_spread(env, counts, group_of, *cells) != EMO_OK))
		return env->status;
	(*cells)->n_rows = (float) counts->n_rows[counts->n_folds];
	for (int i = 0; i < counts->n_features; i++)
		emo_units_of_counts(of_all + (size_t) i * EMO_N_CELLS,
							(*cells)->units + (size_t) i * (EMO_N_CELLS - 1));
	return EMO_OK;
}

static EmoStatus
count_rows(EmoEnv *env, const EmoTrainingSet *set, const EmoFolds *folds, const float *mean,
		   const float *deviation, EmoCellCounts *counts)
{
	int n = set->n_features, all = counts->n_folds;

	for (int64_t row = 0; row < set->n_rows; row++)
	{
		const float *features = set->features + row * n;
		int fold = all > 0 ? folds->fold_of[row] : -1;

		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (!emo_is_original(set, row))
			continue;
		counts->n_rows[all]++;
		emo_count_cells(features, n, mean, deviation, emo_cell_counts_of(counts, all));
		if (fold < 0)
			continue;
		counts->n_rows[fold]++;
		emo_count_cells(features, n, mean, deviation, emo_cell_counts_of(counts, fold));
	}
	return EMO_OK;
}

/* Speakers of a fold; of all, fold is -1. */
static int
count_speakers(const EmoTrainingSet *set, const EmoFolds *folds, int fold, bool *is_counted)
{
	int n = 0;

	for (int s = 0; s < set->n_speakers; s++)
		is_counted[s] = false;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		int32_t speaker = set->speaker[row];

		if (speaker < 0 || is_counted[speaker] || (fold >= 0 && folds->fold_of[row] != fold))
			continue;
		is_counted[speaker] = true;
		n++;
	}
	return n;
}

static EmoStatus
count_all_speakers(EmoEnv *env, const EmoTrainingSet *set, const EmoFolds *folds,
				   EmoCellCounts *counts)
{
	bool *is_counted;

	if (counts->n_folds == 0)
		return EMO_OK;
	if ((is_counted = emo_alloc(env, set->n_speakers, sizeof(bool))) == NULL)
		return env->status;
	for (int fold = 0; fold < counts->n_folds; fold++)
		counts->n_speakers[fold] = count_speakers(set, folds, fold, is_counted);
	counts->n_speakers[counts->n_folds] = count_speakers(set, folds, -1, is_counted);
	emo_free(env, is_counted);
	return EMO_OK;
}

EmoStatus
emo_measure_cells(EmoEnv *env, const EmoTrainingSet *set, const float *mean, const float *deviation,
				  const int32_t *group_of, int n_groups, EmoCells **cells)
{
	EmoFolds folds;
	EmoCellCounts counts;
	bool by_speaker;

	*cells = NULL;
	if (emo_calibration_folds(env, set, &folds, &by_speaker) != EMO_OK ||
		emo_new_cell_counts(env, set->n_features, by_speaker ? folds.n_folds : 0, &counts) !=
			EMO_OK ||
		count_rows(env, set, &folds, mean, deviation, &counts) != EMO_OK ||
		count_all_speakers(env, set, &folds, &counts) != EMO_OK ||
		emo_cells_of_counts(env, &counts, group_of, n_groups, cells) != EMO_OK)
		return env->status;
	emo_free_cell_counts(env, &counts);
	emo_free(env, folds.fold_of);
	return EMO_OK;
}
