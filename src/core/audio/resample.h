/*
 * resample.h
 *	  Sample rate conversion with libsoxr, block by block.
 */
#ifndef EMO_RESAMPLE_H
#define EMO_RESAMPLE_H

#include "core/base/env.h"

typedef struct EmoResampler EmoResampler;

/*
 * From input_rate to output_rate (Hz), n_channels interleaved, soxr's quality HQ: flat within 0.01 dB up to
 * 91 % of the lower Nyquist frequency, aliases below -100 dB.  *resampler is NULL on failure.
 */
extern EmoStatus emo_resample_open(EmoEnv *env, double input_rate, double output_rate,
								   int n_channels, EmoResampler **resampler);

/*
 * Take up to n_input frames (samples of each channel) and deliver up to max_output.  input = NULL says that there are no
 * more; then *n_output is 0 when all is delivered.  Output may lag behind.
 */
extern EmoStatus emo_resample_feed(EmoResampler *resampler, const float *input, size_t n_input,
								   size_t *n_consumed, float *output, size_t max_output,
								   size_t *n_output);

/* NULL is allowed. */
extern void emo_resample_close(EmoResampler *resampler);

#endif
