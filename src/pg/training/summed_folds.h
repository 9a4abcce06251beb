/*
 * summed_folds.h
 *	  Sums of the rows of a source, fold by fold, and the heads that are trained without one.
 */
#ifndef EMOSER_SUMMED_FOLDS_H
#define EMOSER_SUMMED_FOLDS_H

#include "core/lda/certainty_sample.h"
#include "pg/base/progress.h"
#include "pg/base/spool.h"
#include "pg/training/fold_scores.h"
#include "pg/training/folds_of_speakers.h"
#include "pg/training/lda_options.h"
#include "pg/training/statements.h"

#define EMOSER_MAX_FOLDS EMOSER_SPEAKER_FOLDS

/* What all passes over the rows need. */
typedef struct SummedSource
{
	StatementRows rows;
	SumSettings settings;
	const LdaOptions *lda;
	int n_labels;
	const char **labels; /* [n_labels], UTF-8, in the order of their bytes */
	int64 n_rows;
	uint64 checksum; /* of the rows */
} SummedSource;

/* A state in the spool. */
typedef struct SpooledState
{
	uint64 begin;
	Size n_bytes; /* 0: none */
} SpooledState;

typedef struct SummedFolds
{
	FoldsBy by;
	int n_folds;
	bytea *dealt; /* folds of speakers */
	Spool *spool; /* the states of folds: they are too large to be all in memory */
	struct
	{
		SpooledState state[EMOSER_MAX_FOLD_HEADS];
		int64 n_rows;
		uint64 checksum;
		int64 *rows_of_label; /* [n_labels], copies that are not degraded included; NULL: no rows */
	} fold[EMOSER_MAX_FOLDS];
	EmoFlatState *total[EMOSER_MAX_FOLD_HEADS]; /* NULL: no such head */
	int64 *rows_of_label;                       /* [n_labels], likewise */
	int64 n_rows;
	uint64 checksum;
	EmoCellCounts cells; /* by fold */
	int64 n_speakers;
	StringInfoData speakers; /* their names, each ended by a zero */
	TrainingHashes *hashes;  /* of contents, for a model that is trained on all rows */
} SummedFolds;

typedef char *(*FoldStatement)(const StatementRows *rows, FoldsBy by, int n_folds, bool is_split);

/* A statement with n_types parameters in that of its two shapes which the planner finds cheaper. */
extern SPIPlanPtr emoser_plan_cheaper(const SummedSource *source, FoldsBy by, int n_folds,
									  int n_types, FoldStatement statement);

/* DATA_EXCEPTION: rows differ from those that a reading before has found. */
extern void emoser_source_changed(void) __attribute__((noreturn));

/* Raises that for a label that wasn't there. */
extern int emoser_place_of_label(const SummedSource *source, const char *label);

/*
 * Sum up all rows.  All is in the current memory context.  Raises if they are others than the source said that
 * there are.
 */
extern void emoser_sum_folds(const SummedSource *source, FoldsBy by, bytea *dealt, int n_folds,
							 SummedFolds *folds);

/* Whether at least two emotions have rows outside each of two or more folds. */
extern bool emoser_can_hold_out(const SummedSource *source, const SummedFolds *folds);

/* How the rows are spread, and speakers where folds are theirs and can be held out; NULL: they are too few. */
extern EmoCells *emoser_cells_of_folds(const SummedSource *source, const SummedFolds *folds);

#define EMOSER_MAX_FOLDS_WITHOUT 2

/*
 * Fit a head (0 without, 1 with profile) by these options to all rows but those of n_without different folds, at most
 * EMOSER_MAX_FOLDS_WITHOUT.
 */
extern EmoStateFit emoser_fit_folds(EmoEnv *env, const SummedSource *source, const LdaOptions *lda,
									const SummedFolds *folds, int head, const int *without,
									int n_without);

/* How heads of all rows but a fold's do on its rows: the temperature of each, and what it says at that. */
typedef struct HeldOutHead
{
	float temperature;
	EmoHeldOut held_out;
} HeldOutHead;

/* How models do on rows that they were trained without. */
typedef struct FoldJudged
{
	int64 n;
	EmoGridJudgement head[EMOSER_MAX_FOLD_HEADS]; /* without a profile, and with one */
} FoldJudged;

/* What heads of all rows but a fold's say of its rows; NULL for a head that isn't there. */
typedef struct FoldGrids
{
	EmoTemperatureGrid *grid[EMOSER_MAX_FOLD_HEADS];
	EmoDistanceCounts *distances; /* of its rows from the population outside it */
} FoldGrids;

extern void emoser_score_each_fold(const SummedSource *source, const SummedFolds *folds,
								   FoldGrids grids[EMOSER_MAX_FOLDS], EmoCertaintySample *sample);

/* A model that a fold is scored by: its options, and without whom it is trained beside that fold. */
typedef struct FoldModel
{
	const LdaOptions *lda;
	int also_without; /* another fold; -1: nobody */
} FoldModel;

/*
 * The same with n models for each fold in one pass over the rows: models[f * n .. ] are those of fold f, and so are
 * grids.  The sample takes all rows as the first models of folds see them; NULL: none is wanted.
 */
extern void emoser_score_by_models(const SummedSource *source, const SummedFolds *folds,
								   const FoldModel *models, int n, FoldGrids *grids,
								   EmoCertaintySample *sample);

/* Without rows so far. */
extern FoldGrids emoser_new_fold_grids(const SummedSource *source, const SummedFolds *folds);
extern void emoser_add_fold_grids(FoldGrids *sum, const FoldGrids *grids);
extern FoldGrids emoser_sum_grids(const SummedSource *source, const SummedFolds *folds,
								  const FoldGrids *grids);

/* What is known of held-out rows. */
typedef struct HeldOut
{
	HeldOutHead heads[EMOSER_MAX_FOLD_HEADS];
	EmoFamiliarity *familiarity; /* NULL where there are too few rows */
	EmoCertainty *certainty;     /* likewise; predicted[n_labels] of the source */
} HeldOut;

/* Those of all folds together. */
extern void emoser_score_folds(const SummedSource *source, const SummedFolds *folds,
							   HeldOut *held_out);

#endif
