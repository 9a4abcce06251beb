/*
 * samples.c
 *	  Decoded frames of FFmpeg as interleaved floats.
 */
#include "av/samples.h"

#include <libavutil/samplefmt.h>

int
emo_av_knows_samples(const AVFrame *frame)
{
	switch (av_get_packed_sample_fmt(frame->format))
	{
		case AV_SAMPLE_FMT_U8:
		case AV_SAMPLE_FMT_S16:
		case AV_SAMPLE_FMT_S32:
		case AV_SAMPLE_FMT_S64:
		case AV_SAMPLE_FMT_FLT:
		case AV_SAMPLE_FMT_DBL:
			return 1;
		default:
			return 0;
	}
}

/* Samples of one channel, which lie stride apart, to their places in target. */
#define CONVERT(type, value)                                                                       \
	do                                                                                             \
	{                                                                                              \
		const type *source = (const type *) plane + first * stride + offset;                       \
                                                                                                   \
		for (int64_t i = 0; i < n_samples; i++)                                                    \
		{                                                                                          \
			const type x = source[i * stride];                                                     \
                                                                                                   \
			target[i * n_channels + channel] = (float) (value);                                    \
		}                                                                                          \
	} while (0)

void
emo_av_interleave(const AVFrame *frame, int64_t first, int64_t n_samples, float *target)
{
	const int n_channels = EMO_AV_CHANNELS(frame);
	const int is_planar = av_sample_fmt_is_planar(frame->format);
	const int64_t stride = is_planar ? 1 : n_channels;

	for (int channel = 0; channel < n_channels; channel++)
	{
		const void *plane = frame->extended_data[is_planar ? channel : 0];
		const int offset = is_planar ? 0 : channel;

		switch (av_get_packed_sample_fmt(frame->format))
		{
			case AV_SAMPLE_FMT_U8:
				CONVERT(uint8_t, (x - 128) * (1.0f / 128));
				break;
			case AV_SAMPLE_FMT_S16:
				CONVERT(int16_t, x * (1.0f / 32768));
				break;
			case AV_SAMPLE_FMT_S32:
				CONVERT(int32_t, x * (1.0f / 2147483648.0f));
				break;
			case AV_SAMPLE_FMT_S64:
				CONVERT(int64_t, (double) x * (1.0 / 9223372036854775808.0));
				break;
			case AV_SAMPLE_FMT_FLT:
				CONVERT(float, x);
				break;
			default:
				CONVERT(double, x);
				break;
		}
	}
}

static int
copy_channels(const AVCodecContext *codec, AVFrame *frame)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 24, 100)
	return av_channel_layout_copy(&frame->ch_layout, &codec->ch_layout);
#else
	frame->channels = codec->channels;
	frame->channel_layout = codec->channel_layout;
	return 0;
#endif
}

int
emo_av_make_silence(const AVCodecContext *codec, int n_samples, AVFrame *frame)
{
	int error;

	av_frame_unref(frame);
	frame->format = codec->sample_fmt;
	frame->sample_rate = codec->sample_rate;
	frame->nb_samples = n_samples;
	error = copy_channels(codec, frame);
	if (error >= 0)
		error = av_frame_get_buffer(frame, 0);
	if (error < 0)
		return error;
	return av_samples_set_silence(frame->extended_data, 0, n_samples, EMO_AV_CHANNELS(frame),
								  frame->format);
}
