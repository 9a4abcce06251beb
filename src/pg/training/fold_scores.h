/*
 * fold_scores.h
 *	  What heads that were trained without a fold say of its rows, as sums over temperatures.
 */
#ifndef EMOSER_FOLD_SCORES_H
#define EMOSER_FOLD_SCORES_H

#include "core/base/temperature_grid.h"
#include "core/lda/certainty_sample.h"
#include "core/model/model.h"
#include "pg/training/fold_sums.h"

#define EMOSER_MAX_FOLD_HEADS 2 /* without a profile, and with one */

/* A model that says something of a fold. */
typedef struct ScoringModel
{
	/* Of the labels of all folds, or NULL: equal; -infinity for those that the model doesn't know. */
	double *log_priors[EMOSER_MAX_FOLD_HEADS];
	const EmoModel *model; /* with population and heads, which may know fewer labels */
} ScoringModel;

/* All models of a fold, which have the same number of heads. */
typedef struct FoldHeads
{
	int n_labels;
	const char **labels; /* [n_labels], UTF-8: of all folds, so that grids can be merged */
	int n_models;
	ScoringModel *models; /* [n_models] */
} FoldHeads;

/* For the aggregate, the models one by one and together; read raises for other bytes. */
extern bytea *emoser_scoring_model_bytes(const ScoringModel *model, int n_labels);
extern bytea *emoser_fold_heads_bytes(const char **labels, int n_labels, bytea *const *models,
									  int n_models);
extern FoldHeads emoser_read_fold_heads(const bytea *bytes);

typedef struct FoldScores FoldScores;

/* In the current memory context. */
extern FoldScores *emoser_new_fold_scores(const SumSettings *settings, const FoldHeads *heads);
extern int emoser_scores_n_features(const FoldScores *scores);
extern const RowLayout *emoser_scores_layout(const FoldScores *scores);
extern void emoser_fold_scores_add(FoldScores *scores, const LabelledRow *row);
extern bytea *emoser_fold_scores_bytes(FoldScores *scores);

/* What came of a fold. */
typedef struct ScoredFold
{
	int64 n_rows;
	uint64 checksum;
	EmoTemperatureGrid **grid;    /* of each head of the first model, then of the next */
	EmoDistanceCounts *distances; /* by the first model, as are those of the sample */
	EmoCertaintySample *sample;
} ScoredFold;

/* Copies in the current memory context; raises for other bytes, and for another number of grids. */
extern ScoredFold emoser_read_fold_scores(const bytea *bytes, int n_labels, int n_grids);

#endif
