/*
 * listen.c
 *	  _emoser_listen(): what the web service shows of a recording, which is decoded once for all of it.
 */
#include "pg/model/call.h"

#include <math.h>

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/audio/survey.h"
#include "core/dsp/envelope.h"
#include "core/dsp/turns.h"
#include "pg/base/allowed_channels.h"
#include "pg/base/json.h"
#include "pg/model/emotion.h"
#include "pg/source/audio_arg.h"

enum
{
	ARG_AUDIO,
	ARG_MODEL,
	ARG_EMOTIONS,
	ARG_COLUMNS,
	ARG_LONGEST
};

#define MAX_COLUMNS 20000
/* As many as are seen of a short recording: no more are told of it. */
#define COLUMNS_PER_S 25
#define MIN_COLUMNS   1000

/* The largest magnitude of a column; that of full scale. */
#define FULL_SCALE    127

#define MAX_LONGEST_S 3600.0

/* Decimals of seconds, and digits of probabilities and levels, beyond which they say nothing. */
#define SECONDS(value)     (rint((value) *100) / 100)
#define PROBABILITY_DIGITS 4
#define LEVEL(value)       (rint((value) *10) / 10)

#define N_RESULT_COLUMNS   14

typedef struct Listening
{
	EmoEnv env;
	EmoSurvey survey;
	EmoCall call;
	EmoTurns turns;
	EmotionWriter emotions;
	MemoryContext turn_context;
} Listening;

static void
find_turns(Listening *listening, const struct varlena *audio)
{
	EmoAudioLimits limits = emoser_audio_limits();
	EmoSurvey *survey = &listening->survey;
	EmoEnv *env = &listening->env;
	EmoStatus status =
		emo_survey(env, VARDATA_ANY(audio), VARSIZE_ANY_EXHDR(audio), &limits, survey);

	if (status == EMO_OK)
		status = emo_call_begin(env, survey->samples, survey->n_lanes, survey->n_samples,
								survey->stretches, true, &listening->call);
	if (status == EMO_OK)
		status =
			emo_find_turns(env, &listening->call, &emo_turn_default_options, &listening->turns);
	(void) emoser_audio_accepted(env, status, ON_BAD_AUDIO_ERROR);
}

static void
add_channel(Json *json, int number)
{
	emoser_json_key(json, "channel");
	if (number == EMO_MIXED)
		emoser_json_real(json, NAN); /* null */
	else
		emoser_json_integer(json, number);
}

static int
scaled(float sample)
{
	return (int) rintf(fmaxf(-1, fminf(1, sample)) * FULL_SCALE);
}

static int
column_count(const EmoSurvey *survey, int most)
{
	double wanted = Max(MIN_COLUMNS, survey->info.duration_s * COLUMNS_PER_S);

	return (int) Min(Min(most, wanted), (double) survey->n_samples);
}

/* [{"channel": 1, "peaks": [least, largest, ...]}, ...] */
static Datum
lanes_json(Listening *listening, int most_columns)
{
	const EmoSurvey *survey = &listening->survey;
	int n_columns = column_count(survey, most_columns);
	float *lows = palloc(n_columns * sizeof(float)), *highs = palloc(n_columns * sizeof(float));
	Json json;

	emoser_json_init(&json);
	emoser_json_open(&json, '[');
	for (int lane = 0; lane < survey->n_lanes; lane++)
	{
		emoser_check(&listening->env, emo_envelope(&listening->env, survey->samples[lane],
												   survey->n_samples, n_columns, lows, highs));
		emoser_json_open(&json, '{');
		add_channel(&json, survey->numbers[lane]);
		emoser_json_key(&json, "peaks");
		emoser_json_open(&json, '[');
		for (int column = 0; column < n_columns; column++)
		{
			emoser_json_integer(&json, scaled(lows[column]));
			emoser_json_integer(&json, scaled(highs[column]));
		}
		emoser_json_close(&json, ']');
		emoser_json_close(&json, '}');
	}
	emoser_json_close(&json, ']');
	return CStringGetTextDatum(json.text.data);
}

/* A channel that may not be judged, has no emotions (emoser.allowed_channels). */
static bool
may_judge(const Listening *listening, int lane)
{
	const EmoSurvey *survey = &listening->survey;
	int number = survey->numbers[lane];

	/* What is mixed, may be: channels stay apart otherwise. */
	return number == EMO_MIXED ||
		   emo_channel_is_allowed(emoser_channel_rule(), survey->channels.n, number);
}

/* "emotion", "probability", "probabilities" and "familiarity" of a turn; NULL: of one that may not be judged. */
static void
add_emotion(const Listening *listening, const EmoTurn *turn, Json *json)
{
	EmoUtterance utterance = {0};
	Datum values[N_EMOTION_COLUMNS + 1];
	bool nulls[N_EMOTION_COLUMNS + 1] = {false};

	emoser_put_no_emotion(values, nulls);
	nulls[N_EMOTION_COLUMNS] = true;
	if (may_judge(listening, turn->channel))
	{
		emoser_hear_turn(&listening->emotions, &listening->call, turn, &utterance);
		memset(nulls, false, sizeof(nulls));
		emoser_put_emotion(&listening->emotions, &utterance, values, nulls);
		emoser_put_familiarity(listening->emotions.decoded->model, &utterance,
							   &values[N_EMOTION_COLUMNS], &nulls[N_EMOTION_COLUMNS]);
	}
	emoser_json_key(json, "emotion");
	if (nulls[EMOTION_LABEL])
		emoser_json_real(json, NAN);
	else
		emoser_json_string(json, TextDatumGetCString(values[EMOTION_LABEL]));
	emoser_json_key(json, "probability");
	emoser_json_digits(
		json, nulls[EMOTION_PROBABILITY] ? NAN : DatumGetFloat4(values[EMOTION_PROBABILITY]),
		PROBABILITY_DIGITS);
	emoser_json_key(json, "probabilities");
	if (nulls[EMOTION_PROBABILITIES])
		emoser_json_real(json, NAN);
	else
		emoser_json_jsonb(json, DatumGetJsonbP(values[EMOTION_PROBABILITIES]));
	emoser_json_key(json, "familiarity");
	emoser_json_digits(json,
					   nulls[N_EMOTION_COLUMNS] ? NAN : DatumGetFloat4(values[N_EMOTION_COLUMNS]),
					   PROBABILITY_DIGITS);
}

static void
add_turn(Listening *listening, const EmoTurn *turn, Json *json)
{
	emoser_json_open(json, '{');
	add_channel(json, listening->survey.numbers[turn->channel]);
	emoser_json_key(json, "start_s");
	emoser_json_real(json, SECONDS((double) turn->start / EMO_SPEECH_SAMPLE_RATE));
	emoser_json_key(json, "end_s");
	emoser_json_real(json, SECONDS((double) turn->end / EMO_SPEECH_SAMPLE_RATE));
	emoser_json_key(json, "speech_s");
	emoser_json_real(json, SECONDS(turn->speech_s));
	emoser_json_key(json, "level_dbfs");
	emoser_json_real(json, LEVEL((double) turn->level_dbfs));
	add_emotion(listening, turn, json);
	emoser_json_close(json, '}');
}

static Datum
turns_json(Listening *listening)
{
	Json json;

	emoser_json_init(&json);
	emoser_json_open(&json, '[');
	for (int64 i = 0; i < listening->turns.n; i++)
	{
		MemoryContext outer = MemoryContextSwitchTo(listening->turn_context);

		CHECK_FOR_INTERRUPTS();
		add_turn(listening, &listening->turns.items[i], &json);
		MemoryContextSwitchTo(outer);
		MemoryContextReset(listening->turn_context);
	}
	emoser_json_close(&json, ']');
	return CStringGetTextDatum(json.text.data);
}

static double
speech_s(const EmoSurvey *survey)
{
	int64 n = 0;

	for (int lane = 0; lane < survey->n_lanes; lane++)
		n += emo_speech_samples(&survey->stretches[lane]);
	return (double) n / EMO_SPEECH_SAMPLE_RATE;
}

/* The whole as one utterance: probabilities and familiarity, NULL where it is none.  Stretches are changed. */
static void
hear_whole(Listening *listening, double longest_s, Datum *values, bool *nulls)
{
	EmoSurvey *survey = &listening->survey;
	Datum emotion[N_EMOTION_COLUMNS];
	bool has_no_emotion[N_EMOTION_COLUMNS];
	EmoUtterance utterance = {0};
	EmoSpoken spoken;

	nulls[0] = nulls[1] = true;
	if (survey->n_lanes > 1 || !may_judge(listening, 0) || speech_s(survey) > longest_s ||
		emo_speech_samples(&survey->stretches[0]) < EMO_MIN_SPEECH_SAMPLES)
		return;
	emoser_check(&listening->env,
				 emo_join_speech(&listening->env, survey->samples[0], survey->n_samples,
								 &survey->stretches[0], &spoken));
	emoser_hear(&listening->emotions, spoken.samples, spoken.n_samples, &utterance);
	emoser_put_emotion(&listening->emotions, &utterance, emotion, has_no_emotion);
	values[0] = emotion[EMOTION_PROBABILITIES];
	nulls[0] = false;
	emoser_put_familiarity(listening->emotions.decoded->model, &utterance, &values[1], &nulls[1]);
}

static HeapTuple
form_tuple(Listening *listening, TupleDesc columns, int most_columns, double longest_s)
{
	const EmoAudioInfo *info = &listening->survey.info;
	const EmoChannelsInfo *channels = &listening->survey.channels;
	Datum values[N_RESULT_COLUMNS];
	bool nulls[N_RESULT_COLUMNS] = {false};
	int n = 0;

	values[n++] = CStringGetTextDatum(info->container);
	values[n++] = CStringGetTextDatum(info->encoding);
	values[n++] = Int32GetDatum(info->sample_rate);
	values[n++] = Int32GetDatum(info->n_channels);
	values[n++] = Float8GetDatum(info->duration_s);
	nulls[n] = isnan(info->bandwidth_hz);
	values[n++] = Float8GetDatum(rint(info->bandwidth_hz));
	values[n++] = Int64GetDatum(info->clipped_samples);
	values[n++] = BoolGetDatum(info->truncated);
	values[n++] = BoolGetDatum(channels->cancel);
	values[n++] = Float8GetDatum(SECONDS(speech_s(&listening->survey)));
	values[n++] = lanes_json(listening, most_columns);
	values[n++] = turns_json(listening);
	hear_whole(listening, longest_s, values + n, nulls + n);
	Assert(n + 2 == N_RESULT_COLUMNS);
	return heap_form_tuple(columns, values, nulls);
}

/* The tuple as a datum of the outer context: what it was made of may be as large as an hour of sound. */
static Datum
kept(MemoryContext context, HeapTuple tuple)
{
	MemoryContext inner = MemoryContextSwitchTo(context);
	Datum datum = HeapTupleGetDatum(heap_copytuple(tuple));

	MemoryContextSwitchTo(inner);
	return datum;
}

PG_FUNCTION_INFO_V1(emoser_listen);
Datum
emoser_listen(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"audio", "model", "emotions", "columns", "longest_s"};
	MemoryContext outer = CurrentMemoryContext, work;
	DecodedModel *decoded;
	Listening *listening;
	TupleDesc columns;
	double longest_s;
	Datum result;

	if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE ||
		columns->natts != N_RESULT_COLUMNS)
		elog(ERROR, "unexpected result type of _emoser_listen");
	if (PG_ARGISNULL(ARG_AUDIO))
		PG_RETURN_NULL();
	emoser_check_no_nulls(fcinfo, names, ARG_EMOTIONS);
	longest_s = emoser_number_argument(fcinfo, ARG_LONGEST, names[ARG_LONGEST], 0, MAX_LONGEST_S);
	emoser_check_range(names[ARG_COLUMNS],
					   PG_ARGISNULL(ARG_COLUMNS) ? 0 : PG_GETARG_INT32(ARG_COLUMNS), 1,
					   MAX_COLUMNS);
	decoded = emoser_called_classifier(emoser_model_call(fcinfo, ARG_MODEL), fcinfo);
	emoser_check_model_takes_audio(decoded->model);

	BlessTupleDesc(columns);
	work = AllocSetContextCreate(outer, "emoser listen", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(work);
	listening = palloc0(sizeof(Listening));
	emoser_env_init(&listening->env, work);
	listening->turn_context = AllocSetContextCreate(work, "emoser turn", ALLOCSET_DEFAULT_SIZES);
	emoser_emotion_begin(&listening->emotions, decoded,
						 emoser_called_emotions(fcinfo, ARG_EMOTIONS, decoded->model), 0);
	find_turns(listening, PG_GETARG_BYTEA_PP(ARG_AUDIO));
	result = kept(outer, form_tuple(listening, columns, PG_GETARG_INT32(ARG_COLUMNS), longest_s));
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
	return result;
}
