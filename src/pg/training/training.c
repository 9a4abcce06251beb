/*
 * training.c
 *	  A training as emoser_train() does it, without storing what comes out.
 */
#include "pg/training/training.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "portability/instr_time.h"
#include "utils/builtins.h"

#include "core/model/model.h"
#include "pg/model/value.h"
#include "pg/training/algorithm.h"

/* What a model of the set tells: names of emotions, or of targets. */
static const char *const *
names_of_outputs(const TrainingSet *set)
{
	return set->core.n_targets > 0 ? set->targets : set->labels;
}

static ArrayType *
labels_array(const TrainingSet *set)
{
	int n = emo_n_outputs(&set->core);
	Datum *labels = palloc(n * sizeof(Datum));

	for (int c = 0; c < n; c++)
		labels[c] = CStringGetTextDatum(names_of_outputs(set)[c]);
	return construct_array(labels, n, TEXTOID, -1, false, TYPALIGN_INT);
}

/* Models speak UTF-8, so that they can go to databases of other encodings. */
static const char *
utf8_of(const char *text)
{
	return pg_server_to_any(text, strlen(text), PG_UTF8);
}

const char *
emoser_options_text(Jsonb *options)
{
	return utf8_of(JsonbToCString(NULL, &options->root, VARSIZE(options)));
}

/* What a model says about itself beside what it has learnt. */
static void
describe_model(const TrainingSet *set, const char *options_text, EmoModel *model)
{
	model->labels = palloc(model->n_classes * sizeof(char *));
	for (int c = 0; c < model->n_classes; c++)
		model->labels[c] = utf8_of(names_of_outputs(set)[c]);
	model->feature_version = model->n_heads > 0 ? set->feature_version : EMO_NN_INPUT_VERSION;
	model->options = options_text;
	model->feature_settings = "{}";
}

/* Returns what was trained on. */
static TrainingSet *
train(Oid function, const Algorithm *algorithm, void *options, TrainingObserver *observer,
	  ModelRecord *record, EmoModel *model, struct StatesToKeep **states)
{
	TrainingSetOptions set_options = algorithm->set_options(options);
	TrainingSet *set = NULL;

	if (algorithm->train_source != NULL)
		set = algorithm->train_source(function, record->source, options, model, &record->metrics,
									  states);
	if (set != NULL)
		return set;
	set = emoser_read_training_set(record->source, &set_options);
	algorithm->train(set, options, record->options, observer, model, &record->metrics);
	return set;
}

void
emoser_train_record(Oid function, ModelRecord *record, Jsonb *given, TrainingObserver *observer,
					TrainingReport *report)
{
	const Algorithm *algorithm = emoser_find_algorithm(record->algorithm);
	void *options = algorithm->read_options(given, &record->options, &report->quiet);
	TrainingSet *set;
	EmoModel model = {0};
	instr_time start, duration;

	report->states = NULL;
	INSTR_TIME_SET_CURRENT(start);
	set = train(function, algorithm, options, observer, record, &model, &report->states);
	describe_model(set, emoser_options_text(record->options), &model);
	INSTR_TIME_SET_CURRENT(duration);
	INSTR_TIME_SUBTRACT(duration, start);

	record->labels = labels_array(set);
	record->feature_version = model.feature_version;
	record->n_utterances = set->n_utterances;
	record->n_speakers = set->core.n_speakers;
	record->data_hash = set->data_hash;
	record->hashes = emoser_hashes_of_set(set);
	record->training_s = INSTR_TIME_GET_DOUBLE(duration);
	record->model = emoser_encode_model(&model);
	report->n_skipped = set->n_skipped;
}
