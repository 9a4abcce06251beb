/*
 * familiarity.h
 *	  How usual an utterance is beside those that a model was trained on, and probabilities that fade
 *	  where it isn't.
 *
 * The distance of an utterance is the mean over its features of the fourth power of z, clipped: z is
 * how many deviations of the training population a feature is off.  Other languages, rooms and
 * microphones put many features a little off and some very far, which is what the fourth power looks
 * at.  Its logarithm is near to normal among utterances of speakers that were held out.
 *
 * Scores are divided by a factor that grows with the distance: far outside, every answer is as likely.
 */
#ifndef EMO_FAMILIARITY_H
#define EMO_FAMILIARITY_H

#include "core/base/training_set.h"

/* Of the shares 0.5 %, 1.5 %, .. 99.5 %. */
#define EMO_FAMILIARITY_QUANTILES 100

/* Fewer held-out utterances say too little of what is usual. */
#define EMO_FAMILIARITY_MIN_ROWS 20

/* Unlike anything in training: what 1 % of the held-out utterances are. */
#define EMO_UNFAMILIAR 0.01f

/* Bounds of the logarithm of a distance, and of its deviation. */
#define EMO_MIN_LOG_DISTANCE  (-10.0)
#define EMO_MAX_LOG_DISTANCE  7.2
#define EMO_MIN_LOG_DEVIATION 0.05f

/* Of held-out utterances; and how probabilities fade. */
typedef struct EmoFamiliarity
{
	float log_mean; /* of the logarithm of their distances */
	float log_deviation;
	float fade_from;         /* in deviations from log_mean; nearer ones don't fade */
	float fade;              /* what the factor grows by in one deviation, >= 0 */
	float fade_with_profile; /* the same where a speaker's profile is given */
	float log_distances[EMO_FAMILIARITY_QUANTILES]; /* quantiles, ascending */
} EmoFamiliarity;

#define EMO_FAMILIARITY_NUMBERS (5 + EMO_FAMILIARITY_QUANTILES)

/* Within EMO_MIN_LOG_DISTANCE .. EMO_MAX_LOG_DISTANCE for any features; NaN counts as the mean. */
extern double emo_log_distance(const float *mean, const float *deviation, const float *features,
							   int n_features);

/* The share of held-out utterances that are at least as far off: 0 to 1. */
extern float emo_familiarity_of(const EmoFamiliarity *familiarity, double log_distance);

/* By what scores are divided; at least 1.  profile_share, 0 to 1, is that of scores by a profile. */
extern double emo_fading_of(const EmoFamiliarity *familiarity, double log_distance,
							double profile_share);

/* Places of logarithms of distances, a 32nd wide. */
#define EMO_DISTANCE_PLACES 551

/* Distances of held-out utterances, counted: in whatever order, and in parts.  Flat. */
typedef struct EmoDistanceCounts
{
	int64_t counts[EMO_DISTANCE_PLACES];
} EmoDistanceCounts;

extern void emo_count_distance(EmoDistanceCounts *counts, double log_distance);
extern void emo_merge_distances(EmoDistanceCounts *counts, const EmoDistanceCounts *other);

/* False if there are too few. */
extern bool emo_familiarity_from_counts(const EmoDistanceCounts *counts,
										EmoFamiliarity *familiarity);

/*
 * log_distances[n_rows] of the set's original rows, each from the population of all rows outside its fold:
 * those of emo_calibration_folds().  Degraded copies are not of the population.  NaN of other rows, and where nothing
 * can be held out.
 */
extern EmoStatus emo_held_out_distances(EmoEnv *env, const EmoTrainingSet *set,
										double *log_distances);

/* Add these. */
extern EmoStatus emo_count_held_out_distances(EmoEnv *env, const EmoTrainingSet *set,
											  EmoDistanceCounts *counts);

#endif
