/*
 * progress.c
 *	  NOTICEs about how far long work is, with the time left.
 */
#include "pg/base/progress.h"

#include "utils/timestamp.h"

/* Short work says nothing; long work says something often enough to be seen to live. */
#define REPORT_INTERVAL_S 3.0

/* Longer work says so at once. */
#define FORETELL_S 30.0

static double
seconds_between(TimestampTz start, TimestampTz end)
{
	return (double) (end - start) / USECS_PER_SEC;
}

void
emoser_progress_start(Progress *progress, const char *what, int64 total, bool quiet)
{
	progress->what = what;
	progress->total = total;
	progress->is_estimate = false;
	progress->quiet = quiet;
	progress->start = progress->last_report = GetCurrentTimestamp();
}

void
emoser_progress_start_estimate(Progress *progress, const char *what, int64 total, bool quiet)
{
	emoser_progress_start(progress, what, total, quiet);
	progress->is_estimate = true;
}

void
emoser_progress_foretell(const Progress *progress, TimestampTz start)
{
	double all_s = seconds_between(start, GetCurrentTimestamp()) * progress->total;

	if (!progress->quiet && all_s >= FORETELL_S)
		ereport(NOTICE, (errmsg("it takes about %.0f s until there are " INT64_FORMAT " %s", all_s,
								progress->total, progress->what)));
}

void
emoser_progress_report(Progress *progress, int64 done)
{
	TimestampTz now;
	double elapsed_s, left_s;

	if (progress->quiet)
		return;
	now = GetCurrentTimestamp();
	if (seconds_between(progress->last_report, now) < REPORT_INTERVAL_S)
		return;
	progress->last_report = now;
	/* More than was expected: how many more come, nobody knows. */
	if (progress->is_estimate && done >= progress->total)
	{
		ereport(NOTICE, (errmsg(INT64_FORMAT " %s", done, progress->what)));
		return;
	}
	elapsed_s = seconds_between(progress->start, now);
	left_s = done > 0 ? elapsed_s * Max(progress->total - done, 0) / done : 0;
	ereport(NOTICE, (errmsg(INT64_FORMAT " of %s" INT64_FORMAT " %s, about %.0f s left", done,
							progress->is_estimate ? "about " : "", progress->total, progress->what,
							left_s)));
}
