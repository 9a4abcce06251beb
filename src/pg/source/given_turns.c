/*
 * given_turns.c
 *	  Turns that a diarisation has found, or emoser_turns() has told, as arguments of SQL functions.
 */
#include "pg/source/given_turns.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "core/audio/limits.h"

static void
refuse_turns(const char *detail)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("turns must be an array of objects"),
		 errdetail("%s", detail),
		 errhint(
			 "An example is [{\"start\": 0.5, \"end\": 2.1, \"speaker\": \"A\"}], in seconds.")));
}

static void
refuse_turn(int number, const char *what)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("turn %d is not valid", number),
		 errdetail("%s", what),
		 errhint("An example is {\"start\": 0.5, \"end\": 2.1, \"speaker\": \"A\"}, in seconds.")));
}

/* Seconds from 1970 are fine; of later ones sums would lose what a turn lasts. */
#define MAX_END_S 1e10

static void
check_turn(const GivenTurn *turn, int number)
{
	const char *hint = "A turn starts at 0 or later, and ends after its start.";

	/* Written so that NaN is refused too. */
	if (turn->start_s >= 0 && turn->end_s > turn->start_s && turn->end_s <= MAX_END_S)
		return;
	if (turn->start_s >= 0 && isfinite(turn->end_s) && turn->end_s > MAX_END_S)
		hint = psprintf("Times are in seconds, up to %g.", MAX_END_S);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("turn %d is not valid", number),
			 errdetail("It goes from %g to %g s.", turn->start_s, turn->end_s),
			 errhint("%s", hint)));
}

/* The value of a key, or of the same with "_s"; NULL for none, and for null. */
static JsonbValue *
find_value(JsonbContainer *object, const char *key)
{
	char *in_seconds = psprintf("%s_s", key);
	JsonbValue *value = getKeyJsonValueFromContainer(object, key, strlen(key), NULL);

	if (value == NULL)
		value = getKeyJsonValueFromContainer(object, in_seconds, strlen(in_seconds), NULL);
	return value == NULL || value->type == jbvNull ? NULL : value;
}

static double
number_of(const JsonbValue *value)
{
	return DatumGetFloat8(
		DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value->val.numeric)));
}

static double
seconds_of(JsonbContainer *object, const char *key, int number)
{
	JsonbValue *value = find_value(object, key);

	if (value == NULL)
		refuse_turn(number, psprintf("It has no \"%s\".", key));
	if (value->type != jbvNumeric)
		refuse_turn(number, psprintf("Its \"%s\" is no number.", key));
	return number_of(value);
}

/* Diarisations number their speakers, or name them. */
static const char *
speaker_of(JsonbContainer *object, int number)
{
	JsonbValue *value = find_value(object, "speaker");

	if (value == NULL)
		return NULL;
	if (value->type == jbvNumeric)
		return DatumGetCString(
			DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
	if (value->type != jbvString)
		refuse_turn(number, "Its \"speaker\" is neither text nor a number.");
	return pnstrdup(value->val.string.val, value->val.string.len);
}

static int
checked_channel(double channel, int number)
{
	if (!(channel >= 1 && channel <= emo_audio_default_limits.max_channels &&
		  channel == floor(channel)))
		refuse_turn(number, psprintf("Its \"channel\" is no whole number from 1 to %d.",
									 emo_audio_default_limits.max_channels));
	return (int) channel;
}

static int
channel_of(JsonbContainer *object, int number)
{
	JsonbValue *value = find_value(object, "channel");

	if (value == NULL)
		return 0;
	return checked_channel(value->type == jbvNumeric ? number_of(value) : 0, number);
}

static const char *
emotion_of(JsonbContainer *object, int number)
{
	JsonbValue *value = find_value(object, "emotion");

	if (value == NULL)
		return NULL;
	if (value->type != jbvString)
		refuse_turn(number, "Its \"emotion\" is no text.");
	return pnstrdup(value->val.string.val, value->val.string.len);
}

static double
checked_probability(double probability, int number)
{
	if (!(probability >= 0 && probability <= 1))
		refuse_turn(number, "Its \"probability\" is no number from 0 to 1.");
	return probability;
}

static double
probability_of(JsonbContainer *object, int number)
{
	JsonbValue *value = find_value(object, "probability");

	if (value == NULL)
		return 1;
	return checked_probability(value->type == jbvNumeric ? number_of(value) : -1, number);
}

/* Of a recording in which nobody speaks, or that can't be read, emoser_annotate() has a row without times. */
static bool
has_no_times(JsonbContainer *object)
{
	return find_value(object, "start") == NULL && find_value(object, "end") == NULL &&
		   getKeyJsonValueFromContainer(object, "start_s", strlen("start_s"), NULL) != NULL;
}

/* Element number, which begins at 1, of an array; false if it is no turn, but is allowed. */
static bool
read_turn(JsonbContainer *array, int number, bool are_told, GivenTurn *turn)
{
	JsonbValue *item = getIthJsonbValueFromContainer(array, number - 1);
	JsonbContainer *object = item->val.binary.data;

	if (are_told && item->type == jbvNull)
		return false;
	if (item->type != jbvBinary || !JsonContainerIsObject(object))
		refuse_turns(psprintf("Element %d is no object.", number));
	if (are_told && has_no_times(object))
		return false;
	*turn = (GivenTurn){.channel = channel_of(object, number),
						.start_s = seconds_of(object, "start", number),
						.end_s = seconds_of(object, "end", number),
						.speaker = speaker_of(object, number)};
	check_turn(turn, number);
	if (are_told)
	{
		turn->emotion = emotion_of(object, number);
		turn->probability = probability_of(object, number);
	}
	return true;
}

static const char *
keep_text(MemoryContext context, const char *text)
{
	return text == NULL ? NULL : MemoryContextStrdup(context, text);
}

/* What reading a turn takes beside it is given back: there may be millions. */
static GivenTurn *
turns_of_jsonb(Jsonb *json, bool are_told, int *n_turns)
{
	MemoryContext kept = CurrentMemoryContext, work;
	int n = JB_ROOT_COUNT(json);
	GivenTurn *turns;

	*n_turns = 0;
	if (!JB_ROOT_IS_ARRAY(json) || JB_ROOT_IS_SCALAR(json))
		refuse_turns("They are no array.");
	turns = MemoryContextAllocHuge(kept, Max(n, 1) * sizeof(GivenTurn));
	work = AllocSetContextCreate(kept, "emoser turn", ALLOCSET_SMALL_SIZES);
	MemoryContextSwitchTo(work);
	for (int number = 1; number <= n; number++)
	{
		GivenTurn *turn = &turns[*n_turns];

		CHECK_FOR_INTERRUPTS();
		MemoryContextReset(work);
		if (!read_turn(&json->root, number, are_told, turn))
			continue;
		turn->speaker = keep_text(kept, turn->speaker);
		turn->emotion = keep_text(kept, turn->emotion);
		(*n_turns)++;
	}
	MemoryContextSwitchTo(kept);
	MemoryContextDelete(work);
	return turns;
}

GivenTurn *
emoser_told_turns(Jsonb *json, int *n_turns)
{
	return turns_of_jsonb(json, true, n_turns);
}

static Datum *
elements_of(ArrayType *array, Oid type, const char *name, bool **nulls, int *n)
{
	Datum *elements;
	int16 length;
	bool by_value;
	char alignment;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
						errmsg("%s must have one dimension", name)));
	get_typlenbyvalalign(type, &length, &by_value, &alignment);
	deconstruct_array(array, type, length, by_value, alignment, &elements, nulls, n);
	return elements;
}

/* Raises unless the arrays are equally long. */
static void
check_equal_lengths(int n_starts, int n_others, const char *others)
{
	if (n_others != n_starts)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("starts and %s must have the same length", others),
						errdetail("starts has %d elements, %s %d.", n_starts, others, n_others)));
}

static GivenTurn *
turns_of_arrays(ArrayType *starts, ArrayType *ends, ArrayType *speakers, int *n_turns)
{
	bool *no_start, *no_end, *no_speaker = NULL;
	int n_ends, n_speakers;
	Datum *start = elements_of(starts, FLOAT8OID, "starts", &no_start, n_turns);
	Datum *end = elements_of(ends, FLOAT8OID, "ends", &no_end, &n_ends);
	Datum *speaker = NULL;
	GivenTurn *turns;

	check_equal_lengths(*n_turns, n_ends, "ends");
	if (speakers != NULL)
	{
		speaker = elements_of(speakers, TEXTOID, "speakers", &no_speaker, &n_speakers);
		check_equal_lengths(*n_turns, n_speakers, "speakers");
	}
	turns = MemoryContextAllocHuge(CurrentMemoryContext, Max(*n_turns, 1) * sizeof(GivenTurn));
	for (int i = 0; i < *n_turns; i++)
	{
		if (no_start[i] || no_end[i])
			refuse_turn(i + 1, psprintf("It has no %s.", no_start[i] ? "start" : "end"));
		turns[i] = (GivenTurn){
			.start_s = DatumGetFloat8(start[i]),
			.end_s = DatumGetFloat8(end[i]),
			.speaker = speaker != NULL && !no_speaker[i] ? TextDatumGetCString(speaker[i]) : NULL};
		check_turn(&turns[i], i + 1);
	}
	return turns;
}

/* The elements of an array beside starts. */
typedef struct Column
{
	Datum *values;
	bool *nulls;
} Column;

static Column
column_of(ArrayType *array, Oid type, const char *name, int n_starts)
{
	Column column = {0};
	int n;

	if (array == NULL)
		return column;
	column.values = elements_of(array, type, name, &column.nulls, &n);
	check_equal_lengths(n_starts, n, name);
	return column;
}

static bool
has_value(const Column *column, int i)
{
	return column->values != NULL && !column->nulls[i];
}

static const char *
text_of(const Column *column, int i)
{
	return has_value(column, i) ? TextDatumGetCString(column->values[i]) : NULL;
}

GivenTurn *
emoser_told_arrays(const TurnArrays *arrays, int *n_turns)
{
	int n;
	Column starts, ends, emotions, probabilities, channels, speakers;
	GivenTurn *turns;

	starts.values = elements_of(arrays->starts, FLOAT8OID, "starts", &starts.nulls, &n);
	ends = column_of(arrays->ends, FLOAT8OID, "ends", n);
	emotions = column_of(arrays->emotions, TEXTOID, "emotions", n);
	probabilities = column_of(arrays->probabilities, FLOAT8OID, "probabilities", n);
	channels = column_of(arrays->channels, INT4OID, "channels", n);
	speakers = column_of(arrays->speakers, TEXTOID, "speakers", n);
	turns = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(GivenTurn));
	*n_turns = 0;
	for (int i = 0; i < n; i++)
	{
		GivenTurn *turn = &turns[*n_turns];

		CHECK_FOR_INTERRUPTS();
		if (starts.nulls[i] && ends.nulls[i])
			continue;
		if (starts.nulls[i] || ends.nulls[i])
			refuse_turn(i + 1, psprintf("It has no %s.", starts.nulls[i] ? "start" : "end"));
		*turn = (GivenTurn){.start_s = DatumGetFloat8(starts.values[i]),
							.end_s = DatumGetFloat8(ends.values[i]),
							.speaker = text_of(&speakers, i),
							.emotion = text_of(&emotions, i),
							.probability = 1};
		check_turn(turn, i + 1);
		if (has_value(&channels, i))
			turn->channel = checked_channel(DatumGetInt32(channels.values[i]), i + 1);
		if (has_value(&probabilities, i))
			turn->probability = checked_probability(DatumGetFloat8(probabilities.values[i]), i + 1);
		(*n_turns)++;
	}
	return turns;
}

GivenTurn *
emoser_given_turns(FunctionCallInfo fcinfo, int turns, int starts, int ends, int speakers,
				   int *n_turns)
{
	bool has_arrays = !PG_ARGISNULL(starts) || !PG_ARGISNULL(ends) || !PG_ARGISNULL(speakers);

	*n_turns = 0;
	if (!PG_ARGISNULL(turns) && has_arrays)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("turns are given twice"),
						errhint("Give either turns, or starts and ends.")));
	if (!PG_ARGISNULL(turns))
		return turns_of_jsonb(PG_GETARG_JSONB_P(turns), false, n_turns);
	if (!has_arrays)
		return NULL;
	if (PG_ARGISNULL(starts) || PG_ARGISNULL(ends))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must not be null", PG_ARGISNULL(starts) ? "starts" : "ends"),
						errhint("Turns are given by starts and ends, in seconds.")));
	return turns_of_arrays(PG_GETARG_ARRAYTYPE_P(starts), PG_GETARG_ARRAYTYPE_P(ends),
						   PG_ARGISNULL(speakers) ? NULL : PG_GETARG_ARRAYTYPE_P(speakers),
						   n_turns);
}
