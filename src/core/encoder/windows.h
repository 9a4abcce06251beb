/*
 * windows.h
 *	  Frames of a recording, and the windows that it is heard in.
 */
#ifndef EMO_ENCODER_WINDOWS_H
#define EMO_ENCODER_WINDOWS_H

#include "core/encoder/config.h"

#define EMO_ENCODER_WINDOW_S 30
#define EMO_ENCODER_MARGIN_S 2

/* Frames of a window at most, twice as many as published encoders have in it. */
#define EMO_ENCODER_WINDOW_FRAMES 3000

/* Frames of so many samples; 0 if they are too few for one. */
extern int64_t emo_encoder_n_frames(const EmoEncoderConfig *config, int64_t n_samples);

/* Samples from frame to frame, and samples that a frame hears. */
extern int64_t emo_encoder_hop(const EmoEncoderConfig *config);
extern int64_t emo_encoder_reach(const EmoEncoderConfig *config);

typedef struct EmoEncoderWindow
{
	int64_t heard; /* the first frame that it hears */
	int n_heard;
	int64_t kept; /* the first of those whose hidden states are taken from it */
	int n_kept;
} EmoEncoderWindow;

/* Windows of so many frames, > 0, and one of them. */
extern int64_t emo_n_windows(const EmoEncoderConfig *config, int64_t n_frames);
extern EmoEncoderWindow emo_window(const EmoEncoderConfig *config, int64_t n_frames, int64_t i);

#endif
