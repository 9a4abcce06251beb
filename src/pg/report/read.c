/*
 * read.c
 *	  What emoser_report() is about: the model and the source.
 */
#include "pg/report/report.h"

#include "utils/lsyscache.h"

#include "core/audio/corpus_name.h"
#include "pg/evaluate/cross_run.h"
#include "pg/model/call.h"
#include "pg/model/store.h"
#include "pg/model/value.h"
#include "pg/source/audio_arg.h"
#include "pg/source/wav_result.h"

/* Names of recordings that are looked at to tell EmoDB from others. */
#define NAMES_LOOKED_AT 10

static void
read_labels(ReportModel *model)
{
	model->n_labels = model->decoded->model->n_classes;
	model->labels = palloc(model->n_labels * sizeof(char *));
	for (int i = 0; i < model->n_labels; i++)
		model->labels[i] = emoser_model_text(model->decoded->model->labels[i]);
}

void
emoser_report_read_model(Report *report)
{
	ReportModel *model = &report->model;
	Sql *sql = &report->sql;
	const StoredModel *stored = emoser_find_model(
		emoser_name_model(sql->function, report->model_name, CurrentMemoryContext));

	emoser_check_tells_emotions(stored->model);
	model->decoded = stored->decoded;
	model->name = pstrdup(stored->name);
	model->version = psprintf("%d", stored->version);
	/* So that all of the page is about this version. */
	report->model_name = psprintf("%s@%s", model->name, model->version);
	read_labels(model);
	if (emoser_sql_read(
			sql,
			"SELECT algorithm, options, creator, "
			"coalesce(to_char(created_at, 'YYYY-MM-DD'), created_at::text), "
			"round(date_part('epoch', training_time)::numeric, 1), n_utterances, n_speakers, "
			"data_hash, source, bytes, is_bundled "
			"FROM " EMOSER_KNOWN_MODELS " WHERE name = $1 AND version = $2",
			SQL_VALUES(sql_text(model->name), sql_int4(stored->version))) == 0)
		elog(ERROR, "model \"%s\" is gone", model->name);
	model->algorithm = emoser_sql_text(sql, 0, 1);
	model->options = emoser_sql_jsonb(sql, 0, 2);
	model->creator = emoser_sql_text(sql, 0, 3);
	model->created_at = emoser_sql_text(sql, 0, 4);
	model->training_time = emoser_sql_text(sql, 0, 5);
	model->n_utterances = emoser_sql_text(sql, 0, 6);
	model->n_speakers = emoser_sql_text(sql, 0, 7);
	model->data_hash = emoser_sql_text(sql, 0, 8);
	model->source = emoser_sql_text(sql, 0, 9);
	model->bytes = emoser_sql_text(sql, 0, 10);
	model->is_bundled = emoser_sql_bool(sql, 0, 11);
	model->has_net = model->decoded->model->net != NULL;
	model->takes_audio = model->has_net || model->decoded->model->hearing != NULL ||
						 model->decoded->model->feature_version != 0;
}

static int
find_column(TupleDesc columns, const char *name)
{
	return emoser_find_column(columns, "the source has", name);
}

/* Columns that a source may lack. */
static void
find_columns(Report *report)
{
	TupleDesc columns = report->columns;
	SourceOptions *reading = &report->reading;
	const char *audio_name = reading->audio != NULL ? reading->audio : "audio";
	int audio = find_column(columns, audio_name);
	bool has_id = find_column(columns, "id") > 0;

	report->audio = audio > 0 && getBaseType(SPI_gettypeid(columns, audio)) == BYTEAOID ? audio : 0;
	report->channel = emoser_channel_column(columns, reading);
	report->sex = find_column(columns, "sex");
	if (reading->id == NULL && !has_id && find_column(columns, "file_name") > 0)
		reading->id = pstrdup("file_name");
	report->has_names = reading->id != NULL || has_id;
}

/* Only names of EmoDB's own ten speakers tell their sex. */
static bool
has_emodb_names(const Report *report)
{
	EmoCorpusName name;

	for (int64 i = 0; i < Min(NAMES_LOOKED_AT, report->set->n_utterances); i++)
		if (!emo_read_corpus_name(
				emo_emodb(), emoser_utterance_name(report->set, report->source_order[i]), &name) ||
			name.sex == NULL)
			return false;
	return true;
}

/* Whether emotions can be told apart. */
static bool
has_classes(const TrainingSet *set)
{
	int64 *counts = palloc0(set->core.n_classes * sizeof(int64));

	for (int64 i = 0; i < set->n_utterances; i++)
		counts[set->label[i]]++;
	for (int c = 0; c < set->core.n_classes; c++)
		if (counts[c] < 2)
			return false;
	return set->core.n_classes > 1;
}

/* Which of the recordings the model was trained on. */
static void
find_trained_on(Report *report)
{
	const TrainingSet *set = report->set;
	Oid function = report->sql.function;
	int version = atoi(report->model.version);

	report->is_own_data =
		report->model.data_hash[0] != '\0' && strcmp(set->data_hash, report->model.data_hash) == 0;
	report->trained_on = emoser_find_trained_on(function, report->model.name, version, set->content,
												set->n_utterances);
	report->n_trained_on = report->trained_on != NULL ? 0 : -1;
	for (int64 i = 0; report->trained_on != NULL && i < set->n_utterances; i++)
		report->n_trained_on += report->trained_on[i];
	report->is_trained_on = report->is_own_data || 2 * report->n_trained_on > set->n_utterances;
}

void
emoser_report_read_source(Report *report)
{
	TrainingSetOptions options;

	/* The report is about speakers. */
	report->reading.group = NULL;
	report->source = emoser_open_source(report->source_text, true);
	report->columns = emoser_source_row_type(report->source);
	find_columns(report);
	emoser_use_columns(report->source, (const int[]){report->audio, report->channel, report->sex},
					   3);
	options = emoser_evaluation_options(report->model.decoded->model, &report->reading);
	options.with_ids = true;
	options.by = report->by;
	/* Of use for a picture of the data, too. */
	options.features = true;
	report->set = emoser_read_set(report->source, &options);
	report->n_rows = emoser_source_row_number(report->source);
	report->has_classes = has_classes(report->set);
	report->source_order = emoser_source_order(report->set);
	find_trained_on(report);
	report->is_emodb = has_emodb_names(report);
}

struct varlena *
emoser_report_recording(Report *report, int64 source_row, int *channel)
{
	HeapTuple row;
	Datum audio;
	bool is_null;

	if (report->audio == 0 || source_row == 0)
		return NULL;
	if (emoser_source_row_number(report->source) >= source_row)
		emoser_rewind_source(report->source);
	do
		row = emoser_next_row(report->source);
	while (row != NULL && emoser_source_row_number(report->source) < source_row);
	if (row == NULL)
		return NULL;
	audio = SPI_getbinval(row, report->columns, report->audio, &is_null);
	*channel = emoser_row_channel(row, report->columns, report->channel);
	return is_null ? NULL : PG_DETOAST_DATUM_COPY(audio);
}

bytea *
emoser_report_clip(const Report *report, struct varlena *audio, int channel)
{
	AudioOptions options = {.channel = channel, .on_bad_audio = report->reading.on_bad_audio};
	EmoAudio decoded;
	EmoEnv env;
	bytea *wav;

	emoser_env_init(&env, CurrentMemoryContext);
	if (!emoser_decode_audio(&env, audio, REPORT_SAMPLE_RATE, options, &decoded))
		return NULL;
	wav = emoser_wav_result(&env, decoded.samples, Min(decoded.n_samples, REPORT_MAX_CLIP_SAMPLES),
							1, REPORT_SAMPLE_RATE, EMO_WAV_PCM16);
	emo_audio_free(&env, &decoded);
	return wav;
}
