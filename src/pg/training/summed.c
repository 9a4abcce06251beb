/*
 * summed.c
 *	  Training of lda by sums over rows, which are made where the rows are.
 */
#include "pg/training/summed.h"

#include "executor/tuptable.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/features/augment.h"
#include "core/features/features.h"
#include "pg/model/value.h"
#include "pg/source/look_alikes.h"
#include "pg/source/reader.h"
#include "pg/training/summed_choice.h"
#include "pg/training/summed_settings.h"
#include "pg/training/summed_training.h"

static char *
all_rows(const SummedTraining *training)
{
	return psprintf("SELECT * FROM %s", emoser_source_item(training->text));
}

static RowLayout
layout_of(const SummedTraining *training)
{
	const LdaOptions *lda = training->lda;
	RowLayout layout = {1, 1, 1, training->columns.speaker != 0};

	if (training->columns.audio != 0 && lda->augment)
	{
		layout.first_degraded = EMO_AUGMENT_FIRST_RANDOM_KIND;
		layout.first_random = EMO_AUGMENT_FIRST_RANDOM_KIND + (int) lda->degrade.copies;
		layout.n_copies = 1 + EMO_AUGMENT_N_COPIES + (int) lda->degrade.copies;
	}
	return layout;
}

/* A SqlRowFunction. */
static void
take_survey(void *argument, TupleTableSlot *row)
{
	SummedTraining *training = argument;
	MemoryContext outer = MemoryContextSwitchTo(training->context);
	bool is_null;
	Datum bytes = slot_getattr(row, 1, &is_null);

	/* There is none where there are no rows. */
	training->survey =
		is_null ? emoser_new_survey() : emoser_survey_of_bytes(DatumGetByteaPP(bytes));
	MemoryContextSwitchTo(outer);
}

static void
survey_rows(SummedTraining *training)
{
	const Oid types[] = {BYTEAOID};
	Jsonb *labels = training->lda->source.labels;
	StringInfoData layout;
	double cost;
	bool is_parallel;
	SPIPlanPtr plan =
		emoser_sql_plan_for_workers(emoser_survey_statement(&training->source.rows), types,
									lengthof(types), false, &cost, &is_parallel);

	pq_begintypsend(&layout);
	emoser_send_layout(&layout, &training->layout);
	/* Of rows that were read before emotions are mapped already. */
	if (labels != NULL && !training->is_spooled)
		pq_sendstring(&layout, JsonbToCString(NULL, &labels->root, VARSIZE(labels)));
	emoser_sql_run_planned(plan, SQL_VALUES(sql_varlena(BYTEAOID, pq_endtypsend(&layout))),
						   take_survey, training);
	SPI_freeplan(plan);
}

/* As a training checks them that has read the rows itself. */
static void
check_survey(const SummedTraining *training)
{
	const Survey *survey = training->survey;
	TrainingReader reader = {.options = &training->set_options,
							 .row_type = training->row_type,
							 .columns = training->columns,
							 .label_map = emoser_read_label_map(training->lda->source.labels),
							 .given_labels = survey->given,
							 .labels = survey->labels.names,
							 .n_of_label = survey->labels.counts,
							 .n_utterances = survey->n_rows,
							 .n_skipped = survey->n_skipped,
							 .n_null_contents = survey->n_null_contents,
							 .n_null_labels = survey->n_null_labels,
							 .n_null_speakers = survey->n_null_speakers};

	emoser_check_rows(&reader);
	emoser_tell_of_rows(&reader);
}

static int
compare_labels(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* Models and states speak UTF-8. */
static void
list_labels(SummedTraining *training)
{
	const NameCounts *labels = &training->survey->labels;
	SummedSource *source = &training->source;

	source->n_labels = labels->n;
	source->labels = palloc(labels->n * sizeof(char *));
	for (int i = 0; i < labels->n; i++)
	{
		const char *label = list_nth(labels->names.names, i);

		source->labels[i] = pg_server_to_any(label, (int) strlen(label), PG_UTF8);
	}
	qsort(source->labels, labels->n, sizeof(char *), compare_labels);
}

/* Sums with folds that can be held out; NULL: there are none. */
static const SummedFolds *
folds_to_hold_out(const SummedTraining *training, const SummedFolds *summed, SummedFolds *others)
{
	if (emoser_can_hold_out(&training->source, summed))
		return summed;
	if (summed->by == FOLDS_BY_RECORDING)
		return NULL;
	/* Whole speakers can't be, recordings may. */
	emoser_sum_folds(&training->source, FOLDS_BY_RECORDING, summed->dealt, EMOSER_RECORDING_FOLDS,
					 others);
	return emoser_can_hold_out(&training->source, others) ? others : NULL;
}

static void
hold_out(const SummedTraining *training, const SummedFolds *summed, HeldOut *held_out)
{
	const SummedFolds *folds;
	SummedFolds others;

	*held_out = (HeldOut){.familiarity = NULL};
	for (int h = 0; h < EMOSER_MAX_FOLD_HEADS; h++)
		held_out->heads[h] = (HeldOutHead){.temperature = 1};
	if (training->settings_of != NULL)
	{
		held_out->familiarity = training->settings_of->familiarity;
		for (int h = 0; h < EMOSER_MAX_FOLD_HEADS; h++)
		{
			const EmoLdaHead *head = emoser_head_of(training->settings_of, h == 1);

			if (head != NULL)
				held_out->heads[h].temperature = head->temperature;
		}
		return;
	}
	folds = folds_to_hold_out(training, summed, &others);
	if (folds != NULL)
		emoser_score_folds(&training->source, folds, held_out);
}

/* In the order of the labels of a fit. */
static EmoCertainty *
order_certainty(const SummedSource *source, const EmoStateFit *fit, EmoCertainty *certainty)
{
	const char *label = fit->labels;
	float *predicted;

	if (certainty == NULL)
		return NULL;
	predicted = palloc(fit->head.n_classes * sizeof(float));
	for (int c = 0; c < fit->head.n_classes; c++, label += strlen(label) + 1)
		predicted[c] = certainty->predicted[emoser_place_of_label(source, label)];
	certainty->predicted = predicted;
	return certainty;
}

/* The heads of all rows. */
static EmoStateFit
fill_model(const SummedTraining *training, const SummedFolds *summed, const HeldOut *held_out,
		   EmoModel *model)
{
	const SumSettings *settings = &training->source.settings;
	EmoStateFit fit = {.labels = NULL};
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	model->algorithm = emo_algorithms[EMO_LDA].name;
	model->n_features = settings->n_features;
	model->population_mean = settings->mean;
	model->population_deviation = settings->deviation;
	model->heads = palloc0(EMOSER_MAX_FOLD_HEADS * sizeof(EmoModelHead));
	for (int h = 0; h < EMOSER_MAX_FOLD_HEADS && summed->total[h] != NULL; h++)
	{
		fit = emoser_fit_folds(&env, &training->source, training->lda, summed, h, NULL, 0);
		emo_lda_set_temperature(&fit, held_out->heads[h].temperature);
		fit.head.held_out = held_out->heads[h].held_out;
		model->n_classes = fit.head.n_classes;
		model->heads[h] = (EmoModelHead){
			.on_profile = h == 1, .weight = h == 0, .profile_weight = 1, .lda = fit.head};
		model->n_heads++;
	}
	model->familiarity = held_out->familiarity;
	model->certainty = order_certainty(&training->source, &fit, held_out->certainty);
	/* With settings of another model nothing more is measured. */
	if (training->settings_of == NULL)
		model->cells = emoser_cells_of_folds(&training->source, summed);
	/* With a profile the head for it decides alone. */
	if (model->n_heads > 1)
		model->heads[0].profile_weight = 0;
	return fit;
}

void
emoser_warn_of_summed_speakers(const SummedTraining *training, const SummedFolds *summed)
{
	const char **names =
		MemoryContextAllocHuge(CurrentMemoryContext, Max(summed->n_speakers, 1) * sizeof(char *));
	const char *name = summed->speakers.data;

	for (int64 i = 0; i < summed->n_speakers; i++, name += strlen(name) + 1)
		names[i] = name;
	emoser_warn_of_look_alikes("speakers",
							   emoser_column_name(training->row_type, training->columns.speaker),
							   names, (int) summed->n_speakers);
	pfree(names);
}

/* A set without rows. */
static TrainingSet *
describe_set(const SummedTraining *training, const SummedFolds *summed, const EmoStateFit *fit)
{
	TrainingSet *set = palloc0(sizeof(TrainingSet));
	const char *label = fit->labels, *speaker = summed->speakers.data;

	set->core.n_features = training->source.settings.n_features;
	set->core.n_classes = fit->head.n_classes;
	set->core.n_speakers = training->layout.has_speakers ? (int) summed->n_speakers : 0;
	set->labels = palloc(set->core.n_classes * sizeof(char *));
	for (int c = 0; c < set->core.n_classes; c++, label += strlen(label) + 1)
		set->labels[c] = emoser_model_text(label);
	set->n_utterances = summed->n_rows;
	set->n_skipped = training->n_skipped;
	set->has_audio = training->columns.audio != 0;
	set->feature_version = set->core.n_features == emo_feature_count() ? EMO_FEATURE_VERSION : 0;
	set->data_hash = emoser_data_hash(&summed->total[0]->data_hash);
	set->hashes = summed->hashes;
	for (int64 i = 0; training->layout.has_speakers && i < summed->n_speakers; i++)
	{
		emoser_remember(set->hashes, HASHES_OF_SPEAKERS, emoser_hash_name(speaker));
		speaker += strlen(speaker) + 1;
	}
	return set;
}

static StatesToKeep *
states_to_keep(const SummedTraining *training, const SummedFolds *summed)
{
	StatesToKeep *states = palloc(sizeof(StatesToKeep));

	*states = (StatesToKeep){.rows = training->source.rows,
							 .n_rows = training->source.n_rows,
							 .checksum = training->source.checksum,
							 .settings = training->source.settings,
							 .spooled = training->spooled,
							 .plain = summed->total[0],
							 .with_profile = summed->total[1]};
	return states;
}

static TrainingSet *
train(SummedTraining *training, EmoModel *model, StatesToKeep **states)
{
	HeldOut held_out;
	SummedFolds summed;
	EmoStateFit fit;
	bytea *dealt;
	int n_folds;

	dealt = emoser_deal_folds(training->survey, EMOSER_SPEAKER_FOLDS, &n_folds);
	if (training->layout.has_speakers)
		emoser_sum_folds(&training->source, FOLDS_BY_SPEAKER, dealt, n_folds, &summed);
	else
		emoser_sum_folds(&training->source, FOLDS_BY_RECORDING, dealt, EMOSER_RECORDING_FOLDS,
						 &summed);
	if (training->layout.has_speakers && !training->is_spooled)
		emoser_warn_of_summed_speakers(training, &summed);
	hold_out(training, &summed, &held_out);
	fit = fill_model(training, &summed, &held_out, model);
	if (training->lda->keep_states)
		*states = states_to_keep(training, &summed);
	else
		emoser_drop_spooled_rows(&training->spooled);
	return describe_set(training, &summed, &fit);
}

/* Make what statements go over: the source itself, or what was read of it. */
static void
choose_rows(SummedTraining *training, bool is_repeatable)
{
	training->is_spooled = training->columns.audio != 0 || !is_repeatable;
	if (training->is_spooled)
	{
		training->spooled = emoser_spool_rows(training->text, &training->set_options);
		training->n_skipped = training->spooled.n_skipped;
		training->source.rows =
			emoser_rows_of_spool(training->function, training->layout.has_speakers);
	}
	else
		training->source.rows =
			emoser_rows_of_source(training->function, training->text, training->row_type,
								  &training->columns, training->lda->source.labels);
}

/* Rows are normalised and weighed by corpora that are known as a whole. */
static void
refuse_corpora(const LdaOptions *lda)
{
	bool is_asked_for = lda->statistics == STATISTICS_ALWAYS || lda->keep_states;

	if (is_asked_for || lda->settings_of != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("rows of several corpora are not summed up where they are"),
				 errdetail("Options \"keep_states\", \"settings_of\" and \"statistics\": "
						   "\"always\" need that."),
				 errhint("Leave these options out, or the column of corpora with a query.")));
}

bool
emoser_prepare_summed(SummedTraining *training)
{
	const LdaOptions *lda = training->lda;
	SourceSize size;
	bool is_repeatable;

	if (lda->encoder.name != NULL)
	{
		emoser_refuse_sums_of_encoder(lda);
		return false;
	}
	training->context = CurrentMemoryContext;
	training->row_type = emoser_source_row_type(emoser_open_source(training->text, false));
	training->columns = emoser_source_columns(training->row_type, &lda->source, false);
	training->columns.corpus = emoser_corpus_column(training->row_type, &lda->source);
	if (training->columns.corpus != 0)
		refuse_corpora(lda);
	training->layout = layout_of(training);
	is_repeatable = emoser_sql_source_is_repeatable(all_rows(training));
	if (training->in_place && (training->columns.audio != 0 || !is_repeatable))
		return false;
	size = (SourceSize){training->text, training->row_type, training->columns,
						training->layout.n_copies};
	if (!emoser_chooses_sums(&size, lda, is_repeatable))
		return false;
	if (lda->keep_states && training->columns.speaker == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("option \"keep_states\" needs a source with speakers"),
						errhint("The option \"speaker\" names their column.")));
	if (lda->settings_of != NULL)
		training->settings_of = emoser_read_settings(training->function, lda->settings_of);
	training->source.lda = lda;
	choose_rows(training, is_repeatable);
	survey_rows(training);
	if (!training->is_spooled)
	{
		check_survey(training);
		training->n_skipped = training->survey->n_skipped;
	}
	training->source.n_rows = training->survey->n_rows;
	training->source.checksum = training->survey->checksum;
	list_labels(training);
	emoser_choose_settings(&training->source.settings, training->survey, &training->layout, lda,
						   training->settings_of);
	return true;
}

TrainingSet *
emoser_train_summed(Oid function, const char *source, const LdaOptions *lda,
					const TrainingSetOptions *set_options, EmoModel *model, StatesToKeep **states)
{
	SummedTraining training = {
		.function = function, .text = source, .lda = lda, .set_options = *set_options};

	return emoser_prepare_summed(&training) ? train(&training, model, states) : NULL;
}
