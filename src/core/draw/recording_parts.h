/*
 * recording_parts.h
 *	  The inside of draw/recording.h: what its panels share.
 */
#ifndef EMO_PLOT_RECORDING_PARTS_H
#define EMO_PLOT_RECORDING_PARTS_H

#include "core/draw/recording.h"
#include "core/dsp/envelope.h"

/* Points along time: more can't be seen in a picture 1200 pixels wide. */
#define EMO_MAX_COLUMNS 1000

typedef struct EmoRecordingDrawing
{
	EmoEnv *env;
	const EmoRecordingData *data;
	EmoFigure figure;
	EmoAxis time;
	double seconds_per_unit; /* of the time axis */
	double height;
} EmoRecordingDrawing;

/* How n values fall into at most EMO_MAX_COLUMNS columns. */
static inline int
emo_column_count(int64_t n)
{
	return (int) (n < EMO_MAX_COLUMNS ? n : EMO_MAX_COLUMNS);
}

/* A panel over the time axis, begun. */
extern EmoPanel emo_recording_panel(EmoRecordingDrawing *drawing, EmoAxis y);

/* F0, and where it is voiced. */
extern EmoStatus emo_draw_pitch(EmoRecordingDrawing *drawing);

#endif
