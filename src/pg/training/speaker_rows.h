/*
 * speaker_rows.h
 *	  Rows that come speaker by speaker, each seen as it is and through the profile of its speaker.
 *
 * A profile is known when all rows of a speaker have been seen.  Until then they are kept, beyond work_mem in
 * a temporary file, so that memory doesn't depend on how much somebody has said.
 */
#ifndef EMOSER_SPEAKER_ROWS_H
#define EMOSER_SPEAKER_ROWS_H

#include "pg/training/row_layout.h"

/* A row or a copy of it. */
typedef struct SeenRow
{
	const char *label;
	int kind;              /* of copy, 0: the row itself */
	const uint8 *digest;   /* NULL for copies */
	uint64 checksum;       /* of the row, whatever the copy */
	const float *features; /* [n_features] */
	const float
		*normalised; /* NULL: without profile, since there are no speakers or the copy is random */
} SeenRow;

typedef void (*SeeRow)(void *argument, const SeenRow *row);

typedef struct SpeakerRows SpeakerRows;

/*
 * n_kinds: so many kinds of copies are seen, from 0 on.  The population is [n_features] each, and like all
 * else in the current memory context.
 */
extern SpeakerRows *emoser_new_speaker_rows(const RowLayout *layout, int n_kinds, int n_features,
											const float *population_mean,
											const float *population_deviation, SeeRow see,
											void *argument);

/* Rows of a speaker follow each other; of those without speakers each is seen at once. */
extern void emoser_add_speaker_row(SpeakerRows *rows, const LabelledRow *row);

/* See those of the last speaker. */
extern void emoser_end_speaker_rows(SpeakerRows *rows);

#endif
