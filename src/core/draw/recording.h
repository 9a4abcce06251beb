/*
 * recording.h
 *	  Pictures of a recording: its waveform, spectrogram, MFCC and F0 over time.
 */
#ifndef EMO_PLOT_RECORDING_H
#define EMO_PLOT_RECORDING_H

#include "core/draw/plot.h"

/* Bits of what is drawn, from top to bottom. */
typedef enum EmoRecordingPart
{
	EMO_PART_WAVEFORM = 1,
	EMO_PART_MEL = 2,
	EMO_PART_MFCC = 4,
	EMO_PART_PITCH = 8,
	EMO_PART_ALL = 15
} EmoRecordingPart;

/* Only what the parts need has to be there. */
typedef struct EmoRecordingData
{
	int sample_rate;      /* Hz */
	const float *samples; /* [n_samples], at least one */
	int64_t n_samples;
	const float
		*mel; /* [n_frames][n_mels], dB; bands on Slaney's scale from 0 Hz to half the rate */
	const float *mfcc; /* [n_frames][n_mfcc] */
	int64_t n_frames;
	int n_mels, n_mfcc;
	const float *f0_hz;    /* [n_pitch_frames] */
	const float *strength; /* [n_pitch_frames], as of emo_pitch_track() */
	int64_t n_pitch_frames;
	double first_pitch_s; /* the middle of the first of them */
} EmoRecordingData;

/* title may be NULL; figure's errors. */
extern EmoStatus emo_plot_recording(EmoEnv *env, const EmoRecordingData *data, int parts,
									const char *title, int width, const char **svg, size_t *length);

#endif
