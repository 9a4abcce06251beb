/*
 * groups.h
 *	  The parts that an utterance's feature vector is put together from.
 */
#ifndef EMO_FEATURE_GROUPS_H
#define EMO_FEATURE_GROUPS_H

#include "core/dsp/contours.h"
#include "core/features/features.h"
#include "core/features/functionals.h"
#include "core/features/modulation.h"

/* What groups share while they look at one recording. */
typedef struct EmoFeatureInput
{
	const EmoKernels *kernels;
	EmoModulation *modulation;
	EmoContours contours;
	float *deltas;       /* [n_frames][EMO_CONTOUR_STRIDE], of contours.spectral */
	float *delta_deltas; /* the same of deltas */
} EmoFeatureInput;

typedef struct EmoFeatureGroup
{
	int n_features;
	void (*name)(int index, char name[EMO_FEATURE_NAME_SIZE]);
	/* features[n_features], all finite. */
	EmoStatus (*fill)(EmoEnv *env, const EmoFeatureInput *input, float *features);
} EmoFeatureGroup;

/* In the order in which they stand in the vector. */
extern const EmoFeatureGroup emo_contour_group;    /* features/contour_group.c */
extern const EmoFeatureGroup emo_pitch_group;      /* features/pitch_group.c */
extern const EmoFeatureGroup emo_modulation_group; /* features/modulation_group.c */
extern const EmoFeatureGroup emo_course_group;     /* features/course_group.c */
extern const EmoFeatureGroup emo_covariance_group; /* features/covariance_group.c */
extern const EmoFeatureGroup emo_loudness_group;   /* features/loudness_group.c */
extern const EmoFeatureGroup emo_quality_group;    /* features/quality_group.c */

/* Of the MFCC and of the spectral contours, such as "mfcc_3" and "energy". */
extern void emo_contour_name(int contour, char name[EMO_FEATURE_NAME_SIZE]);

/* What stands for F0 where nothing is voiced: semitones above 55 Hz, 196 Hz. */
#define EMO_UNVOICED_F0 22.0f

/* Mean F0 of the voiced frames, EMO_UNVOICED_F0 without any. */
extern float emo_mean_f0(const EmoContours *contours);

#endif
