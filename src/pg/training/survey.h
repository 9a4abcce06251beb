/*
 * survey.h
 *	  What a training must know of all rows of a source before it sums them up: how many there are, of
 *	  which emotions and speakers, and how their features are spread.
 *
 * Surveys of parts of the rows add up to that of all, the same bits in whatever order.
 */
#ifndef EMOSER_SURVEY_H
#define EMOSER_SURVEY_H

#include "core/lda/profile.h"
#include "pg/base/name_table.h"
#include "pg/training/row_layout.h"

/* More speakers than these are not counted one by one, see emoser_deal_folds(). */
#define EMOSER_MAX_COUNTED_SPEAKERS 1000

typedef struct Survey
{
	MemoryContext context; /* of all that is in it */
	int64 n_rows;          /* that are trained on */
	int64 n_skipped, n_null_contents, n_null_labels, n_null_speakers;
	int n_features;  /* 0 until there is a row */
	uint64 checksum; /* of the rows that are trained on */
	NameCounts
		given; /* emotions as they are in the source; none unless option "labels" maps them */
	NameCounts labels;
	NameCounts speakers;         /* as long as they are few */
	bool has_many_speakers;      /* more than EMOSER_MAX_COUNTED_SPEAKERS */
	EmoProfileState *population; /* of the rows that are not degraded; NULL until there is one */
} Survey;

/* In the current memory context. */
extern Survey *emoser_new_survey(void);

/* A row with NULLs is counted as skipped. */
extern void emoser_survey_skip(Survey *survey, bool content_is_null, bool label_is_null,
							   bool speaker_is_null);

/* An emotion of the source, before it is mapped. */
extern void emoser_survey_given_label(Survey *survey, const char *label);

extern void emoser_survey_add(Survey *survey, const RowLayout *layout, const LabelledRow *row);

/* Raises DATA_EXCEPTION if their features are of different lengths. */
extern void emoser_survey_merge(Survey *survey, const Survey *other);

extern bytea *emoser_survey_bytes(const Survey *survey);

/* In the current memory context. */
extern Survey *emoser_survey_of_bytes(const bytea *bytes);

#endif
