/*
 * cells.h
 *	  How the features of a training's recordings are spread: what share of them lies in each of five
 *	  cells around the population's mean.  It is what drift is measured from.
 *
 * Cells end at the fifths of a normal of the population's mean and deviation, whatever the feature's own
 * shape: so shares are all that is stored, four bytes a feature, and where many recordings have the
 * same number, such as none, they are in one cell then and now.
 */
#ifndef EMO_CELLS_H
#define EMO_CELLS_H

#include "core/base/training_set.h"

#define EMO_N_CELLS 5

/* Shares are stored in units of a 255th. */
#define EMO_CELL_UNITS 255

/* Of fewer recordings nothing is said. */
#define EMO_CELLS_MIN_ROWS  20

#define EMO_MAX_CELL_GROUPS 64

/* Numbers are whole but for spread; floats, since models go as floats elsewhere. */
typedef struct EmoCells
{
	float n_rows;     /* recordings that were counted, at least 1 */
	float n_speakers; /* of these; 0: not known, or they can't be told apart */
	int n_groups;     /* of features, 1 .. EMO_MAX_CELL_GROUPS */
	float *spread; /* [n_groups]: the PSI of one speaker's recordings, on average, beside chance */
	float *units;  /* [n_features][EMO_N_CELLS - 1]; the last cell has the rest */
} EmoCells;

/* Arrays are allocated from env, and not set. */
extern EmoStatus emo_new_cells(EmoEnv *env, int n_features, int n_groups, EmoCells **cells);

/* The cell of a feature, which is finite: 0 .. EMO_N_CELLS - 1. */
extern int emo_cell_of(float feature, float mean, float deviation);

/* Units of counts in cells, of which one at least is there; they sum up to EMO_CELL_UNITS. */
extern void emo_units_of_counts(const int64_t counts[EMO_N_CELLS], float units[EMO_N_CELLS - 1]);

/* Shares [EMO_N_CELLS] of a feature, none of which is 0. */
extern void emo_shares_of_units(const float units[EMO_N_CELLS - 1], double shares[EMO_N_CELLS]);

/* What EMO_N_CELLS cells of a feature have by chance, from emo_psi_by_chance() of each unit; see emo_fill_chance(). */
typedef struct EmoCellChance
{
	double of_units[EMO_CELL_UNITS + 1];
} EmoCellChance;

extern void emo_fill_chance(int64_t n_rows, EmoCellChance *chance);

/* Sums over the cells of a feature: the PSI of counts of n rows, and what it is by chance. */
extern double emo_psi_of_feature(const double counts[EMO_N_CELLS], double n,
								 const float units[EMO_N_CELLS - 1]);
extern double emo_chance_of_feature(const EmoCellChance *chance,
									const float units[EMO_N_CELLS - 1]);

/* Recordings, counted in cells: of folds of whole speakers, and in the last place of all. */
typedef struct EmoCellCounts
{
	int n_features;
	int n_folds;         /* 0: speakers aren't known, or can't be told apart */
	int64_t *counts;     /* [n_folds + 1][n_features][EMO_N_CELLS] */
	int64_t *n_rows;     /* [n_folds + 1] */
	int64_t *n_speakers; /* [n_folds + 1] */
} EmoCellCounts;

/* Nothing is counted yet; arrays are allocated from env. */
extern EmoStatus emo_new_cell_counts(EmoEnv *env, int n_features, int n_folds,
									 EmoCellCounts *counts);
extern void emo_free_cell_counts(EmoEnv *env, EmoCellCounts *counts);

/* Those of a fold, [n_features][EMO_N_CELLS]. */
extern int64_t *emo_cell_counts_of(const EmoCellCounts *counts, int fold);

/* Count a recording's features in [n_features][EMO_N_CELLS]. */
extern void emo_count_cells(const float *features, int n_features, const float *mean,
							const float *deviation, int64_t *counts);

/*
 * What is stored of counts.  group_of[n_features] is 0 .. n_groups - 1.  *cells is NULL if there are fewer rows than
 * EMO_CELLS_MIN_ROWS.
 */
extern EmoStatus emo_cells_of_counts(EmoEnv *env, const EmoCellCounts *counts,
									 const int32_t *group_of, int n_groups, EmoCells **cells);

/*
 * The cells of the set's original rows.  As emo_cells_of_counts().
 */
extern EmoStatus emo_measure_cells(EmoEnv *env, const EmoTrainingSet *set, const float *mean,
								   const float *deviation, const int32_t *group_of, int n_groups,
								   EmoCells **cells);

#endif
