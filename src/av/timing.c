/*
 * timing.c
 *	  What headers and time stamps tell of the samples of a track.
 */
#include "av/timing.h"

/* Encoders for music have less; more is no delay but an odd header. */
#define MAX_DELAY_S 0.5

int64_t
emo_av_announced_frames(const AVFormatContext *format, const AVStream *track, int sample_rate)
{
	const AVRational samples = {1, sample_rate};

	if (track->duration > 0 && track->duration != AV_NOPTS_VALUE)
		return av_rescale_q(track->duration, track->time_base, samples);
	if (format->nb_streams == 1 && format->duration > 0)
		return av_rescale_q(format->duration, AV_TIME_BASE_Q, samples);
	return -1;
}

int64_t
emo_av_samples_of_delay(const AVStream *track, int64_t pts, int sample_rate)
{
	const AVRational samples = {1, sample_rate};
	int64_t start;

	if (pts == AV_NOPTS_VALUE)
		return 0;
	start = av_rescale_q(pts, track->time_base, samples);
	return start < 0 && start > -MAX_DELAY_S * sample_rate ? -start : 0;
}
