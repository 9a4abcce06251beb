/*
 * input.h
 *	  The input of a net: frames of a recording, in a compact form from which its inputs are made.
 *
 * A recording is kept as frames of EMO_NN_FRAME_VALUES numbers in half precision (IEEE 754
 * binary16), every 10 ms: 40 log-mel bands less their mean over the recording, F0 in octaves and
 * voicing.  MFCC, warped spectra (vocal tract length) and changed speeds are made from these when a
 * batch is put together, so that no altered copy need be kept: about 8 KB per second.
 */
#ifndef EMO_NN_INPUT_H
#define EMO_NN_INPUT_H

#include "core/base/env.h"
#include "core/base/half.h"
#include "core/nn/architecture.h"

/* Of the frames: a net trained on others would be wrong on these. */
#define EMO_NN_INPUT_VERSION 1

#define EMO_NN_SAMPLE_RATE   16000
#define EMO_NN_N_MELS        40

/* Log-mel bands, then F0 in octaves above EMO_NN_F0_BASE_HZ (0: unvoiced), then voicing 0 .. 1. */
#define EMO_NN_FRAME_F0      EMO_NN_N_MELS
#define EMO_NN_FRAME_VOICING (EMO_NN_N_MELS + 1)
#define EMO_NN_FRAME_VALUES  (EMO_NN_N_MELS + 2)

#define EMO_NN_F0_BASE_HZ    55.0f

/* Longer recordings can't be trained on or predicted in one piece (10 minutes). */
#define EMO_NN_MAX_FRAMES 60000

typedef struct EmoNnInputPlan EmoNnInputPlan;

/* *plan is NULL on failure.  destroy() takes NULL too. */
extern EmoStatus emo_nn_input_plan_create(EmoEnv *env, EmoNnInputPlan **plan);
extern void emo_nn_input_plan_destroy(EmoNnInputPlan *plan);

/*
 * frames[n_frames][EMO_NN_FRAME_VALUES] of mono samples at EMO_NN_SAMPLE_RATE (at least one, any
 * finite values), allocated from env; of speech cut and levelled as emo_find_speech() does.
 * EMO_LIMIT_EXCEEDED above EMO_NN_MAX_FRAMES frames.
 */
extern EmoStatus emo_nn_frames(EmoEnv *env, EmoNnInputPlan *plan, const float *samples,
							   int64_t n_samples, uint16_t **frames, int *n_frames);

/* How the frames of a recording are altered on their way to the net. */
typedef struct EmoNnView
{
	double speed; /* 1: as recorded; 1.1: shorter, and all frequencies higher */
	double warp;  /* 1: as recorded; 1.1: formants higher by a tenth (VTLP), F0 and speed not */
	double first; /* frame to start at, of those that the speed leaves */
	int n_frames; /* so many are made */
} EmoNnView;

/* Frames that a recording of n_frames has at some speed; at least one. */
extern int emo_nn_view_frames(int n_frames, double speed);

/* Turns frames into a net's inputs. */
typedef struct EmoNnInput
{
	EmoNnInputKind kind;
	int n_coefficients;
	bool pitch;
	int n_values;                                 /* per frame */
	float dct[EMO_NN_N_MELS * EMO_NN_N_MELS];     /* [band][coefficient] */
	float inverse_deviation[EMO_NN_FRAME_VALUES]; /* [n_values]; 1 until it is set */
} EmoNnInput;

extern void emo_nn_input_init(const EmoNnArchitecture *architecture, EmoNnInput *input);

/*
 * values[view->n_frames][input->n_values] of a recording's frames[n_frames].  work has room for
 * emo_nn_input_work(view->n_frames) floats.
 */
extern void emo_nn_input_fill(const EmoNnInput *input, const uint16_t *frames, int n_frames,
							  const EmoNnView *view, float *work, float *values);
extern size_t emo_nn_input_work(int n_frames);

/* Coefficients of a frame, rounded up to whole vectors. */
#define EMO_NN_VIEW_COLUMNS                                                                        \
	((EMO_NN_N_MELS + EMO_NN_CHANNEL_STEP - 1) / EMO_NN_CHANNEL_STEP * EMO_NN_CHANNEL_STEP)

/*
 * How a view's coefficients follow from the bands: transform[EMO_NN_N_MELS][EMO_NN_VIEW_COLUMNS],
 * coefficient j is the sum over bands m of band[m] transform[m][j].  The columns after the input's
 * coefficients are 0.
 */
extern void emo_nn_input_transform(const EmoNnInput *input, const EmoNnView *view,
								   float *transform);

#endif
