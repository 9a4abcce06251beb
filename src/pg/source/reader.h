/*
 * reader.h
 *	  Reads the rows of a source, in their order (for set.c).
 */
#ifndef EMOSER_READER_H
#define EMOSER_READER_H

#include "core/features/augment.h"
#include "pg/base/name_table.h"
#include "pg/source/content_hashes.h"
#include "pg/source/digest.h"
#include "pg/source/frame_store.h"
#include "pg/source/group_columns.h"
#include "pg/source/label_map.h"
#include "pg/source/set_options.h"

/* An utterance; its features are beside, since there are many of them. */
typedef struct Utterance
{
	uint8 digest[EMOSER_DIGEST_LENGTH]; /* of its content, its label and its speaker */
	ContentHashes hashes;
	int label, speaker, group, corpus;
	int8 by[EMOSER_MAX_BY]; /* numbers of values, EMOSER_NULL_GROUP: NULL */
	int64 source_row;       /* from 1 */
	bool without_speech;
	char *id;    /* NULL: not asked for, or none */
	int64 index; /* of its features and its frames */
} Utterance;

struct TrainingReader;

/* What is done with each utterance instead of keeping it: it is utterances[0], until the next one comes. */
typedef void (*UtteranceTaker)(void *argument, const struct TrainingReader *reader);

typedef struct TrainingReader
{
	UtteranceTaker take;  /* NULL: they are kept */
	void *argument;       /* of take */
	uint16 *taken_frames; /* of that utterance */
	int n_taken_frames;
	const TrainingSetOptions *options;
	MemoryContext context; /* what is kept */

	Source *source;
	TupleDesc row_type;
	SourceColumns columns;

	const LabelMap *label_map; /* NULL: emotions are what the source calls them */
	NameCounts given_labels;   /* as the source calls them; none without a map */
	NameTable labels, speakers, groups, corpora;
	NameTable by[EMOSER_MAX_BY]; /* [columns.n_by], values that utterances are grouped by */
	int64 *n_of_label;           /* [label_capacity], utterances of each */
	int label_capacity;
	Utterance *utterances;
	float *features;     /* [n_utterances][copies][n_features]; NULL unless asked for */
	float *targets;      /* [n_utterances][columns.n_targets]; NULL without */
	bool *target_varies; /* [columns.n_targets] */
	FrameStore *frames;  /* of each utterance and its copies; NULL unless asked for */
	int64 n_utterances, capacity, n_skipped;
	int64
		n_talkers_mixed; /* recordings whose channels were mixed though they are different talkers */
	int64 n_without_speech; /* utterances, heard as a whole */
	int64 n_null_contents, n_null_labels, n_null_speakers, n_null_groups,
		n_null_corpora; /* rows, skipped for it */
	int n_features;
	int n_made; /* numbers that come of a copy, of which features are made: mostly these themselves */
	int n_copies; /* the original included */
} TrainingReader;

/* Features of all copies of an utterance. */
static inline Size
emoser_utterance_floats(const TrainingReader *reader)
{
	return (Size) reader->n_copies * reader->n_features;
}

/* Copies of each utterance: those that are all alike, degraded ones, then those at random; for an encoder degraded ones alone. */
static inline int
emoser_first_degraded_kind(const TrainingReader *reader)
{
	if (reader->n_copies == 1)
		return 0;
	return reader->options->encoder != NULL ? 1 : EMO_AUGMENT_FIRST_RANDOM_KIND;
}

static inline int
emoser_first_random_kind(const TrainingReader *reader)
{
	return reader->n_copies > 1 && reader->options->encoder == NULL
			   ? EMO_AUGMENT_FIRST_RANDOM_KIND + reader->n_copies - 1 - EMO_AUGMENT_N_COPIES
			   : 0;
}

/* Read all rows.  Memory as of emoser_read_set(). */
extern void emoser_read_rows(TrainingReader *reader, const TrainingSetOptions *options,
							 Source *source);

/* Hand each utterance to take as it comes, in memory that does not grow with their number. */
extern void emoser_take_rows(TrainingReader *reader, const TrainingSetOptions *options,
							 Source *source, UtteranceTaker take, void *argument);

/* Where the next utterance goes: always to the same place if somebody takes each. */
static inline int64
emoser_next_place(const TrainingReader *reader)
{
	return reader->take == NULL ? reader->n_utterances : 0;
}

/* Room for one more; raises PROGRAM_LIMIT_EXCEEDED where an encoder makes more than training may keep. */
extern void emoser_reserve_utterance(TrainingReader *reader);

/* Find the columns that utterances are grouped by, and number what they hold of one: by[columns.n_by]. */
extern void emoser_start_groups(TrainingReader *reader);
extern void emoser_group_utterance(TrainingReader *reader, const char *const *values, int8 *by);

/* An order of such numbers that does not depend on when their values came. */
extern int emoser_compare_by(const TrainingReader *reader, const int8 *x, const int8 *y);

/* The columns [columns.n_by], of n utterances whose numbers lie so many bytes apart from by on. */
extern GroupColumn *emoser_group_columns_of(const TrainingReader *reader, const int8 *by,
											Size stride, int64 n);

/* Tell of what is odd in rows that were read: names that look alike, and utterances without speech. */
extern void emoser_tell_of_rows(const TrainingReader *reader);

/* Of n recordings, as a NOTICE; detail says what becomes of them.  Nothing for none. */
extern void emoser_report_without_speech(int64 n, const char *detail);

extern void emoser_report_skipped_rows(int64 n);

/* Raise for rows that are none, or too few or too many of some emotions, see emoser_read_set(). */
extern void emoser_check_rows(const TrainingReader *reader);

#endif
