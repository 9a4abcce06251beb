/*
 * raw.h
 *	  Samples without a header: made a WAV file when somebody says what they are, and guessed for hints.
 */
#ifndef EMO_AUDIO_RAW_H
#define EMO_AUDIO_RAW_H

#include "core/base/env.h"

/* As FFmpeg and SoX name them, "ulaw", "s16le"; ends with NULL. */
extern const char *const emo_raw_encodings[];

/* The place of an encoding among them, by that name or by another in use; -1: none. */
extern int emo_raw_find_encoding(const char *name);

/* Room that is enough for the WAV file. */
extern size_t emo_raw_max_wav_bytes(size_t n_bytes);

/*
 * A WAV file of the bytes, with the same values: only what WAV has no name for is turned, as big-endian and
 * signed 8-bit samples are.
 *
 * EMO_INVALID_PARAMETER: sample_rate outside EMO_MIN_SAMPLE_RATE to EMO_MAX_SAMPLE_RATE, n_channels outside
 * 1 to EMO_RAW_MAX_CHANNELS.  EMO_BAD_DATA: no bytes, no whole number of frames, a recording with a header,
 * text.  EMO_CANCELED.
 */
extern EmoStatus emo_raw_to_wav(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, int encoding,
								int sample_rate, int n_channels, uint8_t *wav, size_t *n_wav);

#define EMO_RAW_MAX_CHANNELS 64

/* The encoding that makes a smooth wave of bytes in no known container; NULL if none does. */
extern const char *emo_raw_guess(const uint8_t *bytes, size_t n_bytes);

#endif
