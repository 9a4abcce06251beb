/*
 * summed_predictions.c
 *	  What models say of utterances that they were trained without, one after the other: no row is kept.
 */
#include "pg/training/summed_predictions.h"

#include "executor/tuptable.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/base/stats.h"
#include "pg/model/speaker_profile.h"
#include "pg/model/value.h"
#include "pg/training/summed_training.h"

/* The head of a fold, calibrated on the others. */
typedef struct FoldHead
{
	EmoStateFit fit;
	int *place_of_class; /* [fit.head.n_classes], in the labels of the source */
} FoldHead;

typedef struct PredictionReading
{
	const SummedTraining *training;
	const SummedFolds *folds;
	DealtFolds *dealt;
	FoldHead heads[EMOSER_MAX_FOLDS][EMOSER_MAX_FOLD_HEADS];
	const char **labels;      /* of the source, in the encoding of the database */
	float *of_head;           /* [n_labels] */
	float *log_probabilities; /* [EMOSER_MAX_FOLD_HEADS][n_labels] */
	float *normalised;        /* [n_features] */
	MemoryContext row;        /* until the next one */
	int64 n_rows[EMOSER_MAX_FOLDS];
	uint64 checksum[EMOSER_MAX_FOLDS];
	TakePrediction take;
	void *argument;
} PredictionReading;

static void
make_head(PredictionReading *reading, EmoEnv *env, int fold, int h, float temperature)
{
	const SummedSource *source = &reading->training->source;
	FoldHead *head = &reading->heads[fold][h];
	const char *label;

	head->fit = emoser_fit_folds(env, source, source->lda, reading->folds, h, &fold, 1);
	emo_lda_set_temperature(&head->fit, temperature);
	head->place_of_class = palloc(head->fit.head.n_classes * sizeof(int));
	label = head->fit.labels;
	for (int c = 0; c < head->fit.head.n_classes; c++, label += strlen(label) + 1)
		head->place_of_class[c] = emoser_place_of_label(source, label);
}

/* Each fold's at the temperature at which all others are most likely. */
static void
make_heads(PredictionReading *reading)
{
	const SummedFolds *folds = reading->folds;
	const SummedSource *source = &reading->training->source;
	FoldGrids grids[EMOSER_MAX_FOLDS];
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_score_each_fold(source, folds, grids, NULL);
	for (int f = 0; f < folds->n_folds; f++)
	{
		FoldGrids others = emoser_sum_grids(source, folds, grids);

		for (int h = 0; h < EMOSER_MAX_FOLD_HEADS && others.grid[h] != NULL &&
						folds->fold[f].rows_of_label != NULL;
			 h++)
		{
			emo_temperature_grid_subtract(others.grid[h], grids[f].grid[h]);
			make_head(reading, &env, f, h, emo_temperature_grid_fit(others.grid[h]));
		}
	}
}

/* What a head says of features, of all labels of the source. */
static const float *
predict(PredictionReading *reading, int fold, int h, const float *features)
{
	const FoldHead *head = &reading->heads[fold][h];
	int n_labels = reading->training->source.n_labels;
	float *log_probabilities = reading->log_probabilities + h * n_labels;

	for (int i = 0; i < n_labels; i++)
		log_probabilities[i] = EMO_MIN_LOG_POSTERIOR;
	emo_lda_log_posteriors(&head->fit.head, features, reading->of_head);
	for (int c = 0; c < head->fit.head.n_classes; c++)
		log_probabilities[head->place_of_class[c]] = reading->of_head[c];
	return log_probabilities;
}

static char *
text_column(TupleTableSlot *row, int column)
{
	bool is_null;
	Datum value = slot_getattr(row, column, &is_null);

	return is_null ? NULL : TextDatumGetCString(value);
}

static void
predict_row(PredictionReading *reading, TupleTableSlot *row)
{
	const SummedTraining *training = reading->training;
	const SumSettings *settings = &training->source.settings;
	bool is_null;
	SummedPrediction prediction = {
		.id = text_column(row, EMOSER_UTTERANCE_ID),
		.number = DatumGetInt64(slot_getattr(row, EMOSER_UTTERANCE_NUMBER, &is_null)),
		.speaker = text_column(row, EMOSER_UTTERANCE_SPEAKER),
		.label = text_column(row, EMOSER_UTTERANCE_LABEL),
		.n_labels = training->source.n_labels,
		.labels = reading->labels};
	Datum given = slot_getattr(row, EMOSER_UTTERANCE_FEATURES, &is_null);
	int n_features;
	const float *features = emoser_row_features(&settings->layout, DatumGetArrayTypeP(given),
												settings->n_features, &n_features);

	prediction.fold = emoser_fold_of_speaker(reading->dealt, prediction.speaker);
	if (reading->folds->fold[prediction.fold].rows_of_label == NULL)
		emoser_source_changed();
	reading->n_rows[prediction.fold]++;
	reading->checksum[prediction.fold] +=
		emoser_row_checksum(&(LabelledRow){.label = prediction.label,
										   .speaker = prediction.speaker,
										   .features = features,
										   .n_features = n_features});
	prediction.log_probabilities[0] = predict(reading, prediction.fold, 0, features);
	if (settings->wants_profiles)
	{
		EmoProfile profile;

		emoser_read_profile(slot_getattr(row, EMOSER_UTTERANCE_PROFILE, &is_null), n_features,
							&profile);
		emo_profile_apply(&profile, settings->mean, settings->deviation, features,
						  reading->normalised);
		prediction.log_probabilities[1] = predict(reading, prediction.fold, 1, reading->normalised);
	}
	reading->take(reading->argument, &prediction);
}

/* A SqlRowFunction. */
static void
take_row(void *argument, TupleTableSlot *row)
{
	PredictionReading *reading = argument;
	MemoryContext outer = MemoryContextSwitchTo(reading->row);

	predict_row(reading, row);
	MemoryContextSwitchTo(outer);
	MemoryContextReset(reading->row);
}

static void
check_rows(const PredictionReading *reading)
{
	for (int f = 0; f < reading->folds->n_folds; f++)
		if (reading->n_rows[f] != reading->folds->fold[f].n_rows ||
			reading->checksum[f] != reading->folds->fold[f].checksum)
			emoser_source_changed();
}

static void
read_rows(PredictionReading *reading)
{
	const SummedTraining *training = reading->training;
	const SumSettings *settings = &training->source.settings;
	char *statement = emoser_utterances_statement(&training->source.rows, settings->wants_profiles);
	double cost;
	bool is_parallel;
	/* Without ids, numbers of rows tell them apart: workers would count them otherwise each time. */
	SPIPlanPtr plan =
		training->columns.id != 0
			? emoser_sql_plan_for_workers(statement, NULL, 0, false, &cost, &is_parallel)
			: emoser_sql_plan_in_order(statement);

	emoser_sql_run_planned(plan, SQL_NO_VALUES, take_row, reading);
	SPI_freeplan(plan);
	check_rows(reading);
}

bool
emoser_predict_summed(Oid function, const char *source, const LdaOptions *lda,
					  const TrainingSetOptions *set_options, int k, int more_speakers_than,
					  TakePrediction take, void *argument, int64 *n_skipped)
{
	SummedTraining training = {.function = function,
							   .text = source,
							   .lda = lda,
							   .set_options = *set_options,
							   .in_place = true};
	SummedFolds folds;
	PredictionReading reading = {
		.training = &training, .folds = &folds, .take = take, .argument = argument};
	int n_labels;

	if (!emoser_sum_folds_of_speakers(&training, k, more_speakers_than, &folds))
		return false;
	n_labels = training.source.n_labels;
	reading.dealt = emoser_read_folds(folds.dealt);
	reading.labels = palloc(n_labels * sizeof(char *));
	for (int i = 0; i < n_labels; i++)
		reading.labels[i] = emoser_model_text(training.source.labels[i]);
	reading.of_head = palloc(n_labels * sizeof(float));
	reading.log_probabilities = palloc(EMOSER_MAX_FOLD_HEADS * n_labels * sizeof(float));
	reading.normalised = palloc(training.source.settings.n_features * sizeof(float));
	reading.row = AllocSetContextCreate(CurrentMemoryContext, "emoser row", ALLOCSET_DEFAULT_SIZES);
	make_heads(&reading);
	read_rows(&reading);
	*n_skipped = training.n_skipped;
	return true;
}
