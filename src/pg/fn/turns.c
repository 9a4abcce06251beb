/*
 * turns.c
 *	  emoser_turns(audio, model, ...): who speaks when in a call, and with which emotion.
 *
 * All channels are decoded and listened to at once, since what leaks from one into another is known only
 * then.  A turn is predicted from its samples as a recording would be that was cut out there.
 */
#include "pg/model/call.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/dsp/turns.h"
#include "pg/base/allowed_channels.h"
#include "pg/model/emotion.h"
#include "pg/model/talkers.h"
#include "pg/source/audio_arg.h"
#include "pg/source/given_turns.h"

/* The arguments; channel, on_bad_audio and emotions come last. */
enum
{
	ARG_AUDIO,
	ARG_MODEL,
	ARG_PROFILE,
	ARG_MIN_CONFIDENCE,
	ARG_MIN_TURN,
	ARG_MAX_TURN,
	ARG_MERGE_GAP,
	ARG_SPEAKER_PROFILES,
	ARG_TURNS,
	ARG_STARTS,
	ARG_ENDS,
	ARG_SPEAKERS
};

/* The columns. */
enum
{
	COLUMN_CHANNEL,
	COLUMN_START,
	COLUMN_END,
	COLUMN_SPEAKER,
	COLUMN_EMOTION, /* and what follows it */
	COLUMN_SPEECH = COLUMN_EMOTION + N_EMOTION_COLUMNS,
	COLUMN_LEVEL,
	COLUMN_FAMILIARITY,
	N_COLUMNS
};

/* Ends that are so far beyond the recording are rounded or padded ones, and mean its end. */
#define MAX_OVERSHOOT_S 0.5

/* A turn, who speaks, and what the model hears of it. */
typedef struct Turn
{
	EmoTurn turn;
	const char *speaker; /* NULL: not told */
	EmoUtterance utterance;
} Turn;

typedef struct Turns
{
	EmoEnv env;
	FunctionCallInfo fcinfo;
	EmoTurnOptions options;
	AudioOptions audio;
	bool with_profiles;
	EmoProfile *profile; /* that is given, or NULL */

	EmotionWriter emotions;
	RowWriter rows;
	MemoryContext row_context;

	/* What is heard: each channel, or the mix of all, or after the channels the mix. */
	EmoCall call;
	int n_channels;
	int64 n_samples; /* of each */
	Turn *turns;
	int64 n_turns;
} Turns;

static void
read_options(Turns *turns)
{
	FunctionCallInfo fcinfo = turns->fcinfo;
	EmoTurnOptions *options = &turns->options;

	options->min_turn_s =
		emoser_number_argument(fcinfo, ARG_MIN_TURN, "min_turn_s", EMO_MIN_TURN_S, EMO_MAX_TURN_S);
	options->max_turn_s =
		emoser_number_argument(fcinfo, ARG_MAX_TURN, "max_turn_s", EMO_MIN_TURN_S, EMO_MAX_TURN_S);
	options->merge_gap_s =
		emoser_number_argument(fcinfo, ARG_MERGE_GAP, "merge_gap_s", 0, EMO_MAX_MERGE_GAP_S);
	if (options->max_turn_s < EMO_LEAST_TURN_RATIO * options->min_turn_s)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_turn_s must be at least %g times min_turn_s", EMO_LEAST_TURN_RATIO),
				 errdetail("They are %g and %g.", options->max_turn_s, options->min_turn_s)));
	turns->with_profiles =
		!PG_ARGISNULL(ARG_SPEAKER_PROFILES) && PG_GETARG_BOOL(ARG_SPEAKER_PROFILES);
	turns->audio = emoser_audio_options_before(fcinfo, PG_NARGS() - 1);
}

static void
call_model(Turns *turns)
{
	FunctionCallInfo fcinfo = turns->fcinfo;
	DecodedModel *decoded = emoser_called_classifier(emoser_model_call(fcinfo, ARG_MODEL), fcinfo);

	emoser_check_model_takes_audio(decoded->model);
	emoser_emotion_begin(&turns->emotions, decoded,
						 emoser_called_emotions(fcinfo, PG_NARGS() - 1, decoded->model),
						 emoser_min_confidence(fcinfo, ARG_MIN_CONFIDENCE));
	turns->profile = emoser_called_profile(fcinfo, ARG_PROFILE, decoded->model);
	turns->with_profiles =
		turns->with_profiles && turns->profile == NULL && emo_model_uses_profile(decoded->model);
}

static Turn *
new_turns(int64 n)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, Max(n, 1) * sizeof(Turn),
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

/* The channel that a given turn is of, EMO_MIXED for none; -1: of another than is asked for. */
static int
channel_of(const Turns *turns, const GivenTurn *given)
{
	int asked_for = turns->audio.channel;

	if (asked_for == EMO_MIXED || given->channel == 0)
		return given->channel != 0 ? given->channel : asked_for;
	return given->channel == asked_for ? asked_for : -1;
}

/* Sees to it that the recording has a channel, and that it may be heard if it is the one that is asked for. */
static EmoStatus
check_channel(Turns *turns, const struct varlena *audio, int channel)
{
	static const EmoChannelRule all = {0};
	EmoAudioLimits limits = emoser_audio_limits();
	EmoAudioReader *reader;
	EmoStatus status;

	if (channel == EMO_MIXED)
		return EMO_OK;
	if (turns->audio.channel == EMO_MIXED)
		limits.channels = all;
	status = emo_audio_open(&turns->env, VARDATA_ANY(audio), VARSIZE_ANY_EXHDR(audio),
							EMOSER_MODEL_SAMPLE_RATE, channel, &limits, &reader);
	emo_audio_close(reader);
	return status;
}

/* Whether a channel of those that are heard, from 0, may be judged; the mix was not decoded if it may not. */
static bool
may_judge(const Turns *turns, int channel)
{
	return channel == turns->n_channels ||
		   emo_channel_is_allowed(emoser_channel_rule(), turns->n_channels, channel + 1);
}

/* Decode what is needed, and listen to it. */
static EmoStatus
listen(Turns *turns, const struct varlena *audio, bool needs_channels, bool needs_mix)
{
	EmoAudioLimits limits = emoser_audio_limits();
	EmoAudioChannels channels = {0};
	EmoAudio mix = {0};
	EmoEnv *env = &turns->env;
	const float **samples;

	if (needs_channels &&
		emo_audio_decode_channels(env, VARDATA_ANY(audio), VARSIZE_ANY_EXHDR(audio),
								  EMOSER_MODEL_SAMPLE_RATE, &limits, &channels) != EMO_OK)
		return env->status;
	if (needs_mix && emo_audio_decode(env, VARDATA_ANY(audio), VARSIZE_ANY_EXHDR(audio),
									  EMOSER_MODEL_SAMPLE_RATE, EMO_MIXED, &limits, &mix) != EMO_OK)
		return env->status;
	if (needs_mix && mix.differs)
		emoser_call_mixed_talkers(emoser_model_call(turns->fcinfo, ARG_MODEL));
	turns->n_channels = channels.n;
	turns->n_samples = needs_channels ? channels.items[0].n_samples : mix.n_samples;
	if (needs_channels &&
		emo_check_some_channel_is_allowed(env, emoser_channel_rule(), channels.n) != EMO_OK)
		return env->status;
	samples = palloc((channels.n + 1) * sizeof(float *));
	for (int c = 0; c < channels.n; c++)
		samples[c] = channels.items[c].samples;
	samples[channels.n] = mix.samples;
	/* Speech at a given time is that of who is given, also where it leaks into another channel. */
	return emo_call_listen(env, samples, channels.n + needs_mix, turns->n_samples, !needs_mix,
						   &turns->call);
}

/* Where a given turn is in the recording. */
static void
place_turn(const Turns *turns, const GivenTurn *given, int number, EmoTurn *turn)
{
	double duration_s = (double) turns->n_samples / EMOSER_MODEL_SAMPLE_RATE;
	int channel = channel_of(turns, given);

	if (given->end_s > duration_s + MAX_OVERSHOOT_S || given->start_s >= duration_s)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("turn %d is not inside the recording", number),
						errdetail("It goes from %g to %g s, the recording has %g s.",
								  given->start_s, given->end_s, duration_s)));
	turn->channel = channel == EMO_MIXED ? turns->n_channels : channel - 1;
	turn->start = Min(llround(given->start_s * EMOSER_MODEL_SAMPLE_RATE), turns->n_samples - 1);
	turn->end = Min(llround(given->end_s * EMOSER_MODEL_SAMPLE_RATE), turns->n_samples);
	turn->end = Max(turn->end, turn->start + 1);
	emo_measure_turn(&turns->call, turn);
}

static EmoStatus
take_turns(Turns *turns, const struct varlena *audio, const GivenTurn *given, int n_given)
{
	bool needs_mix = false;
	int highest = EMO_MIXED;

	turns->turns = new_turns(n_given);
	for (int i = 0; i < n_given; i++)
	{
		int channel = channel_of(turns, &given[i]);

		needs_mix = needs_mix || channel == EMO_MIXED;
		highest = Max(highest, channel);
	}
	if (check_channel(turns, audio, highest) != EMO_OK ||
		listen(turns, audio, highest != EMO_MIXED, needs_mix || highest == EMO_MIXED) != EMO_OK)
		return turns->env.status;
	for (int i = 0; i < n_given; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (channel_of(turns, &given[i]) < 0)
			continue;
		turns->turns[turns->n_turns].speaker = given[i].speaker;
		place_turn(turns, &given[i], i + 1, &turns->turns[turns->n_turns].turn);
		turns->n_turns++;
	}
	return EMO_OK;
}

static EmoStatus
find_turns(Turns *turns, const struct varlena *audio)
{
	int channel = turns->audio.channel;
	EmoTurns found;

	if (check_channel(turns, audio, channel) != EMO_OK ||
		listen(turns, audio, true, false) != EMO_OK ||
		emo_find_turns(&turns->env, &turns->call, &turns->options, &found) != EMO_OK)
		return turns->env.status;
	turns->turns = new_turns(found.n);
	for (int64 i = 0; i < found.n; i++)
		if (channel == EMO_MIXED || found.items[i].channel == channel - 1)
			turns->turns[turns->n_turns++].turn = found.items[i];
	return EMO_OK;
}

/* Whether there is enough speech to tell an emotion: of turns that are found, there is; and it may be told. */
static bool
is_judged(const Turns *turns, const Turn *turn)
{
	if (turn->turn.speech_s < turns->options.min_turn_s)
		return false;
	if (may_judge(turns, turn->turn.channel))
		return true;
	emoser_notice_not_judged();
	return false;
}

static void
hear_turn(const Turns *turns, Turn *turn)
{
	emoser_hear_turn(&turns->emotions, &turns->call, &turn->turn, &turn->utterance);
	turn->utterance.profile = turns->profile;
}

/* Hear all turns, and give each the profile that all turns of its talker make. */
static void
make_profiles(Turns *turns)
{
	int n_features = turns->emotions.decoded->model->n_features;
	List *talkers = NIL;

	for (int64 i = 0; i < turns->n_turns; i++)
	{
		Turn *turn = &turns->turns[i];
		Talker *talker;

		CHECK_FOR_INTERRUPTS();
		if (!is_judged(turns, turn))
			continue;
		talker = emoser_talker(&talkers, turn->turn.channel, turn->speaker, n_features);
		hear_turn(turns, turn);
		emoser_check(&turns->env,
					 emo_profile_add_row(&turns->env, talker->state, turn->utterance.features));
		turn->utterance.profile = &talker->profile;
	}
	emoser_finish_talkers(talkers);
}

static void
put_turn(Turns *turns, Turn *turn)
{
	MemoryContext outer = MemoryContextSwitchTo(turns->row_context);
	bool is_mix = turn->turn.channel == turns->n_channels;
	Datum values[N_COLUMNS] = {0};
	bool nulls[N_COLUMNS] = {false};

	nulls[COLUMN_CHANNEL] = is_mix;
	values[COLUMN_CHANNEL] = Int32GetDatum(turn->turn.channel + 1);
	values[COLUMN_START] = Float8GetDatum((double) turn->turn.start / EMOSER_MODEL_SAMPLE_RATE);
	values[COLUMN_END] = Float8GetDatum((double) turn->turn.end / EMOSER_MODEL_SAMPLE_RATE);
	nulls[COLUMN_SPEAKER] = turn->speaker == NULL;
	if (turn->speaker != NULL)
		values[COLUMN_SPEAKER] = CStringGetTextDatum(turn->speaker);
	values[COLUMN_SPEECH] = Float8GetDatum(turn->turn.speech_s);
	nulls[COLUMN_LEVEL] = isnan(turn->turn.level_dbfs);
	values[COLUMN_LEVEL] = Float4GetDatum(turn->turn.level_dbfs);
	if (is_judged(turns, turn))
	{
		if (!turns->with_profiles)
			hear_turn(turns, turn);
		emoser_put_emotion(&turns->emotions, &turn->utterance, values + COLUMN_EMOTION,
						   nulls + COLUMN_EMOTION);
		emoser_put_familiarity(turns->emotions.decoded->model, &turn->utterance,
							   &values[COLUMN_FAMILIARITY], &nulls[COLUMN_FAMILIARITY]);
	}
	else
	{
		emoser_put_no_emotion(values + COLUMN_EMOTION, nulls + COLUMN_EMOTION);
		nulls[COLUMN_FAMILIARITY] = true;
	}
	emoser_put_row(&turns->rows, values, nulls);
	MemoryContextSwitchTo(outer);
	MemoryContextReset(turns->row_context);
}

/* In a memory context of its own. */
static void
run(Turns *turns)
{
	FunctionCallInfo fcinfo = turns->fcinfo;
	struct varlena *audio;
	GivenTurn *given;
	int n_given;
	EmoStatus status;

	read_options(turns);
	given = emoser_given_turns(fcinfo, ARG_TURNS, ARG_STARTS, ARG_ENDS, ARG_SPEAKERS, &n_given);
	call_model(turns);
	audio = PG_GETARG_BYTEA_PP(ARG_AUDIO);
	status = given != NULL ? take_turns(turns, audio, given, n_given) : find_turns(turns, audio);
	if (!emoser_audio_accepted(&turns->env, status, turns->audio.on_bad_audio))
		return;
	if (turns->with_profiles)
		make_profiles(turns);
	for (int64 i = 0; i < turns->n_turns; i++)
	{
		CHECK_FOR_INTERRUPTS();
		put_turn(turns, &turns->turns[i]);
	}
}

PG_FUNCTION_INFO_V1(emoser_turns);
Datum
emoser_turns(PG_FUNCTION_ARGS)
{
	MemoryContext work, outer;
	Turns *turns;
	RowWriter rows;

	emoser_begin_rows(fcinfo, &rows);
	if (PG_ARGISNULL(ARG_AUDIO) || PG_ARGISNULL(ARG_MODEL))
		return (Datum) 0;
	work = AllocSetContextCreate(CurrentMemoryContext, "emoser turns", ALLOCSET_DEFAULT_SIZES);
	outer = MemoryContextSwitchTo(work);
	turns = palloc0(sizeof(Turns));
	turns->fcinfo = fcinfo;
	turns->rows = rows;
	turns->row_context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser turn", ALLOCSET_DEFAULT_SIZES);
	emoser_env_init(&turns->env, CurrentMemoryContext);
	run(turns);
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
	return (Datum) 0;
}
