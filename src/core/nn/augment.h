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
	double speed;   /* up to so much faster or slower, 0 .. 0.5 (pitch and formants go along) */
	double warp;    /* formants up to so much higher or lower (VTLP), 0 .. 0.3 */
	double pitch;   /* F0 up to so many octaves higher or lower, 0 .. 1 */
	double noise;   /* Gaussian noise on the inputs, in standard deviations of each, 0 .. 2 */
	int time_masks; /* SpecAugment (Park et al. 2019): stretches of frames set to their mean */
	int time_mask_frames;      /* longest */
	int coefficient_masks;     /* the same for neighbouring coefficients */
	int coefficient_mask_size; /* most coefficients */
	double shift; /* starts up to so many seconds before or after where it would, 0 .. 5 */
	double mixup; /* alpha of the beta distribution (Zhang et al. 2018), 0 .. 10 */
} EmoNnAugment;

extern EmoNnAugment emo_nn_default_augment(void);
extern EmoStatus emo_nn_check_augment(EmoEnv *env, const EmoNnAugment *augment);

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
