/*
 * fold_scores.h
 *	  What heads that were trained without a fold say of its rows, as sums over temperatures.
 */
#ifndef EMOSER_FOLD_SCORES_H
#define EMOSER_FOLD_SCORES_H

#include "core/base/temperature_grid.h"
#include "core/model/model.h"
#include "pg/training/fold_sums.h"

#define EMOSER_MAX_FOLD_HEADS 2 /* without a profile, and with one */

/* The heads of a fold. */
typedef struct FoldHeads
{
	int n_labels;
	const char **labels; /* [n_labels], UTF-8: of all folds, so that grids can be merged */
	/* Of labels, or NULL: equal; -infinity for those that the heads don't know. */
	double *log_priors[EMOSER_MAX_FOLD_HEADS];
	const EmoModel *model; /* with population and heads, which may know fewer labels */
} FoldHeads;

/* For the aggregate; read raises for other bytes. */
extern bytea *emoser_fold_heads_bytes(const FoldHeads *heads);
extern FoldHeads emoser_read_fold_heads(const bytea *bytes);

typedef struct FoldScores FoldScores;

/* In the current memory context. */
extern FoldScores *emoser_new_fold_scores(const SumSettings *settings, const FoldHeads *heads);
extern int emoser_scores_n_features(const FoldScores *scores);
extern const RowLayout *emoser_scores_layout(const FoldScores *scores);
extern void emoser_fold_scores_add(FoldScores *scores, const LabelledRow *row);
extern bytea *emoser_fold_scores_bytes(FoldScores *scores);

/* What came of a fold: grid[h] of head h, NULL for one that isn't there. */
typedef struct ScoredFold
{
	int64 n_rows;
	uint64 checksum;
	EmoTemperatureGrid *grid[EMOSER_MAX_FOLD_HEADS];
} ScoredFold;

/* Copies in the current memory context; raises for other bytes. */
extern ScoredFold emoser_read_fold_scores(const bytea *bytes, int n_labels);

#endif
