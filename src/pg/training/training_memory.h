/*
 * training_memory.h
 *	  What a training of lda is going to take of memory, and the setting emoser.max_training_memory.
 */
#ifndef EMOSER_TRAINING_MEMORY_H
#define EMOSER_TRAINING_MEMORY_H

#include "postgres.h"

/*
 * Raise PROGRAM_LIMIT_EXCEEDED if it takes more, before it begins: with all rows in memory, copies included;
 * or by sums, of which a process has those of a fold at a time.
 */
extern void emoser_check_rows_memory(int64 n_rows, int n_features, bool with_profiles,
									 bool has_corpora);

/* With all rows in memory, which are never summed up. */
extern void emoser_check_kept_rows_memory(int64 n_rows, int n_features, bool with_profiles);

extern void emoser_check_sums_memory(int n_features, bool with_profiles);

#endif
