/*
 * plot_turns.c
 *	  emoser_plot_turns(): who speaks when in a call, and with which emotion.
 */
#include "pg/base/glue.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/draw/lanes.h"
#include "pg/base/name_table.h"
#include "pg/draw/result.h"
#include "pg/model/value.h"
#include "pg/source/audio_arg.h"

/* The arguments; channel, on_bad_audio and emotions come last. */
enum
{
	ARG_AUDIO,
	ARG_MODEL,
	ARG_MIN_CONFIDENCE,
	ARG_SPEAKER_PROFILES,
	ARG_TURNS,
	ARG_TITLE
};

/* What is read of emoser_turns(). */
enum
{
	LANE = 1, /* the speaker, or "channel 1", or "call" */
	START_S,
	END_S,
	EMOTION,
	PROBABILITY
};

/* The name of a channel's lane; also in TURNS_QUERY. */
#define CHANNEL_LANE "channel %d"

#define TURNS_QUERY                                                                                \
	"SELECT left(coalesce(speaker, 'channel ' || channel, 'call'), 60), start_s, end_s, emotion, " \
	"probability::double precision "                                                               \
	"FROM @extschema@.emoser_turns($1, $2, NULL::@extschema@.emoser_speaker_profile, $3, "         \
	"0.3::double precision, 15::double precision, 1.5::double precision, $4, $5, "                 \
	"NULL::double precision[], NULL::double precision[], NULL::text[], $6, $7, $8)"

/* What the container tells of a recording. */
typedef struct Shape
{
	int n_channels;
	double duration_s; /* 0: it doesn't tell */
} Shape;

/* False: the recording is bad, and NULL is wanted. */
static bool
read_shape(const struct varlena *audio, OnBadAudio on_bad_audio, Shape *shape)
{
	EmoAudioLimits limits = emoser_audio_limits();
	EmoAudioReader *reader;
	EmoEnv env;
	EmoStatus status;

	emoser_env_init(&env, CurrentMemoryContext);
	status = emo_audio_open(&env, VARDATA_ANY(audio), VARSIZE_ANY_EXHDR(audio),
							EMOSER_MODEL_SAMPLE_RATE, EMO_ALL_CHANNELS, &limits, &reader);
	if (status == EMO_OK)
	{
		shape->n_channels = emo_audio_channels(reader);
		shape->duration_s =
			(double) Max(0, emo_audio_announced_samples(reader)) / EMOSER_MODEL_SAMPLE_RATE;
	}
	emo_audio_close(reader);
	return emoser_audio_accepted(&env, status, on_bad_audio);
}

/* Headers lie: a recording is no longer than ten times its turns. */
#define MAX_STRETCH 10.0

static double
time_axis_end(const Shape *shape, double last_s)
{
	if (last_s <= 0)
		return Max(shape->duration_s, 1);
	return Max(last_s, Min(shape->duration_s, MAX_STRETCH * last_s));
}

/* A lane for each channel that is wanted, even if nobody speaks there, unless turns are given. */
static void
add_channels(FunctionCallInfo fcinfo, const Shape *shape, int channel, NameTable *lanes)
{
	if (!PG_ARGISNULL(ARG_TURNS))
		return;
	for (int c = 1; c <= shape->n_channels; c++)
		if (channel == EMO_MIXED || channel == c)
			(void) emoser_name_number(lanes, psprintf(CHANNEL_LANE, c));
}

static const char **
names_of(const NameTable *table)
{
	const char **names = palloc((list_length(table->names) + 1) * sizeof(char *));
	ListCell *cell;
	int n = 0;

	foreach (cell, table->names)
		names[n++] = lfirst(cell);
	return names;
}

static EmoStatus
draw(Picture *picture, const Shape *shape, NameTable *lane_names)
{
	const Sql *sql = &picture->sql;
	EmoLaneTurn *turns =
		MemoryContextAllocHuge(CurrentMemoryContext, (sql->n_rows + 1) * sizeof(EmoLaneTurn));
	NameTable emotion_names;
	int32 *place;
	EmoLanes lanes = {.turns = turns, .n_turns = (int64_t) sql->n_rows};

	emoser_name_table_init(&emotion_names, "emotions");
	for (uint64 i = 0; i < sql->n_rows; i++)
	{
		char *emotion = emoser_picture_text(picture, i, EMOTION);

		CHECK_FOR_INTERRUPTS();
		turns[i] = (EmoLaneTurn){
			.lane = emoser_name_number(lane_names, emoser_picture_text(picture, i, LANE)),
			.start_s = emoser_sql_float8(sql, i, START_S),
			.end_s = emoser_sql_float8(sql, i, END_S),
			.emotion = emotion == NULL ? -1 : emoser_name_number(&emotion_names, emotion)};
		if (emotion != NULL)
			turns[i].probability = (float) emoser_sql_float8(sql, i, PROBABILITY);
		lanes.end_s = Max(lanes.end_s, turns[i].end_s);
	}
	if (list_length(lane_names->names) == 0)
		(void) emoser_name_number(lane_names, "call");
	lanes.end_s = time_axis_end(shape, lanes.end_s);
	lanes.names = names_of(lane_names);
	lanes.n_lanes = list_length(lane_names->names);
	lanes.emotions = emoser_sort_names(&emotion_names, &place);
	for (uint64 i = 0; i < sql->n_rows; i++)
		if (turns[i].emotion >= 0)
			turns[i].emotion = place[turns[i].emotion];
	lanes.n_emotions = list_length(emotion_names.names);
	return emo_plot_lanes(&picture->env, emoser_picture_title(picture, "Turns and their emotions"),
						  &lanes, picture->width, &picture->svg, &picture->length);
}

PG_FUNCTION_INFO_V1(emoser_plot_turns);
Datum
emoser_plot_turns(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"audio", "model"};
	AudioOptions options = emoser_audio_options_before(fcinfo, PG_NARGS() - 1);
	NameTable lanes;
	Picture picture;
	Shape shape = {0};
	SqlValue values[8];
	int emotions = PG_NARGS() - 1;

	if (PG_ARGISNULL(ARG_AUDIO))
		PG_RETURN_NULL();
	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	if (!read_shape(PG_GETARG_BYTEA_PP(ARG_AUDIO), options.on_bad_audio, &shape))
		PG_RETURN_NULL();
	emoser_sql_begin(&picture.sql, fcinfo->flinfo->fn_oid);
	emoser_picture_read(&picture, fcinfo, ARG_TITLE);
	values[0] = sql_value(BYTEAOID, PG_GETARG_DATUM(ARG_AUDIO));
	values[1] = sql_value(TEXTOID, PG_GETARG_DATUM(ARG_MODEL));
	values[2] = sql_if(!PG_ARGISNULL(ARG_MIN_CONFIDENCE),
					   sql_value(FLOAT8OID, PG_GETARG_DATUM(ARG_MIN_CONFIDENCE)));
	values[3] =
		sql_bool(!PG_ARGISNULL(ARG_SPEAKER_PROFILES) && PG_GETARG_BOOL(ARG_SPEAKER_PROFILES));
	values[4] = sql_if(!PG_ARGISNULL(ARG_TURNS), sql_value(JSONBOID, PG_GETARG_DATUM(ARG_TURNS)));
	values[5] = emoser_channel_value(options.channel);
	values[6] = sql_text(emoser_on_bad_audio_words[options.on_bad_audio]);
	values[7] = sql_if(!PG_ARGISNULL(emotions), sql_value(TEXTARRAYOID, PG_GETARG_DATUM(emotions)));
	emoser_name_table_init(&lanes, "lanes");
	add_channels(fcinfo, &shape, options.channel, &lanes);
	(void) emoser_sql_read(&picture.sql, TURNS_QUERY, values, lengthof(values));
	return emoser_picture_end(&picture, draw(&picture, &shape, &lanes));
}
