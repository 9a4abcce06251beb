/*
 * audio_arg.h
 *	  Recordings as arguments of SQL functions.
 */
#ifndef EMOSER_AUDIO_ARG_H
#define EMOSER_AUDIO_ARG_H

#include "core/audio/info.h"
#include "pg/base/glue.h"

/* The limits that the settings ask for. */
extern EmoAudioLimits emoser_audio_limits(void);

/*
 * Decode a bytea (as PG_GETARG_BYTEA_PP gives it: packed, detoasted) into mono samples at
 * sample_rate (0: the recording's own), allocated from env.
 *
 * False when the recording can't be used and emoser.on_bad_audio is 'null': the warning is given,
 * and the caller returns NULL.  Every other failure raises.
 */
extern bool emoser_decode_audio(EmoEnv *env, struct varlena *audio, int sample_rate,
								EmoAudio *decoded);

/*
 * For calls that can fail on a recording in other ways: true for EMO_OK, false after a warning
 * when the recording is to blame and emoser.on_bad_audio is 'null'; raises otherwise.
 */
extern bool emoser_audio_accepted(const EmoEnv *env, EmoStatus status);

/* What is known of a recording; false as from emoser_decode_audio(). */
extern bool emoser_recording_info(const struct varlena *audio, EmoAudioInfo *info);

#endif
