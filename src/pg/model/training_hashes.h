/*
 * training_hashes.h
 *	  The table emoser_training_hashes: which recordings models were trained on.
 */
#ifndef EMOSER_TRAINING_HASHES_H
#define EMOSER_TRAINING_HASHES_H

#include "pg/base/sql.h"
#include "pg/source/content_hashes.h"

/* Of a version that was just stored; it need not be the caller's to write there. */
extern void emoser_store_training_hashes(Oid function, const char *name, int version,
										 TrainingHashes *hashes);

/* Called with some of the hashes [n], in ascending order of all, as bytes of EMOSER_HASH_BYTES each. */
typedef void (*HashesTaker)(void *argument, const uint8 *hashes, int64 n);

/* Hand on all that a version remembers of a kind, with the caller's rights; returns how many there are. */
extern int64 emoser_each_known_hashes(Oid function, const char *name, int version, HashKind kind,
									  HashesTaker take, void *argument);

/* Whether bytes of such hashes [n] have one; any bytes are safe. */
extern bool emoser_has_hash(const uint8 *hashes, int64 n, uint64 hash);

/* All that a version remembers, as the section of core/model/training_hashes.h; empty for nothing. */
extern StringInfoData emoser_training_hashes_section(Oid function, const char *name, int version);

/* What such a section says, to be stored; DATA_CORRUPTED for other bytes. */
extern TrainingHashes *emoser_read_training_hashes(const uint8 *section, Size length);

/* How many hashes of each kind a version remembers. */
typedef struct KnownCounts
{
	int64 of[EMOSER_N_HASH_KINDS];
} KnownCounts;

extern KnownCounts emoser_count_known_hashes(Oid function, const char *name, int version);

#endif
