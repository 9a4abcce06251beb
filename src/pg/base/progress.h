/*
 * progress.h
 *	  NOTICEs about how far long work is, with the time left.
 */
#ifndef EMOSER_PROGRESS_H
#define EMOSER_PROGRESS_H

#include "postgres.h"

#include "datatype/timestamp.h"

typedef struct Progress
{
	const char *what; /* such as "utterances read" */
	int64 total;
	bool is_estimate; /* of the planner, the total is */
	bool quiet;
	TimestampTz start, last_report;
} Progress;

extern void emoser_progress_start(Progress *progress, const char *what, int64 total, bool quiet);

/* The same where the total is only what the planner expects. */
extern void emoser_progress_start_estimate(Progress *progress, const char *what, int64 total,
										   bool quiet);

/* Tell how long all of it takes if that is long, after the first item, which was begun at start. */
extern void emoser_progress_foretell(const Progress *progress, TimestampTz start);

/* Tell how far it is, if it is long enough since the last time. */
extern void emoser_progress_report(Progress *progress, int64 done);

#endif
