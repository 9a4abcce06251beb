/*
 * timing.h
 *	  What headers and time stamps tell of the samples of a track.
 */
#ifndef EMO_AV_TIMING_H
#define EMO_AV_TIMING_H

#include <libavformat/avformat.h>

/* In samples of each channel; -1 when the header does not say, or says that of pictures. */
extern int64_t emo_av_announced_frames(const AVFormatContext *format, const AVStream *track,
									   int sample_rate);

/*
 * Samples before the time 0, of a track whose first frame begins at pts: the delay of the encoder, where
 * an edit list tells it.  Of a whole MP4 the libraries leave it out themselves, of fragments they tell
 * the time only, and of Opus at another rate than its own they leave a part out.
 */
extern int64_t emo_av_samples_of_delay(const AVStream *track, int64_t pts, int sample_rate);

#endif
