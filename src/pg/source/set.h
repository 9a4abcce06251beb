/*
 * set.h
 *	  What training has in memory: the utterances of a source, as the core wants them.
 */
#ifndef EMOSER_TRAINING_SET_H
#define EMOSER_TRAINING_SET_H

#include "pg/base/glue.h"

#include "core/lda/lda.h"
#include "core/nn/train.h"
#include "pg/source/content_hashes.h"
#include "pg/source/group_columns.h"
#include "pg/source/set_options.h"

typedef struct TrainingSet
{
	EmoTrainingSet core;
	const char **labels;   /* [core.n_classes], sorted by their bytes */
	const char **speakers; /* [core.n_speakers], sorted by their bytes */
	int64 n_in_source;     /* utterances, of which these may be a sample */
	int64 n_utterances;    /* in an order that doesn't depend on that of the source's rows */
	int32 *label;          /* [n_utterances], place in labels */
	const char **targets;  /* [core.n_targets], their names; NULL if emotions are learnt */
	float *target;         /* [n_utterances][core.n_targets] */
	int32 *speaker;        /* [n_utterances], place in speakers; NULL: not known */
	const char **groups;   /* [n_groups], sorted by their bytes; none unless a column was named */
	int n_groups;
	int32 *group;          /* [n_utterances], place in groups; NULL: not known */
	const GroupColumn *by; /* [n_by], what utterances are grouped by */
	int n_by;
	const char **corpora; /* [core.n_corpora], sorted by their bytes; none without their column */
	bool *repeats;        /* [n_utterances], the same in every respect as the one before */
	int n_copies;         /* rows of core for each utterance, the original first */
	int64 *source_rows;   /* [n_utterances], which row of the source it was, from 1 */
	char **ids;           /* [n_utterances], its id as text; NULL for none */
	bool has_audio;       /* features were made here, from recordings */
	int64 n_skipped;      /* rows with a NULL, or a bad recording where "on_bad_audio" is "null" */
	int feature_version;  /* EMO_FEATURE_VERSION, or 0 if ours are not among the features */
	const EncoderUse *encoder; /* that made features of recordings; NULL: none */
	EmoNnData net;   /* what a net trains on, by utterance; empty unless frames were asked for */
	char *data_hash; /* see digest.h; NULL for a sample */
	ContentHashes *content; /* [n_utterances]; NULL for a set without rows */
	TrainingHashes *hashes; /* of what was trained on; NULL: to be made of content */
} TrainingSet;

/*
 * Read all rows of a source, which has the columns emotion, and audio (bytea) or features (real[]),
 * and optionally speaker, or those that the options name.  If both are there, features are used,
 * unless frames are wanted.  The column id is only a name for the utterance, and of no influence.
 *
 * Labels and speakers may be of any type.  They are compared as text, without blanks around them; a
 * WARNING tells of those that differ in nothing but case or blanks.
 *
 * Rows are brought into an order of their own (by content), so that the model doesn't depend on how
 * the table is stored.  All memory is in the current context; a temporary file of frames goes with it.
 *
 * Raises UNDEFINED_COLUMN, DATATYPE_MISMATCH, and DATA_EXCEPTION for a source without rows, with
 * one emotion only, with a single utterance of an emotion, or with features of different lengths.
 */
extern TrainingSet *emoser_read_set(Source *source, const TrainingSetOptions *options);

/* The same of a source that is not needed for anything else, see emoser_open_source(). */
extern TrainingSet *emoser_read_training_set(const char *text, const TrainingSetOptions *options);

/*
 * The same of at most max_utterances of them if there are more: those with the least digests, which is as good as
 * drawn, and always the same.  For features alone, without ids.  Labels are those of the sample.
 */
extern TrainingSet *emoser_read_sample(Source *source, const TrainingSetOptions *options,
									   int max_utterances);

/* The set of what a reader has read, which the labels of its utterances may be changed in before. */
struct TrainingReader;
extern TrainingSet *emoser_make_set(struct TrainingReader *reader, bool is_first_time);

/* What a model that is trained on the set is to remember of it. */
extern TrainingHashes *emoser_hashes_of_set(const TrainingSet *set);

/* Whether what was read for some options serves for others too. */
extern bool emoser_same_training_set(const TrainingSetOptions *a, const TrainingSetOptions *b);

/* A NOTICE, if rows were skipped. */
extern void emoser_report_skipped(const TrainingSet *set);

#endif
