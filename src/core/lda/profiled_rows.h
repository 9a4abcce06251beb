/*
 * profiled_rows.h
 *	  Training rows seen through the profiles of their speakers.
 */
#ifndef EMO_LDA_PROFILED_ROWS_H
#define EMO_LDA_PROFILED_ROWS_H

#include "core/base/training_set.h"

/*
 * The rows that the head for speaker profiles learns from, each normalised by the profile of its
 * speaker: rows of known speakers that aren't altered at random.  population_mean and
 * population_deviation [n_features] are as for emo_profile_apply().
 *
 * Copies are normalised by the profile of the same kind of copies: a speaker heard through a faster
 * tape is another speaker.
 */
extern EmoStatus emo_profiled_rows(EmoEnv *env, const EmoTrainingSet *set,
								   const float *population_mean, const float *population_deviation,
								   EmoTrainingSubset *subset);

/* Profiles can be learnt from if there are two speakers, and rows of every class among theirs. */
extern EmoStatus emo_can_use_profiles(EmoEnv *env, const EmoTrainingSet *set, bool *can);

/* Mean and deviation of each feature over all rows, allocated from env: [n_features]. */
extern EmoStatus emo_measure_population(EmoEnv *env, const EmoTrainingSet *set, float **mean,
										float **deviation);

#endif
