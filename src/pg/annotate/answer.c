/*
 * answer.c
 *	  What is said of a row of the source.
 */
#include "pg/annotate/answer.h"

#include "executor/spi.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "core/features/features.h"
#include "pg/base/allowed_channels.h"
#include "pg/base/notices.h"
#include "pg/base/plans.h"
#include "pg/base/subtransaction.h"
#include "pg/model/asked.h"
#include "pg/model/call.h"
#include "pg/source/audio_arg.h"

/* Columns of what emoser_claim_rows() gives. */
enum
{
	ROW_KEY = 1,
	ROW_CONTENT,
	ROW_CHANNEL
};

char *
emoser_content_of(const SourceColumns *columns, TupleDesc row_type, ContentColumns *content)
{
	int column = columns->audio != 0 ? columns->audio : columns->features;
	char *text = psprintf("source.%s", quote_identifier(emoser_column_name(row_type, column)));

	*content = (ContentColumns){columns->audio == 0, columns->channel != 0};
	if (columns->channel == 0)
		return text;
	return psprintf("%s, source.%s", text,
					quote_identifier(emoser_column_name(row_type, columns->channel)));
}

void
emoser_begin_answers(Answerer *answerer)
{
	const Annotation *annotation = answerer->annotation;

	if (annotation->kind == ANNOTATE_FEATURES)
		return;
	if (!answerer->content.is_features)
		emoser_check_model_takes_audio(answerer->model->model);
	emoser_emotion_begin(&answerer->emotion, answerer->model->decoded,
						 emoser_asked_of_list(answerer->model->model, annotation->options.emotions),
						 (float) annotation->options.min_confidence);
}

/* The row that is worked on. */
typedef struct Job
{
	const Answerer *answerer;
	const void *content; /* detoasted in the subtransaction */
	int channel;
	Answer answer;
} Job;

/* Room for rows; the columns that all rows have are filled in. */
static void
begin_rows(Job *job, AnswerStatus status, int n_rows, const ErrorData *error)
{
	static const char *const words[N_ANSWER_STATUS] = {[ANSWER_OK] = "ok",
													   [ANSWER_NO_SPEECH] = "no speech",
													   [ANSWER_ERROR] = "error",
													   [ANSWER_NULL] = "null"};
	const Annotation *annotation = job->answerer->annotation;
	int n;
	const TargetColumn *columns = emoser_target_columns(annotation->kind, &n);
	SqlValue now = sql_value(TIMESTAMPTZOID, TimestampTzGetDatum(GetCurrentTimestamp()));

	job->answer = (Answer){status, n_rows, palloc(Max(n_rows * n, 1) * sizeof(SqlValue))};
	for (int i = 0; i < n_rows * n; i++)
	{
		const TargetColumn *column = &columns[i % n];
		SqlValue *value = &job->answer.values[i];

		*value = sql_null(column->type);
		if (strcmp(column->name, "status") == 0)
			*value = sql_text(words[status]);
		else if (strcmp(column->name, "model") == 0)
			*value = sql_text(annotation->model);
		else if (strcmp(column->name, "version") == 0)
			*value = sql_int4(annotation->version);
		else if (strcmp(column->name, "annotated_at") == 0)
			*value = now;
		else if (error != NULL && strcmp(column->name, "sqlstate") == 0)
			*value = sql_text(unpack_sql_state(error->sqlerrcode));
		else if (error != NULL && strcmp(column->name, "error") == 0)
			*value =
				sql_text(error->detail == NULL ? error->message
											   : psprintf("%s. %s", error->message, error->detail));
	}
}

/* A row for a recording that has no answer. */
static void
put_no_answer(Job *job, AnswerStatus status, const ErrorData *error)
{
	begin_rows(job, status, 1, error);
	if (job->answerer->annotation->kind == ANNOTATE_TURNS)
		job->answer.values[0] = sql_int4(0);
}

/* What is spoken, as samples. */
static void
listen(const Job *job, EmoEnv *env, EmoSpoken *spoken)
{
	AudioOptions options = {.channel = job->channel, .on_bad_audio = ON_BAD_AUDIO_ERROR};
	EmoAudio audio;
	bool unused = false;

	emoser_env_init(env, CurrentMemoryContext);
	(void) emoser_decode_audio(env, PG_DETOAST_DATUM_PACKED(PointerGetDatum(job->content)),
							   EMOSER_MODEL_SAMPLE_RATE, options, &audio);
	if (audio.differs)
		emoser_notice_talkers(job->answerer->talkers_told);
	(void) emoser_speech_accepted(env, &audio, ON_NO_SPEECH_ERROR, &unused, spoken);
}

static void
answer_emotion(Job *job)
{
	const EmotionWriter *writer = &job->answerer->emotion;
	EmoUtterance utterance = {0};
	Datum values[N_EMOTION_COLUMNS];
	bool nulls[N_EMOTION_COLUMNS] = {false};
	EmoSpoken spoken;
	EmoEnv env;

	if (job->answerer->content.is_features)
		utterance.features = emoser_given_features(
			DatumGetArrayTypeP(PointerGetDatum(job->content)), writer->decoded->model);
	else
	{
		listen(job, &env, &spoken);
		emoser_hear(writer, spoken.samples, spoken.n_samples, &utterance);
	}
	emoser_put_emotion(writer, &utterance, values, nulls);
	begin_rows(job, ANSWER_OK, 1, NULL);
	for (int i = 0; i < N_EMOTION_COLUMNS; i++)
	{
		SqlValue *value = &job->answer.values[i];

		*value = sql_if(!nulls[i], sql_value(value->type, values[i]));
	}
}

static void
answer_features(Job *job)
{
	int n_features = emo_feature_count();
	ArrayType *array;
	float *features;
	EmoSpoken spoken;
	EmoEnv env;

	listen(job, &env, &spoken);
	array = emoser_new_real_array(1, &n_features, &features);
	emoser_check(&env, emo_features(&env, emoser_feature_plan(), spoken.samples, spoken.n_samples,
									NULL, features));
	begin_rows(job, ANSWER_OK, 1, NULL);
	job->answer.values[0] = sql_varlena(FLOAT4ARRAYOID, array);
}

/* Those of emoser_turns(), from the number of the turn on. */
#define N_TURN_COLUMNS 10

static void
answer_turns(Job *job)
{
	const Annotation *annotation = job->answerer->annotation;
	const EmoTurnOptions *options = &annotation->options.turns;
	int n;
	MemoryContext outer = CurrentMemoryContext;
	Sql sql;

	(void) emoser_target_columns(annotation->kind, &n);
	emoser_sql_begin(&sql, annotation->function);
	(void) emoser_sql_read(
		&sql,
		"SELECT row_number() OVER ()::integer, channel, start_s, end_s, speaker, emotion, "
		"probability, probabilities, speech_s, level_dbfs "
		"FROM @extschema@.emoser_turns($1, $2, NULL::@extschema@.emoser_speaker_profile, $3, $4, "
		"$5, $6, $7, NULL::jsonb, NULL::double precision[], NULL::double precision[], "
		"NULL::text[], $8, 'error'::text, $9)",
		SQL_VALUES(
			sql_varlena(BYTEAOID, job->content),
			sql_text(psprintf("%s@%d", annotation->model, annotation->version)),
			sql_float8(annotation->options.min_confidence), sql_float8(options->min_turn_s),
			sql_float8(options->max_turn_s), sql_float8(options->merge_gap_s),
			sql_bool(annotation->options.speaker_profiles), emoser_channel_value(job->channel),
			sql_if(annotation->options.emotions != NIL,
				   sql_value(TEXTARRAYOID, emoser_asked_array(annotation->options.emotions)))));
	MemoryContextSwitchTo(outer);
	if (sql.n_rows == 0)
		put_no_answer(job, ANSWER_NO_SPEECH, NULL);
	else
		begin_rows(job, ANSWER_OK, (int) sql.n_rows, NULL);
	for (uint64 row = 0; row < sql.n_rows; row++)
		for (int i = 0; i < N_TURN_COLUMNS; i++)
		{
			SqlValue *value = &job->answer.values[row * n + i];
			bool is_null;
			Datum datum = emoser_sql_datum(&sql, row, i + 1, &is_null);
			int16 length;
			bool by_value;

			get_typlenbyval(value->type, &length, &by_value);
			if (!is_null)
				*value = sql_value(value->type, datumCopy(datum, by_value, length));
		}
	emoser_sql_end(&sql);
}

static void
work(void *argument)
{
	Job *job = argument;

	switch (job->answerer->annotation->kind)
	{
		case ANNOTATE_EMOTION:
			answer_emotion(job);
			break;
		case ANNOTATE_TURNS:
			answer_turns(job);
			break;
		case ANNOTATE_FEATURES:
			answer_features(job);
			break;
	}
}

/* The recording's, or that of a channel of it which may not be heard: no fault of the call, which goes on. */
static bool
is_of_recording(const ErrorData *error)
{
	return ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_DATA_EXCEPTION ||
		   error->sqlerrcode == ERRCODE_PROGRAM_LIMIT_EXCEEDED ||
		   (error->sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE &&
			emoser_channel_rule()->is_limited);
}

/* Raises again what is no fault of the recording. */
static void
put_error(Job *job, ErrorData *error)
{
	bool has_no_speech = error->sqlerrcode == EMOSER_ERROR_NO_SPEECH ||
						 error->sqlerrcode == EMOSER_ERROR_LITTLE_SPEECH;

	if (!is_of_recording(error))
		ReThrowError(error);
	put_no_answer(job, has_no_speech ? ANSWER_NO_SPEECH : ANSWER_ERROR, error);
}

Answer
emoser_answer(const Answerer *answerer, HeapTuple row, TupleDesc row_type)
{
	Job job = {.answerer = answerer, .channel = EMO_MIXED};
	bool is_null;
	ErrorData *error;

	job.content = DatumGetPointer(SPI_getbinval(row, row_type, ROW_CONTENT, &is_null));
	if (is_null)
	{
		put_no_answer(&job, ANSWER_NULL, NULL);
		return job.answer;
	}
	if (answerer->content.has_channel)
		job.channel = emoser_row_channel(row, row_type, ROW_CHANNEL);
	error = emoser_try_all(work, &job);
	if (error != NULL)
		put_error(&job, error);
	return job.answer;
}
