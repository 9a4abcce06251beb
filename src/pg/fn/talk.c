/*
 * talk.c
 *	  emoser_talk(): who talks how much in a call, interrupts, and keeps whom waiting; of a recording, for
 *	  which no model is asked, or of turns.
 */
#include "pg/source/audio_arg.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/dsp/talk.h"
#include "core/dsp/turns.h"
#include "pg/base/plans.h"
#include "pg/source/said_turns.h"

enum
{
	COLUMN_CHANNEL,
	COLUMN_SPEAKER,
	COLUMN_TURNS,
	COLUMN_TALK,
	COLUMN_TALK_SHARE,
	COLUMN_OVERLAP,
	COLUMN_INTERRUPTIONS,
	COLUMN_INTERJECTIONS,
	COLUMN_GAPS,
	COLUMN_GAP,
	COLUMN_LONGEST_GAP,
	COLUMN_PAUSE,
	COLUMN_SILENCE,
	N_COLUMNS
};

#define MAX_OVERLAP_S 60.0

/* A call that is given as longer than that is given in other units. */
#define MAX_DURATION_S (7 * 86400.0)

/* The last turn may end so much after the call, as times are rounded. */
#define MAX_OVERSHOOT_S 0.5

/* What is to be measured. */
typedef struct Conversation
{
	SaidTurns said;
	double duration_s; /* NaN: not known */
	double min_overlap_s;
} Conversation;

/* In a memory context of its own; false: there is nothing to tell. */
typedef bool (*ConversationReader)(FunctionCallInfo fcinfo, Conversation *conversation);

/* Arguments duration_s and min_overlap_s, which follow turns that are given. */
static void
read_options(FunctionCallInfo fcinfo, int first, Conversation *conversation)
{
	const EmoSaidTurns *turns = &conversation->said.turns;
	double last_s = 0;

	conversation->min_overlap_s =
		emoser_number_argument(fcinfo, first + 1, "min_overlap_s", 0, MAX_OVERLAP_S);
	conversation->duration_s = NAN;
	if (PG_ARGISNULL(first))
		return;
	conversation->duration_s =
		emoser_number_argument(fcinfo, first, "duration_s", 0, MAX_DURATION_S);
	for (size_t i = 0; i < turns->n; i++)
		last_s = fmax(last_s, turns->items[i].end_s);
	if (last_s > conversation->duration_s + MAX_OVERSHOOT_S)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("a turn ends after the call"),
				 errdetail("It ends at %g s, and duration_s is %g.", last_s,
						   conversation->duration_s)));
}

static bool
read_jsonb(FunctionCallInfo fcinfo, Conversation *conversation)
{
	int n;
	const GivenTurn *given = emoser_told_turns(PG_GETARG_JSONB_P(0), &n);

	emoser_said_turns(given, n, &conversation->said);
	read_options(fcinfo, 1, conversation);
	return true;
}

static bool
read_arrays(FunctionCallInfo fcinfo, Conversation *conversation)
{
	enum
	{
		ARG_STARTS,
		ARG_ENDS,
		ARG_CHANNELS,
		ARG_SPEAKERS,
		ARG_OPTIONS
	};
	TurnArrays arrays = {.starts = emoser_turn_array(fcinfo, ARG_STARTS),
						 .ends = emoser_turn_array(fcinfo, ARG_ENDS),
						 .channels = emoser_turn_array(fcinfo, ARG_CHANNELS),
						 .speakers = emoser_turn_array(fcinfo, ARG_SPEAKERS)};
	int n;
	const GivenTurn *given;

	if (arrays.ends == NULL)
		return false;
	given = emoser_told_arrays(&arrays, &n);
	emoser_said_turns(given, n, &conversation->said);
	read_options(fcinfo, ARG_OPTIONS, conversation);
	return true;
}

/* The turns of all channels, each of which is a talker, also one that says nothing. */
static EmoStatus
find_turns(EmoEnv *env, const struct varlena *audio, const EmoTurnOptions *options,
		   Conversation *conversation)
{
	EmoAudioLimits limits = emoser_audio_limits();
	EmoAudioChannels channels = {0};
	EmoSaidTurns *turns = &conversation->said.turns;
	const float **samples;
	EmoTurns found;
	EmoCall call;

	if (emo_audio_decode_channels(env, VARDATA_ANY(audio), VARSIZE_ANY_EXHDR(audio),
								  EMO_SPEECH_SAMPLE_RATE, &limits, &channels) != EMO_OK)
		return env->status;
	samples = palloc(channels.n * sizeof(float *));
	for (int c = 0; c < channels.n; c++)
		samples[c] = channels.items[c].samples;
	if (emo_call_listen(env, samples, channels.n, channels.items[0].n_samples, true, &call) !=
			EMO_OK ||
		emo_find_turns(env, &call, options, &found) != EMO_OK)
		return env->status;
	conversation->duration_s = (double) channels.items[0].n_samples / EMO_SPEECH_SAMPLE_RATE;
	conversation->said.talkers = palloc0(channels.n * sizeof(SaidTalker));
	for (int c = 0; c < channels.n; c++)
		conversation->said.talkers[c].channel = c + 1;
	turns->items = MemoryContextAllocHuge(CurrentMemoryContext, (found.n + 1) * sizeof(EmoSaid));
	turns->n = found.n;
	turns->n_talkers = channels.n;
	for (int64 i = 0; i < found.n; i++)
		turns->items[i] =
			(EmoSaid){.talker = found.items[i].channel,
					  .emotion = EMO_NO_EMOTION,
					  .start_s = (double) found.items[i].start / EMO_SPEECH_SAMPLE_RATE,
					  .end_s = (double) found.items[i].end / EMO_SPEECH_SAMPLE_RATE};
	return EMO_OK;
}

static bool
read_recording(FunctionCallInfo fcinfo, Conversation *conversation)
{
	enum
	{
		ARG_AUDIO,
		ARG_MIN_OVERLAP,
		ARG_MIN_TURN,
		ARG_MERGE_GAP
	};
	/* Parts of a turn that is cut for its length are one here. */
	EmoTurnOptions options = {.max_turn_s = EMO_MAX_TURN_S};
	EmoEnv env;

	conversation->min_overlap_s =
		emoser_number_argument(fcinfo, ARG_MIN_OVERLAP, "min_overlap_s", 0, MAX_OVERLAP_S);
	options.min_turn_s = emoser_number_argument(fcinfo, ARG_MIN_TURN, "min_turn_s", EMO_MIN_TURN_S,
												EMO_MAX_TURN_S / EMO_LEAST_TURN_RATIO);
	options.merge_gap_s =
		emoser_number_argument(fcinfo, ARG_MERGE_GAP, "merge_gap_s", 0, EMO_MAX_MERGE_GAP_S);
	emoser_env_init(&env, CurrentMemoryContext);
	return emoser_audio_accepted(
		&env, find_turns(&env, PG_GETARG_BYTEA_PP(ARG_AUDIO), &options, conversation),
		emoser_on_bad_audio(fcinfo));
}

static void
put_talk(RowWriter *rows, const SaidTalker *talker, const EmoTalk *talk, double all_talk_s,
		 double silence_s)
{
	Datum values[N_COLUMNS];
	bool nulls[N_COLUMNS] = {false};

	emoser_put_talker(talker, values + COLUMN_CHANNEL, nulls + COLUMN_CHANNEL);
	values[COLUMN_TURNS] = Int32GetDatum((int32) talk->n_turns);
	values[COLUMN_TALK] = Float8GetDatum(talk->talk_s);
	nulls[COLUMN_TALK_SHARE] = all_talk_s == 0;
	values[COLUMN_TALK_SHARE] = Float8GetDatum(talk->talk_s / all_talk_s);
	values[COLUMN_OVERLAP] = Float8GetDatum(talk->overlap_s);
	values[COLUMN_INTERRUPTIONS] = Int32GetDatum((int32) talk->n_interruptions);
	values[COLUMN_INTERJECTIONS] = Int32GetDatum((int32) talk->n_interjections);
	values[COLUMN_GAPS] = Int32GetDatum((int32) talk->n_gaps);
	values[COLUMN_GAP] = Float8GetDatum(talk->gap_s);
	nulls[COLUMN_LONGEST_GAP] = talk->n_gaps == 0;
	values[COLUMN_LONGEST_GAP] = Float8GetDatum(talk->longest_gap_s);
	values[COLUMN_PAUSE] = Float8GetDatum(talk->pause_s);
	values[COLUMN_SILENCE] = Float8GetDatum(silence_s);
	emoser_put_row(rows, values, nulls);
}

/* In a memory context of its own. */
static void
measure(Conversation *conversation, RowWriter *rows)
{
	EmoSaidTurns *turns = &conversation->said.turns;
	double all_talk_s = 0;
	EmoTalks talks;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_measure_talk(&env, turns, conversation->duration_s,
										conversation->min_overlap_s, &talks));
	for (int i = 0; i < turns->n_talkers; i++)
		all_talk_s += talks.items[i].talk_s;
	for (int i = 0; i < turns->n_talkers; i++)
		put_talk(rows, &conversation->said.talkers[i], &talks.items[i], all_talk_s,
				 talks.silence_s);
}

static Datum
talk(FunctionCallInfo fcinfo, ConversationReader read)
{
	Conversation conversation;
	MemoryContext work, outer;
	RowWriter rows;

	emoser_begin_rows(fcinfo, &rows);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	work = AllocSetContextCreate(CurrentMemoryContext, "emoser talk", ALLOCSET_DEFAULT_SIZES);
	outer = MemoryContextSwitchTo(work);
	if (read(fcinfo, &conversation))
		measure(&conversation, &rows);
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(emoser_talk);
Datum
emoser_talk(PG_FUNCTION_ARGS)
{
	return talk(fcinfo, read_recording);
}

PG_FUNCTION_INFO_V1(emoser_talk_of_turns);
Datum
emoser_talk_of_turns(PG_FUNCTION_ARGS)
{
	return talk(fcinfo, read_jsonb);
}

PG_FUNCTION_INFO_V1(emoser_talk_of_arrays);
Datum
emoser_talk_of_arrays(PG_FUNCTION_ARGS)
{
	return talk(fcinfo, read_arrays);
}
