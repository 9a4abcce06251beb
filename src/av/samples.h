/*
 * samples.h
 *	  Decoded frames of FFmpeg as interleaved floats.
 */
#ifndef EMO_AV_SAMPLES_H
#define EMO_AV_SAMPLES_H

#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <libavutil/version.h>
#include <stdint.h>

/* Channels as a layout came with FFmpeg 5.1, and 7 has nothing else. */
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 24, 100)
#define EMO_AV_CHANNELS(of) ((of)->ch_layout.nb_channels)
#else
#define EMO_AV_CHANNELS(of) ((of)->channels)
#endif

/* Whether samples of the frame are in a format that can be converted. */
extern int emo_av_knows_samples(const AVFrame *frame);

/* n_samples of each channel from first on. */
extern void emo_av_interleave(const AVFrame *frame, int64_t first, int64_t n_samples,
							  float *target);

/* A frame of silence, such as the decoder makes them; a negative error of the libraries. */
extern int emo_av_make_silence(const AVCodecContext *codec, int n_samples, AVFrame *frame);

#endif
