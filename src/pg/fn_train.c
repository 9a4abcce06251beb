/*
 * fn_train.c
 *	  CALL emoser_train(model, source, algorithm, options).
 */
#include "pg/glue.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "portability/instr_time.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/model.h"
#include "pg/algorithm.h"
#include "pg/lda_options.h"
#include "pg/model_store.h"
#include "pg/model_value.h"
#include "pg/model_versions.h"
#include "pg/options.h"
#include "pg/training.h"
#include "pg/training_set.h"

/* Names of models are identifiers of a kind: they stay readable in messages. */
#define MAX_MODEL_NAME_BYTES 63

void
emoser_check_model_name(const char *name)
{
	if (name[0] == '\0' || strlen(name) > MAX_MODEL_NAME_BYTES)
		ereport(ERROR, (errcode(ERRCODE_INVALID_NAME), errmsg("invalid model name \"%s\"", name),
						errdetail("A name has 1 to %d bytes.", MAX_MODEL_NAME_BYTES)));
}

static ArrayType *
labels_array(const TrainingSet *set)
{
	int n = set->core.n_classes;
	Datum *labels = palloc(n * sizeof(Datum));

	for (int c = 0; c < n; c++)
		labels[c] = CStringGetTextDatum(set->labels[c]);
	return construct_array(labels, n, TEXTOID, -1, false, TYPALIGN_INT);
}

/* Models speak UTF-8, so that they can go to databases of other encodings. */
static const char *
utf8_of(const char *text)
{
	return pg_server_to_any(text, strlen(text), PG_UTF8);
}

static void
train(TrainingSet *set, const LdaOptions *options, const char *options_text, EmoModel *model)
{
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(
		&env, emo_model_train_lda(&env, &set->core, &options->core, options->profile_head, model));
	model->labels = palloc(set->core.n_classes * sizeof(char *));
	for (int c = 0; c < set->core.n_classes; c++)
		model->labels[c] = utf8_of(set->labels[c]);
	model->feature_version = set->feature_version;
	model->options = utf8_of(options_text);
	model->feature_settings = "{}";
}

/* What held-out speakers (or recordings) said of the heads, as a jsonb object. */
static Jsonb *
metrics_of(const EmoModel *model)
{
	static const char *const plain_names[] = {"held_out_utterances", "uar", "war", "log_loss"};
	static const char *const profile_names[] = {"held_out_utterances_with_profile",
												"uar_with_profile", "war_with_profile",
												"log_loss_with_profile"};
	static const char *const protocols[] = {"held-out recordings", "held-out speakers", NULL};
	int protocol = model->heads[0].lda.held_out.by_speaker ? 1 : 0;
	OptionSpec specs[1 + 2 * lengthof(plain_names)];
	int n_specs = 0;

	specs[n_specs++] = (OptionSpec){"protocol", OPTION_CHOICE, &protocol, 0, 0, protocols};
	for (int h = 0; h < model->n_heads; h++)
	{
		EmoHeldOut *held_out = &model->heads[h].lda.held_out;
		const char *const *names = model->heads[h].on_profile ? profile_names : plain_names;

		specs[n_specs++] = (OptionSpec){names[0], OPTION_INTEGER, &held_out->n_rows, 0, 0, NULL};
		if (held_out->n_rows == 0)
			continue;
		specs[n_specs++] = (OptionSpec){names[1], OPTION_REAL, &held_out->uar, 0, 0, NULL};
		specs[n_specs++] = (OptionSpec){names[2], OPTION_REAL, &held_out->war, 0, 0, NULL};
		specs[n_specs++] = (OptionSpec){names[3], OPTION_REAL, &held_out->log_loss, 0, 0, NULL};
	}
	return emoser_write_options(specs, n_specs);
}

void
emoser_train_record(ModelRecord *record, Jsonb *given, TrainingReport *report)
{
	TrainingSetOptions set_options = {.features = true};
	LdaOptions options;
	TrainingSet *set;
	EmoModel model = {0};
	instr_time start, duration;

	(void) emoser_find_algorithm(record->algorithm);
	options = emoser_read_lda_options(given, &record->options);
	set_options.augment = options.augment;
	set_options.quiet = options.quiet;
	set_options.seed = options.seed;

	INSTR_TIME_SET_CURRENT(start);
	set = emoser_read_training_set(record->source, &set_options);
	train(set, &options, JsonbToCString(NULL, &record->options->root, VARSIZE(record->options)),
		  &model);
	INSTR_TIME_SET_CURRENT(duration);
	INSTR_TIME_SUBTRACT(duration, start);

	record->labels = labels_array(set);
	record->feature_version = set->feature_version;
	record->n_utterances = set->n_utterances;
	record->n_speakers = set->core.n_speakers;
	record->data_hash = set->data_hash;
	record->training_s = INSTR_TIME_GET_DOUBLE(duration);
	record->metrics = metrics_of(&model);
	record->model = emoser_encode_model(&model);
	report->quiet = options.quiet;
	report->n_skipped = set->n_skipped;
}

static void
report_result(Oid function, const ModelRecord *record, int version, int64 n_skipped)
{
	StringInfoData text;
	bool is_deployed;
	int active;

	initStringInfo(&text);
	appendStringInfo(&text, INT64_FORMAT " utterances, %d emotions", record->n_utterances,
					 ArrayGetNItems(ARR_NDIM(record->labels), ARR_DIMS(record->labels)));
	if (record->n_speakers > 0)
		appendStringInfo(&text, ", %d speakers", record->n_speakers);
	if (n_skipped > 0)
		appendStringInfo(&text, "; " INT64_FORMAT " rows skipped because of nulls or bad audio",
						 n_skipped);
	active = emoser_active_version(function, record->name, &is_deployed);
	ereport(NOTICE,
			(errmsg("model \"%s\", version %d: %s", record->name, version, text.data),
			 is_deployed ? errdetail("Version %d is deployed and stays in use.", active) : 0,
			 is_deployed ? errhint("SELECT emoser_deploy('%s', %d) puts the new one into use.",
								   record->name, version)
						 : 0));
}

PG_FUNCTION_INFO_V1(emoser_train);
Datum
emoser_train(PG_FUNCTION_ARGS)
{
	static const char *const argument_names[] = {"model", "source", "algorithm", "options"};
	Oid function = fcinfo->flinfo->fn_oid;
	ModelRecord record = {0};
	TrainingReport report;
	int version;

	emoser_check_no_nulls(fcinfo, argument_names, lengthof(argument_names));
	record.name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	record.source = text_to_cstring(PG_GETARG_TEXT_PP(1));
	record.algorithm = text_to_cstring(PG_GETARG_TEXT_PP(2));
	emoser_check_model_name(record.name);
	emoser_check_model_rights(function, true);
	emoser_check_may_add(function, record.name);

	SPI_connect();
	/* Under SPI's own context, so that it goes with it. */
	MemoryContextSwitchTo(
		AllocSetContextCreate(CurrentMemoryContext, "emoser training", ALLOCSET_DEFAULT_SIZES));
	emoser_train_record(&record, PG_GETARG_JSONB_P(3), &report);
	version = emoser_store_model(function, &record);
	if (!report.quiet)
		report_result(function, &record, version, report.n_skipped);
	SPI_finish();
	PG_RETURN_VOID();
}
