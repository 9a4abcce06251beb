/*
 * augment.h
 *	  Altered views of training recordings, drawn anew for every epoch.
 *
 * All is deterministic: seed, epoch and the recording's number decide what is done to it.
 */
#ifndef EMO_NN_AUGMENT_H
#define EMO_NN_AUGMENT_H

#include "core/base/random.h"
#include "core/nn/input.h"

/* Amounts; 0 leaves a method out. */
typedef struct EmoNnAugment
{
	double speed;   /* up to so much faster or slower (pitch and formants go along) */
	double warp;    /* formants up to so much higher or lower (VTLP) */
	double pitch;   /* F0 up to so many octaves higher or lower */
	double noise;   /* Gaussian noise on the inputs, in standard deviations of each */
	double shift;   /* starts up to so many seconds before or after where it would */
	int time_masks; /* SpecAugment (Park et al. 2019): stretches of frames set to their mean */
	int time_mask_frames;      /* longest */
	int coefficient_masks;     /* the same for neighbouring coefficients */
	int coefficient_mask_size; /* most coefficients */
	double mixup;              /* alpha of the beta distribution (Zhang et al. 2018) */
} EmoNnAugment;

/* Ranges and defaults of EmoNnAugment. */
extern const EmoOptionTable emo_nn_augment_options;

/* A stream of its own for item index of some epoch. */
extern void emo_nn_augment_random(uint64_t seed, int64_t epoch, int64_t index, EmoRandom *random);

/*
 * How a recording of n_frames is seen in training: speed, warp, and a stretch of at most crop_frames
 * that starts at random.
 */
extern void emo_nn_augment_view(const EmoNnAugment *augment, EmoRandom *random, int n_frames,
								int crop_frames, EmoNnView *view);

/* Masks, pitch and noise for values[n_frames][input->n_values] in place. */
extern void emo_nn_augment_values(const EmoNnAugment *augment, const EmoNnInput *input,
								  EmoRandom *random, int n_frames, float *values);

/* The share of the first of two mixed examples, 0.5 .. 1. */
extern double emo_nn_augment_mix(const EmoNnAugment *augment, EmoRandom *random);

#endif
