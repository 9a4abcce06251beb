/*
 * row_layout.h
 *	  Rows of a source as the aggregates of a training by statistics are given them.
 *
 * A row's features are those of an utterance, and where recordings are the source those of its copies
 * after them, [n_copies][n_features]: what kind a copy is, its place says.
 */
#ifndef EMOSER_ROW_LAYOUT_H
#define EMOSER_ROW_LAYOUT_H

#include "pg/base/glue.h"

#include "lib/stringinfo.h"

#include "core/lda/profile.h"
#include "pg/source/content_hashes.h"
#include "pg/source/digest.h"

typedef struct RowLayout
{
	int32 n_copies;       /* the original included */
	int32 first_degraded; /* kinds from here on are degraded */
	int32 first_random;   /* kinds from here on are altered at random, each otherwise */
	bool has_speakers;
} RowLayout;

static inline bool
emoser_is_degraded_kind(const RowLayout *layout, int kind)
{
	return kind >= layout->first_degraded && kind < layout->first_random;
}

/* An utterance that has all that it takes. */
typedef struct LabelledRow
{
	const char *label, *speaker; /* speaker "" where there are none */
	const float *features;       /* [n_copies][n_features] */
	int n_features;
	uint64 checksum; /* emoser_row_checksum() of all of the above, as they are in the source */
	uint8 digest[EMOSER_DIGEST_LENGTH];
	ContentHashes hashes;
} LabelledRow;

/* Sums of those of rows tell whether they are the same ones again. */
extern uint64 emoser_row_checksum(const LabelledRow *row);

/* Add an utterance's; raises for features that no profile takes. */
extern void emoser_add_to_profile(EmoProfileState *state, const float *features);

/* As bytes for other processes of this server; read raises for bytes that are no layout. */
extern void emoser_send_layout(StringInfo buffer, const RowLayout *layout);
extern RowLayout emoser_receive_layout(StringInfo buffer);

/* Bytes as a message to be read with pq_getmsg...(). */
extern StringInfoData emoser_open_bytes(const bytea *bytes);

/* A name with the zero that ends it, in the buffer. */
extern const char *emoser_receive_name(StringInfo buffer);

/* What was read must have been all. */
extern void emoser_close_bytes(const StringInfo buffer);

/* INVALID_PARAMETER_VALUE for bytes that are none of these. */
extern void emoser_bad_plumbing(void) __attribute__((noreturn));

/*
 * Features as they were given: their number by the layout, all finite.  expected is that of other rows,
 * 0: none yet.
 */
extern const float *emoser_row_features(const RowLayout *layout, ArrayType *array, int expected,
										int *n_features);

#endif
