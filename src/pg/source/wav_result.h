/*
 * wav_result.h
 *	  Samples as the result of SQL functions.
 */
#ifndef EMOSER_WAV_RESULT_H
#define EMOSER_WAV_RESULT_H

#include "core/audio/wav.h"
#include "pg/base/glue.h"

/* Raises PROGRAM_LIMIT_EXCEEDED if a WAV file of so many samples can't be a datum. */
extern void emoser_check_wav_fits(int64_t n_samples, EmoWavEncoding encoding);

/* A WAV file as of emo_wav_write(); raises PROGRAM_LIMIT_EXCEEDED if it can't be a datum. */
extern bytea *emoser_wav_result(EmoEnv *env, const float *samples, int64_t n_samples,
								int n_channels, int sample_rate, EmoWavEncoding encoding);

#endif
