/*
 * adapt.c
 *	  emoser_adapt(): a version of a model that knows how somebody's own recordings usually sound.
 */
#include "pg/base/glue.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "core/model/adapt.h"
#include "pg/base/json.h"
#include "pg/base/shown.h"
#include "pg/base/table_rights.h"
#include "pg/model/names.h"
#include "pg/model/prune.h"
#include "pg/model/value.h"
#include "pg/model/versions.h"
#include "pg/source/audio_arg.h"
#include "pg/source/reader.h"

/* Recordings of a sample: from a hundred on, more make no difference (docs/adaptation.md). */
#define USUAL_SAMPLE 1000
#define MAX_SAMPLE   10000

/* Fewer make little of a collection's profile, and so few tell nothing of how they differ. */
#define ENOUGH_RECORDINGS  30
#define TELLING_RECORDINGS 10

/* A collection that counts less than this of what so many recordings may is one-sided. */
#define ONE_SIDED_SHARE 0.25

/* A model is hardly ever so unsure of all it is held out on. */
#define LEAST_CERTAINTY 0.1

/* No column of a table is called so. */
#define NUMBER_COLUMN  "emoser: number of the row"
#define EMOTION_COLUMN "emoser: no emotion"

typedef struct Adaptation
{
	SourceOptions source;
	int sample;
	bool quiet;
	const EmoModel *model;
	bool is_checked; /* that the model takes the source */

	float *features; /* [capacity][n_features] */
	int32 *speaker;  /* [capacity] */
	int64 n, capacity, n_skipped;
	int64 n_in_source;
	int n_speakers; /* 0: not told */
} Adaptation;

static void
read_options(Adaptation *adaptation, Jsonb *given)
{
	SourceOptions *source = &adaptation->source;
	const OptionSpec specs[] = {
		{"speaker", OPTION_NAME, &source->speaker, 0, 0, NULL},
		{"audio", OPTION_NAME, &source->audio, 0, 0, NULL},
		{"channel", OPTION_NAME, &source->channel, 0, 0, NULL},
		{"features", OPTION_NAME, &source->features, 0, 0, NULL},
		{"on_bad_audio", OPTION_ODD_CHOICE, &source->on_bad_audio, 0, 0, emoser_on_bad_audio_words},
		{"sample", OPTION_INT, &adaptation->sample, 1, MAX_SAMPLE, NULL},
		{"quiet", OPTION_BOOLEAN, &adaptation->quiet, 0, 0, NULL}};

	adaptation->sample = USUAL_SAMPLE;
	emoser_read_options(given, "adaptations", NULL, specs, lengthof(specs));
	source->label = EMOTION_COLUMN;
}

static void
check_model(const EmoModel *model, const char *name)
{
	if (model->targets != NULL)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("model \"%s\" tells numbers, not emotions", emoser_shown(name)),
						errhint("emoser_profile() tells it how a speaker usually sounds.")));
	if (!emo_model_uses_profile(model))
		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("model \"%s\" has no head for profiles", emoser_shown(name)),
			 errdetail("Its algorithm is \"%s\".", model->algorithm),
			 errhint(
				 "Train one with the algorithm \"lda\" or \"ensemble\" on recordings of several "
				 "speakers, with a column \"speaker\".")));
}

/* Rows of the source; its query runs under the caller's search_path. */
static int64
count_rows(const char *item)
{
	Source *source =
		emoser_open_source(psprintf("SELECT pg_catalog.count(*) AS n FROM %s", item), false);
	const int only = 1;
	HeapTuple row;
	bool is_null;
	int64 n;

	emoser_use_columns(source, &only, 1);
	row = emoser_next_row(source);
	n = row == NULL
			? 0
			: DatumGetInt64(SPI_getbinval(row, emoser_source_row_type(source), 1, &is_null));

	emoser_close_source(source);
	return n;
}

/* How many rows of the sample there are up to a row of such a number. */
#define ROWS_UP_TO(number)                                                                         \
	"pg_catalog.int8div(pg_catalog.int8mul(" number ", %d::pg_catalog.int8), " INT64_FORMAT        \
	"::pg_catalog.int8)"
#define NUMBER "numbered.\"" NUMBER_COLUMN "\""

/* The source with a column of emotions, which is of no use; of many rows so many, at equal distances. */
static char *
sampled_source(const char *item, int64 n_rows, int sample)
{
	char *numbered =
		psprintf("(SELECT source.*, pg_catalog.row_number() OVER () AS \"" NUMBER_COLUMN
				 "\" FROM %s) AS numbered",
				 item);
	char *query =
		psprintf("SELECT numbered.*, 'unknown'::pg_catalog.text AS \"" EMOTION_COLUMN "\" FROM %s",
				 numbered);

	if (n_rows <= sample)
		return query;
	return psprintf("%s WHERE pg_catalog.int8gt(" ROWS_UP_TO(NUMBER) ", " ROWS_UP_TO(
						"pg_catalog.int8mi(" NUMBER ", 1::pg_catalog.int8)") ")",
					query, sample, n_rows, sample, n_rows);
}

/* An UtteranceTaker. */
static void
take_utterance(void *argument, const TrainingReader *reader)
{
	Adaptation *adaptation = argument;
	const EmoModel *model = adaptation->model;

	if (!adaptation->is_checked && reader->columns.audio != 0)
		emoser_check_model_takes_audio(model);
	if (!adaptation->is_checked)
		emoser_check_model_takes(model, reader->n_features);
	adaptation->is_checked = true;
	/* Silence and music say nothing of how people sound; and rows may have come since they were counted. */
	if (reader->utterances[0].without_speech || adaptation->n == adaptation->capacity)
		return;
	memcpy(adaptation->features + (Size) adaptation->n * model->n_features, reader->features,
		   model->n_features * sizeof(float));
	adaptation->speaker[adaptation->n++] = reader->utterances[0].speaker;
}

static void
read_source(Adaptation *adaptation, const char *text)
{
	TrainingSetOptions options = {.source = adaptation->source,
								  .features = true,
								  .encoder = emoser_use_of_hearing(adaptation->model->hearing),
								  .quiet = adaptation->quiet,
								  .any_classes = true};
	char *item = emoser_source_item(text);
	Source *source = emoser_open_source(text, false);
	SourceOptions content = adaptation->source;
	TrainingReader reader;

	/* What is wrong with its columns is said of the source as it was given. */
	content.label = NULL;
	(void) emoser_content_columns(emoser_source_row_type(source), &content, false);
	emoser_close_source(source);
	adaptation->n_in_source = count_rows(item);
	adaptation->capacity = Min(adaptation->n_in_source, adaptation->sample);
	adaptation->features = MemoryContextAllocHuge(
		CurrentMemoryContext,
		Max(adaptation->capacity, 1) * adaptation->model->n_features * sizeof(float));
	adaptation->speaker = palloc(Max(adaptation->capacity, 1) * sizeof(int32));
	source = emoser_open_source(sampled_source(item, adaptation->n_in_source, adaptation->sample),
								false);
	emoser_take_rows(&reader, &options, source, take_utterance, adaptation);
	emoser_notice_talkers_of_source(reader.n_talkers_mixed);
	if (!adaptation->quiet)
		emoser_report_without_speech(reader.n_without_speech, "They are left out.");
	if (adaptation->n == 0)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("the source has no recordings to adapt to"),
						errdetail("Rows: " INT64_FORMAT ".", adaptation->n_in_source)));
	adaptation->n_skipped = reader.n_skipped;
	adaptation->n_speakers = reader.columns.speaker != 0 ? list_length(reader.speakers.names) : 0;
}

/* Of the head for profiles, by what training has measured on held-out utterances; NaN: not known. */
static double
certainty_of(Jsonb *metrics, int n_classes)
{
	static const char name[] = "log_loss_with_profile";
	JsonbValue value;
	double log_loss;

	/* Whoever may add models may have written anything there. */
	if (!JB_ROOT_IS_OBJECT(metrics) ||
		getKeyJsonValueFromContainer(&metrics->root, name, strlen(name), &value) == NULL ||
		value.type != jbvNumeric)
		return NAN;
	log_loss = DatumGetFloat8(
		DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value.val.numeric)));
	return Max(LEAST_CERTAINTY, 1 - log_loss / log(n_classes));
}

/* The figures of the training, and what the model was adapted to. */
static Jsonb *
metrics_with(const Adaptation *adaptation, const ModelVersion *base, const char *source,
			 const EmoCollection *collection, double variety)
{
	JsonbIterator *iterator = JsonbIteratorInit(&base->record.metrics->root);
	JsonbIteratorToken token;
	JsonbValue item;
	Json json;

	emoser_json_init(&json);
	emoser_json_open(&json, '{');
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		char *key;

		if (token != WJB_KEY)
			continue;
		key = pnstrdup(item.val.string.val, item.val.string.len);
		(void) JsonbIteratorNext(&iterator, &item, true);
		/* Of an earlier adaptation, which this one takes the place of. */
		if (strcmp(key, "adapted") == 0)
			continue;
		emoser_json_key(&json, key);
		emoser_json_jsonb(&json, JsonbValueToJsonb(&item));
	}
	emoser_json_key(&json, "adapted");
	emoser_json_open(&json, '{');
	emoser_json_key(&json, "from");
	emoser_json_string(&json, psprintf("%s@%d", base->record.name, base->version));
	emoser_json_key(&json, "source");
	emoser_json_string(&json, source);
	emoser_json_key(&json, "recordings");
	emoser_json_integer(&json, adaptation->n);
	emoser_json_key(&json, "rows");
	emoser_json_integer(&json, adaptation->n_in_source);
	emoser_json_key(&json, "speakers");
	emoser_json_integer(&json, adaptation->n_speakers);
	emoser_json_key(&json, "share");
	emoser_json_real(&json, round(collection->share * 1000) / 1000);
	emoser_json_key(&json, "variety");
	emoser_json_real(&json, round(variety * 1000) / 1000);
	emoser_json_close(&json, '}');
	emoser_json_close(&json, '}');
	return emoser_json_to_jsonb(&json);
}

static void
warn_of_collection(const Adaptation *adaptation, const EmoCollection *collection)
{
	int percent = (int) lround(100 * collection->share);
	bool is_small = adaptation->n < ENOUGH_RECORDINGS;
	double of_count =
		(double) adaptation->n / ((double) adaptation->n + EMO_COLLECTION_PRIOR_COUNT);

	if (adaptation->n >= TELLING_RECORDINGS &&
		collection->share < ONE_SIDED_SHARE * EMO_MAX_COLLECTION_SHARE * of_count)
		ereport(
			WARNING,
			(errmsg("the recordings differ little in what tells emotions"),
			 errdetail("They sound like those of one or two emotions alone, whose profile would "
					   "harm. It counts %d %% beside that of the training.",
					   percent),
			 errhint("Adapt to recordings of all emotions that occur, a hundred or more as they "
					 "come.")));
	else if (is_small)
		ereport(WARNING,
				(errmsg_plural("the model is adapted to " INT64_FORMAT " recording only",
							   "the model is adapted to " INT64_FORMAT " recordings only",
							   (unsigned long) adaptation->n, adaptation->n),
				 errdetail("Their profile counts %d %% beside that of the training.", percent),
				 errhint("Give %d or better a hundred, if there are so many.", ENOUGH_RECORDINGS)));
}

static void
report(const Adaptation *adaptation, const ModelVersion *base, const ModelRecord *record,
	   int version, Oid function)
{
	bool is_deployed;
	int active = emoser_active_version(function, record->name, &is_deployed);
	char *speakers = adaptation->n_speakers == 0 ? ""
					 : adaptation->n_speakers == 1
						 ? " of 1 speaker"
						 : psprintf(" of %d speakers", adaptation->n_speakers);
	char *recordings =
		adaptation->n == 1 ? "1 recording" : psprintf(INT64_FORMAT " recordings", adaptation->n);

	emoser_report_skipped_rows(adaptation->n_skipped);
	ereport(
		NOTICE,
		(errmsg("model \"%s\", version %d: \"%s@%d\", adapted to %s%s", emoser_shown(record->name),
				version, emoser_shown(base->record.name), base->version, recordings, speakers),
		 is_deployed ? errdetail("Version %d is deployed and stays in use.", active) : 0,
		 is_deployed ? errhint("SELECT emoser_deploy(%s) puts the new one into use.",
							   emoser_shown_version(record->name, version))
					 : 0));
}

/* The new version remembers what the one that it was made of was trained on. */
static void
copy_training_hashes(Oid function, const ModelVersion *base, const char *name, int version)
{
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_sql_run_as_owner(
		&sql, get_relname_relid("emoser_training_hashes", get_func_namespace(function)),
		"INSERT INTO @extschema@.emoser_training_hashes (name, version, kind, part, hashes) "
		"SELECT $1, $2, kind, part, hashes FROM @extschema@._emoser_known_hashes($3, $4)",
		SQL_VALUES(sql_text(name), sql_int4(version), sql_text(base->record.name),
				   sql_int4(base->version)));
	emoser_sql_end(&sql);
}

static void
adapt_and_store(Oid function, Adaptation *adaptation, const ModelVersion *base, EmoModel *model,
				const char *source, const char *name)
{
	EmoRecordings recordings = {.n = adaptation->n,
								.features = adaptation->features,
								.speaker = adaptation->n_speakers > 0 ? adaptation->speaker : NULL,
								.n_speakers = adaptation->n_speakers};
	ModelRecord record = base->record;
	double variety;
	EmoEnv env;
	int version;

	emoser_env_init(&env, CurrentMemoryContext);
	model->collection = NULL;
	emoser_check(&env, emo_model_adapt(&env, model, &recordings,
									   certainty_of(base->record.metrics, model->n_classes),
									   &model->collection, &variety));
	record.name = name;
	record.source = NULL;
	record.imported = NULL;
	record.metrics = metrics_with(adaptation, base, source, model->collection, variety);
	record.model = emoser_encode_model(model);
	version = emoser_store_model(function, &record);
	copy_training_hashes(function, base, name, version);
	emoser_prune_by_setting(function, name);
	warn_of_collection(adaptation, model->collection);
	if (!adaptation->quiet)
		report(adaptation, base, &record, version, function);
}

PG_FUNCTION_INFO_V1(emoser_adapt);
Datum
emoser_adapt(PG_FUNCTION_ARGS)
{
	static const char *const argument_names[] = {"source", "model", "name", "options"};
	Oid function = fcinfo->flinfo->fn_oid;
	Adaptation adaptation = {.n = 0};
	char *source, *called, *name;
	ModelName base_name;
	ModelVersion *base;
	Sql sql;

	emoser_check_no_nulls(fcinfo, argument_names, lengthof(argument_names));
	PreventCommandIfReadOnly("emoser_adapt()");
	emoser_sql_begin(&sql, function);
	/* Under SPI's own context, so that it goes with it. */
	MemoryContextSwitchTo(
		AllocSetContextCreate(CurrentMemoryContext, "emoser adaptation", ALLOCSET_DEFAULT_SIZES));
	source = text_to_cstring(PG_GETARG_TEXT_PP(0));
	called = text_to_cstring(PG_GETARG_TEXT_PP(1));
	name = text_to_cstring(PG_GETARG_TEXT_PP(2));
	read_options(&adaptation, DatumGetJsonbPCopy(PG_GETARG_DATUM(3)));
	emoser_check_argument_order(source, called);
	emoser_check_model_name(name);
	emoser_check_model_rights(function, true);
	emoser_check_may_add(function, name);
	base_name = emoser_parse_model_name(called);
	base = emoser_read_version(function, base_name.name, base_name.version);
	adaptation.model = emoser_decode_model(CurrentMemoryContext, base->record.model);
	check_model(adaptation.model, called);
	read_source(&adaptation, source);
	adapt_and_store(function, &adaptation, base, unconstify(EmoModel *, adaptation.model), source,
					name);
	emoser_sql_end(&sql);
	PG_RETURN_VOID();
}
