/*
 * wav.h
 *	  WAV files from float samples.
 */
#ifndef EMO_WAV_H
#define EMO_WAV_H

#include "core/base/samples.h"

typedef enum EmoWavEncoding
{
	EMO_WAV_PCM16,
	EMO_WAV_FLOAT32
} EmoWavEncoding;

/* Room that is enough for a WAV file of n_samples. */
extern size_t emo_wav_max_bytes(int64_t n_samples, EmoWavEncoding encoding);

/*
 * Write n_samples, interleaved frames of n_channels, into buffer, which has emo_wav_max_bytes(); *n_bytes says how many were used.
 * Samples are clipped to [-1, 1].  16-bit values are the nearest to sample * 32768, so that samples
 * decoded from a 16-bit file give the same file again.  The same samples always give the same bytes.
 *
 * EMO_INVALID_PARAMETER: no samples, a sample that is NaN or infinite, a rate outside
 * EMO_MIN_SAMPLE_RATE to EMO_MAX_SAMPLE_RATE.
 */
extern EmoStatus emo_wav_write(EmoEnv *env, const float *samples, int64_t n_samples, int n_channels,
							   int sample_rate, EmoWavEncoding encoding, uint8_t *buffer,
							   size_t *n_bytes);

#endif
