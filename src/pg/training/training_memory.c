/*
 * training_memory.c
 *	  What a training of lda is going to take of memory.
 */
#include "pg/training/training_memory.h"

#include "pg/base/glue.h"

#define BYTES_PER_MB (1024.0 * 1024)

/* What a process has before it trains, and beside all of the below. */
#define BASE_BYTES (32 * BYTES_PER_MB)

static void
check(double bytes, const char *what, const char *hint)
{
	double limit = (double) emoser_max_training_memory_kb * 1024;

	if (emoser_max_training_memory_kb < 0 || bytes <= limit)
		return;
	ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					errmsg("training needs about %.0f MB of memory", bytes / BYTES_PER_MB),
					errdetail("%s The setting emoser.max_training_memory allows %.0f MB.", what,
							  limit / BYTES_PER_MB),
					errhint("%s", hint)));
}

static void
check_rows(int64 n_rows, int n_features, double times, const char *hint)
{
	/* Rows as often as they are kept; a matrix of all and that of a fold. */
	double rows = times * n_rows * n_features * sizeof(float);
	double order = Min((double) n_rows, n_features);

	check(BASE_BYTES + rows + 2 * order * order * sizeof(double),
		  psprintf("All " INT64_FORMAT " rows, copies included, of %d features are kept.", n_rows,
				   n_features),
		  hint);
}

void
emoser_check_rows_memory(int64 n_rows, int n_features, bool with_profiles, bool has_corpora)
{
	/* Once more as they are through profiles, of speakers and of corpora. */
	check_rows(
		n_rows, n_features, with_profiles ? (has_corpora ? 3 : 2) : 1,
		has_corpora
			? "Raise the setting, or leave out the column of corpora with a query."
			: "With the option \"statistics\": \"always\" it takes memory for a few of them only.");
}

void
emoser_check_kept_rows_memory(int64 n_rows, int n_features, bool with_profiles)
{
	check_rows(n_rows, n_features, with_profiles ? 2 : 1,
			   "Raise the setting, or train on fewer rows or without copies, by the option "
			   "\"augment\": false.");
}

void
emoser_check_sums_memory(int n_features, bool with_profiles)
{
	/* Triangles: sums of a fold, those that are handed over, of all rows, and what is solved. */
	double triangle = (double) n_features * n_features / 2 * sizeof(double);
	double n_heads = with_profiles ? 2 : 1;

	check(BASE_BYTES + (4 * n_heads + 4) * triangle,
		  psprintf("Sums are of %d features and their products.", n_features),
		  "Raise the setting, or train on fewer features.");
}
