/*
 * row_tuples.h
 *	  Utterances of a source that is read once, kept for statements that go over them several times.
 *
 * They are so where features are made of recordings, which takes long, and where a query may give other rows the
 * next time.  What doesn't fit into work_mem is in a temporary file.
 */
#ifndef EMOSER_ROW_TUPLES_H
#define EMOSER_ROW_TUPLES_H

#include "pg/source/content_hashes.h"
#include "pg/source/digest.h"
#include "pg/source/set_options.h"

/* What the column digest of such a row holds: the digest, and the hashes of its content. */
typedef struct SpooledDigest
{
	uint8 digest[EMOSER_DIGEST_LENGTH];
	ContentHashes hashes;
} SpooledDigest;

/* Of all rows that were read, beside what statements find. */
typedef struct SpooledRows
{
	int64 n_skipped;
	bool has_speakers;
	struct Tuplestorestate *store;
} SpooledRows;

/*
 * Read the source and let statements of this SPI connection find its rows as EMOSER_SPOOLED_ROWS.
 * Tells of mixed talkers and of recordings without speech.
 */
extern SpooledRows emoser_spool_rows(const char *text, const TrainingSetOptions *options);

/* Forget them if there are any, before others are read or the transaction ends. */
extern void emoser_drop_spooled_rows(SpooledRows *rows);

#endif
