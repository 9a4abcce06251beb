/*
 * summed_scores.c
 *	  How heads that were trained without a fold do on its rows.
 */
#include "pg/training/summed_folds.h"

#include <math.h>

#include "executor/tuptable.h"
#include "utils/datum.h"
#include "utils/memutils.h"

/* Bring priors from the order of a fit into that of the source, and the head to equal ones. */
static double *
take_log_priors(const SummedSource *source, EmoStateFit *fit)
{
	double *log_priors;
	const char *label = fit->labels;

	if (fit->log_priors == NULL)
		return NULL;
	log_priors = palloc(source->n_labels * sizeof(double));
	for (int i = 0; i < source->n_labels; i++)
		log_priors[i] = -INFINITY;
	for (int c = 0; c < fit->head.n_classes; c++, label += strlen(label) + 1)
	{
		log_priors[emoser_place_of_label(source, label)] = fit->log_priors[c];
		fit->head.bias[c] -= (float) fit->log_priors[c];
	}
	return log_priors;
}

/* The heads of all rows but a fold's, as the parameter of a statement. */
static bytea *
heads_without(const SummedSource *source, const SummedFolds *folds, int fold)
{
	const SumSettings *settings = &source->settings;
	FoldHeads heads = {.n_labels = source->n_labels, .labels = source->labels};
	EmoModelHead model_heads[EMOSER_MAX_FOLD_HEADS] = {{0}};
	EmoModel model = {.algorithm = emo_algorithms[EMO_LDA].name,
					  .n_features = settings->n_features,
					  .population_mean = settings->mean,
					  .population_deviation = settings->deviation,
					  .heads = model_heads,
					  .options = "{}",
					  .feature_settings = "{}"};
	const char *label = NULL;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	for (int h = 0; h < EMOSER_MAX_FOLD_HEADS && folds->total[h] != NULL; h++)
	{
		EmoStateFit fit = emoser_fit_folds(&env, source, folds, h, fold);

		label = fit.labels;
		model.n_classes = fit.head.n_classes;
		heads.log_priors[h] = take_log_priors(source, &fit);
		model_heads[h] = (EmoModelHead){
			.on_profile = h == 1, .weight = h == 0, .profile_weight = 1, .lda = fit.head};
		model.n_heads++;
	}
	model.labels = palloc(model.n_classes * sizeof(char *));
	for (int c = 0; c < model.n_classes; c++, label += strlen(label) + 1)
		model.labels[c] = label;
	heads.model = &model;
	return emoser_fold_heads_bytes(&heads);
}

/* A reading of what heads say of folds. */
typedef struct ScoreReading
{
	const SummedSource *source;
	const SummedFolds *folds;
	MemoryContext row; /* until the next one */
	FoldGrids *grids;  /* [folds->n_folds] */
	int64 n_rows;
	int n_done;
	Progress progress;
} ScoreReading;

/* A SqlRowFunction. */
static void
take_scores(void *argument, TupleTableSlot *row)
{
	ScoreReading *reading = argument;
	MemoryContext outer = MemoryContextSwitchTo(reading->row);
	bool fold_is_null, result_is_null;
	int fold = DatumGetInt32(slot_getattr(row, 1, &fold_is_null));
	Datum result = slot_getattr(row, 2, &result_is_null);

	if (!fold_is_null && !result_is_null)
	{
		ScoredFold scored =
			emoser_read_fold_scores(DatumGetByteaPP(result), reading->source->n_labels);

		if (fold < 0 || fold >= reading->folds->n_folds)
			emoser_bad_plumbing();
		if (scored.n_rows != reading->folds->fold[fold].n_rows ||
			scored.checksum != reading->folds->fold[fold].checksum)
			emoser_source_changed();
		for (int h = 0; h < EMOSER_MAX_FOLD_HEADS; h++)
		{
			EmoTemperatureGrid *grid = reading->grids[fold].grid[h];

			if ((scored.grid[h] == NULL) != (grid == NULL))
				emoser_bad_plumbing();
			if (grid != NULL)
				emo_temperature_grid_merge(grid, scored.grid[h]);
		}
		reading->n_rows += scored.n_rows;
	}
	emoser_progress_report(&reading->progress, ++reading->n_done);
	MemoryContextSwitchTo(outer);
	MemoryContextReset(reading->row);
}

static HeldOutHead
judge(const EmoTemperatureGrid *grid, bool by_speaker)
{
	HeldOutHead head = {.temperature = emo_temperature_grid_fit(grid)};
	EmoGridJudgement judged = emo_temperature_grid_judge(grid, head.temperature);

	head.held_out = (EmoHeldOut){.n_rows = grid->n_rows,
								 .by_speaker = by_speaker,
								 .uar = judged.uar,
								 .war = judged.war,
								 .log_loss = judged.log_loss};
	return head;
}

static FoldGrids
new_grids(const SummedSource *source, const SummedFolds *folds)
{
	FoldGrids grids = {{NULL}};

	for (int h = 0; h < EMOSER_MAX_FOLD_HEADS && folds->total[h] != NULL; h++)
	{
		grids.grid[h] = palloc(emo_temperature_grid_size(source->n_labels));
		emo_temperature_grid_init(grids.grid[h], source->n_labels);
	}
	return grids;
}

FoldGrids
emoser_sum_grids(const SummedSource *source, const SummedFolds *folds, const FoldGrids *grids)
{
	FoldGrids sum = new_grids(source, folds);

	for (int f = 0; f < folds->n_folds; f++)
		for (int h = 0; h < EMOSER_MAX_FOLD_HEADS && sum.grid[h] != NULL; h++)
			emo_temperature_grid_merge(sum.grid[h], grids[f].grid[h]);
	return sum;
}

void
emoser_score_folds(const SummedSource *source, const SummedFolds *folds,
				   HeldOutHead heads[EMOSER_MAX_FOLD_HEADS])
{
	FoldGrids grids[EMOSER_MAX_FOLDS], sum;

	emoser_score_each_fold(source, folds, grids);
	sum = emoser_sum_grids(source, folds, grids);
	for (int h = 0; h < EMOSER_MAX_FOLD_HEADS && sum.grid[h] != NULL; h++)
		heads[h] = judge(sum.grid[h], folds->by == FOLDS_BY_SPEAKER);
}

void
emoser_score_each_fold(const SummedSource *source, const SummedFolds *folds,
					   FoldGrids grids[EMOSER_MAX_FOLDS])
{
	ScoreReading reading = {.source = source, .folds = folds, .grids = grids};
	SqlValue values[2 + EMOSER_MAX_FOLDS] = {
		sql_varlena(BYTEAOID, emoser_sum_settings_bytes(&source->settings)),
		sql_varlena(BYTEAOID, folds->dealt)};
	MemoryContext outer = CurrentMemoryContext;
	SPIPlanPtr plan;

	reading.row = AllocSetContextCreate(outer, "emoser fold", ALLOCSET_DEFAULT_SIZES);
	for (int f = 0; f < folds->n_folds; f++)
	{
		bytea *of_fold = NULL;

		grids[f] = new_grids(source, folds);
		if (folds->fold[f].rows_of_label != NULL)
		{
			MemoryContextSwitchTo(reading.row);
			of_fold = heads_without(source, folds, f);
			MemoryContextSwitchTo(outer);
			of_fold = (bytea *) DatumGetPointer(datumCopy(PointerGetDatum(of_fold), false, -1));
			MemoryContextReset(reading.row);
		}
		values[2 + f] = sql_varlena(BYTEAOID, of_fold);
	}
	emoser_progress_start(&reading.progress, "folds scored", folds->n_folds, source->lda->quiet);
	plan = emoser_plan_cheaper(source, folds->by, folds->n_folds, 2 + folds->n_folds,
							   emoser_scores_statement);
	emoser_sql_run_planned(plan, values, 2 + folds->n_folds, take_scores, &reading);
	SPI_freeplan(plan);
	MemoryContextDelete(reading.row);
	if (reading.n_rows != folds->n_rows)
		emoser_source_changed();
}
