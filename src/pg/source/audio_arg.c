/*
 * audio_arg.c
 *	  Recordings as arguments of SQL functions.
 */
#include "pg/source/audio_arg.h"

#include "utils/builtins.h"

#include "pg/base/allowed_channels.h"
#include "pg/base/notices.h"
#include "pg/base/options.h"
#include "pg/base/plans.h"

const char *const emoser_on_bad_audio_words[] = {"error", "null", NULL};

static OnBadAudio
on_bad_audio_argument(FunctionCallInfo fcinfo, int argument)
{
	if (PG_ARGISNULL(argument))
		return ON_BAD_AUDIO_ERROR;
	return emoser_find_word("on_bad_audio", text_to_cstring(PG_GETARG_TEXT_PP(argument)),
							emoser_on_bad_audio_words);
}

OnBadAudio
emoser_on_bad_audio(FunctionCallInfo fcinfo)
{
	return on_bad_audio_argument(fcinfo, PG_NARGS() - 1);
}

static int
channel_argument(FunctionCallInfo fcinfo, int argument)
{
	int channel;

	if (PG_ARGISNULL(argument))
		return EMO_MIXED;
	channel = PG_GETARG_INT32(argument);
	if (channel < 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("channel must be at least 1"), errdetail("It is %d.", channel),
						errhint("Channels are counted from 1; NULL stands for all of them.")));
	return channel;
}

AudioOptions
emoser_audio_options_before(FunctionCallInfo fcinfo, int end)
{
	AudioOptions options = {.channel = channel_argument(fcinfo, end - 2),
							.on_bad_audio = on_bad_audio_argument(fcinfo, end - 1)};

	return options;
}

AudioOptions
emoser_audio_options(FunctionCallInfo fcinfo)
{
	return emoser_audio_options_before(fcinfo, PG_NARGS());
}

const char *const emoser_on_no_speech_words[] = {"null", "error", "predict", NULL};

AudioOptions
emoser_emotion_options(FunctionCallInfo fcinfo, int end, OnNoSpeech *on_no_speech)
{
	int argument = end - 2;
	AudioOptions options = {.channel = channel_argument(fcinfo, end - 3),
							.on_bad_audio = on_bad_audio_argument(fcinfo, end - 1)};

	*on_no_speech =
		PG_ARGISNULL(argument)
			? ON_NO_SPEECH_NULL
			: emoser_find_word("on_no_speech", text_to_cstring(PG_GETARG_TEXT_PP(argument)),
							   emoser_on_no_speech_words);
	return options;
}

bool
emoser_hear_speech(EmoEnv *env, const EmoAudio *audio, EmoSpoken *spoken)
{
	EmoStatus status =
		emo_cut_to_speech(env, emoser_speech_detector(), audio->samples, audio->n_samples, spoken);

	if (status == EMO_NO_SPEECH || status == EMO_LITTLE_SPEECH)
		return false;
	emoser_check(env, status);
	return true;
}

bool
emoser_silence_accepted(EmoEnv *env, OnNoSpeech on_no_speech, bool *was_said)
{
	if (on_no_speech == ON_NO_SPEECH_ERROR)
		emoser_raise(env);
	if (on_no_speech == ON_NO_SPEECH_NULL && !*was_said)
	{
		*was_said = true;
		/* A notice for each of a million rows would drown what it says. */
		emo_set_hint(env, "emoser_speech(audio) tells where in a recording somebody speaks. Other "
						  "recordings of this statement may be NULL for the same reason.");
		emoser_notice(env, env->status == EMO_NO_SPEECH ? EMOSER_NOTICE_NO_SPEECH
														: EMOSER_NOTICE_LITTLE_SPEECH);
	}
	env->status = EMO_OK;
	return on_no_speech == ON_NO_SPEECH_PREDICT;
}

bool
emoser_speech_accepted(EmoEnv *env, const EmoAudio *audio, OnNoSpeech on_no_speech, bool *was_said,
					   EmoSpoken *spoken)
{
	return emoser_hear_speech(env, audio, spoken) ||
		   emoser_silence_accepted(env, on_no_speech, was_said);
}

EmoAudioLimits
emoser_audio_limits(void)
{
	EmoAudioLimits limits = emo_audio_default_limits;

	limits.max_duration_s = emoser_max_audio_duration_s;
	limits.channels = *emoser_channel_rule();
	return limits;
}

bool
emoser_blames_recording(EmoStatus status)
{
	return status == EMO_BAD_DATA || status == EMO_NO_CHANNEL || status == EMO_LIMIT_EXCEEDED;
}

bool
emoser_audio_accepted(const EmoEnv *env, EmoStatus status, OnBadAudio on_bad_audio)
{
	if (status == EMO_OK)
		return true;
	if (status == EMO_FORBIDDEN)
		emoser_raise_forbidden(env);
	if (on_bad_audio != ON_BAD_AUDIO_NULL || !emoser_blames_recording(status))
		emoser_raise(env);
	emoser_warn(env);
	return false;
}

bool
emoser_decode_audio(EmoEnv *env, struct varlena *audio, int sample_rate, AudioOptions options,
					EmoAudio *decoded)
{
	EmoAudioLimits limits = emoser_audio_limits();

	return emoser_audio_accepted(env,
								 emo_audio_decode(env, VARDATA_ANY(audio), VARSIZE_ANY_EXHDR(audio),
												  sample_rate, options.channel, &limits, decoded),
								 options.on_bad_audio);
}

void
emoser_notice_talkers(bool *was_said)
{
	if (*was_said)
		return;
	*was_said = true;
	ereport(NOTICE,
			(errcode(EMOSER_NOTICE_TALKERS_MIXED),
			 errmsg("channels of different talkers were mixed"),
			 errdetail("Two channels or more of the recording have speech of their own. Of other "
					   "recordings of this statement this is not said again."),
			 errhint("Hear one of them with channel => 1, or see emoser_turns().")));
}

SaidOfRecordings *
emoser_said_in_statement(FunctionCallInfo fcinfo)
{
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra =
			MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(SaidOfRecordings));
	return fcinfo->flinfo->fn_extra;
}

bool
emoser_hear_recording(EmoEnv *env, struct varlena *recording, int sample_rate, AudioOptions options,
					  SaidOfRecordings *said, EmoAudio *audio)
{
	if (!emoser_decode_audio(env, recording, sample_rate, options, audio))
		return false;
	if (audio->differs)
		emoser_notice_talkers(&said->talkers_mixed);
	return true;
}

bool
emoser_hear_spoken(EmoEnv *env, struct varlena *recording, int sample_rate, AudioOptions options,
				   OnNoSpeech on_no_speech, SaidOfRecordings *said, EmoSpoken *spoken)
{
	EmoAudio audio;

	return emoser_hear_recording(env, recording, sample_rate, options, said, &audio) &&
		   emoser_speech_accepted(env, &audio, on_no_speech, &said->no_speech, spoken);
}

void
emoser_notice_talkers_of_source(int64 n)
{
	if (n == 0)
		return;
	ereport(NOTICE, (errcode(EMOSER_NOTICE_TALKERS_MIXED),
					 errmsg_plural(
						 "channels of different talkers were mixed in " INT64_FORMAT " recording",
						 "channels of different talkers were mixed in " INT64_FORMAT " recordings",
						 (unsigned long) n, n),
					 errhint("A column \"channel\" of the source says which one is heard.")));
}

bool
emoser_recording_info(const struct varlena *audio, OnBadAudio on_bad_audio, EmoAudioInfo *info,
					  EmoChannelsInfo *channels)
{
	EmoAudioLimits limits = emoser_audio_limits();
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	return emoser_audio_accepted(
		&env,
		emo_audio_info(&env, VARDATA_ANY(audio), VARSIZE_ANY_EXHDR(audio), &limits, info, channels),
		on_bad_audio);
}
