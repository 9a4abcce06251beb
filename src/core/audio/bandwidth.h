/*
 * bandwidth.h
 *	  Up to which frequency a recording has sound, whatever its sample rate.
 *
 * A call of 8 kHz stays one in a file of 48 kHz.  What is beyond the edge of a telephone line, a codec or a
 * converter is the rest that a resampler leaves, dither, or the noise of the next device.
 */
#ifndef EMO_BANDWIDTH_H
#define EMO_BANDWIDTH_H

#include "core/base/env.h"

typedef struct EmoBandwidth EmoBandwidth;

/* *bandwidth is NULL on failure. */
extern EmoStatus emo_bandwidth_create(EmoEnv *env, int n_channels, int sample_rate,
									  EmoBandwidth **bandwidth);

/* Interleaved frames, any number of them. */
extern void emo_bandwidth_push(EmoBandwidth *bandwidth, const float *frames, int64_t n_frames);

/*
 * After the last frame: Hz, to some 100 Hz, that of the widest channel; NaN for a recording that is
 * nowhere above the dither of 16 bits.
 */
extern double emo_bandwidth_finish(EmoBandwidth *bandwidth);

/* NULL is allowed. */
extern void emo_bandwidth_destroy(EmoEnv *env, EmoBandwidth *bandwidth);

#endif
