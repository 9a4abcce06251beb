/*
 * moments.c
 *	  emoser_moments(): the stretches of a call that are worth listening to, of its turns.
 *
 * The forms that take a recording are SQL, of emoser_turns() and of this.
 */
#include "pg/model/call.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/dsp/moments.h"
#include "pg/model/asked.h"
#include "pg/source/said_turns.h"

/* The arguments that follow the turns. */
enum
{
	ARG_ATTEND_TO,
	ARG_IGNORE,
	ARG_MIN_DURATION,
	ARG_MAX_GAP,
	ARG_MIN_CONFIDENCE,
	N_OPTIONS
};

/* And the first of them. */
#define FIRST_OPTION(fcinfo) (PG_NARGS() - N_OPTIONS)

/* Turns as arrays. */
enum
{
	ARG_STARTS,
	ARG_ENDS,
	ARG_EMOTIONS,
	ARG_PROBABILITIES,
	ARG_CHANNELS,
	ARG_SPEAKERS
};

enum
{
	COLUMN_RANK,
	COLUMN_CHANNEL,
	COLUMN_SPEAKER,
	COLUMN_START,
	COLUMN_END,
	COLUMN_EMOTION,
	COLUMN_PROBABILITY,
	COLUMN_TALK,
	COLUMN_TURNS,
	N_COLUMNS
};

#define MAX_DURATION_S 3600.0

/* Names as an argument gives them. */
typedef struct Names
{
	Datum *items;
	int n;
} Names;

static Names
names_argument(FunctionCallInfo fcinfo, int argument, const char *what)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(argument);
	Names names;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
						errmsg("array \"%s\" must have one dimension", what)));
	if (array_contains_nulls(array))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("array \"%s\" must not contain nulls", what)));
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &names.items, NULL, &names.n);
	return names;
}

static bool
is_among(const Names *names, const char *name)
{
	int length = (int) strlen(name);

	for (int i = 0; i < names->n; i++)
	{
		text *item = DatumGetTextPP(names->items[i]);

		if ((int) VARSIZE_ANY_EXHDR(item) == length && memcmp(VARDATA_ANY(item), name, length) == 0)
			return true;
	}
	return false;
}

/* Which emotions are worth listening to: those that are named, or all but those that are to be ignored. */
static const bool *
attended_emotions(FunctionCallInfo fcinfo, const SaidTurns *said)
{
	bool *attended = palloc(Max(said->n_emotions, 1) * sizeof(bool));
	int attend_to = FIRST_OPTION(fcinfo) + ARG_ATTEND_TO;
	int ignore = FIRST_OPTION(fcinfo) + ARG_IGNORE;
	bool are_named = !PG_ARGISNULL(attend_to);
	Names names = {0};

	if (are_named)
		names = names_argument(fcinfo, attend_to, "attend_to");
	else if (!PG_ARGISNULL(ignore))
		names = names_argument(fcinfo, ignore, "ignore");
	for (int e = 0; e < said->n_emotions; e++)
	{
		CHECK_FOR_INTERRUPTS();
		attended[e] = is_among(&names, said->emotions[e]) == are_named;
	}
	return attended;
}

static EmoMomentOptions
read_options(FunctionCallInfo fcinfo)
{
	int first = FIRST_OPTION(fcinfo), min_confidence = first + ARG_MIN_CONFIDENCE;
	EmoMomentOptions options = {
		.min_talk_s = emoser_number_argument(fcinfo, first + ARG_MIN_DURATION, "min_duration_s", 0,
											 MAX_DURATION_S),
		.max_gap_s =
			emoser_number_argument(fcinfo, first + ARG_MAX_GAP, "max_gap_s", 0, MAX_DURATION_S)};

	if (!PG_ARGISNULL(min_confidence))
	{
		options.min_confidence = PG_GETARG_FLOAT8(min_confidence);
		emoser_check_range("min_confidence", options.min_confidence, 0, 1);
	}
	return options;
}

static void
put_moment(RowWriter *rows, const SaidTurns *said, const EmoMoment *moment, int rank)
{
	Datum values[N_COLUMNS];
	bool nulls[N_COLUMNS] = {false};

	values[COLUMN_RANK] = Int32GetDatum(rank);
	emoser_put_talker(&said->talkers[moment->talker], values + COLUMN_CHANNEL,
					  nulls + COLUMN_CHANNEL);
	values[COLUMN_START] = Float8GetDatum(moment->start_s);
	values[COLUMN_END] = Float8GetDatum(moment->end_s);
	values[COLUMN_EMOTION] = CStringGetTextDatum(said->emotions[moment->emotion]);
	values[COLUMN_PROBABILITY] = Float4GetDatum((float4) (moment->expected_s / moment->talk_s));
	values[COLUMN_TALK] = Float8GetDatum(moment->talk_s);
	values[COLUMN_TURNS] = Int32GetDatum((int32) moment->n_turns);
	emoser_put_row(rows, values, nulls);
}

static GivenTurn *
turns_of_jsonb(FunctionCallInfo fcinfo, int *n)
{
	return emoser_told_turns(PG_GETARG_JSONB_P(0), n);
}

static GivenTurn *
turns_of_arrays(FunctionCallInfo fcinfo, int *n)
{
	TurnArrays arrays = {.starts = emoser_turn_array(fcinfo, ARG_STARTS),
						 .ends = emoser_turn_array(fcinfo, ARG_ENDS),
						 .emotions = emoser_turn_array(fcinfo, ARG_EMOTIONS),
						 .probabilities = emoser_turn_array(fcinfo, ARG_PROBABILITIES),
						 .channels = emoser_turn_array(fcinfo, ARG_CHANNELS),
						 .speakers = emoser_turn_array(fcinfo, ARG_SPEAKERS)};

	return emoser_told_arrays(&arrays, n);
}

typedef GivenTurn *(*TurnsReader)(FunctionCallInfo fcinfo, int *n);

/* In a memory context of its own. */
static void
run(FunctionCallInfo fcinfo, TurnsReader read_turns, RowWriter *rows)
{
	EmoMomentOptions options = read_options(fcinfo);
	int n;
	const GivenTurn *given = read_turns(fcinfo, &n);
	EmoMoments moments;
	SaidTurns said;
	EmoEnv env;

	emoser_said_turns(given, n, &said);
	options.attended = attended_emotions(fcinfo, &said);
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_find_moments(&env, &said.turns, &options, &moments));
	for (size_t i = 0; i < moments.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		put_moment(rows, &said, &moments.items[i], (int) i + 1);
	}
}

static Datum
find_moments(FunctionCallInfo fcinfo, TurnsReader read_turns, int n_required)
{
	MemoryContext work, outer;
	RowWriter rows;

	emoser_begin_rows(fcinfo, &rows);
	for (int i = 0; i < n_required; i++)
		if (PG_ARGISNULL(i))
			return (Datum) 0;
	work = AllocSetContextCreate(CurrentMemoryContext, "emoser moments", ALLOCSET_DEFAULT_SIZES);
	outer = MemoryContextSwitchTo(work);
	run(fcinfo, read_turns, &rows);
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(emoser_moments);
Datum
emoser_moments(PG_FUNCTION_ARGS)
{
	return find_moments(fcinfo, turns_of_jsonb, 1);
}

PG_FUNCTION_INFO_V1(emoser_moments_of_arrays);
Datum
emoser_moments_of_arrays(PG_FUNCTION_ARGS)
{
	return find_moments(fcinfo, turns_of_arrays, ARG_EMOTIONS + 1);
}

/* Emotions to attend to, as they are given: the model must know them. */
PG_FUNCTION_INFO_V1(emoser_attended);
Datum
emoser_attended(PG_FUNCTION_ARGS)
{
	enum
	{
		ARG_NAMES,
		ARG_MODEL
	};

	if (PG_ARGISNULL(ARG_NAMES) || PG_ARGISNULL(ARG_MODEL))
		PG_RETURN_NULL();
	emoser_check_known_emotions(
		emoser_called_classifier(emoser_model_call(fcinfo, ARG_MODEL), fcinfo)->model,
		PG_GETARG_ARRAYTYPE_P(ARG_NAMES), "attend_to");
	PG_RETURN_DATUM(PG_GETARG_DATUM(ARG_NAMES));
}
