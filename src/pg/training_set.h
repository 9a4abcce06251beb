/*
 * training_set.h
 *	  What emoser_train() learns from: the rows of a table or query, as the core wants them.
 */
#ifndef EMOSER_TRAINING_SET_H
#define EMOSER_TRAINING_SET_H

#include "pg/glue.h"

#include "core/lda.h"

typedef struct TrainingSetOptions
{
	bool augment; /* add copies of each recording; features given as such have none */
	bool quiet;   /* no progress */
	uint64 seed;  /* of the noise in the copies */
} TrainingSetOptions;

typedef struct TrainingSet
{
	EmoTrainingSet core;
	const char **labels; /* [core.n_classes], sorted by their bytes */
	int64 n_utterances;
	int64 n_skipped;     /* rows with a NULL, or bad audio with emoser.on_bad_audio = 'null' */
	int feature_version; /* EMO_FEATURE_VERSION, or 0 for features of another length */
	char *data_hash;     /* hexadecimal SHA-256, whatever the order of the rows */
} TrainingSet;

/*
 * Read a source with the caller's rights; SPI must be connected.  source is the name of a table or
 * view, or a query (SELECT, WITH, VALUES, TABLE), with the columns emotion, and audio (bytea) or
 * features (real[]), and optionally speaker.  If both are there, features are used.
 *
 * Rows are brought into an order of their own (by content), so that the model doesn't depend on how
 * the table is stored.  All memory is in the current context.
 *
 * Raises UNDEFINED_COLUMN, DATATYPE_MISMATCH, and DATA_EXCEPTION for a source without rows, with
 * one emotion only, with a single utterance of an emotion, or with features of different lengths.
 */
extern TrainingSet *emoser_read_training_set(const char *source, const TrainingSetOptions *options);

#endif
