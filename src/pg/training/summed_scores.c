/*
 * summed_scores.c
 *	  How heads that were trained without a fold do on its rows.
 */
#include "pg/training/summed_folds.h"

#include <math.h>

#include "executor/tuptable.h"
#include "miscadmin.h"
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

/* The population of the rows of a fit, which is on the scale of all rows. */
static void
take_population(const SumSettings *settings, const EmoStateFit *fit, EmoModel *model)
{
	int n = settings->n_features;

	if (fit->plain_mean == NULL)
		return;
	model->population_mean = palloc(n * sizeof(float));
	model->population_deviation = palloc(n * sizeof(float));
	for (int i = 0; i < n; i++)
	{
		model->population_mean[i] = settings->mean[i] + fit->plain_mean[i] * settings->deviation[i];
		model->population_deviation[i] = fit->plain_deviation[i] * settings->deviation[i];
	}
}

/* A model of all rows but a fold's, as bytes. */
static bytea *
model_without(const SummedSource *source, const SummedFolds *folds, int fold,
			  const FoldModel *wanted)
{
	const SumSettings *settings = &source->settings;
	const int without[EMOSER_MAX_FOLDS_WITHOUT] = {fold, wanted->also_without};
	int n_without = wanted->also_without >= 0 ? 2 : 1;
	ScoringModel scoring = {.model = NULL};
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
		EmoStateFit fit = emoser_fit_folds(&env, source, wanted->lda, folds, h, without, n_without);

		if (h == 0)
			take_population(settings, &fit, &model);
		label = fit.labels;
		model.n_classes = fit.head.n_classes;
		scoring.log_priors[h] = take_log_priors(source, &fit);
		model_heads[h] = (EmoModelHead){
			.on_profile = h == 1, .weight = h == 0, .profile_weight = 1, .lda = fit.head};
		model.n_heads++;
	}
	model.labels = palloc(model.n_classes * sizeof(char *));
	for (int c = 0; c < model.n_classes; c++, label += strlen(label) + 1)
		model.labels[c] = label;
	scoring.model = &model;
	return emoser_scoring_model_bytes(&scoring, source->n_labels);
}

/* A reading of what heads say of folds. */
typedef struct ScoreReading
{
	const SummedSource *source;
	const SummedFolds *folds;
	MemoryContext row;          /* until the next one */
	int n_models;               /* of each fold */
	FoldGrids *grids;           /* [folds->n_folds][n_models] */
	EmoCertaintySample *sample; /* NULL: not wanted */
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
		int n_heads = reading->folds->total[1] != NULL ? 2 : 1;
		ScoredFold scored = emoser_read_fold_scores(
			DatumGetByteaPP(result), reading->source->n_labels, reading->n_models * n_heads);

		if (fold < 0 || fold >= reading->folds->n_folds)
			emoser_bad_plumbing();
		if (scored.n_rows != reading->folds->fold[fold].n_rows ||
			scored.checksum != reading->folds->fold[fold].checksum)
			emoser_source_changed();
		emo_merge_distances(reading->grids[fold * reading->n_models].distances, scored.distances);
		if (reading->sample != NULL)
			emo_certainty_sample_merge(reading->sample, scored.sample);
		for (int m = 0; m < reading->n_models; m++)
			for (int h = 0; h < n_heads; h++)
				emo_temperature_grid_merge(reading->grids[fold * reading->n_models + m].grid[h],
										   scored.grid[m * n_heads + h]);
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

FoldGrids
emoser_new_fold_grids(const SummedSource *source, const SummedFolds *folds)
{
	FoldGrids grids = {.distances = palloc0(sizeof(EmoDistanceCounts))};

	for (int h = 0; h < EMOSER_MAX_FOLD_HEADS && folds->total[h] != NULL; h++)
	{
		grids.grid[h] = palloc(emo_temperature_grid_size(source->n_labels));
		emo_temperature_grid_init(grids.grid[h], source->n_labels);
	}
	return grids;
}

void
emoser_add_fold_grids(FoldGrids *sum, const FoldGrids *grids)
{
	for (int h = 0; h < EMOSER_MAX_FOLD_HEADS && sum->grid[h] != NULL; h++)
		emo_temperature_grid_merge(sum->grid[h], grids->grid[h]);
	emo_merge_distances(sum->distances, grids->distances);
}

FoldGrids
emoser_sum_grids(const SummedSource *source, const SummedFolds *folds, const FoldGrids *grids)
{
	FoldGrids sum = emoser_new_fold_grids(source, folds);

	for (int f = 0; f < folds->n_folds; f++)
		emoser_add_fold_grids(&sum, &grids[f]);
	return sum;
}

void
emoser_score_folds(const SummedSource *source, const SummedFolds *folds, HeldOut *held_out)
{
	FoldGrids grids[EMOSER_MAX_FOLDS], sum;
	EmoCertaintySample *sample = palloc(emo_certainty_sample_size(source->n_labels));
	EmoFamiliarity measured;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emo_certainty_sample_init(sample, source->n_labels);
	emoser_score_each_fold(source, folds, grids, sample);
	sum = emoser_sum_grids(source, folds, grids);
	for (int h = 0; h < EMOSER_MAX_FOLD_HEADS && sum.grid[h] != NULL; h++)
		held_out->heads[h] = judge(sum.grid[h], folds->by == FOLDS_BY_SPEAKER);
	held_out->familiarity = NULL;
	if (emo_familiarity_from_counts(sum.distances, &measured))
	{
		held_out->familiarity = palloc(sizeof(EmoFamiliarity));
		*held_out->familiarity = measured;
	}
	emoser_check(&env, emo_certainty_of_sample(&env, sample, held_out->heads[0].temperature,
											   held_out->familiarity, &held_out->certainty));
	pfree(sample);
}

/* The same model that another fold has; NULL: it has none. */
static bytea *
model_of_other(const FoldModel *wanted, int fold, const FoldModel *models, bytea *const *made,
			   int n)
{
	int other = wanted->also_without;

	if (other < 0 || other >= fold)
		return NULL;
	for (int m = other * n; m < (other + 1) * n; m++)
		if (models[m].lda == wanted->lda && models[m].also_without == fold)
			return made[m];
	return NULL;
}

/* All of them as bytes, models[n_folds][n]; NULL for folds without rows. */
static bytea **
make_models(ScoreReading *reading, const FoldModel *models)
{
	const SummedFolds *folds = reading->folds;
	int n = reading->n_models;
	bytea **made = palloc0(folds->n_folds * n * sizeof(bytea *));
	MemoryContext outer = CurrentMemoryContext;

	for (int f = 0; f < folds->n_folds; f++)
		for (int m = f * n; m < (f + 1) * n && folds->fold[f].rows_of_label != NULL; m++)
		{
			CHECK_FOR_INTERRUPTS();
			made[m] = model_of_other(&models[m], f, models, made, n);
			if (made[m] != NULL)
				continue;
			MemoryContextSwitchTo(reading->row);
			made[m] = model_without(reading->source, folds, f, &models[m]);
			MemoryContextSwitchTo(outer);
			made[m] = (bytea *) DatumGetPointer(datumCopy(PointerGetDatum(made[m]), false, -1));
			MemoryContextReset(reading->row);
		}
	return made;
}

/* Rows need not come through profiles that nothing looks at. */
static bytea *
scoring_settings(const SummedSource *source)
{
	SumSettings settings = source->settings;

	settings.layout.has_speakers = settings.wants_profiles;
	return emoser_sum_settings_bytes(&settings);
}

void
emoser_score_by_models(const SummedSource *source, const SummedFolds *folds,
					   const FoldModel *models, int n, FoldGrids *grids, EmoCertaintySample *sample)
{
	ScoreReading reading = {
		.source = source, .folds = folds, .n_models = n, .grids = grids, .sample = sample};
	SqlValue values[2 + EMOSER_MAX_FOLDS] = {sql_varlena(BYTEAOID, scoring_settings(source)),
											 sql_varlena(BYTEAOID, folds->dealt)};
	bytea **made;
	SPIPlanPtr plan;

	reading.row =
		AllocSetContextCreate(CurrentMemoryContext, "emoser fold", ALLOCSET_DEFAULT_SIZES);
	made = make_models(&reading, models);
	for (int i = 0; i < folds->n_folds * n; i++)
		grids[i] = emoser_new_fold_grids(source, folds);
	for (int f = 0; f < folds->n_folds; f++)
		values[2 + f] =
			sql_varlena(BYTEAOID, folds->fold[f].rows_of_label == NULL
									  ? NULL
									  : emoser_fold_heads_bytes(source->labels, source->n_labels,
																made + f * n, n));
	emoser_progress_start(&reading.progress, "folds scored", folds->n_folds, source->lda->quiet);
	plan = emoser_plan_cheaper(source, folds->by, folds->n_folds, 2 + folds->n_folds,
							   emoser_scores_statement);
	emoser_sql_run_planned(plan, values, 2 + folds->n_folds, take_scores, &reading);
	SPI_freeplan(plan);
	MemoryContextDelete(reading.row);
	if (reading.n_rows != folds->n_rows)
		emoser_source_changed();
}

void
emoser_score_each_fold(const SummedSource *source, const SummedFolds *folds,
					   FoldGrids grids[EMOSER_MAX_FOLDS], EmoCertaintySample *sample)
{
	FoldModel models[EMOSER_MAX_FOLDS];

	for (int f = 0; f < folds->n_folds; f++)
		models[f] = (FoldModel){source->lda, -1};
	emoser_score_by_models(source, folds, models, 1, grids, sample);
}
