/*
 * contours.h
 *	  Frame-wise quantities of a recording, from which utterance features are made.
 */
#ifndef EMO_CONTOURS_H
#define EMO_CONTOURS_H

#include "core/base/env.h"
#include "core/dsp/kernels.h"
#include "core/dsp/mel.h"
#include "core/dsp/periods.h"
#include "core/dsp/spectrum.h"
#include "core/dsp/voice.h"

#define EMO_CONTOUR_SAMPLE_RATE 16000
#define EMO_CONTOUR_HOP         160 /* samples, 10 ms */
#define EMO_CONTOUR_N_MELS      40
#define EMO_CONTOUR_N_MFCC      20

/* Columns of the cepstral and spectral contours after the MFCC. */
typedef enum EmoSpectralContour
{
	EMO_LOG_ENERGY = EMO_CONTOUR_N_MFCC, /* ln of the frame's energy */
	EMO_ZERO_CROSSINGS,                  /* per 10 samples */
	EMO_CENTROID,                        /* kHz */
	EMO_SPREAD,                          /* kHz */
	EMO_FLUX,                            /* times 10 */
	EMO_ROLLOFF,                         /* kHz below which 85 % of the power lie */
	EMO_LOW_BAND,    /* ln of the power in 250 - 650 Hz, about the first formant */
	EMO_MIDDLE_BAND, /* ln of the power in 1 - 4 kHz */
	EMO_ALPHA_RATIO, /* ln of the power in 50 - 1000 Hz over 1 - 5 kHz */
	EMO_N_CONTOURS
} EmoSpectralContour;

/* Rows are padded to whole groups of 16 columns with zeros. */
#define EMO_CONTOUR_GROUPS ((EMO_N_CONTOURS + EMO_LANES - 1) / EMO_LANES)
#define EMO_CONTOUR_STRIDE (EMO_CONTOUR_GROUPS * EMO_LANES)

typedef struct EmoContours
{
	int64_t n_frames;
	float *spectral; /* [n_frames][EMO_CONTOUR_STRIDE]: MFCC, then EmoSpectralContour */
	float *f0;       /* [n_frames], semitones above 55 Hz */
	float *voicing;  /* [n_frames], strength 0 .. 1 */
	bool *active;    /* [n_frames]: loud enough to be speech */
	bool *voiced;    /* [n_frames]: active, and with a pitch */
	float *voice;    /* [n_frames][EMO_N_VOICE_CONTOURS], zeros where nothing is voiced */
	float *loudness; /* [n_frames], of speech that has been levelled */
	float log_gain;  /* ln of what its samples were multiplied with for that */
	EmoPeriods periods;
} EmoContours;

/* Bins of the power spectra that contours are made from, 0 to 8 kHz. */
#define EMO_CONTOUR_N_BINS 257

/*
 * A change of the spectra on the way, for augmented copies: the power at bin k becomes gain[k] times
 * that at bin position[k] (interpolated linearly, 0 .. EMO_CONTOUR_N_BINS - 1).
 */
typedef struct EmoSpectralChange
{
	float position[EMO_CONTOUR_N_BINS];
	float gain[EMO_CONTOUR_N_BINS];
} EmoSpectralChange;

/* The spectra and mel bands that contours, and the inputs of nets, are made from. */
extern const EmoSpectrumParams emo_speech_spectrum;
extern const EmoMelParams emo_speech_mels;

typedef struct EmoContourPlan EmoContourPlan;

/* *plan is NULL on failure. */
extern EmoStatus emo_contour_plan_create(EmoEnv *env, EmoContourPlan **plan);
extern void emo_contour_plan_destroy(EmoContourPlan *plan);

/*
 * Contours of the speech in mono samples at EMO_CONTOUR_SAMPLE_RATE (at least one), allocated from
 * env; see emo_find_speech() for how it is cut and levelled.  change may be NULL.  All values are
 * finite, and at least one frame is active.
 */
extern EmoStatus emo_contours(EmoEnv *env, EmoContourPlan *plan, const float *samples,
							  int64_t n_samples, const EmoSpectralChange *change,
							  EmoContours *contours);

extern void emo_free_contours(EmoEnv *env, EmoContours *contours);

/* deltas[n_rows][stride] of rows[n_rows][stride]: slopes over +-2 frames (HTK's regression). */
extern void emo_contour_deltas(const float *rows, int64_t n_rows, int stride, float *deltas);

#endif
