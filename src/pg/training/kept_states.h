/*
 * kept_states.h
 *	  States that a training keeps, so that speakers can be taken out of its model again.
 */
#ifndef EMOSER_KEPT_STATES_H
#define EMOSER_KEPT_STATES_H

#include "core/lda/state.h"
#include "pg/base/sql.h"
#include "pg/training/fold_sums.h"
#include "pg/training/row_tuples.h"
#include "pg/training/statements.h"

/* What is to be kept of a training, once its version has a number. */
typedef struct StatesToKeep
{
	StatementRows rows;
	int64 n_rows;
	uint64 checksum; /* of the rows */
	SumSettings settings;
	SpooledRows spooled; /* where rows are of that; they are dropped when states are kept */
	const EmoFlatState *plain, *with_profile; /* the latter NULL: no such head */
} StatesToKeep;

/* SPI must be that of the training; function is any of the extension. */
extern void emoser_keep_states(Oid function, const char *name, int version, StatesToKeep *states);

/* What is kept of a version, and what of it is a speaker's. */
typedef struct KeptSpeaker
{
	int origin;
	int64 n_utterances;                  /* of the speaker */
	int64 n_others;                      /* speakers beside that one */
	const EmoFlatState *plain[2];        /* of all, of the speaker */
	const EmoFlatState *with_profile[2]; /* likewise, NULL: no such head */
} KeptSpeaker;

/* Raises OBJECT_NOT_IN_PREREQUISITE_STATE, or UNDEFINED_OBJECT for the speaker. */
extern KeptSpeaker emoser_find_kept_speaker(Oid function, const char *name, int version,
											const char *speaker);

/* What is remembered of all speakers but one. */
extern struct TrainingHashes *emoser_hashes_of_others(Oid function, const char *name, int origin,
													  const char *speaker);

/* The states of a version become those of another one, without the speaker.  with_profile may be NULL. */
extern void emoser_move_states(Oid function, const char *name, int origin, int version,
							   const char *speaker, const EmoFlatState *plain,
							   const EmoFlatState *with_profile);

#endif
