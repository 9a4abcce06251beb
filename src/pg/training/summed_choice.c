/*
 * summed_choice.c
 *	  Whether a training of lda sums its rows up where they are, or keeps them in memory.
 */
#include "pg/training/summed_choice.h"

#include "executor/tuptable.h"
#include "utils/builtins.h"

#include "core/features/features.h"
#include "pg/training/training_memory.h"

/*
 * Rows from which on they are summed up, copies included.  With 1427 features and profiles, 30,000 take 8.3 s of
 * a core and 90 MB then, and 14.2 s and 390 MB in memory.  Of a few hundred, sums are the slower: systems of all
 * features are solved, where those of the rows are smaller.
 */
#define SUMMED_FROM_ROWS 20000

/* A SqlRowFunction, for a statement with a single number. */
static void
take_number(void *argument, TupleTableSlot *row)
{
	bool is_null;

	*(int64 *) argument = DatumGetInt64(slot_getattr(row, 1, &is_null));
}

/* Rows of the source, but no more than most. */
static int64
count_rows(const SourceSize *source, int64 most)
{
	int64 n_rows = 0;
	/* To start a worker takes longer than to count a hundred thousand. */
	SPIPlanPtr plan = emoser_sql_plan_in_order(psprintf(
		"SELECT pg_catalog.count(*) FROM (SELECT 1 AS one FROM %s LIMIT " INT64_FORMAT ") AS r",
		emoser_source_item(source->text), most));

	emoser_sql_run_planned(plan, SQL_NO_VALUES, take_number, &n_rows);
	SPI_freeplan(plan);
	return n_rows;
}

/* How many a source has that can't be counted without reading it, as the planner expects. */
static bool
are_many(const SourceSize *source, bool is_repeatable)
{
	int64 most = SUMMED_FROM_ROWS / source->n_copies;

	if (is_repeatable)
		return count_rows(source, most + 1) > most;
	return emoser_source_estimated_rows(emoser_open_source(source->text, false)) > most;
}

/* Of the first row that has some, which all others are to have as well. */
static int
count_features(const SourceSize *source)
{
	int64 n_features = 0;
	char *features;
	SPIPlanPtr plan;

	if (source->columns.features == 0)
		return emo_feature_count();
	features =
		psprintf("source.%s",
				 quote_identifier(emoser_column_name(source->row_type, source->columns.features)));
	plan = emoser_sql_plan_in_order(
		psprintf("SELECT pg_catalog.cardinality(%s)::pg_catalog.int8 FROM %s WHERE %s IS NOT NULL "
				 "LIMIT 1",
				 features, emoser_source_item(source->text), features));
	emoser_sql_run_planned(plan, SQL_NO_VALUES, take_number, &n_features);
	SPI_freeplan(plan);
	return (int) n_features;
}

/* Before it begins; without a limit nothing is read for that. */
static void
check_memory(const SourceSize *source, const LdaOptions *lda, bool is_summed)
{
	bool with_profiles = source->columns.speaker != 0 && lda->profile_head;

	if (emoser_max_training_memory_kb < 0)
		return;
	if (is_summed)
		emoser_check_sums_memory(count_features(source), with_profiles);
	else
		emoser_check_rows_memory(count_rows(source, PG_INT64_MAX) * source->n_copies,
								 count_features(source), with_profiles,
								 source->columns.corpus != 0);
}

static bool
is_summed(const SourceSize *source, const LdaOptions *lda, bool is_repeatable)
{
	if (source->columns.corpus != 0)
		return false;
	if (lda->keep_states || lda->settings_of != NULL)
		return true;
	if (lda->statistics != STATISTICS_AUTO)
		return lda->statistics == STATISTICS_ALWAYS;
	return are_many(source, is_repeatable);
}

bool
emoser_chooses_sums(const SourceSize *source, const LdaOptions *lda, bool is_repeatable)
{
	bool chosen = is_summed(source, lda, is_repeatable);

	check_memory(source, lda, chosen);
	return chosen;
}

void
emoser_refuse_sums_of_encoder(const LdaOptions *lda)
{
	if (lda->statistics != STATISTICS_ALWAYS && !lda->keep_states && lda->settings_of == NULL)
		return;
	ereport(
		ERROR,
		(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		 errmsg("what an encoder hears is not summed up where it is"),
		 errdetail("Options \"keep_states\", \"settings_of\" and \"statistics\": \"always\" "
				   "need that."),
		 errhint("Leave these options out, or store what emoser_embed() makes of each recording "
				 "and train on these features.")));
}
