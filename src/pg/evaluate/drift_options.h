/*
 * drift_options.h
 *	  How a source is read that is compared with a training: options, and stretches of time.
 */
#ifndef EMOSER_DRIFT_OPTIONS_H
#define EMOSER_DRIFT_OPTIONS_H

#include "pg/source/source.h"

/* When the stretch of time of a row begins, in seconds from 1970 as text: a column beside those of the source. */
#define EMOSER_BUCKET_COLUMN "emoser: stretch of time"

/* Of rows without a time. */
#define EMOSER_NO_TIME "none"

typedef struct DriftOptions
{
	SourceOptions source; /* its label is a column that says nothing */
	char *time;           /* NULL: no stretches of time */
	char *bucket;         /* a word, or an interval */
	bool quiet;
} DriftOptions;

/* Raises as emoser_read_options(). */
extern DriftOptions emoser_read_drift_options(Jsonb *given);

/* Raises for columns that a source doesn't have, or that are of other types, see emoser_content_columns(). */
extern void emoser_check_drift_source(const char *text, const DriftOptions *options,
									  bool wants_audio);

/* A query of the source with the columns beside its own. */
extern char *emoser_timed_source(const char *text, const DriftOptions *options);

#endif
