/*
 * grid_set.c
 *	  What a search for the best options reads of its source: a set, or sums of all rows.
 */
#include "pg/evaluate/grid_search.h"

#include "tcop/pquery.h"
#include "utils/memutils.h"

#include "pg/source/reader.h"

void *
emoser_read_combination(const GridSearch *search, Jsonb *options)
{
	Jsonb *all;
	void *read;
	bool quiet;

	read = search->algorithm->read_options(options, &all, &quiet);
	emoser_check_learns_emotions(search->algorithm, read);
	return read;
}

bool
emoser_is_set_wanted(const GridSearch *search, TrainingSetOptions wanted)
{
	emoser_choose_group(&search->protocol, &wanted.source);
	/* Sums are kept apart by weights, and weighed when models are made of them. */
	if (search->is_summed)
		wanted.degrade.weight = search->set_options.degrade.weight;
	return search->is_read && emoser_same_training_set(&wanted, &search->set_options);
}

void
emoser_release_set(GridSearch *search)
{
	if (search->sums != NULL)
		emoser_end_summed_grid(search->sums);
	search->sums = NULL;
	search->set = NULL;
	if (search->set_context != NULL)
		MemoryContextDelete(search->set_context);
	search->set_context = NULL;
}

/* Without rows in memory; NULL where that is not possible. */
static SummedGrid *
sum_rows(const GridSearch *search, const LdaOptions *lda, const TrainingSetOptions *options)
{
	ProtocolKind kind = search->protocol.kind;
	LdaOptions wanted;

	if (search->algorithm != &emoser_algorithm_lda ||
		(kind != PROTOCOL_SPEAKERS && kind != PROTOCOL_AUTO) ||
		(search->is_read && !search->is_summed))
		return NULL;
	wanted = *lda;
	/* All combinations are scored on the same folds. */
	if (search->is_summed)
		wanted.statistics = STATISTICS_ALWAYS;
	return emoser_sum_grid(search->run.function, search->run.source, &wanted, options,
						   search->protocol.k, kind == PROTOCOL_AUTO ? MAX_SPEAKERS_ONE_BY_ONE : 1);
}

static void
read_set(GridSearch *search, const LdaOptions *lda, const TrainingSetOptions *options)
{
	search->sums = sum_rows(search, lda, options);
	if (search->is_summed && search->sums == NULL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("combinations of the grid want rows summed up and in memory"),
						errhint("Add \"statistics\": \"never\" to keep rows in memory.")));
	search->is_summed = search->sums != NULL;
	if (!search->is_summed)
		search->set = emoser_read_training_set(search->run.source, options);
	if (!options->quiet && search->is_summed)
		emoser_report_skipped_rows(emoser_summed_grid_skipped(search->sums));
	else if (!options->quiet)
		emoser_report_skipped(search->set);
	search->is_read = true;
}

static CrossFolds
summed_folds(const GridSearch *search)
{
	CrossFolds folds = {.kind = PROTOCOL_SPEAKERS};
	int n = emoser_summed_grid_folds(search->sums);

	folds.of_utterances.n_folds = n;
	folds.names = palloc(n * sizeof(char *));
	for (int fold = 0; fold < n; fold++)
		folds.names[fold] = emoser_speaker_fold_name("speaker", fold, search->protocol.k);
	return folds;
}

void
emoser_need_set(GridSearch *search, Jsonb *json)
{
	void *given = emoser_read_combination(search, json);
	TrainingSetOptions options = search->algorithm->set_options(given);
	MemoryContext outer;
	const char *data_hash;

	emoser_choose_group(&search->protocol, &options.source);
	if (emoser_is_set_wanted(search, options))
		return;
	emoser_release_set(search);
	search->set_context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser grid data", ALLOCSET_DEFAULT_SIZES);
	outer = MemoryContextSwitchTo(search->set_context);
	/* After a commit there is none. */
	EnsurePortalSnapshotExists();
	search->set_options = options;
	read_set(search, given, &options);
	data_hash = search->is_summed ? emoser_summed_grid_hash(search->sums) : search->set->data_hash;
	MemoryContextSwitchTo(outer);
	if (search->run.data_hash != NULL && strcmp(search->run.data_hash, data_hash) != 0)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("the source has changed during the grid search")));
	if (search->run.data_hash != NULL)
		return;
	/* The same utterances come in the same order again, and so the folds stay. */
	search->run.data_hash = pstrdup(data_hash);
	search->protocol.quiet = search->quiet;
	search->folds = search->is_summed ? summed_folds(search)
									  : emoser_make_folds(search->set, &search->protocol);
	search->run.protocol = emoser_protocol_name(search->folds.kind);
}
