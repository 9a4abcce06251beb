/*
 * fold_sums.h
 *	  The rows of a fold, summed up for both heads: what a worker hands to who trains.
 */
#ifndef EMOSER_FOLD_SUMS_H
#define EMOSER_FOLD_SUMS_H

#include "core/lda/cells.h"
#include "core/lda/state.h"
#include "pg/training/row_layout.h"

/* What is known of all rows before they are summed up. */
typedef struct SumSettings
{
	RowLayout layout;
	int n_features;
	bool wants_profiles;
	float *mean, *deviation; /* [n_features], of the population */
} SumSettings;

/* For the aggregates; read raises for other bytes. */
extern bytea *emoser_sum_settings_bytes(const SumSettings *settings);
extern SumSettings emoser_read_sum_settings(const bytea *bytes);

typedef struct FoldSums FoldSums;

/* In the current memory context. */
extern FoldSums *emoser_new_fold_sums(const SumSettings *settings);
extern int emoser_fold_n_features(const FoldSums *sums);
extern const RowLayout *emoser_fold_layout(const FoldSums *sums);
extern void emoser_fold_sums_add(FoldSums *sums, const LabelledRow *row);

/* They can't be added to afterwards. */
extern bytea *emoser_fold_sums_bytes(FoldSums *sums);

/* The sums of a fold as they were handed over. */
typedef struct SummedFold
{
	int64 n_rows;
	uint64 checksum;
	int32 n_speakers;
	/* Counts of rows in cells, int64 [n_features][EMO_N_CELLS], of any alignment, in the caller's bytes. */
	Size cell_bytes;
	const char *cells;
	const char *speakers; /* each ended by a zero; they are the caller's bytes */
	EmoFlatState *plain;
	EmoFlatState *profiled; /* NULL unless wanted */
	/* Of the contents of rows, by kind: [n_hashes], of any alignment, in the caller's bytes. */
	int64 n_hashes[EMOSER_N_CONTENT_KINDS];
	const char *hashes[EMOSER_N_CONTENT_KINDS];
} SummedFold;

extern uint64 emoser_hash_of_fold(const SummedFold *fold, int kind, int64 i);

/* States are copies in the current memory context; raises for other bytes. */
extern SummedFold emoser_read_fold_sums(const bytea *bytes);

#endif
