/*
 * subset.h
 *	  Some rows of a training set, as a set with arrays of its own.
 */
#ifndef EMO_TRAINING_SUBSET_H
#define EMO_TRAINING_SUBSET_H

#include "core/lda/lda.h"

typedef struct EmoTrainingSubset
{
	EmoTrainingSet set;
	int64_t *source_row; /* [set.n_rows], the row of the whole set */
	float *features;     /* set.features, which may be changed */
} EmoTrainingSubset;

/*
 * The rows with keep[row], in their order; classes and speakers keep their numbers, recordings get
 * new ones.  EMO_BAD_DATA for a recording out of range, EMO_CANCELED, EMO_OUT_OF_MEMORY.
 */
extern EmoStatus emo_training_subset(EmoEnv *env, const EmoTrainingSet *set, const bool *keep,
									 EmoTrainingSubset *subset);

extern void emo_training_subset_free(EmoEnv *env, EmoTrainingSubset *subset);

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
