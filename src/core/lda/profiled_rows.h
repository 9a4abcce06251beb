/*
 * profiled_rows.h
 *	  Training rows seen through the profiles of their speakers.
 */
#ifndef EMO_LDA_PROFILED_ROWS_H
#define EMO_LDA_PROFILED_ROWS_H

#include "core/base/training_set.h"

/*
 * Rows normalised by their corpus are of so much weight beside those normalised by their speaker: of places
 * made of EmoDB, each left out in turn, those known by a profile of the whole collection are heard as well with
 * 0.3 as with 1, and those known by profiles of speakers as well as without (docs/training.md).
 */
#define EMO_CORPUS_ROWS_WEIGHT 0.3f

/*
 * The rows that the head for speaker profiles learns from, each normalised by the profile of its
 * speaker: rows of known speakers that aren't altered at random.  population_mean and
 * population_deviation [n_features] are as for emo_profile_apply().  If the set has corpora, the same rows come
 * again, normalised by the profile of their corpus, since profiles may be of whole collections; they are
 * copies that are never scored.
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
