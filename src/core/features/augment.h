/*
 * augment.h
 *	  Altered copies of training recordings, so that a model learns what doesn't matter: who speaks,
 *	  how fast, through which microphone, in which noise.
 */
#ifndef EMO_AUGMENT_H
#define EMO_AUGMENT_H

#include "core/audio/degrade.h"
#include "core/features/features.h"

/* Kinds of copies are numbered from 1; 0 is the recording itself.  What they are: augment.c. */
#define EMO_AUGMENT_N_COPIES 6

/*
 * Copies of this kind and above differ at random from recording to recording, so that they say
 * nothing about how their speaker usually sounds.
 */
#define EMO_AUGMENT_FIRST_RANDOM_KIND 6

/*
 * Utterance features of a copy of a recording (see emo_features()).  The same kind, seed and samples
 * give the same features, bit for bit.
 */
extern EmoStatus emo_augmented_features(EmoEnv *env, EmoFeaturePlan *plan, int kind, uint64_t seed,
										const float *samples, int64_t n_samples, float *features);

/*
 * A degraded copy of a recording (audio/degrade.h), and its utterance features.  Copies are numbered
 * from 0 and differ from each other; *copy is env's, of *n_copy samples.
 */
extern EmoStatus emo_degraded_copy(EmoEnv *env, const EmoDegradeOptions *options, int number,
								   uint64_t seed, const float *samples, int64_t n_samples,
								   float **copy, int64_t *n_copy);
extern EmoStatus emo_degraded_features(EmoEnv *env, EmoFeaturePlan *plan,
									   const EmoDegradeOptions *options, int number, uint64_t seed,
									   const float *samples, int64_t n_samples, float *features);

#endif
