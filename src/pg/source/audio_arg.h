/*
 * audio_arg.h
 *	  Recordings as arguments of SQL functions.
 */
#ifndef EMOSER_AUDIO_ARG_H
#define EMOSER_AUDIO_ARG_H

#include "core/audio/info.h"
#include "core/dsp/spoken.h"
#include "pg/base/glue.h"
#include "pg/base/sql.h"

/* What a recording that can't be used comes to. */
typedef enum OnBadAudio
{
	ON_BAD_AUDIO_ERROR,
	ON_BAD_AUDIO_NULL /* a warning, and NULL or no rows */
} OnBadAudio;

/* "error" and "null", in that order. */
extern const char *const emoser_on_bad_audio_words[];

/*
 * The argument on_bad_audio, which is the last one of every function that takes a recording; NULL is the
 * default.
 */
extern OnBadAudio emoser_on_bad_audio(FunctionCallInfo fcinfo);

/* How a recording is to be heard. */
typedef struct AudioOptions
{
	int channel; /* from 1, or EMO_MIXED */
	OnBadAudio on_bad_audio;
} AudioOptions;

/*
 * The last arguments of functions that make something of the samples of a recording: channel (NULL is
 * EMO_MIXED) and on_bad_audio.  Raises INVALID_PARAMETER_VALUE for a channel below 1.
 */
extern AudioOptions emoser_audio_options(FunctionCallInfo fcinfo);

/* The same where others come behind them, from the argument end on. */
extern AudioOptions emoser_audio_options_before(FunctionCallInfo fcinfo, int end);

/* A channel as such an argument of a statement of ours. */
static inline SqlValue
emoser_channel_value(int channel)
{
	return channel == EMO_MIXED ? sql_null(INT4OID) : sql_int4(channel);
}

/* What a recording in which nobody speaks, or too shortly, comes to. */
typedef enum OnNoSpeech
{
	ON_NO_SPEECH_NULL, /* a NOTICE, and NULL or no rows */
	ON_NO_SPEECH_ERROR,
	ON_NO_SPEECH_PREDICT /* the whole recording is heard, whatever it is */
} OnNoSpeech;

/* "null", "error" and "predict", in that order. */
extern const char *const emoser_on_no_speech_words[];

/*
 * The same of functions that have the argument on_no_speech (NULL is the default) between channel and
 * on_bad_audio, which is the one before end.
 */
extern AudioOptions emoser_emotion_options(FunctionCallInfo fcinfo, int end,
										   OnNoSpeech *on_no_speech);

/* What is spoken of a decoded recording; false for too little speech, where it is all of the recording. */
extern bool emoser_hear_speech(EmoEnv *env, const EmoAudio *audio, EmoSpoken *spoken);

/*
 * The same as on_no_speech wants it: false for too little speech where NULL is wanted.  The first time,
 * a NOTICE says why, and *was_said is set, which lives as long as the statement: a million rows don't
 * make a million notices.
 */
extern bool emoser_speech_accepted(EmoEnv *env, const EmoAudio *audio, OnNoSpeech on_no_speech,
								   bool *was_said, EmoSpoken *spoken);

/* That alone, of what env says of too little speech: whether the recording is to be heard all the same. */
extern bool emoser_silence_accepted(EmoEnv *env, OnNoSpeech on_no_speech, bool *was_said);

/* The limits that the settings ask for. */
extern EmoAudioLimits emoser_audio_limits(void);

/*
 * Decode a bytea (as PG_GETARG_BYTEA_PP gives it: packed, detoasted) into mono samples at
 * sample_rate (0: the recording's own), allocated from env.
 *
 * False when the recording can't be used and NULL is wanted then: the warning is given, and the caller
 * returns NULL.  Every other failure raises, as does a recording that is longer than the setting allows, or a
 * channel that may not be heard: results don't depend on settings.
 */
extern bool emoser_decode_audio(EmoEnv *env, struct varlena *audio, int sample_rate,
								AudioOptions options, EmoAudio *decoded);

/* What a statement has said of its recordings, once; zeros at its beginning. */
typedef struct SaidOfRecordings
{
	bool talkers_mixed, no_speech;
} SaidOfRecordings;

/* That of a function which keeps nothing else between the rows of a statement (fn_extra). */
extern SaidOfRecordings *emoser_said_in_statement(FunctionCallInfo fcinfo);

/* The same, with a NOTICE where different talkers were mixed. */
extern bool emoser_hear_recording(EmoEnv *env, struct varlena *recording, int sample_rate,
								  AudioOptions options, SaidOfRecordings *said, EmoAudio *audio);

/* And what is spoken of it; false also for too little speech where NULL is wanted. */
extern bool emoser_hear_spoken(EmoEnv *env, struct varlena *recording, int sample_rate,
							   AudioOptions options, OnNoSpeech on_no_speech,
							   SaidOfRecordings *said, EmoSpoken *spoken);

/*
 * For calls that can fail on a recording in other ways: true for EMO_OK, false after a warning
 * when the recording is to blame and NULL is wanted; raises otherwise.
 */
extern bool emoser_audio_accepted(const EmoEnv *env, EmoStatus status, OnBadAudio on_bad_audio);

/*
 * A NOTICE that different talkers were mixed, unless *was_said, which stays between the rows of a
 * statement: a table of calls is worth one, and not one for each row.
 */
extern void emoser_notice_talkers(bool *was_said);

/* The same of n recordings of a source. */
extern void emoser_notice_talkers_of_source(int64 n);

/* Whether the recording is to blame, and not the call, the machine or the user's patience. */
extern bool emoser_blames_recording(EmoStatus status);

/* What is known of a recording, and of its channels unless that is NULL; false as from emoser_decode_audio(). */
extern bool emoser_recording_info(const struct varlena *audio, OnBadAudio on_bad_audio,
								  EmoAudioInfo *info, EmoChannelsInfo *channels);

#endif
