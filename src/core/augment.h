/*
 * augment.h
 *	  Altered copies of a recording, so that a model learns what doesn't matter.
 */
#ifndef EMO_AUGMENT_H
#define EMO_AUGMENT_H

#include "core/env.h"

/* Copies of each training recording beside itself; what they are stands in augment.c. */
#define EMO_AUGMENT_N_COPIES 5

/*
 * Copy number kind (0 .. EMO_AUGMENT_N_COPIES - 1) of mono samples, allocated from env.  The same
 * seed and samples give the same copy, bit for bit.
 */
extern EmoStatus emo_augment_copy(EmoEnv *env, int kind, uint64_t seed, const float *samples,
								  int64_t n_samples, float **copy, int64_t *n_copy_samples);

#endif
