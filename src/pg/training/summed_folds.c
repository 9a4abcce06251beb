/*
 * summed_folds.c
 *	  Sums of the rows of a source, fold by fold, and the heads that are trained without one.
 */
#include "pg/training/summed_folds.h"

#include "executor/tuptable.h"
#include "utils/memutils.h"

#include "core/model/model.h"

SPIPlanPtr
emoser_plan_cheaper(const SummedSource *source, FoldsBy by, int n_folds, int n_types,
					FoldStatement statement)
{
	Oid types[2 + EMOSER_MAX_FOLDS];
	SPIPlanPtr plan[2];
	double cost[2];
	bool is_parallel[2];
	int cheaper;

	for (int i = 0; i < n_types; i++)
		types[i] = BYTEAOID;
	for (int i = 0; i < 2; i++)
		plan[i] = emoser_sql_plan_for_workers(statement(&source->rows, by, n_folds, i == 1), types,
											  n_types, i == 1, &cost[i], &is_parallel[i]);
	/* One process has a scan for each fold for nothing, and all of their sums until the end. */
	cheaper = is_parallel[1] && cost[1] < cost[0];
	SPI_freeplan(plan[1 - cheaper]);
	return plan[cheaper];
}

void
emoser_source_changed(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("the source gave other rows when it was read again"),
			 errdetail("Where rows are many, a training reads them several times."),
			 errhint("Store them in a table and train on that, or keep them in memory with the "
					 "option \"statistics\": \"never\".")));
}

/* A reading of the sums of folds. */
typedef struct SumReading
{
	const SummedSource *source;
	SummedFolds *folds;
	MemoryContext context; /* of folds */
	MemoryContext row;     /* until the next one */
	EmoEnv env;            /* of totals */
	EmoTrainingState *total[EMOSER_MAX_FOLD_HEADS];
	int n_done;
	Progress progress;
} SumReading;

int
emoser_place_of_label(const SummedSource *source, const char *label)
{
	for (int i = 0; i < source->n_labels; i++)
		if (strcmp(source->labels[i], label) == 0)
			return i;
	emoser_source_changed();
}

/* Those of weight 1: of each utterance there is at least one. */
static void
count_labels(const SummedSource *source, const EmoFlatState *state, int64 *rows_of_label)
{
	EmoStatePartView plain = emo_state_view(state, EMO_STATE_PLAIN);
	const char *label = emo_state_labels(state);

	for (int c = 0; c < state->n_classes && plain.n_rows > 0; c++, label += strlen(label) + 1)
		rows_of_label[emoser_place_of_label(source, label)] += plain.class_rows[c];
}

static SpooledState
spool_state(Spool *spool, const EmoFlatState *state)
{
	if (state == NULL)
		return (SpooledState){0};
	return (SpooledState){emoser_spool_add(spool, state, state->n_bytes), state->n_bytes};
}

static void
take_cells(EmoCellCounts *cells, int fold, const SummedFold *summed)
{
	const int places[] = {fold, cells->n_folds};
	int n = cells->n_features * EMO_N_CELLS;

	if (summed->cell_bytes != n * sizeof(int64))
		emoser_bad_plumbing();
	for (int p = 0; p < (int) lengthof(places); p++)
	{
		int64 *counts = emo_cell_counts_of(cells, places[p]);

		for (int i = 0; i < n; i++)
		{
			int64 count;

			memcpy(&count, summed->cells + i * sizeof(count), sizeof(count));
			counts[i] += count;
		}
		cells->n_rows[places[p]] += summed->n_rows;
		cells->n_speakers[places[p]] += summed->n_speakers;
	}
}

static void
take_fold(SumReading *reading, int number, const SummedFold *summed)
{
	SummedFolds *folds = reading->folds;
	const EmoFlatState *states[EMOSER_MAX_FOLD_HEADS] = {summed->plain, summed->profiled};
	int64 *rows_of_label =
		MemoryContextAllocZero(reading->context, reading->source->n_labels * sizeof(int64));

	if (number < 0 || number >= folds->n_folds || folds->fold[number].rows_of_label != NULL)
		emoser_bad_plumbing();
	for (int h = 0; h < EMOSER_MAX_FOLD_HEADS; h++)
	{
		if ((states[h] == NULL) != (reading->total[h] == NULL))
			emoser_bad_plumbing();
		folds->fold[number].state[h] = spool_state(folds->spool, states[h]);
		if (states[h] != NULL)
			emoser_check(&reading->env,
						 emo_state_merge(&reading->env, reading->total[h], states[h]));
	}
	take_cells(&folds->cells, number, summed);
	count_labels(reading->source, summed->plain, rows_of_label);
	for (int i = 0; i < reading->source->n_labels; i++)
		folds->rows_of_label[i] += rows_of_label[i];
	folds->fold[number].rows_of_label = rows_of_label;
	folds->fold[number].n_rows = summed->n_rows;
	folds->fold[number].checksum = summed->checksum;
	folds->n_rows += summed->n_rows;
	folds->checksum += summed->checksum;
	folds->n_speakers += summed->n_speakers;
}

static void
take_speakers(SumReading *reading, const SummedFold *summed)
{
	const char *name = summed->speakers;

	for (int i = 0; i < summed->n_speakers; i++, name += strlen(name) + 1)
		appendBinaryStringInfo(&reading->folds->speakers, name, (int) strlen(name) + 1);
}

static void
take_hashes(SumReading *reading, const SummedFold *summed)
{
	for (int kind = 0; kind < EMOSER_N_CONTENT_KINDS; kind++)
		for (int64 i = 0; i < summed->n_hashes[kind]; i++)
			emoser_remember(reading->folds->hashes, kind, emoser_hash_of_fold(summed, kind, i));
}

/* A SqlRowFunction. */
static void
take_sums(void *argument, TupleTableSlot *row)
{
	SumReading *reading = argument;
	MemoryContext outer = MemoryContextSwitchTo(reading->row);
	bool fold_is_null, result_is_null;
	Datum fold = slot_getattr(row, 1, &fold_is_null);
	Datum result = slot_getattr(row, 2, &result_is_null);

	/* A fold without rows has no sums. */
	if (!fold_is_null && !result_is_null)
	{
		SummedFold summed = emoser_read_fold_sums(DatumGetByteaPP(result));

		take_fold(reading, DatumGetInt32(fold), &summed);
		take_speakers(reading, &summed);
		take_hashes(reading, &summed);
	}
	emoser_progress_report(&reading->progress, ++reading->n_done);
	MemoryContextSwitchTo(outer);
	MemoryContextReset(reading->row);
}

static EmoFlatState *
finished_total(SumReading *reading, EmoTrainingState *state)
{
	size_t n_bytes;
	EmoFlatState *flat;

	if (state == NULL)
		return NULL;
	emoser_check(&reading->env, emo_state_finish(&reading->env, state, &n_bytes));
	flat = MemoryContextAllocHuge(reading->context, n_bytes);
	emo_state_write(state, flat);
	emo_state_free(&reading->env, state);
	return flat;
}

static void
start_totals(SumReading *reading)
{
	const SumSettings *settings = &reading->source->settings;
	int n_heads = settings->wants_profiles ? 2 : 1;

	emoser_env_init(&reading->env, CurrentMemoryContext);
	for (int h = 0; h < n_heads; h++)
		emoser_check(&reading->env,
					 emo_state_new(&reading->env, settings->n_features,
								   emo_state_scale_id(settings->n_features, settings->mean,
													  settings->deviation, h == 1),
								   &reading->total[h]));
}

void
emoser_sum_folds(const SummedSource *source, FoldsBy by, bytea *dealt, int n_folds,
				 SummedFolds *folds)
{
	SumReading reading = {.source = source, .folds = folds, .context = CurrentMemoryContext};
	bytea *settings = emoser_sum_settings_bytes(&source->settings);
	SPIPlanPtr plan;

	*folds = (SummedFolds){.by = by, .n_folds = n_folds, .dealt = dealt};
	folds->spool = emoser_spool_create(0);
	folds->rows_of_label = palloc0(source->n_labels * sizeof(int64));
	initStringInfo(&folds->speakers);
	folds->hashes = emoser_new_training_hashes();
	reading.row =
		AllocSetContextCreate(CurrentMemoryContext, "emoser fold", ALLOCSET_DEFAULT_SIZES);
	start_totals(&reading);
	emoser_check(&reading.env, emo_new_cell_counts(&reading.env, source->settings.n_features,
												   n_folds, &folds->cells));
	emoser_progress_start(&reading.progress, "folds summed up", n_folds, source->lda->quiet);
	plan = emoser_plan_cheaper(source, by, n_folds, 2, emoser_sums_statement);
	emoser_sql_run_planned(
		plan, SQL_VALUES(sql_varlena(BYTEAOID, settings), sql_varlena(BYTEAOID, dealt)), take_sums,
		&reading);
	SPI_freeplan(plan);
	for (int h = 0; h < EMOSER_MAX_FOLD_HEADS; h++)
		folds->total[h] = finished_total(&reading, reading.total[h]);
	MemoryContextDelete(reading.row);
	if (folds->n_rows != source->n_rows || folds->checksum != source->checksum)
		emoser_source_changed();
}

bool
emoser_can_hold_out(const SummedSource *source, const SummedFolds *folds)
{
	int n_used = 0;

	for (int f = 0; f < folds->n_folds; f++)
	{
		const int64 *inside = folds->fold[f].rows_of_label;
		int n_left = 0;

		if (inside == NULL)
			continue;
		n_used++;
		for (int i = 0; i < source->n_labels; i++)
			n_left += folds->rows_of_label[i] > inside[i];
		if (n_left < EMO_MIN_CLASSES)
			return false;
	}
	return n_used > 1;
}

EmoCells *
emoser_cells_of_folds(const SummedSource *source, const SummedFolds *folds)
{
	int n_features = folds->cells.n_features;
	int32 *group_of = palloc(n_features * sizeof(int32));
	int n_groups = emo_model_feature_groups(n_features, NULL, group_of);
	EmoCellCounts counts = folds->cells;
	EmoCells *cells;
	EmoEnv env;

	if (folds->by != FOLDS_BY_SPEAKER || !emoser_can_hold_out(source, folds))
		counts = (EmoCellCounts){.n_features = n_features,
								 .counts = emo_cell_counts_of(&folds->cells, folds->n_folds),
								 .n_rows = &folds->cells.n_rows[folds->n_folds]};
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_cells_of_counts(&env, &counts, group_of, n_groups, &cells));
	pfree(group_of);
	return cells;
}

static EmoFlatState *
read_state(const SummedFolds *folds, const SpooledState *spooled)
{
	EmoFlatState *state = MemoryContextAllocHuge(CurrentMemoryContext, spooled->n_bytes);

	emoser_spool_read(folds->spool, spooled->begin, state, spooled->n_bytes);
	return state;
}

EmoStateFit
emoser_fit_folds(EmoEnv *env, const SummedSource *source, const LdaOptions *lda,
				 const SummedFolds *folds, int head, const int *without, int n_without)
{
	const SumSettings *settings = &source->settings;
	EmoLdaOptions options = head == 0 ? lda->core : emo_lda_profile_options(&lda->core);
	EmoStateTerm terms[1 + EMOSER_MAX_FOLDS_WITHOUT] = {{folds->total[head], 1}};
	EmoFlatState *left_out[EMOSER_MAX_FOLDS_WITHOUT];
	float *inverse_deviation = NULL;
	EmoStateFit fit;

	Assert(n_without <= EMOSER_MAX_FOLDS_WITHOUT);
	for (int i = 0; i < n_without; i++)
	{
		left_out[i] = read_state(folds, &folds->fold[without[i]].state[head]);
		terms[1 + i] = (EmoStateTerm){left_out[i], -1};
	}
	if (head == 0)
	{
		inverse_deviation = palloc(settings->n_features * sizeof(float));
		emo_state_inverse_deviation(settings->n_features, settings->mean, settings->deviation,
									inverse_deviation);
	}
	emoser_check(env,
				 emo_lda_fit_state(env, terms, 1 + n_without, &options, lda->degrade.weight,
								   head == 0 ? settings->mean : NULL, inverse_deviation, &fit));
	for (int i = 0; i < n_without; i++)
		pfree(left_out[i]);
	if (inverse_deviation != NULL)
		pfree(inverse_deviation);
	return fit;
}
